/** One conversation with the server: begins or restores it, follows its turns and its feed. */

import { backoffMs, passing, persist, sentenceOf, sessionGone, Refusal, type Client } from "./client.ts";
import { deliver } from "./delivery.ts";
import { keep, recall } from "./memory.ts";
import {
  addNotice,
  applyFeedEvent,
  applySnapshot,
  applyTurnEvent,
  emptyState,
  receive,
  type Entry,
  type State,
} from "./store.ts";
import { pause, readStream, type Emit, type ServerEvent } from "./stream.ts";
import * as texts from "./texts.ts";
import type { FeedEvent, SessionCreated, Snapshot, TurnEvent } from "./wire.ts";

const START_ATTEMPTS = 6;

/** What the parts of one conversation share. */
export interface Conversation {
  readonly client: Client;
  readonly state: State;
  /** Names what is kept in the browser. */
  readonly storageKey: string;
  /** Raised when this conversation is over for the widget, or suspended. */
  stop: AbortController;
  /** POSTs whose turn is not known yet: until then, a turn in the feed may be theirs. */
  awaiting: number;
  /** Settles when the message sent last was taken or given up. */
  turnstile: Promise<void>;
  /** To be called after every change of the state. */
  changed(): void;
  /** Hands text back that could not be sent. */
  draft(text: string): void;
}

export async function start(talk: Conversation): Promise<void> {
  talk.stop.abort();
  const { signal } = (talk.stop = new AbortController());
  const interrupted = talk.state.entries.filter((e) => e.status === "sending");
  let ready = (): void => undefined;
  talk.turnstile = new Promise((resolve) => {
    ready = resolve;
  });
  talk.awaiting = 0;
  for (const entry of talk.state.entries) entry.followed = false;
  for (const entry of interrupted) void deliver(talk, entry);
  talk.state.phase = "starting";
  talk.client.session = recall(talk.storageKey).session ?? talk.client.session;
  talk.changed();
  try {
    await (talk.client.session ? restore(talk, signal) : begin(talk, signal));
    ready();
    await follow(talk);
  } catch (error) {
    if (signal.aborted) return;
    // Only a conversation that has been there can be gone; otherwise this would begin new ones for ever.
    const { phase, lastEventId } = talk.state;
    if (sessionGone(error) && talk.client.session && (phase === "starting" || lastEventId)) return startAnew(talk);
    Object.assign(talk.state, { phase: "failed", problem: sentenceOf(error, texts.startFailed) });
    talk.changed();
  }
  ready();
}

async function begin(talk: Conversation, stop: AbortSignal): Promise<void> {
  const body = {
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    page: location.origin + location.pathname,
  };
  const created = await persist<SessionCreated>((s) => talk.client.post("session", body, s), START_ATTEMPTS, stop);
  const { sessionId, sessionToken: token, business, message, choices = [] } = created;
  talk.client.session = { sessionId, token };
  keep(talk.storageKey, { session: talk.client.session });
  Object.assign(talk.state, { phase: "ready", business });
  receive(talk.state, { role: "agent", choices, ...message });
  // What was typed while the greeting was on its way comes after it.
  talk.state.entries.sort((a, b) => +(a.role === "customer") - +(b.role === "customer"));
  talk.changed();
}

async function restore(talk: Conversation, stop: AbortSignal): Promise<void> {
  const snapshot = await persist<Snapshot>((s) => talk.client.get(sessionPath(talk), s), START_ATTEMPTS, stop);
  applySnapshot(talk.state, snapshot);
  talk.changed();
  followTurns(talk);
}

function sessionPath(talk: Conversation): string {
  return `session/${talk.client.session?.sessionId}`;
}

/** The old conversation is gone on the server: says so, and begins another. */
export async function startAnew(talk: Conversation, draft = ""): Promise<void> {
  keep(talk.storageKey, { session: null });
  talk.client.session = null;
  Object.assign(talk.state, emptyState(), { business: talk.state.business });
  addNotice(talk.state, texts.anew, [], "system");
  if (draft) talk.draft(draft);
  await start(talk);
}

function told<T>(event: ServerEvent): T | { type: "" } {
  try {
    return JSON.parse(event.data) as T;
  } catch {
    return { type: "" };
  }
}

export interface Reading {
  stop: AbortSignal;
  open(signal: AbortSignal): Promise<Response>;
  emit: Emit;
  /** Asked after every end of the connection: true ends the reading. */
  finished(): boolean;
  /** Told with false at every answer, and with true at every failure. */
  broken?(isBroken: boolean): void;
  /** After so many failures in a row, unless the browser is offline, the error is thrown. */
  attempts?: number;
}

/** Opens again and again until finished or stopped; what will not pass is thrown. */
export async function keepReading({ stop, open, emit, finished, broken, attempts = Infinity }: Reading): Promise<void> {
  for (let attempt = 0; !stop.aborted && !finished();) {
    let trouble: unknown;
    try {
      await readStream(open, stop, emit, () => {
        attempt = 0;
        broken?.(false);
      });
    } catch (error) {
      const limited = error instanceof Refusal && error.status === 429 && attempts === Infinity;
      const tired = attempt >= attempts && navigator.onLine;
      if (!stop.aborted && (tired || !(passing(error) || limited))) throw error;
      trouble = error;
      broken?.(true);
    }
    if (!finished()) await pause(backoffMs(trouble, attempt++), stop);
  }
}

/** The session's feed, as long as the conversation lasts. */
function follow(talk: Conversation): Promise<void> {
  const { state } = talk;
  return keepReading({
    stop: talk.stop.signal,
    open: (s) => talk.client.get(`${sessionPath(talk)}/events`, s, state.lastEventId),
    emit(event) {
      const news = told<FeedEvent>(event);
      if (news.type) applyFeedEvent(state, event.id, news);
      talk.changed();
      if (news.type === "turn") followTurns(talk);
    },
    finished: () => false,
    broken(broken) {
      state.broken = broken;
      talk.changed();
    },
  });
}

/** Applies one event of a turn; returns the turn's id, which the first event tells. */
export function hearTurn(talk: Conversation, turnId: string, event: ServerEvent): string {
  const news = told<TurnEvent>(event);
  const id = turnId || (news.type === "turn" ? news.turnId : "");
  if (news.type) applyTurnEvent(talk.state, id, Number(event.id), news);
  talk.changed();
  return id;
}

/** Follows every running turn that nobody follows yet. */
export function followTurns(talk: Conversation): void {
  if (talk.awaiting) return;
  for (const entry of talk.state.entries)
    if (entry.status === "running" && !entry.followed) void followTurn(talk, entry);
}

async function followTurn(talk: Conversation, entry: Entry): Promise<void> {
  const { signal } = talk.stop;
  const turnId = entry.turnId ?? "";
  entry.followed = true;
  try {
    await keepReading({
      stop: signal,
      open: (s) => talk.client.get(`turns/${turnId}/events`, s, entry.seen),
      emit: (event) => hearTurn(talk, turnId, event),
      finished: () => entry.status !== "running",
    });
  } catch {
    // Refused for good: there is no such turn. If it has left a message, the feed brings it.
    if (signal.aborted) return;
    talk.state.entries = talk.state.entries.filter((e) => e !== entry || e.status !== "running");
    talk.changed();
  }
}

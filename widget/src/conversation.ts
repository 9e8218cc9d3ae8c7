/** One conversation with the server: begins or restores it, follows its turns and its feed. */

import { backoffMs, passing, persist, sentenceOf, sessionGone, type Client, type Trouble } from "./client.ts";
import { deliver } from "./delivery.ts";
import { useLocale } from "./format.ts";
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
import { texts } from "./texts.ts";
import type { FeedEvent, SessionCreated, Snapshot, TurnEvent } from "./wire.ts";

const START_ATTEMPTS = 6;

/** What the parts of one conversation share. */
export interface Conversation {
  readonly client: Client;
  readonly store: State;
  /** Names what is kept in the browser; empty: nothing is. */
  readonly storageKey: string;
  readonly language: string;
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
  const interrupted = talk.store.thread.filter((e) => e.status === "sending");
  let ready = (): void => undefined;
  talk.turnstile = new Promise((resolve) => {
    ready = resolve;
  });
  talk.awaiting = 0;
  for (const entry of talk.store.thread) entry.followed = false;
  for (const entry of interrupted) deliver(talk, entry);
  talk.store.phase = "starting";
  talk.client.session = recall(talk.storageKey).session ?? talk.client.session;
  talk.changed();
  try {
    await (talk.client.session ? restore(talk, signal) : begin(talk, signal));
    ready();
    talk.store.news.push(["ready", { sessionId: talk.client.session?.sessionId }]);
    await follow(talk);
  } catch (error) {
    if (signal.aborted) return;
    // Only a conversation that has been there can be gone; otherwise this would begin new ones for ever.
    const { phase, lastEventId } = talk.store;
    const trouble = error as Trouble;
    if (sessionGone(trouble) && talk.client.session && (phase === "starting" || lastEventId)) return startAnew(talk);
    Object.assign(talk.store, { phase: "failed", problem: sentenceOf(trouble, texts.failed) });
    talk.changed();
  }
  ready();
}

async function begin(talk: Conversation, stop: AbortSignal): Promise<void> {
  const body = {
    locale: talk.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    page: location.origin + location.pathname,
  };
  const created = await persist<SessionCreated>((s) => talk.client.call("session", s, body), START_ATTEMPTS, stop);
  const { sessionId, sessionToken: token, business, message, choices = [] } = created;
  talk.client.session = { sessionId, token };
  keep(talk.storageKey, { session: talk.client.session });
  useLocale(business.locale);
  Object.assign(talk.store, { phase: "ready", business });
  receive(talk.store, { role: "agent", choices, ...message });
  // What was typed while the greeting was on its way comes after it.
  talk.store.thread.sort((a, b) => +(a.role === "customer") - +(b.role === "customer"));
  talk.changed();
}

async function restore(talk: Conversation, stop: AbortSignal): Promise<void> {
  const snapshot = await persist<Snapshot>((s) => talk.client.call(sessionPath(talk), s), START_ATTEMPTS, stop);
  applySnapshot(talk.store, snapshot);
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
  Object.assign(talk.store, emptyState(), { business: talk.store.business });
  addNotice(talk.store, texts.anew, "system");
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
    let trouble: Trouble | undefined;
    try {
      await readStream(open, stop, emit, () => {
        attempt = 0;
        broken?.(false);
      });
    } catch (error) {
      trouble = error as Trouble;
      const limited = trouble.status === 429 && attempts === Infinity;
      const tired = attempt >= attempts && navigator.onLine;
      if (!stop.aborted && (tired || !(passing(trouble) || limited))) throw error;
      broken?.(true);
    }
    if (!finished()) await pause(backoffMs(trouble, attempt++), stop);
  }
}

/** The session's feed, as long as the conversation lasts. */
function follow(talk: Conversation): Promise<void> {
  const { store: state } = talk;
  return keepReading({
    stop: talk.stop.signal,
    open: (s) => talk.client.call(`${sessionPath(talk)}/events`, s, undefined, state.lastEventId),
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
  if (news.type) applyTurnEvent(talk.store, id, Number(event.id), news);
  talk.changed();
  return id;
}

/** Follows every running turn that nobody follows yet. */
export function followTurns(talk: Conversation): void {
  if (talk.awaiting) return;
  for (const entry of talk.store.thread)
    if (entry.status === "running" && !entry.followed) void followTurn(talk, entry);
}

async function followTurn(talk: Conversation, entry: Entry): Promise<void> {
  const { signal } = talk.stop;
  const turnId = entry.turnId ?? "";
  entry.followed = true;
  try {
    await keepReading({
      stop: signal,
      open: (s) => talk.client.call(`turns/${turnId}/events`, s, undefined, entry.seen),
      emit: (event) => hearTurn(talk, turnId, event),
      finished: () => entry.status !== "running",
    });
  } catch {
    // Refused for good: there is no such turn. If it has left a message, the feed brings it.
    if (signal.aborted) return;
    talk.store.thread = talk.store.thread.filter((e) => e !== entry || e.status !== "running");
    talk.changed();
  }
}

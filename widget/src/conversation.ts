/** One conversation with the server: begins or restores it, follows its turns and its feed. */

import { backoffMs, passing, persist, sentenceOf, sessionGone, Refusal, type Client } from "./client.ts";
import { deliver } from "./delivery.ts";
import { keep, recall } from "./memory.ts";
import { addNotice, applyFeedEvent, applySnapshot, applyTurnEvent, emptyState, findTurn, receive, type State } from "./store.ts";
import { pause, readStream, type Emit, type ServerEvent } from "./stream.ts";
import { texts } from "./texts.ts";
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
  readonly following: Set<string>;
  /** To be called after every change of the state. */
  changed(): void;
  /** Hands text back that could not be sent. */
  draft(text: string): void;
}

export async function start(talk: Conversation): Promise<void> {
  talk.stop.abort();
  Object.assign(talk, { stop: new AbortController(), awaiting: 0, turnstile: Promise.resolve() });
  talk.following.clear();
  Object.assign(talk.state, { phase: "starting", problem: "" });
  talk.client.session = recall(talk.storageKey).session ?? null;
  talk.changed();
  const { signal } = talk.stop;
  try {
    await (talk.client.session ? restore(talk, signal) : begin(talk, signal));
    void follow(talk);
  } catch (error) {
    if (signal.aborted) return;
    if (talk.client.session && sessionGone(error)) return startAnew(talk);
    const hopeless = !passing(error) && (error as Refusal).status !== 429;
    const problem = hopeless ? texts.unavailable : sentenceOf(error, texts.startFailed);
    Object.assign(talk.state, { phase: "failed", problem });
    talk.changed();
  }
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
  talk.changed();
}

async function restore(talk: Conversation, stop: AbortSignal): Promise<void> {
  const snapshot = await persist<Snapshot>((s) => talk.client.get(sessionPath(talk), s), START_ATTEMPTS, stop);
  applySnapshot(talk.state, snapshot);
  talk.changed();
  followTurns(talk);
  for (const entry of talk.state.entries) if (entry.status === "sending") void deliver(talk, entry);
}

function sessionPath(talk: Conversation): string {
  return `session/${talk.client.session?.sessionId}`;
}

/** The old conversation is gone on the server: says so, and begins another. */
export async function startAnew(talk: Conversation, draft = ""): Promise<void> {
  keep(talk.storageKey, { session: null });
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

/** Opens again and again until finished, stopped, or refused for good (then it throws the refusal). */
async function keepReading(
  stop: AbortSignal,
  open: (signal: AbortSignal) => Promise<Response>,
  emit: Emit,
  finished: () => boolean,
  broken: (isBroken: boolean) => void,
): Promise<void> {
  for (let attempt = 0; !stop.aborted && !finished(); attempt += 1) {
    let trouble: unknown;
    try {
      await readStream(open, stop, emit, () => {
        attempt = 0;
        broken(false);
      });
    } catch (error) {
      if (stop.aborted || (!passing(error) && (error as Refusal).status !== 429)) throw error;
      trouble = error;
      broken(true);
    }
    if (!finished()) await pause(backoffMs(trouble, attempt), stop);
  }
}

/** The session's feed, as long as the conversation lasts. */
async function follow(talk: Conversation): Promise<void> {
  const { signal } = talk.stop;
  const { state } = talk;
  try {
    await keepReading(
      signal,
      (s) => talk.client.get(`${sessionPath(talk)}/events`, s, state.lastEventId),
      (event) => {
        const news = told<FeedEvent>(event);
        if (news.type) applyFeedEvent(state, event.id, news);
        talk.changed();
        if (news.type === "turn") followTurns(talk);
      },
      () => false,
      (broken) => {
        state.broken = broken;
        talk.changed();
      },
    );
  } catch (error) {
    if (!signal.aborted && sessionGone(error)) await startAnew(talk);
  }
}

/** Applies one event of a turn; returns the turn's id when the event is the one that names it. */
export function hearTurn(talk: Conversation, turnId: string, event: ServerEvent): string {
  const news = told<TurnEvent>(event);
  const named = news.type === "turn" ? news.turnId : "";
  if (news.type) applyTurnEvent(talk.state, turnId || named, Number(event.id), news);
  talk.changed();
  return named;
}

/** Follows every running turn that nobody follows yet. */
export function followTurns(talk: Conversation): void {
  if (talk.awaiting) return;
  for (const { status, turnId } of talk.state.entries) {
    if (status === "running" && turnId && !talk.following.has(turnId)) void followTurn(talk, turnId);
  }
}

async function followTurn(talk: Conversation, turnId: string): Promise<void> {
  const { state, stop } = talk;
  talk.following.add(turnId);
  try {
    await keepReading(
      stop.signal,
      (s) => talk.client.get(`turns/${turnId}/events`, s, findTurn(state, turnId)?.seen ?? 0),
      (event) => hearTurn(talk, turnId, event),
      () => findTurn(state, turnId)?.status !== "running",
      () => undefined,
    );
  } catch {
    // Refused for good: there is no such turn. If it has left a message, the feed brings it.
    if (stop.signal.aborted) return;
    state.entries = state.entries.filter((e) => e.turnId !== turnId || e.status !== "running");
    talk.changed();
  }
  if (!stop.signal.aborted) talk.following.delete(turnId);
}

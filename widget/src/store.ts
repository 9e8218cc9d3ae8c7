/**
 * What the widget knows and how it changes: snapshot (+) events. The state is changed in place and drawn afterwards.
 * An event that comes twice, or by the turn's stream and the session's feed, changes nothing the second time.
 */

import { useLocale } from "./format.ts";
import { plainText } from "./markdown.ts";
import { fill, texts } from "./texts.ts";
import type {
  Booking,
  Business,
  Card,
  Choice,
  FeedEvent,
  HandledBy,
  Message,
  Proposal,
  ProposalStatus,
  Rating,
  Role,
  Snapshot,
  TurnEvent,
} from "./wire.ts";

/** One line of the conversation; `key` never changes, so that it can name a DOM node. */
export interface Entry extends Message {
  key: string;
  cards: Card[];
  choices: Choice[];
  expects: string[];
  status: "sending" | "unsent" | "running" | "done";
  /** The number of the turn's last event that was applied. */
  seen: number;
  /** Somebody reads the turn's stream. */
  followed?: boolean;
  tool?: string;
  /** What a chip said, where that differs from what it sent. */
  shown?: string | undefined;
  /** Why a customer's message is unsent. */
  problem?: string;
}

export interface ProposalEntry {
  proposal: Proposal;
  status: ProposalStatus;
  /** Key of the entry below which it is shown. */
  anchor: string | undefined;
  busy?: boolean;
  changing?: boolean;
  problem?: string;
}

export type Thumb = "THUMBS_UP" | "THUMBS_DOWN";

export interface State {
  phase: "starting" | "ready" | "failed";
  problem: string;
  business: Business | null;
  thread: Entry[];
  proposals: ProposalEntry[];
  /** The newest that is known of each, by its id: a card shows what was when it was made. */
  bookings: Record<string, Booking>;
  handledBy: HandledBy;
  /** Who of the team answers. */
  staffName: string;
  /** By message id. */
  thumbs: Record<string, Thumb | undefined>;
  /** Key of the entry below which the customer is asked how it was. */
  asked: string | undefined;
  rated: Rating | null;
  /** The form that asks for a person is open. */
  wishing: boolean;
  lastEventId: string | number;
  /** The feed is down; it is being tried again. */
  broken: boolean;
  /** Server time minus ours, in ms, as far as the messages' times tell. */
  skewMs: number;
  /** Finished text that a screen reader has not been told yet. */
  unspoken: string;
  /** What the page is to be told: the event's name and its detail. */
  news: [string, unknown][];
}

/** What is forgotten with the conversation it is about. */
export function emptyState(): Omit<State, "news" | "wishing"> {
  return {
    phase: "starting",
    problem: "",
    business: null,
    thread: [],
    proposals: [],
    bookings: {},
    handledBy: "agent",
    staffName: "",
    thumbs: {},
    asked: undefined,
    rated: null,
    lastEventId: 0,
    broken: false,
    skewMs: -Infinity,
    unspoken: "",
  };
}

export function serverNow(state: State): number {
  return Date.now() + (state.skewMs > -Infinity ? state.skewMs : 0);
}

export function addEntry(state: State, key: string, role: Role, content: string, place = state.thread.length): Entry {
  const entry: Entry = {
    key,
    role,
    content,
    messageId: "",
    cards: [],
    choices: [],
    expects: [],
    status: "done",
    seen: 0,
  };
  state.thread.splice(place, 0, entry);
  return entry;
}

/** A line of the widget's own; the server does not know it. */
export function addNotice(state: State, content: string, role: Role = "agent"): Entry {
  state.unspoken = content;
  return addEntry(state, crypto.randomUUID(), role, content);
}

export function findTurn(state: State, turnId: string): Entry | undefined {
  return state.thread.find((e) => e.turnId === turnId && e.role !== "customer");
}

/** The bookings that a card is about. */
export function bookingsIn(card: Card): Booking[] {
  if (card.kind === "bookings") return card.bookings;
  return "booking" in card && card.booking ? [card.booking] : [];
}

export function present(state: State, booking: Booking): Booking {
  return state.bookings[booking.bookingId] ?? booking;
}

function learn(state: State, bookings: Booking[]): void {
  // Not every view of a booking has its links.
  for (const one of bookings) state.bookings[one.bookingId] = { ...present(state, one), ...one };
}

/** Inserts or completes one message of the server. It is to be spoken if it is new and not the customer's own. */
export function receive(state: State, message: Message, silent = false): void {
  const { messageId, clientMessageId, role, content } = message;
  const known = state.thread.find(
    (e) => e.messageId === messageId || (clientMessageId && e.clientMessageId === clientMessageId),
  );
  if (!silent && known?.status !== "done" && role !== "customer") {
    state.unspoken = plainText(content);
    state.news.push(["message", message]);
  }
  const entry = known ?? addEntry(state, clientMessageId ?? messageId, role, "");
  for (const [name, value] of Object.entries(message)) {
    const before: unknown = entry[name as keyof Entry];
    // An array that only looks new would cost its DOM, with what the customer has unfolded or focused in it.
    const isNew = value !== null && JSON.stringify(before) !== JSON.stringify(value);
    // Nothing said is nothing taken back: a receipt stays, whichever way it came.
    if (isNew && !(Array.isArray(value) && !value.length)) Object.assign(entry, { [name]: value });
  }
  entry.status = "done";
  learn(state, (message.cards ?? []).flatMap(bookingsIn));
  // The latest time the server is known to have reached, seen from our clock.
  if (message.at) state.skewMs = Math.max(state.skewMs, Date.parse(message.at) - Date.now());
}

/** Replaces what is known by the server's view; own messages that have not arrived there yet stay at the end. */
export function applySnapshot(state: State, snapshot: Snapshot): void {
  const arrived = new Set(snapshot.messages.map((m) => m.clientMessageId));
  const waiting = state.thread.filter((e) => /sending|unsent/.test(e.status) && !arrived.has(e.clientMessageId));
  const { business, handledBy, staffName, messages, turn, proposal, bookings = [], lastEventId } = snapshot;
  useLocale(business.locale);
  const { ask, rating = null, thumbs = {} } = snapshot.feedback ?? {};
  const known = { phase: "ready", business, handledBy, lastEventId: lastEventId ?? 0, thumbs, rated: rating };
  Object.assign(state, emptyState(), known, { staffName: staffName ?? "" });
  for (const message of messages) receive(state, message, true);
  if (ask || (rating && snapshot.ended)) askRating(state);
  learn(state, bookings);
  if (turn) startTurn(state, turn);
  if (proposal) applyProposal(state, proposal);
  state.thread.push(...waiting);
}

function askRating(state: State): void {
  state.asked = state.thread.at(-1)?.key;
}

export function startTurn(state: State, turn: { turnId: string; messageId: string; userMessageId?: string }): void {
  const { turnId, messageId, userMessageId } = turn;
  const known = state.thread.find((e) => e.messageId === messageId);
  if (known) known.turnId = turnId;
  if (known || findTurn(state, turnId)) return;
  const asked = state.thread.findIndex((e) => userMessageId && e.messageId === userMessageId);
  const entry = addEntry(state, messageId, "agent", "", asked < 0 ? undefined : asked + 1);
  Object.assign(entry, { messageId, turnId, status: "running" });
}

/** One event of a turn's stream. `eventId` counts from 1 within the turn: what was seen already is left out. */
export function applyTurnEvent(state: State, turnId: string, eventId: number, event: TurnEvent): void {
  if (event.type === "turn") startTurn(state, event);
  const entry = findTurn(state, turnId);
  if (!entry || eventId <= entry.seen) return;
  entry.seen = eventId;
  if (event.type === "done") return finishTurn(state, entry, event);
  if (entry.status !== "running") return;
  if (event.type === "chunk") entry.content += event.content;
  if (event.type === "reset") entry.content = "";
  if (event.type === "tool") entry.tool = event.state === "started" ? event.label : "";
  if (event.type === "cards") entry.cards = [...entry.cards, ...event.cards];
  if (event.type === "proposal") applyProposal(state, event.proposal, entry.key);
  if (event.type === "error") {
    Object.assign(entry, { status: "done", role: "system", content: event.message });
    state.unspoken = event.message;
  }
}

function finishTurn(state: State, entry: Entry, done: Extract<TurnEvent, { type: "done" }>): void {
  const { message, choices = [], expects = [], proposal, receipt, handledBy, cards = [] } = done;
  state.handledBy = handledBy ?? state.handledBy;
  if (message || cards.length) {
    receive(state, { messageId: entry.messageId, role: "agent", content: message, cards, choices, expects });
  } else {
    // Nothing was said: a person has taken over meanwhile.
    state.thread = state.thread.filter((e) => e !== entry);
  }
  if (proposal) applyProposal(state, proposal, entry.key);
  // A typed yes executes the latest preview; the turn's result does not name it.
  const latest = state.proposals.at(-1);
  if (receipt && latest?.status === "pending") latest.status = "executed";
}

export function applyFeedEvent(state: State, eventId: string, event: FeedEvent): void {
  if (eventId) state.lastEventId = eventId;
  if (event.type === "message") receive(state, event.message);
  if (event.type === "turn") startTurn(state, event);
  if (event.type === "proposal") applyProposal(state, event.proposal);
  if (event.type === "payment") learn(state, bookingsIn(event.payment));
  if (event.type === "handoff") {
    const name = event.name ?? "";
    state.handledBy = event.handledBy;
    if (name !== state.staffName) addNotice(state, name ? fill(texts.talking, { name }) : texts.agentBack, "system");
    state.staffName = name;
  }
  if (event.type === "rating") {
    askRating(state);
    state.unspoken = texts.rate;
  }
  if (event.type === "receipt") {
    if (event.receipt.kind === "booked") state.news.push(["booked", event]);
    if (event.booking) learn(state, [event.booking]);
    // Its card comes with the message that tells of it.
    const settled = state.proposals.find((p) => p.proposal.proposalId === event.proposalId);
    if (settled) settled.status = "executed";
  }
}

/** A proposal as the server tells it. A new one supersedes those still pending; one that has ended stays ended. */
export function applyProposal(state: State, proposal: Proposal, anchor?: string): void {
  const known = state.proposals.find((p) => p.proposal.proposalId === proposal.proposalId);
  const status = proposal.status ?? "pending";
  if (known) {
    known.anchor = anchor ?? known.anchor;
    if (/pending|expired|failed/.test(known.status)) Object.assign(known, { proposal, status });
    return;
  }
  for (const earlier of state.proposals) if (earlier.status === "pending") earlier.status = "superseded";
  anchor ??= state.thread.at(-1)?.key;
  state.proposals.push({ proposal, status, anchor });
}

/** Quick replies and field hints hold until the customer says something; what a card offers is not offered twice. */
export function openQuestion(state: State): { choices: Choice[]; expects: string[] } {
  const last = state.thread.at(-1);
  if (last?.status !== "done" || last.role === "customer") return { choices: [], expects: [] };
  const offered = JSON.stringify(last.cards);
  const choices = last.choices.filter(({ label }) => !offered.includes(`"${label}"`));
  return { choices, expects: last.expects };
}

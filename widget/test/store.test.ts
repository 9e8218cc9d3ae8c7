import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyFeedEvent,
  applyProposal,
  applySnapshot,
  applyTurnEvent,
  emptyState,
  openQuestion,
  present,
  receive,
  startTurn,
  type State,
} from "../src/store.ts";
import type { Booking, Card, FeedEvent, Message, Proposal, Receipt, Snapshot, TurnEvent } from "../src/wire.ts";

const freshState = (): State => ({ ...emptyState(), news: [], wishing: false });
const BUSINESS = { name: "Fern", timezone: "UTC", locale: "en-US" };
const at = (n: number): string => new Date(1_700_000_000_000 + n * 1000).toISOString();

const message = (id: string, role: Message["role"], content: string, more: Partial<Message> = {}): Message => ({
  messageId: id,
  role,
  content,
  at: at(Number(id.slice(1))),
  cards: [],
  choices: [],
  expects: [],
  ...more,
});

const proposal = (id: string, status: Proposal["status"] = "pending"): Proposal => ({
  proposalId: id,
  operation: "book",
  previewHash: `h${id}`,
  code: "4821",
  expiresAt: "2999-01-01T00:00:00Z",
  status: status ?? "pending",
  preview: { title: "Haircut" },
});

const RECEIPT: Receipt = { receiptId: "r1", kind: "booked", at: at(9), title: "Booked", lines: [] };
const BOOKING = { bookingId: "b1", code: "BK-7F3K2Q" } as Booking;

/** What the customer sees, without the bookkeeping. */
const seen = (state: State): unknown => ({
  entries: state.thread.map((e) => [e.role, e.content, e.status, e.cards.length, e.choices.length]),
  proposals: state.proposals.map((p) => [p.proposal.proposalId, p.status]),
  handledBy: state.handledBy,
  lastEventId: Number(state.lastEventId),
});

const FEED: FeedEvent[] = [
  { type: "message", message: message("m1", "agent", "Hello", { choices: [{ label: "A", send: "a" }] }) },
  { type: "message", message: message("m2", "customer", "haircut", { clientMessageId: "c2" }) },
  { type: "turn", turnId: "t1", messageId: "m3", userMessageId: "m2" },
  {
    type: "message",
    message: message("m3", "agent", "These are free", {
      turnId: "t1",
      cards: [{ kind: "slots", service: "x", label: "X", timezone: "UTC", days: [] }],
    }),
  },
  { type: "message", message: message("m4", "customer", "a@b.example", { clientMessageId: "c4" }) },
  { type: "message", message: message("m5", "agent", "Please confirm", { turnId: "t2" }) },
  { type: "proposal", proposal: proposal("p1") },
  { type: "proposal", proposal: proposal("p1", "executed") },
  {
    type: "message",
    message: message("m6", "agent", "Booked", { cards: [{ kind: "receipt", receipt: RECEIPT, booking: BOOKING }] }),
  },
  { type: "receipt", receipt: RECEIPT, booking: BOOKING, proposalId: "p1" },
  { type: "handoff", handledBy: "staff" },
  { type: "message", message: message("m7", "staff", "Mia here") },
];

const replay = (state: State, from: number, to: number): State => {
  for (let n = from; n < to; n += 1) applyFeedEvent(state, String(n + 1), FEED[n]!);
  return state;
};

/** The server's snapshot after so many events of the feed. */
function snapshotAfter(count: number): Snapshot {
  const past = FEED.slice(0, count);
  const messages = past.flatMap((e) => (e.type === "message" ? [e.message] : []));
  const turn = past.findLast((e) => e.type === "turn");
  const answered = turn && messages.some((m) => m.messageId === turn.messageId);
  const offered = past.findLast((e) => e.type === "proposal")?.proposal;
  return {
    sessionId: "s",
    business: BUSINESS,
    messages,
    proposal: offered?.status === "pending" ? offered : null,
    turn: turn && !answered ? { ...turn, status: "running" } : null,
    handledBy: past.some((e) => e.type === "handoff") ? "staff" : "agent",
    lastEventId: count,
  };
}

test("a snapshot and the events after it equal all events, wherever the snapshot was taken", () => {
  const whole = replay(freshState(), 0, FEED.length);
  for (let count = 0; count <= FEED.length; count += 1) {
    const state = freshState();
    applySnapshot(state, snapshotAfter(count));
    replay(state, count, FEED.length);
    const { proposals: _, ...rest } = seen(state) as { proposals: unknown };
    const { proposals: __, ...all } = seen(whole) as { proposals: unknown };
    assert.deepEqual(rest, all, `snapshot after ${count}`);
    // A proposal that had ended before is told by its receipt only.
    if (count < 8) assert.deepEqual(seen(state), seen(whole), `snapshot after ${count}`);
  }
});

test("events that come again change nothing", () => {
  const state = replay(freshState(), 0, FEED.length);
  const before = JSON.stringify(seen(state));
  replay(state, 3, FEED.length);
  assert.equal(JSON.stringify(seen(state)), before);
});

const TURN: TurnEvent[] = [
  { type: "turn", turnId: "t1", messageId: "m3", userMessageId: "m2" },
  { type: "tool", name: "find_slots", label: "Looking…", state: "started" },
  { type: "tool", name: "find_slots", label: "Looking…", state: "finished" },
  { type: "chunk", content: "wrong half" },
  { type: "reset", reason: "model_failed" },
  { type: "chunk", content: "Right " },
  { type: "chunk", content: "words" },
  { type: "proposal", proposal: proposal("p1") },
  {
    type: "done",
    turnId: "t1",
    messageId: "m3",
    message: "Right words.",
    expects: ["confirm"],
    choices: [{ label: "Yes", send: "yes" }],
    proposal: proposal("p1"),
  },
];

const asked = (): State => {
  const state = freshState();
  receive(state, message("m2", "customer", "hi", { clientMessageId: "c2" }));
  return state;
};

test("a turn's stream cut anywhere and read again from any earlier event loses and doubles nothing", () => {
  const whole = asked();
  TURN.forEach((event, n) => applyTurnEvent(whole, "t1", n + 1, event));
  assert.equal(whole.thread[1]?.content, "Right words.");
  for (let cut = 1; cut <= TURN.length; cut += 1) {
    for (let from = 0; from <= cut; from += 1) {
      const state = asked();
      for (let n = 0; n < cut; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
      const text = state.thread[1]?.content;
      for (let n = from; n < cut; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
      assert.equal(state.thread[1]?.content, text);
      for (let n = cut; n < TURN.length; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
      assert.deepEqual(seen(state), seen(whole));
    }
  }
});

test("the finished message in the feed wins over a stream that lags behind", () => {
  const state = asked();
  for (let n = 0; n < 6; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
  applyFeedEvent(state, "5", { type: "message", message: message("m3", "agent", "Right words.", { turnId: "t1" }) });
  for (let n = 6; n < TURN.length; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
  assert.equal(state.thread.length, 2);
  assert.equal(state.thread[1]?.content, "Right words.");
  assert.deepEqual(
    state.proposals.map((p) => [p.status, p.anchor]),
    [["pending", "m3"]],
  );
});

test("an own message is recognised by its client id and keeps its key", () => {
  const state = freshState();
  receive(state, { messageId: "m0", role: "agent", content: "Hello" });
  state.thread.push({
    ...state.thread[0]!,
    key: "c2",
    messageId: "",
    clientMessageId: "c2",
    role: "customer",
    content: "haircut",
    shown: "Haircut",
    status: "sending",
  });
  applyFeedEvent(state, "2", {
    type: "message",
    message: message("m2", "customer", "haircut", { clientMessageId: "c2" }),
  });
  assert.deepEqual(
    state.thread.map((e) => [e.key, e.messageId, e.status]),
    [
      ["m0", "m0", "done"],
      ["c2", "m2", "done"],
    ],
  );
  assert.equal(state.thread[1]?.shown, "Haircut");
});

test("a message on its way survives a snapshot that does not know it", () => {
  const state = asked();
  state.thread.push({
    ...state.thread[0]!,
    key: "c9",
    messageId: "",
    clientMessageId: "c9",
    content: "later",
    status: "sending",
  });
  applySnapshot(state, snapshotAfter(2));
  assert.deepEqual(
    state.thread.map((e) => e.content),
    ["Hello", "haircut", "later"],
  );
});

test("an answer stands below the message it answers, not below the newest", () => {
  const state = asked();
  receive(state, message("m9", "customer", "and also", { clientMessageId: "c9" }));
  startTurn(state, { turnId: "t1", messageId: "m3", userMessageId: "m2" });
  assert.deepEqual(
    state.thread.map((e) => e.messageId),
    ["m2", "m3", "m9"],
  );
});

test("a new proposal supersedes the pending one, and what has ended does not come back", () => {
  const state = asked();
  applyProposal(state, proposal("p1"));
  applyProposal(state, proposal("p2"));
  assert.deepEqual(
    state.proposals.map((p) => p.status),
    ["superseded", "pending"],
  );
  applyProposal(state, proposal("p2", "executed"));
  applyProposal(state, proposal("p2"));
  applyProposal(state, proposal("p1"));
  assert.deepEqual(
    state.proposals.map((p) => p.status),
    ["superseded", "executed"],
  );
});

test("a typed yes shows its receipt and settles the proposal", () => {
  const state = asked();
  applyProposal(state, proposal("p1"));
  startTurn(state, { turnId: "t1", messageId: "m3", userMessageId: "m2" });
  applyTurnEvent(state, "t1", 1, {
    type: "done",
    turnId: "t1",
    messageId: "m3",
    message: "Booked",
    cards: [{ kind: "receipt", receipt: RECEIPT, booking: BOOKING }],
    receipt: RECEIPT,
    booking: BOOKING,
  });
  assert.equal(state.proposals[0]?.status, "executed");
  assert.deepEqual(state.thread[1]?.cards, [{ kind: "receipt", receipt: RECEIPT, booking: BOOKING }]);
  applyFeedEvent(state, "9", { type: "message", message: message("m3", "agent", "Booked", { turnId: "t1" }) });
  assert.equal(state.thread[1]?.cards.length, 1);
});

test("a turn that says nothing leaves nothing", () => {
  const state = asked();
  applyTurnEvent(state, "t1", 1, TURN[0]!);
  applyTurnEvent(state, "t1", 2, { type: "done", turnId: "t1", messageId: null, message: "", handledBy: "staff" });
  assert.deepEqual(
    state.thread.map((e) => e.role),
    ["customer"],
  );
  assert.equal(state.handledBy, "staff");
});

test("quick replies end when the customer says something", () => {
  const state = replay(freshState(), 0, 1);
  assert.equal(openQuestion(state).choices.length, 1);
  replay(state, 1, 2);
  assert.equal(openQuestion(state).choices.length, 0);
});

test("only news of others is spoken, once and as a whole", () => {
  const state = asked();
  assert.equal(state.unspoken, "");
  for (let n = 0; n < 7; n += 1) applyTurnEvent(state, "t1", n + 1, TURN[n]!);
  assert.equal(state.unspoken, "");
  applyTurnEvent(state, "t1", 9, TURN[8]!);
  assert.equal(state.unspoken, "Right words.");
  state.unspoken = "";
  applyFeedEvent(state, "4", { type: "message", message: message("m3", "agent", "Right words.", { turnId: "t1" }) });
  applySnapshot(state, snapshotAfter(FEED.length));
  assert.equal(state.unspoken, "");
});

const held = { bookingId: "b1", code: "BK-7F3K2Q", status: "pending_payment" } as Booking;
const payment = (status: "open" | "paid" | "expired", booking: Booking): Extract<Card, { kind: "payment" }> => ({
  kind: "payment",
  status,
  amount: { amount: 4500, currency: "USD" },
  payUrl: null,
  expiresAt: null,
  booking,
});

test("a card that was shown follows its booking as it is paid, or runs out", () => {
  for (const status of ["confirmed", "expired"]) {
    const state = asked();
    const linked = { ...held, manageUrl: "https://x.example/b/t" };
    receive(state, message("m3", "agent", "Please pay", { cards: [payment("open", linked)] }));
    assert.equal(present(state, held).status, "pending_payment");
    const card = payment(status === "confirmed" ? "paid" : "expired", { ...held, status });
    applyFeedEvent(state, "5", { type: "payment", payment: card });
    assert.equal(present(state, held).status, status);
    assert.equal(present(state, held).manageUrl, linked.manageUrl, "the link is not lost");
  }
});

test("after a reload the booking counts as it is, not as the messages tell", () => {
  const state = freshState();
  const messages = [message("m3", "agent", "Please pay", { cards: [payment("open", held)] })];
  const moved = { ...held, status: "confirmed", startsAt: "2026-03-03T10:00:00Z" };
  applySnapshot(state, { ...snapshotAfter(0), messages, bookings: [moved] });
  assert.deepEqual(present(state, held), moved);
});

test("what is done elsewhere changes the booking here", () => {
  const state = asked();
  receive(state, message("m3", "agent", "Yours", { cards: [{ kind: "bookings", bookings: [held] }] }));
  const booking = { ...held, status: "cancelled" };
  applyFeedEvent(state, "5", { type: "receipt", receipt: RECEIPT, booking });
  assert.equal(present(state, held).status, "cancelled");
});

test("thumbs and the question how it was come back with the snapshot", () => {
  const state = freshState();
  const snapshot = (feedback: NonNullable<Snapshot["feedback"]>, ended: boolean): Snapshot => ({
    sessionId: "s",
    business: BUSINESS,
    messages: [message("m1", "agent", "Hello"), message("m2", "customer", "Thanks, bye")],
    proposal: null,
    turn: null,
    handledBy: "agent",
    staffName: null,
    ended,
    feedback,
    lastEventId: 3,
  });
  applySnapshot(state, snapshot({ rating: null, thumbs: { m1: "THUMBS_DOWN" }, ask: true }, true));
  assert.deepEqual([state.thumbs, state.asked, state.rated], [{ m1: "THUMBS_DOWN" }, "m2", null]);
  const rating = { rating: 4, comment: null };
  applySnapshot(state, snapshot({ rating, thumbs: {}, ask: false }, true));
  assert.deepEqual([state.asked, state.rated], ["m2", rating]);
  applySnapshot(state, snapshot({ rating, thumbs: {}, ask: false }, false));
  assert.equal(state.asked, undefined);
});

test("who answers is said once when it changes, by name", () => {
  const state = freshState();
  receive(state, message("m1", "agent", "Hello"));
  for (let twice = 2; twice; twice -= 1)
    applyFeedEvent(state, `${5 - twice}`, { type: "handoff", handledBy: "staff", name: "Mia" });
  assert.deepEqual([state.handledBy, state.staffName], ["staff", "Mia"]);
  applyFeedEvent(state, "5", { type: "handoff", handledBy: "agent", name: null });
  assert.deepEqual([state.handledBy, state.staffName], ["agent", ""]);
  const lines = state.thread.filter((e) => e.role === "system").map((e) => e.content);
  assert.deepEqual(lines, ["You are talking to Mia", "The AI assistant answers again"]);
});

test("the page is told of every message and booking once", () => {
  const state = freshState();
  const heard: FeedEvent[] = [
    { type: "message", message: message("m1", "agent", "Hello") },
    { type: "receipt", receipt: RECEIPT, booking: BOOKING, proposalId: null },
  ];
  for (const [at, event] of [...heard, heard[0]!].entries()) applyFeedEvent(state, `${at}`, event);
  assert.deepEqual(
    state.news.map(([name]) => name),
    ["message", "booked"],
  );
});

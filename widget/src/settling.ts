/** Confirming and rejecting a proposal. Both may be repeated: the server answers the second time as the first. */

import { persist, Refusal, sentenceOf, sessionGone } from "./client.ts";
import { startAnew, type Conversation } from "./conversation.ts";
import { slotLabel, slotSentence } from "./format.ts";
import { addNotice, addReceipt, receive, type ProposalEntry } from "./store.ts";
import { texts } from "./texts.ts";
import type { Alternative, Choice, Confirmed } from "./wire.ts";

const ATTEMPTS = 5;

async function settle<T>(talk: Conversation, entry: ProposalEntry, act: string, done: (answer: T) => void): Promise<void> {
  const { signal } = talk.stop;
  const { proposalId, previewHash } = entry.proposal;
  if (entry.status !== "pending" || entry.busy) return;
  Object.assign(entry, { busy: true, changing: false, problem: "" });
  talk.changed();
  try {
    const path = `proposals/${proposalId}/${act}`;
    done(await persist<T>((s) => talk.client.post(path, { previewHash }, s), ATTEMPTS, signal));
  } catch (error) {
    if (signal.aborted) return;
    if (sessionGone(error)) return startAnew(talk);
    afterRefusal(talk, entry, error);
  }
  entry.busy = false;
  talk.changed();
}

export function confirm(talk: Conversation, entry: ProposalEntry): Promise<void> {
  const { state } = talk;
  return settle<Confirmed>(talk, entry, "confirm", ({ receipt, booking, message: content, messageId, choices, expects }) => {
    entry.status = "executed";
    if (messageId) receive(state, { messageId, role: "agent", content, choices: choices ?? [], expects: expects ?? [] });
    addReceipt(state, receipt, booking);
  });
}

export function reject(talk: Conversation, entry: ProposalEntry): Promise<void> {
  return settle(talk, entry, "reject", () => {
    entry.status = "rejected";
  });
}

function afterRefusal(talk: Conversation, entry: ProposalEntry, error: unknown): void {
  const { state } = talk;
  const body = error instanceof Refusal ? error.body : {};
  if (body.error === "slot_taken") {
    entry.status = "failed";
    const slots = (body.alternatives ?? []) as Alternative[];
    const locale = state.business?.locale;
    const choices = slots.map((slot) => ({ label: slotLabel(slot, locale), send: slotSentence(slot) }));
    addNotice(state, body.message ?? texts.taken, choices);
  } else if (body.error === "proposal_expired") {
    entry.status = "expired";
    addNotice(state, texts.saidExpired, askAgain(entry));
  } else if (body.error === "proposal_stale") {
    entry.status = "superseded";
    addNotice(state, texts.saidStale);
  } else {
    entry.problem = sentenceOf(error, texts.confirmFailed);
  }
}

/** The same wish in words, so that an expired hold can be asked for once more. */
function askAgain(entry: ProposalEntry): Choice[] {
  const { operation, preview } = entry.proposal;
  const { date, time = null, label } = preview;
  if (operation !== "book" || !date || !label) return [];
  return [{ label: texts.holdAgain, send: `${label}, ${slotSentence({ date, time })}` }];
}

/** Confirming and rejecting a proposal. Both may be repeated: the server answers the second time as the first. */

import { persist, Refusal, sentenceOf, sessionGone } from "./client.ts";
import { startAnew, type Conversation } from "./conversation.ts";
import { slotLabel, slotSentence } from "./format.ts";
import { addNotice, receive, withReceipt, type ProposalEntry } from "./store.ts";
import { texts } from "./texts.ts";
import type { Alternative, Confirmed } from "./wire.ts";

const ATTEMPTS = 5;

async function settle<T>(
  talk: Conversation,
  entry: ProposalEntry,
  act: string,
  body: object,
  done: (answer: T) => void,
): Promise<void> {
  const { signal } = talk.stop;
  if (entry.status !== "pending" || entry.busy) return;
  Object.assign(entry, { busy: true, changing: false, problem: "" });
  talk.changed();
  try {
    const path = `proposals/${entry.proposal.proposalId}/${act}`;
    done(await persist<T>((s) => talk.client.post(path, body, s), ATTEMPTS, signal));
  } catch (error) {
    if (signal.aborted) return;
    if (sessionGone(error)) return startAnew(talk);
    afterRefusal(talk, entry, error);
  }
  entry.busy = false;
  talk.changed();
}

export function confirm(talk: Conversation, entry: ProposalEntry): Promise<void> {
  const { previewHash } = entry.proposal;
  return settle<Confirmed>(talk, entry, "confirm", { previewHash }, (answer) => {
    const { receipt, booking, message: content, messageId, choices = [], expects = [] } = answer;
    entry.status = "executed";
    const cards = withReceipt([], receipt, booking);
    receive(talk.state, { messageId, role: "agent", content, cards, choices, expects });
  });
}

export function reject(talk: Conversation, entry: ProposalEntry): Promise<void> {
  return settle(talk, entry, "reject", {}, () => {
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
    addNotice(state, texts.saidExpired, [{ label: texts.anotherTime, send: texts.anotherTime }]);
  } else if (body.error === "proposal_stale") {
    entry.status = "superseded";
    addNotice(state, texts.saidStale);
  } else {
    entry.problem = sentenceOf(error, texts.confirmFailed);
  }
}

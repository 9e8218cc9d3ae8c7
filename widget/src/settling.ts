/** Confirming and rejecting a proposal. Both may be repeated: the server answers the second time as the first. */

import { persist, Refusal, sentenceOf, sessionGone } from "./client.ts";
import { startAnew, type Conversation } from "./conversation.ts";
import { slotLabel, slotSentence } from "./format.ts";
import { addNotice, receive, type ProposalEntry } from "./store.ts";
import * as texts from "./texts.ts";
import type { Alternative, Card, Confirmed } from "./wire.ts";

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
    const { receipt, booking, message: content, messageId, cards: more = [], choices = [], expects = [] } = answer;
    entry.status = "executed";
    const cards: Card[] = [{ kind: "receipt", receipt, booking }, ...more];
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
  const said = sentenceOf(error, texts.confirmFailed);
  if (!(error instanceof Refusal) || error.status !== 409) {
    entry.problem = said;
    return;
  }
  entry.status = error.body.error === "proposal_expired" ? "expired" : "failed";
  const slots = (error.body.alternatives ?? []) as Alternative[];
  const choices = slots.map((slot) => ({ label: slotLabel(slot, state.business?.locale), send: slotSentence(slot) }));
  addNotice(state, said, choices);
}

/** Confirming and rejecting a proposal. Both may be repeated: the server answers the second time as the first. */

import { sentenceOf, type Trouble } from "./client.ts";
import type { Conversation } from "./conversation.ts";
import { when } from "./format.ts";
import { attempt } from "./opinions.ts";
import { addNotice, receive, type ProposalEntry } from "./store.ts";
import { texts } from "./texts.ts";
import type { Card, Confirmed, SlotTime } from "./wire.ts";

async function settle<T>(
  talk: Conversation,
  entry: ProposalEntry,
  act: string,
  body: object,
  done: (answer: T) => void,
): Promise<void> {
  if (entry.status !== "pending" || entry.busy) return;
  Object.assign(entry, { busy: true, changing: false, problem: "" });
  const error = await attempt(talk, `proposals/${entry.proposal.proposalId}/${act}`, body, done);
  entry.busy = false;
  if (error) afterRefusal(talk, entry, error);
  talk.changed();
}

export function confirm(talk: Conversation, entry: ProposalEntry): Promise<void> {
  const { previewHash } = entry.proposal;
  return settle<Confirmed>(talk, entry, "confirm", { previewHash }, (answer) => {
    const { receipt, booking, message: content, messageId, cards: more = [], choices = [], expects = [] } = answer;
    entry.status = "executed";
    const cards: Card[] = [{ kind: "receipt", receipt, booking }, ...more];
    receive(talk.store, { messageId, role: "agent", content, cards, choices, expects });
  });
}

export function reject(talk: Conversation, entry: ProposalEntry): Promise<void> {
  return settle(talk, entry, "reject", {}, () => {
    entry.status = "rejected";
  });
}

function afterRefusal({ store: state }: Conversation, entry: ProposalEntry, error: Trouble): void {
  const said = sentenceOf(error, texts.failed);
  const { error: name, alternatives = [] } = error.body ?? {};
  if (error.status !== 409) {
    entry.problem = said;
    return;
  }
  entry.status = name === "proposal_expired" ? "expired" : "failed";
  addNotice(state, said).choices = (alternatives as SlotTime[]).map((slot) => {
    const { date, time, resource } = slot;
    // The server reads dates as they are written here.
    const send = `${date} ${time ?? ""}${resource ? ` with ${resource}` : ""}`;
    return { label: when(slot, "short") + (resource ? ` · ${resource}` : ""), send };
  });
}

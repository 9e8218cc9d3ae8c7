/** Brings one message of the customer to the server, exactly once, and hears the turn that answers it. */

import { sentenceOf, sessionGone, type Trouble } from "./client.ts";
import { followTurns, hearTurn, keepReading, startAnew, type Conversation } from "./conversation.ts";
import { addEntry, findTurn, type Entry } from "./store.ts";
import { texts } from "./texts.ts";

const ATTEMPTS = 6;

export function say(talk: Conversation, content: string, shown?: string): void {
  const id = crypto.randomUUID();
  const entry = addEntry(talk.store, id, "customer", content);
  Object.assign(entry, { clientMessageId: id, shown });
  talk.store.news.push(["message", { role: "customer", content }]);
  for (const proposal of talk.store.proposals) proposal.changing = false;
  deliver(talk, entry);
}

/** Messages leave in the order they were written: each waits until the one before was taken or given up. */
export function deliver(talk: Conversation, entry: Entry): void {
  const { signal } = talk.stop;
  entry.status = "sending";
  talk.changed();
  talk.turnstile = talk.turnstile.then(() => new Promise((taken) => void post(talk, entry, signal, taken)));
}

async function post(talk: Conversation, entry: Entry, stop: AbortSignal, taken: () => void): Promise<void> {
  const body = { message: entry.content, clientMessageId: entry.clientMessageId };
  let turnId = "";
  const follow = (followed: boolean): void => {
    const answer = findTurn(talk.store, turnId);
    if (answer) answer.followed = followed;
    followTurns(talk);
  };
  talk.awaiting += 1;
  try {
    await keepReading({
      stop,
      open(s) {
        // Status 0: the conversation could not be opened at all.
        return talk.client.session ? talk.client.call("message/stream", s, body) : Promise.reject({ status: 0 });
      },
      emit(event) {
        const known = turnId;
        turnId = hearTurn(talk, turnId, event);
        if (known || !turnId) return;
        talk.awaiting -= 1;
        follow(true);
      },
      finished: () => entry.status !== "sending",
      broken(broken) {
        if (broken) return;
        taken();
        if (entry.status === "sending") entry.status = "done";
        talk.changed();
      },
      attempts: ATTEMPTS,
    });
  } catch (error) {
    if (!stop.aborted) giveUp(talk, entry, error as Trouble);
  }
  taken();
  if (stop.aborted) return;
  if (!turnId) talk.awaiting -= 1;
  follow(false);
}

function giveUp(talk: Conversation, entry: Entry, error: Trouble): void {
  if (sessionGone(error)) return void startAnew(talk, entry.content);
  entry.status = "unsent";
  entry.problem = sentenceOf(error, texts.notSent);
  talk.changed();
}

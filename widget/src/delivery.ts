/** Brings one message of the customer to the server, exactly once, and hears the turn that answers it. */

import { Refusal, sentenceOf, sessionGone } from "./client.ts";
import { followTurns, hearTurn, keepReading, startAnew, type Conversation } from "./conversation.ts";
import { addEntry, findTurn, serverNow, type Entry } from "./store.ts";
import * as texts from "./texts.ts";

const ATTEMPTS = 6;

export function say(talk: Conversation, content: string, shown?: string): void {
  const id = crypto.randomUUID();
  const entry = addEntry(talk.state, id, "customer", content);
  Object.assign(entry, { clientMessageId: id, shown });
  for (const proposal of talk.state.proposals) proposal.changing = false;
  void deliver(talk, entry);
}

/** Messages leave in the order they were written: each waits until the one before was taken or given up. */
export async function deliver(talk: Conversation, entry: Entry): Promise<void> {
  const { signal } = talk.stop;
  const before = talk.turnstile;
  let taken = (): void => undefined;
  talk.turnstile = new Promise((resolve) => {
    taken = resolve;
  });
  entry.status = "sending";
  talk.changed();
  await before;
  await post(talk, entry, signal, taken);
  taken();
}

async function post(talk: Conversation, entry: Entry, stop: AbortSignal, taken: () => void): Promise<void> {
  const body = { message: entry.content, clientMessageId: entry.clientMessageId };
  let turnId = "";
  const follow = (followed: boolean): void => {
    const answer = findTurn(talk.state, turnId);
    if (answer) answer.followed = followed;
    followTurns(talk);
  };
  talk.awaiting += 1;
  try {
    await keepReading({
      stop,
      open(s) {
        // The conversation could not be opened at all.
        if (!talk.client.session) throw new Refusal(0, 0, {});
        return talk.client.post("message/stream", body, s);
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
    if (!stop.aborted) giveUp(talk, entry, error);
  }
  if (stop.aborted) return;
  if (!turnId) talk.awaiting -= 1;
  follow(false);
}

function giveUp(talk: Conversation, entry: Entry, error: unknown): void {
  if (sessionGone(error)) return void startAnew(talk, entry.content);
  const limited = error instanceof Refusal && error.status === 429;
  entry.status = "unsent";
  entry.problem = limited ? texts.tooMany : sentenceOf(error, texts.notSent);
  entry.retryAt = limited ? serverNow(talk.state) + (error.retryAfterSeconds || 10) * 1000 : 0;
  talk.changed();
}

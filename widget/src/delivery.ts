/** Brings one message of the customer to the server, exactly once, and hears the turn that answers it. */

import { backoffMs, passing, Refusal, sentenceOf, sessionGone } from "./client.ts";
import { followTurns, hearTurn, startAnew, type Conversation } from "./conversation.ts";
import { addEntry, type Entry } from "./store.ts";
import { pause, readStream } from "./stream.ts";
import { texts } from "./texts.ts";

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
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const wait = talk.client.session ? await post(talk, entry, attempt, taken) : backoffMs(null, attempt);
    if (!wait) break;
    await pause(wait, signal);
  }
  taken();
}

/** One POST. Resolves to the pause before the next one with the same id, or 0 when there is nothing left to do. */
async function post(talk: Conversation, entry: Entry, attempt: number, taken: () => void): Promise<number> {
  const { signal } = talk.stop;
  const body = { message: entry.content, clientMessageId: entry.clientMessageId };
  let turnId = "";
  let trouble: unknown;
  talk.awaiting += 1;
  try {
    await readStream(
      (s) => talk.client.post("message/stream", body, s),
      signal,
      (event) => {
        const named = hearTurn(talk, turnId, event);
        if (!named || turnId) return;
        turnId = named;
        talk.following.add(turnId);
        talk.awaiting -= 1;
        followTurns(talk);
      },
      () => {
        taken();
        if (entry.status === "sending") entry.status = "done";
        talk.changed();
      },
    );
  } catch (error) {
    trouble = error;
  }
  if (signal.aborted) return 0;
  if (turnId) talk.following.delete(turnId);
  else talk.awaiting -= 1;
  followTurns(talk);
  return trouble && !turnId ? afterTrouble(talk, entry, trouble, attempt) : 0;
}

function afterTrouble(talk: Conversation, entry: Entry, error: unknown, attempt: number): number {
  if (sessionGone(error)) {
    void startAnew(talk, entry.content);
    return 0;
  }
  if (passing(error) && (attempt < ATTEMPTS || !navigator.onLine)) return backoffMs(error, attempt);
  const limited = error instanceof Refusal && error.status === 429;
  entry.status = "unsent";
  entry.problem = limited ? texts.tooMany : sentenceOf(error, texts.notSent);
  entry.retryAt = limited ? Date.now() + (error.retryAfterSeconds || 10) * 1000 : 0;
  talk.changed();
  return 0;
}

/** What the customer thinks of it, and that they want a person. Each call answers with what was wrong, or nothing. */

import { persist, sentenceOf, sessionGone, type Trouble } from "./client.ts";
import { startAnew, type Conversation } from "./conversation.ts";
import { addNotice, type Entry, type Thumb } from "./store.ts";
import { texts } from "./texts.ts";

const ATTEMPTS = 5;

/** Posts until there is an answer; resolves to the error that it ended with, if it concerns whoever asked. */
export async function attempt<T>(
  talk: Conversation,
  path: string,
  body: object,
  done: (answer: T) => void,
): Promise<Trouble | null> {
  const { signal } = talk.stop;
  talk.changed();
  try {
    done(await persist<T>((s) => talk.client.call(path, s, body), ATTEMPTS, signal));
  } catch (error) {
    if (signal.aborted) return null;
    if (!sessionGone(error as Trouble)) return error as Trouble;
    await startAnew(talk);
  } finally {
    talk.changed();
  }
  return null;
}

async function problem(trouble: Promise<Trouble | null>): Promise<string> {
  const error = await trouble;
  return error ? sentenceOf(error, texts.failed) : "";
}

/** Shown at once; whether the server has it is nobody's trouble. */
export function thumb(talk: Conversation, { messageId }: Entry, feedbackType: Thumb): void {
  talk.store.thumbs[messageId] = feedbackType;
  void attempt(talk, "feedback", { feedbackType, messageId }, talk.changed);
}

export function rate(talk: Conversation, values: Record<string, string>): Promise<string> {
  const { store: state } = talk;
  const rated = { rating: Number(values["rating"]), comment: values["comment"] ?? "" };
  return problem(attempt(talk, "feedback", { feedbackType: "RATING", ...rated }, () => {
    state.rated = rated;
    state.unspoken = texts.thanks;
  }));
}

export function askForPerson(talk: Conversation, wish: object): Promise<string> {
  const { store: state } = talk;
  const done = (answer: { message: string }): void => {
    state.wishing = false;
    addNotice(state, answer.message);
    state.news.push(["escalated", answer]);
  };
  return problem(attempt(talk, "escalate", wish, done));
}

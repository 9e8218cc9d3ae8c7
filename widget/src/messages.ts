/** One message as a bubble: streamed in place, with its state below it. */

import { button, h, type Item } from "./dom.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Entry } from "./store.ts";
import * as texts from "./texts.ts";

/** `now` in ms, by the server's clock. */
export function messageItem(entry: Entry, resend: (entry: Entry) => void, now: number): Item[] {
  const { key, role, content, shown, status, tool, problem, retryAt } = entry;
  if (!content && status === "done") return [];
  const waiting = !!retryAt && retryAt > now;
  const update = (element: HTMLElement): void => {
    element.className = `row ${role} ${status}`;
    const speaker = role === "staff" ? texts.team : role === "agent" && texts.assistant;
    const again = button("link", () => resend(entry), texts.retry);
    const note = h("span", waiting ? { "data-until": retryAt, "data-text": problem } : !retryAt && problem);
    element.replaceChildren(
      h(role === "staff" ? "small" : "small.sr", speaker),
      ...(content ? [bubble(entry)] : []),
      ...(status === "running" && (tool || !content) ? [progress(tool, !content)] : []),
      ...(status === "unsent" ? [h("p.problem", note, !waiting && again)] : []),
    );
  };
  const build = (): HTMLElement => {
    const element = h("div");
    update(element);
    return element;
  };
  return [{ key, deps: [content, shown, status, tool, role, problem, waiting], build, update }];
}

function bubble({ role, status, content, shown }: Entry): HTMLElement {
  // Half a sentence is for the eyes; the whole one is spoken once, from the status line.
  const hidden = status === "running" && "true";
  const parts = role === "customer" ? [shown ?? content] : renderMarkdown<HTMLElement>(content, h);
  return h("div.bubble", { dir: "auto", "aria-hidden": hidden }, ...parts);
}

export function progress(label: string | undefined, alone: boolean): HTMLElement {
  const dots = h("span.dots", { "aria-hidden": "true" }, ...[0, 1, 2].map(() => h("i")));
  return h("div", { class: alone ? "bubble typing" : "typing" }, dots, label);
}

/** One message as a bubble: streamed in place, with its state below it. */

import { button, h, icon, type Item } from "./dom.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Entry, Thumb } from "./store.ts";
import { texts } from "./texts.ts";

export function messageItem(entry: Entry, resend: (entry: Entry) => void): Item[] {
  const { key, role, name, content, shown, status, tool, problem } = entry;
  if (!content && status === "done") return [];
  const build = (): HTMLElement => {
    const speaker = role === "staff" ? name || texts.team : role === "agent" && texts.assistant;
    return h(
      `div.row.${role}.${status}`,
      h(role === "staff" ? "small" : "small.sr", speaker),
      content && bubble(entry),
      status === "running" && (tool || !content) && progress(tool, !content),
      status === "unsent" && h("p.problem", problem, button(".link", () => resend(entry), texts.retry)),
    );
  };
  return [{ key, deps: [content, shown, status, tool, role, problem], build }];
}

/** Two quiet buttons below what the agent has said; `thumb` is the one that was given. */
export function thumbsItem(entry: Entry, thumb: Thumb | undefined, give: (entry: Entry, thumb: Thumb) => void): Item[] {
  const { key, role, messageId, content, status } = entry;
  if (role !== "agent" || !messageId || !content || status !== "done") return [];
  const one = (name: Thumb, label: string): HTMLElement =>
    button(
      "",
      () => give(entry, name),
      { name, "aria-label": label, "aria-pressed": `${thumb === name}` },
      icon("thumb"),
    );
  const build = (): HTMLElement =>
    h(
      `div.thumbs.${thumb ? "given" : "none"}`,
      one("THUMBS_UP", texts.helpful),
      one("THUMBS_DOWN", texts.unhelpful),
    );
  return [{ key: `${key}?`, deps: [thumb], build }];
}

function bubble({ role, status, content, shown }: Entry): HTMLElement {
  // Half a sentence is for the eyes; the whole one is spoken once, from the status line.
  const hidden = status === "running" && "true";
  const parts = role === "customer" ? [shown ?? content] : renderMarkdown<HTMLElement>(content, h);
  return h("div.bubble", { dir: "auto", "aria-hidden": hidden }, ...parts);
}

export function progress(label: string | undefined, alone: boolean): HTMLElement {
  const dots = h("span.dots", { "aria-hidden": "true" }, "●●●");
  return h(alone ? "div.bubble.typing" : "div.typing", dots, label);
}

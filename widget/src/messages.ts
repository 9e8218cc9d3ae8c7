/** One message as a bubble: streamed in place, with its state below it. */

import { h, type Item } from "./dom.ts";
import { timestamp } from "./format.ts";
import { renderMarkdown } from "./markdown.ts";
import type { Entry, State } from "./state.ts";
import { texts } from "./texts.ts";

const APART_MS = 30 * 60_000;

/** A line with day and time where the conversation rested for a while. */
export function stampItem(before: Entry | undefined, entry: Entry, locale: string | undefined): Item[] {
  if (!before?.at || !entry.at || Date.parse(entry.at) - Date.parse(before.at) < APART_MS) return [];
  const { at } = entry;
  return [{ key: `stamp/${entry.key}`, deps: [], build: () => h("p", { class: "stamp" }, timestamp(at, locale)) }];
}

export function messageItem(entry: Entry, state: State, resend: (key: string) => void): Item[] {
  if (!entry.content && entry.status === "done") return [];
  const waiting = entry.retryAt !== undefined && entry.retryAt > Date.now();
  const deps = [entry.content, entry.shown, entry.status, entry.tool, entry.role, entry.problem, waiting, state.broken];
  const update = (element: HTMLElement): void => draw(element, entry, waiting, resend);
  const build = (): HTMLElement => {
    const element = h("div", {});
    update(element);
    return element;
  };
  return [{ key: entry.key, deps, build, update }];
}

function draw(element: HTMLElement, entry: Entry, waiting: boolean, resend: (key: string) => void): void {
  const { role, status, content, tool } = entry;
  element.className = `row ${role} ${status}`;
  const parts: Node[] = [];
  const speaker = role === "staff" ? texts.team : role === "agent" ? texts.assistant : "";
  if (speaker) parts.push(h("span", { class: role === "staff" ? "speaker" : "sr" }, speaker));
  if (content) parts.push(bubble(entry));
  if (status === "running") parts.push(progress(content ? tool : (tool ?? ""), !content));
  if (status === "unsent") parts.push(unsent(entry, waiting, resend));
  if (role === "customer" && status === "sending" && !navigator.onLine) {
    parts.push(h("p", { class: "note" }, texts.waiting));
  }
  element.replaceChildren(...parts);
}

function bubble(entry: Entry): HTMLElement {
  const own = entry.role === "customer";
  // Half a sentence is for the eyes; the whole one is spoken once, from the status line.
  const element = h("div", { class: "bubble", dir: "auto", "aria-hidden": entry.status === "running" && "true" });
  if (own) element.textContent = entry.shown ?? entry.content;
  else element.append(...renderMarkdown(entry.content));
  return element;
}

function progress(label: string | null, alone: boolean): Node {
  if (label === null) return document.createTextNode("");
  const dots = h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  const words = label ? h("span", {}, label) : h("span", { class: "sr" }, texts.working);
  return h("div", { class: alone ? "bubble typing" : "typing" }, dots, words);
}

function unsent(entry: Entry, waiting: boolean, resend: (key: string) => void): HTMLElement {
  const limited = !!entry.retryAt;
  const reason = limited && !waiting ? texts.tooManyNow : (entry.problem ?? texts.notSent);
  const words = h("span", waiting ? { "data-until": entry.retryAt, "data-text": reason } : {}, waiting ? "" : reason);
  const again = h("button", { type: "button", class: "link", onclick: () => resend(entry.key) }, texts.retry);
  return h("p", { class: "note problem" }, words, !waiting && again);
}

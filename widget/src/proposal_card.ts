/** The card a customer confirms: the server's preview, its short code, how long it holds, and two buttons. */

import { chips, lineList, type Surroundings } from "./cards.ts";
import { button, h, icon } from "./dom.ts";
import type { ProposalEntry } from "./store.ts";
import { fill, texts } from "./texts.ts";
import type { ProposalStatus } from "./wire.ts";

export interface ProposalActions {
  confirm(entry: ProposalEntry): void;
  reject(entry: ProposalEntry): void;
  change(entry: ProposalEntry): void;
}

/** `endsAt` is the expiry in ms on this browser's clock. */
export function proposalCard(
  entry: ProposalEntry,
  endsAt: number,
  actions: ProposalActions,
  around: Surroundings,
): HTMLElement {
  const { proposal, status, problem } = entry;
  const { title, lines = [], policy } = proposal.preview;
  const pending = status === "pending";
  const shown = lines.filter((line) => line !== title && line !== policy);
  return h(
    "article",
    { class: `card proposal ${status}`, "aria-label": title, tabindex: -1 },
    pending && h("p.caption", texts.check),
    h("h2", { dir: "auto" }, title),
    status !== "executed" && lineList(shown),
    pending && policy && h("p.policy", { dir: "auto" }, policy),
    ...(pending ? decision(entry, endsAt, actions, around) : [outcome(status)]),
    pending && problem && h("p.problem", problem),
  );
}

function outcome(status: Exclude<ProposalStatus, "pending">): HTMLElement {
  const sign = status === "executed" ? "check" : status === "expired" ? "clock" : "close";
  return h("p.outcome", icon(sign), texts[status]);
}

function decision(entry: ProposalEntry, endsAt: number, actions: ProposalActions, around: Surroundings): HTMLElement[] {
  const { busy, changing } = entry;
  const { operation, code } = entry.proposal;
  const book = operation === "book";
  const confirm = button(
    "button.primary",
    () => actions.confirm(entry),
    { name: "confirm", "aria-disabled": busy },
    busy && h("i.spin"),
    busy ? texts.confirming : texts.confirm,
  );
  const change = button(
    "button",
    () => actions.change(entry),
    { name: "change", "aria-expanded": `${changing}` },
    texts.change,
  );
  const held = h("span", { "data-until": endsAt, "data-text": book ? texts.heldFor : texts.validFor });
  const [before, after] = fill(texts.orCode, { code: "\n" }).split("\n");
  const parts = [
    h("div.buttons", confirm, change),
    h("p.meta", icon("clock"), held, code && h("span", before, h("b", code), after)),
  ];
  if (!changing) return parts;
  const choices = [
    { label: texts.anotherTime, send: texts.anotherTime },
    { label: texts.anotherService, send: texts.anotherService },
  ];
  const row = chips(book ? choices : [], around);
  row.append(button("chip", () => actions.reject(entry), book ? texts.drop : texts.dropOther));
  return [...parts, h("div.changing", h("b", texts.changeWhat), row)];
}

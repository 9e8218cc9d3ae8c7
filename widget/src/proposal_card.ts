/** The card a customer confirms: the server's preview, its short code, how long it holds, and two buttons. */

import { chips, lineList, type Actions } from "./cards.ts";
import { h, icon, ICONS } from "./dom.ts";
import { clockTime, longDate, money } from "./format.ts";
import type { ProposalEntry } from "./state.ts";
import { fill, texts } from "./texts.ts";
import type { Choice, Preview } from "./wire.ts";

/** `endsAt` is the expiry in ms on this browser's clock. */
export function proposalCard(entry: ProposalEntry, endsAt: number, actions: Actions): HTMLElement {
  const { proposal, status, problem } = entry;
  const { preview } = proposal;
  const lines = (preview.lines?.length ? preview.lines : previewLines(preview, actions)).filter(
    (line) => line !== preview.title,
  );
  const policy = preview.policy && !lines.some((line) => line.includes(preview.policy ?? "")) ? preview.policy : null;
  const pending = status === "pending";
  return h(
    "article",
    { class: `card proposal ${status}`, "aria-label": preview.title, tabindex: -1 },
    pending && h("p", { class: "caption" }, texts.check),
    h("h3", { dir: "auto" }, preview.title),
    lineList(lines),
    !!policy && h("p", { class: "policy", dir: "auto" }, policy),
    pending ? openPart(entry, endsAt, actions) : h("p", { class: "outcome" }, icon(outcomeIcon(status)), outcome(entry)),
    !!problem && pending && h("p", { class: "problem" }, problem),
  );
}

function previewLines(preview: Preview, actions: Actions): string[] {
  const { date, time = null, label, price, customer } = preview;
  const when = date && longDate({ date, time }, actions.locale) + (time ? `, ${clockTime({ date, time }, actions.locale)}` : "");
  return [
    ...(label ? [`${texts.what}: ${label}`] : []),
    ...(when ? [`${texts.when}: ${when}`] : []),
    ...(price ? [`${texts.price}: ${money(price, actions.locale)}`] : []),
    ...(customer ? [`${texts.who}: ${customer.name}, ${customer.email}`] : []),
  ];
}

function outcomeIcon(status: string): string {
  return status === "executed" ? ICONS.check : status === "expired" ? ICONS.clock : ICONS.close;
}

function outcome({ status, problem, proposal }: ProposalEntry): string {
  if (status === "rejected" && proposal.operation !== "book") return texts.rejectedOther;
  if (status === "failed") return problem || texts.failed;
  return status === "pending" ? "" : texts[status];
}

function openPart(entry: ProposalEntry, endsAt: number, actions: Actions): HTMLElement {
  const { proposalId, operation, code } = entry.proposal;
  const holds = operation === "cancel" ? texts.validFor : texts.heldFor;
  const confirm = h(
    "button",
    {
      type: "button",
      class: "button primary",
      "data-name": "confirm",
      "aria-disabled": entry.busy && "true",
      onclick: () => actions.confirm(proposalId),
    },
    entry.busy && h("span", { class: "spin" }),
    entry.busy ? texts.confirming : texts.confirm,
  );
  const change = h(
    "button",
    {
      type: "button",
      class: "button",
      "data-name": "change",
      "aria-expanded": String(entry.changing),
      onclick: () => actions.change(proposalId),
    },
    texts.change,
  );
  const held = h("span", { "data-until": endsAt, "data-text": holds });
  const words = code ? h("span", {}, ...codeWords(code)) : null;
  return h(
    "div",
    {},
    h("div", { class: "buttons" }, confirm, change),
    h("p", { class: "meta" }, icon(ICONS.clock), held, words),
    entry.changing && changePart(entry, actions),
  );
}

function codeWords(code: string): (Node | string)[] {
  const [before = "", after = ""] = fill(texts.orCode, { code: "\0" }).split("\0");
  return [before, h("b", {}, code), after];
}

function changePart(entry: ProposalEntry, actions: Actions): HTMLElement {
  const { proposalId, operation } = entry.proposal;
  const book = operation === "book";
  const choices: Choice[] = book
    ? [
        { label: texts.anotherTime, send: texts.anotherTimeSend },
        { label: texts.anotherService, send: texts.anotherServiceSend },
        { label: texts.myDetails, send: texts.myDetailsSend },
      ]
    : [];
  const row = chips(choices, actions);
  row.append(
    h(
      "button",
      { type: "button", class: "chip quiet", onclick: () => actions.reject(proposalId) },
      book ? texts.drop : texts.dropOther,
    ),
  );
  const held = book ? ` ${texts.changeHeld}` : "";
  return h("div", { class: "changing" }, h("p", {}, h("b", {}, texts.changeWhat), held), row);
}

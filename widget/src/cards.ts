/** Cards: what the agent shows rather than says. Each function returns one finished element. */

import { downloadIcs } from "./calendar.ts";
import { h, icon, ICONS } from "./dom.ts";
import { bookingWhen, duration, money, zoneNote } from "./format.ts";
import { fill, texts } from "./texts.ts";
import type { Booking, Card, Choice, Receipt, ServiceOffer, Slot, SlotDay } from "./wire.ts";

/** What a card may cause, and what it needs to know about the business. */
export interface Actions {
  readonly locale: string | undefined;
  readonly businessName: string;
  send(content: string, shown?: string): void;
  confirm(proposalId: string): void;
  reject(proposalId: string): void;
  change(proposalId: string): void;
}

const SERVICES_SHOWN = 6;
const DAYS_SHOWN = 2;
const SLOTS_SHOWN = 8;

export function cardElement(card: Card, actions: Actions): HTMLElement | null {
  switch (card.kind) {
    case "services":
      return servicesCard(card.services, actions);
    case "slots":
      return slotsCard(card, actions);
    case "booking":
      return bookingCard(card.booking, actions);
    case "receipt":
      return receiptCard(card.receipt, card.booking, actions);
    default:
      return null;
  }
}

export function chips(choices: Choice[], actions: Actions): HTMLElement {
  const buttons = choices.map(({ label, send }) =>
    h("button", { type: "button", class: "chip", dir: "auto", onclick: () => actions.send(send, label) }, label),
  );
  return h("div", { class: "chips", role: "group", "aria-label": texts.choices }, ...buttons);
}

/** A button that puts more of a list in its own place and hands the focus to the first of it. */
function more(label: string, reveal: () => HTMLElement[]): HTMLButtonElement {
  const button = h("button", { type: "button", class: "more" }, label);
  button.addEventListener("click", () => {
    const added = reveal();
    button.remove();
    (added[0]?.querySelector<HTMLElement>("button") ?? added[0])?.focus();
  });
  return button;
}

function servicesCard(services: ServiceOffer[], actions: Actions): HTMLElement {
  const row = (offer: ServiceOffer): HTMLElement => {
    const facts = duration(offer.durationMinutes, offer.wholeDay);
    const button = h(
      "button",
      { type: "button", class: "service", onclick: () => actions.send(offer.send, offer.label) },
      h(
        "span",
        { class: "main" },
        h("strong", { dir: "auto" }, offer.label),
        !!offer.description && h("span", { class: "about", dir: "auto" }, offer.description),
      ),
      h("span", { class: "side" }, h("b", {}, money(offer.price, actions.locale)), !!facts && h("span", {}, facts)),
    );
    return h("li", {}, button);
  };
  const list = h("ul", { class: "card list", "aria-label": texts.services });
  list.append(...services.slice(0, SERVICES_SHOWN).map(row));
  const rest = services.slice(SERVICES_SHOWN);
  if (rest.length) {
    const last = h("li");
    last.append(
      more(fill(texts.moreServices, { n: services.length }), () => {
        const rows = rest.map(row);
        last.replaceWith(...rows);
        return rows;
      }),
    );
    list.append(last);
  }
  return list;
}

function slotsCard(card: Extract<Card, { kind: "slots" }>, actions: Actions): HTMLElement {
  const button = (slot: Slot): HTMLElement =>
    h(
      "button",
      { type: "button", class: "slot", onclick: () => actions.send(slot.send) },
      h("b", {}, slot.label),
      !!slot.resource && h("span", { dir: "auto" }, slot.resource),
    );
  const day = ({ label, slots }: SlotDay, shown: number): HTMLElement => {
    const grid = h("div", { class: "slots", role: "group", "aria-label": label }, ...slots.slice(0, shown).map(button));
    return h("section", { class: "day" }, h("h3", {}, label), grid);
  };
  const zone = zoneNote(card.timezone);
  const element = h("div", { class: "card", role: "group", "aria-label": fill(texts.times, { label: card.label }) });
  element.append(h("p", { class: "caption" }, card.label, !!zone && h("span", {}, zone)));
  const first = card.days.slice(0, DAYS_SHOWN).map((d) => day(d, SLOTS_SHOWN));
  element.append(...first);
  const folded = card.days.length > DAYS_SHOWN || card.days.some((d) => d.slots.length > SLOTS_SHOWN);
  if (folded) element.append(more(texts.moreTimes, () => unfold(first, card.days, button, day)));
  return element;
}

/** Adds the slots and days that were left out; returns the added elements in order. */
function unfold(
  first: HTMLElement[],
  days: SlotDay[],
  button: (slot: Slot) => HTMLElement,
  day: (day: SlotDay, shown: number) => HTMLElement,
): HTMLElement[] {
  const inside = first.flatMap((element, at) => {
    const added = (days[at]?.slots ?? []).slice(SLOTS_SHOWN).map(button);
    element.lastElementChild?.append(...added);
    return added;
  });
  const below = days.slice(DAYS_SHOWN).map((d) => day(d, Number.POSITIVE_INFINITY));
  first.at(-1)?.after(...below);
  return [...inside, ...below];
}

const LABELLED = /^(\p{L}[\p{L} ]{0,18}): (.+)$/u;

/** The server's own lines; "When: Monday …" becomes a small label and its value. */
export function lineList(lines: string[]): HTMLElement {
  const rows = lines.map((line) => {
    const [, label, value] = LABELLED.exec(line) ?? [];
    return h("li", { dir: "auto" }, !!label && h("span", { class: "label" }, label), h("span", {}, value ?? line));
  });
  return h("ul", { class: "lines" }, ...rows);
}

function facts(booking: Booking, actions: Actions): string[] {
  const what = [booking.label, booking.resource && fill(texts.with, { name: booking.resource })];
  const zone = zoneNote(booking.timezone);
  return [
    `${texts.what}: ${what.filter(Boolean).join(" ")}`,
    `${texts.when}: ${bookingWhen(booking, actions.locale)}${zone ? ` (${zone})` : ""}`,
    ...(booking.price ? [`${texts.price}: ${money(booking.price, actions.locale)}`] : []),
  ];
}

function codeRow(booking: Booking): HTMLElement {
  const said = h("span", { class: "copied", role: "status" });
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(booking.code).then(
      () => said.replaceChildren(texts.copied),
      () => getSelection()?.selectAllChildren(code),
    );
  };
  const code = h("code", {}, booking.code);
  const button = h("button", { type: "button", class: "icon", "aria-label": texts.copy, onclick: () => void copy() });
  button.append(icon(ICONS.copy));
  return h("div", { class: "code" }, h("span", { class: "label" }, texts.code), code, button, said);
}

function calendarButton(booking: Booking, actions: Actions): HTMLElement {
  const save = (): void => downloadIcs(booking, actions.businessName);
  return h("button", { type: "button", class: "button", onclick: save }, icon(ICONS.calendar), texts.calendar);
}

function bookingCard(booking: Booking, actions: Actions): HTMLElement {
  const status = texts.status[booking.status] ?? booking.status;
  const live = booking.status === "confirmed" || booking.status === "pending_payment" || booking.status === "held";
  return h(
    "article",
    { class: "card booking", "aria-label": `${booking.label}, ${booking.code}` },
    h("p", { class: "caption" }, booking.label, h("span", { class: live ? "badge" : "badge off" }, status)),
    lineList(facts(booking, actions)),
    codeRow(booking),
    booking.status === "confirmed" && calendarButton(booking, actions),
  );
}

/** The calm end of it all. */
export function receiptCard(receipt: Receipt, booking: Booking | null, actions: Actions): HTMLElement {
  const title = receipt.title || texts.bookedTitle;
  return h(
    "article",
    { class: "card receipt", "aria-label": title, tabindex: -1 },
    h("div", { class: "seal" }, icon(ICONS.check)),
    h("h3", { dir: "auto" }, title),
    lineList(booking ? facts(booking, actions) : receipt.lines),
    booking && codeRow(booking),
    booking?.status === "confirmed" && calendarButton(booking, actions),
  );
}

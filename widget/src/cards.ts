/** Cards: what the agent shows rather than says. Each function returns one finished element. */

import { icsFile } from "./calendar.ts";
import { button, h, icon } from "./dom.ts";
import { bookingWhen, duration, money, zoneNote } from "./format.ts";
import { fill, texts } from "./texts.ts";
import type { Booking, Business, Card, Choice, Receipt, ServiceOffer, Slot, SlotDay } from "./wire.ts";

/** What a card needs to know, and what it may cause. */
export interface Surroundings {
  readonly business: Business | null;
  send(content: string, shown?: string): void;
}

const DAYS_SHOWN = 2;
const SLOTS_SHOWN = 8;

export function cardElement(card: Card, around: Surroundings): HTMLElement {
  if (card.kind === "services") return servicesCard(card.services, around);
  if (card.kind === "slots") return slotsCard(card, around);
  if (card.kind === "booking") return bookingCard(card.booking, around);
  if (card.kind === "receipt") return receiptCard(card.receipt, card.booking, around);
  // A kind this version does not know; the message says the same in words.
  return h("div", { hidden: true });
}

export function chips(choices: Choice[], around: Surroundings): HTMLElement {
  const row = choices.map(({ label, send }) => button("chip", () => around.send(send, label), { dir: "auto" }, label));
  return h("div.chips", { role: "group", "aria-label": texts.choices }, ...row);
}

function servicesCard(services: ServiceOffer[], around: Surroundings): HTMLElement {
  const row = ({ label, description, durationMinutes, wholeDay, price, send }: ServiceOffer): HTMLElement => {
    const words = h("span.main", { dir: "auto" }, h("b", label), h("small", description));
    const cost = h("b", money(price, around.business?.locale));
    const side = h("span", cost, h("small", duration(durationMinutes, wholeDay)));
    return h(
      "li",
      button("service", () => around.send(send, label), words, side),
    );
  };
  return h("ul.card.list", { "aria-label": texts.services }, ...services.map(row));
}

function slotsCard({ label, timezone, days }: Extract<Card, { kind: "slots" }>, around: Surroundings): HTMLElement {
  const time = (slot: Slot): HTMLElement =>
    button("slot", () => around.send(slot.send), h("b", slot.label), h("small", slot.resource));
  const day = (one: SlotDay, shown: number): HTMLElement => {
    const times = one.slots.slice(0, shown).map(time);
    const grid = h("div.slots", { role: "group", "aria-label": one.label }, ...times);
    return h("div.day", h("h2", one.label), grid);
  };
  const first = days.slice(0, DAYS_SHOWN).map((one) => day(one, SLOTS_SHOWN));
  const isFolded = days.some((one, at) => at >= DAYS_SHOWN || one.slots.length > SLOTS_SHOWN);
  const more = button(
    "more",
    () => {
      const all = days.map((one) => day(one, Infinity));
      // The focus goes to the first time that was not there before.
      const place = first.at(-1)?.querySelectorAll("button").length ?? 0;
      more.replaceWith(...all.slice(DAYS_SHOWN));
      first.forEach((element, at) => element.replaceWith(all[at]!));
      (all[DAYS_SHOWN] ?? all.at(-1))?.querySelectorAll("button")[all[DAYS_SHOWN] ? 0 : place]?.focus();
    },
    texts.moreTimes,
  );
  return h(
    "div.card",
    { role: "group", "aria-label": `${texts.times}: ${label}` },
    h("p.caption", label, h("small", zoneNote(timezone))),
    ...first,
    isFolded && more,
  );
}

/** The server's own lines; "When: Monday …" becomes a small label and its value. */
export function lineList(lines: string[]): HTMLElement {
  const rows = lines.map((line) => {
    const [, label, value] = /^(\p{L}[\p{L} ]{0,18}): (.+)$/u.exec(line) ?? [];
    return h("li", { dir: "auto" }, label && h("small", label), h("span", value ?? line));
  });
  return h("ul.lines", ...rows);
}

function facts(booking: Booking, around: Surroundings): HTMLElement {
  const { label, code, resource, price } = booking;
  const locale = around.business?.locale;
  const lines = [
    `${texts.what}: ${label ?? code}${resource ? ` ${fill(texts.with, { name: resource })}` : ""}`,
    `${texts.when}: ${bookingWhen(booking, locale)}`,
  ];
  return lineList(price ? [...lines, `${texts.price}: ${money(price, locale)}`] : lines);
}

/** The code to keep, and the way into the calendar. */
function keepsakes(booking: Booking, around: Surroundings): HTMLElement {
  const { code, status } = booking;
  const file = icsFile(booking, around.business?.name ?? "", Date.now());
  const href = `data:text/calendar;charset=utf-8,${encodeURIComponent(file)}`;
  return h(
    "div",
    h("p.code", h("small", texts.code), h("code", code)),
    status === "confirmed" && h("a.button", { href, download: `${code}.ics` }, icon("calendar"), texts.calendar),
  );
}

function bookingCard(booking: Booking, around: Surroundings): HTMLElement {
  const { label, code, status } = booking;
  const badge = h(/held|pending|confirmed/.test(status) ? "small.badge" : "small", status.replace("_", " "));
  return h(
    "article.card.kept",
    { "aria-label": code },
    h("p.caption", label, badge),
    facts(booking, around),
    keepsakes(booking, around),
  );
}

/** The calm end of it all. */
export function receiptCard({ title, lines }: Receipt, booking: Booking | null, around: Surroundings): HTMLElement {
  return h(
    "article.card.kept",
    { "aria-label": title },
    h("div.seal", icon("check")),
    h("h2", { dir: "auto" }, title),
    booking ? facts(booking, around) : lineList(lines),
    booking && keepsakes(booking, around),
  );
}

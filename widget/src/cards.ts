/** Cards: what the agent shows rather than says. Each function returns one finished element. */

import { button, h, icon } from "./dom.ts";
import { bookingWhen, clockTime, duration, money, yourTime, zoneName } from "./format.ts";
import { fill, texts } from "./texts.ts";
import type { Booking, Card, Choice, Money, PaymentCard, Receipt, ServiceOffer, Slot } from "./wire.ts";

/** What a card needs to know, and what it may cause. */
export interface Surroundings {
  /** The newest that is known of a booking. */
  present(booking: Booking): Booking;
  send(content: string, shown?: string): void;
}

const DAYS_SHOWN = 2;

export function cardElement(card: Card, around: Surroundings): HTMLElement {
  if (card.kind === "services") return servicesCard(card.services, around);
  if (card.kind === "slots") return slotsCard(card, around);
  if (card.kind === "booking") return bookingCard(around.present(card.booking));
  if (card.kind === "bookings") return bookingsCard(card.bookings, around);
  if (card.kind === "payment") return paymentCard(card, around);
  // What is held says so in its payment's card.
  if (card.kind === "receipt" && card.receipt.kind !== "held") return receiptCard(card.receipt, card.booking, around);
  // A kind this version does not know; the message says the same in words.
  return h("div", { hidden: true });
}

export function chips(choices: Choice[], around: Surroundings): HTMLElement {
  const row = choices.map(({ label, send }) => button(".chip", () => around.send(send, label), { dir: "auto" }, label));
  return h("div.chips", ...row);
}

function servicesCard(services: ServiceOffer[], around: Surroundings): HTMLElement {
  const row = ({ label, description, durationMinutes, wholeDay, price, send }: ServiceOffer): HTMLElement => {
    const words = h("span.main", { dir: "auto" }, h("b", label), h("small", description));
    const cost = h("b", money(price));
    const side = h("span", cost, h("small", duration(durationMinutes, wholeDay)));
    return h(
      "li",
      button(".service", () => around.send(send, label), words, side),
    );
  };
  return h("ul.card.list", { "aria-label": texts.services }, ...services.map(row));
}

function slotsCard({ label, timezone, days }: Extract<Card, { kind: "slots" }>, around: Surroundings): HTMLElement {
  let zone = "";
  const time = (slot: Slot, date: string): HTMLElement => {
    const yours = yourTime({ date, time: slot.time }, timezone);
    if (yours) zone = zoneName(timezone);
    return button(".slot", () => around.send(slot.send), h("b", slot.label), h("small", yours), h("small", slot.resource));
  };
  const grids = days.map((one) => {
    const times = one.slots.map((slot) => time(slot, one.date));
    const grid = h("div.slots", { role: "group", "aria-label": one.label }, ...times);
    return h("div.day", h("h2", one.label), grid);
  });
  const rest = grids.splice(DAYS_SHOWN);
  return h(
    "div.card",
    { role: "group", "aria-label": label },
    h("p.caption", label, h("small", zone)),
    ...grids,
    !!rest.length && h("details", h("summary.button.more", texts.moreTimes), ...rest),
  );
}

/** The server's own lines; "When: Monday …" and "From Monday …" become a small label and its value. */
export function lineList(lines: string[]): HTMLElement {
  const rows = lines.map((line) => {
    const [, label = "", value = line] = /^([^:]{2,18}(?=: )|From|To|Now|Was):? (.+)$/.exec(line) ?? [];
    return h("li", { dir: "auto" }, label && h("small", label), h(label === texts.code ? "code" : "span", value));
  });
  return h("ul.lines", ...rows);
}

function facts(booking: Booking): HTMLElement {
  const { label, code, resource, price, due, status } = booking;
  const line = (name: string, amount: Money | null | undefined): string[] =>
    amount ? [`${name}: ${money(amount)}`] : [];
  return lineList([
    `${texts.what}: ${label ?? code}${resource ? ` · ${resource}` : ""}`,
    `${texts.when}: ${bookingWhen(booking)}`,
    ...line(texts.price, price),
    ...line(texts.toPay, status === "pending_payment" ? due : null),
    codeLine(code),
  ]);
}

function codeLine(code: string): string {
  return `${texts.code}: ${code}`;
}

function link(kind: string, href: string | null | undefined, words: string): HTMLElement | null {
  return href ? h(`a${kind}`, { href, target: "_blank", rel: "noopener" }, words) : null;
}

/** What can be done about the booking as it stands. */
function deeds(booking: Booking): HTMLElement {
  const { status, due, payUrl, manageUrl } = booking;
  const managed = status === "confirmed" ? manageUrl : null;
  const calendar = managed?.replace(/\/b\/(.+)/, "/v1/public/bookings/$1/calendar.ics");
  return h(
    "div.buttons",
    status === "pending_payment" && payLink(payUrl, due),
    link(".button", calendar, texts.calendar),
    link(".button", managed, texts.manage),
  );
}

function payLink(href: string | null | undefined, amount: Money | null | undefined): Node | null {
  return link(".button.primary", href, fill(texts.pay, { amount: money(amount) }));
}

function bookingCard(booking: Booking): HTMLElement {
  return h(
    "article.card.kept",
    { "aria-label": booking.code },
    heading(booking),
    facts(booking),
    deeds(booking),
  );
}

function heading({ label, status }: Booking): HTMLElement {
  const known = { confirmed: texts.executed, cancelled: texts.cancelled, pending_payment: texts.toPay } as const;
  const said = known[status as keyof typeof known] ?? status.replace("_", " ");
  const badge = h(/held|pending|confirmed/.test(status) ? "small.badge" : "small", said);
  return h("p.caption", label, badge);
}

/** Several of them, each with the sentences that change it. */
function bookingsCard(bookings: Booking[], around: Surroundings): HTMLElement {
  const row = (shown: Booking): HTMLElement => {
    const booking = around.present(shown);
    const { code, status } = booking;
    const deeds = { Move: texts.moveOne, Cancel: texts.cancelOne };
    const sentences = Object.entries(deeds).map(([send, label]) => ({
      label: fill(label, { code }),
      send: `${send} ${code}`,
    }));
    const choices = /pending|confirmed/.test(status) ? sentences : [];
    return h("li", heading(booking), h("p", bookingWhen(booking)), chips(choices, around));
  };
  return h("ul.card.list.several", ...bookings.map(row));
}

/** Follows its booking: held with a way to pay, paid, or over. */
function paymentCard({ payUrl, amount, booking: shown }: PaymentCard, around: Surroundings): HTMLElement {
  const booking = around.present(shown);
  const { status, label, code, timezone, holdExpiresAt } = booking;
  if (status === "pending_payment") {
    const until = holdExpiresAt ?? "";
    const title = fill(texts.heldUntil, { time: clockTime(until, timezone) });
    return h(
      "article.card.kept",
      { "aria-label": title },
      h("h2", title),
      facts(booking),
      h("div.buttons", payLink(payUrl, amount)),
      h("p.meta", h("span", { "data-until": Date.parse(until), "data-text": texts.left })),
    );
  }
  const over = /expired|cancelled/.test(status);
  const said = over ? (status === "expired" ? texts.expired : texts.cancelled) : texts.paid;
  return h(
    `article.card.${over ? "over" : "executed"}`,
    { "aria-label": said },
    h("h2", label),
    !over && lineList([codeLine(code)]),
    h("p.outcome", icon(over ? "close" : "check"), said),
  );
}

/** The calm end of it all: what was done, as it was then. */
function receiptCard({ kind, title, lines }: Receipt, booking: Booking | null, around: Surroundings): HTMLElement {
  const { code, status = "", startsAt } = booking ? around.present(booking) : ({} as Partial<Booking>);
  const stands = booking?.startsAt === startsAt ? status : "";
  return h(
    "article.card.kept",
    { "aria-label": title },
    h("div.seal", icon("check")),
    h("h2", { dir: "auto" }, title),
    booking && kind === "booked"
      ? facts(booking)
      : lineList(code ? [...lines.filter((line) => !line.includes(code)), codeLine(code)] : lines),
    booking && deeds({ ...booking, status: stands }),
  );
}

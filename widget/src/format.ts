/** Dates, prices and durations as people read them. Dates and times are the business's own; no zone arithmetic here. */

import { fill, texts } from "./texts.ts";
import type { Booking, Money } from "./wire.ts";

interface LocalTime {
  date: string;
  time: string | null;
}

// An unknown locale must not cost the customer the whole message.
function format(value: Date, locale: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const render = (use?: string): string => new Intl.DateTimeFormat(use, options).format(value);
  try {
    return render(locale);
  } catch {
    return render();
  }
}

function moment({ date, time }: LocalTime): Date {
  return new Date(`${date}T${time ?? "12:00"}${time && time.length > 5 ? "" : ":00"}Z`);
}

export function longDate(slot: LocalTime, locale?: string): string {
  return format(moment(slot), locale, { weekday: "long", month: "long", day: "numeric", timeZone: "UTC" });
}

export function clockTime(slot: LocalTime, locale?: string): string {
  return format(moment(slot), locale, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }).replace(/[AP]M/, (m) => m.toLowerCase());
}

export function slotLabel(slot: LocalTime & { resource?: string | null }, locale?: string): string {
  const day = format(moment(slot), locale, { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" });
  const parts = slot.time ? [day, clockTime(slot, locale)] : [day];
  return (slot.resource ? [...parts, slot.resource] : parts).join(" · ");
}

/** The same in English words and plain spaces: this is sent, and read by the server. */
export function slotSentence(slot: LocalTime & { resource?: string | null }): string {
  const day = longDate(slot, "en-US");
  const when = slot.time ? `${day} at ${clockTime(slot, "en-US")}` : day;
  return (slot.resource ? `${when} with ${slot.resource}` : when).replace(/\s/g, " ");
}

export function money(price: Money | null | undefined, locale?: string): string {
  if (!price) return texts.onRequest;
  const make = (use?: string): string => {
    const digits = new Intl.NumberFormat(use, { style: "currency", currency: price.currency });
    const value = price.amount / 10 ** (digits.resolvedOptions().maximumFractionDigits ?? 2);
    return digits.format(value);
  };
  try {
    return make(locale);
  } catch {
    return make();
  }
}

export function duration(minutes: number | null, wholeDay = false): string {
  if (wholeDay || !minutes) return wholeDay ? texts.wholeDay : "";
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  return fill(h ? (m ? texts.hoursMinutes : texts.hours) : texts.minutes, { h, m });
}

/** Names the business's zone when the customer's own clock shows another time. */
export function zoneNote(zone: string | undefined): string {
  if (!zone || zone === Intl.DateTimeFormat().resolvedOptions().timeZone) return "";
  return fill(texts.zone, { zone: (zone.split("/").pop() ?? zone).replace(/_/g, " ") });
}

export function bookingWhen(booking: Booking, locale?: string): string {
  const day = longDate(booking, locale);
  return booking.time ? `${day}, ${clockTime(booking, locale)}` : day;
}

/** "9:41" */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** A day and time, on the customer's own clock, for the line between two messages that lie far apart. */
export function timestamp(at: string, locale?: string): string {
  return format(new Date(at), locale, { weekday: "long", hour: "numeric", minute: "2-digit" });
}

/** Dates, prices and durations as people read them. Dates and times are the business's own; no zone arithmetic here. */

import * as texts from "./texts.ts";
import { fill } from "./texts.ts";
import type { Booking, Money } from "./wire.ts";

export interface LocalTime {
  date: string;
  time: string | null;
  resource?: string | null;
}

// An unknown locale or currency must not cost the customer the whole message.
function tolerant(locale: string | undefined, render: (locale?: string) => string): string {
  try {
    // Servers tend to write en_US.
    return render(locale?.replace("_", "-"));
  } catch {
    return render();
  }
}

const TIME: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };

function part(
  moment: Date,
  timeZone: string,
  locale: string | undefined,
  options: Intl.DateTimeFormatOptions,
): string {
  const use = { ...options, timeZone };
  const text = tolerant(locale, (known) => new Intl.DateTimeFormat(known, use).format(moment));
  // "11:00 am" is one word to the eye and must not break.
  return text.replace(/\s[AP]M/, (m) => `\u00a0${m.trim().toLowerCase()}`);
}

/** The time of day of an exact moment, where the business is: "2:32 pm". */
export function clockTime(at: string, timeZone: string, locale?: string): string {
  return part(new Date(at), timeZone, locale, TIME);
}

function dateAndTime(slot: LocalTime, locale: string | undefined, length: "long" | "short", between: string): string {
  const { date, time } = slot;
  const said = (options: Intl.DateTimeFormatOptions): string =>
    part(new Date(`${date}T${time ?? "12:00"}Z`), "UTC", locale, options);
  const day = said({ weekday: length, month: length, day: "numeric" });
  return time ? day + between + said(TIME) : day;
}

export function slotLabel(slot: LocalTime, locale?: string): string {
  return dateAndTime(slot, locale, "short", " · ") + (slot.resource ? ` · ${slot.resource}` : "");
}

/** The same in English words and plain spaces: this is sent, and read by the server. */
export function slotSentence(slot: LocalTime): string {
  const when = dateAndTime(slot, "en-US", "long", " at ").replace(/\s/g, " ");
  return slot.resource ? `${when} with ${slot.resource}` : when;
}

export function money(price: Money | null | undefined, locale?: string): string {
  if (!price?.amount) return price ? texts.free : texts.onRequest;
  return tolerant(locale, (known) => {
    const format = new Intl.NumberFormat(known, { style: "currency", currency: price.currency });
    return format.format(price.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  });
}

export function duration(minutes: number | null, wholeDay: boolean): string {
  if (wholeDay || !minutes) return wholeDay ? texts.wholeDay : "";
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  return `${h ? fill(texts.hours, { h }) : ""} ${m ? fill(texts.minutes, { m }) : ""}`.trim();
}

/** Names the business's zone when the customer's own clock shows another time. */
export function zoneNote(timezone: string): string {
  if (timezone === Intl.DateTimeFormat().resolvedOptions().timeZone) return "";
  return fill(texts.zone, { zone: timezone.replace(/^.*\//, "").replace(/_/g, " ") });
}

export function bookingWhen(booking: Booking, locale?: string): string {
  const zone = zoneNote(booking.timezone);
  return dateAndTime(booking, locale, "long", ", ") + (booking.time && zone ? ` (${zone})` : "");
}

/** "9:41" */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

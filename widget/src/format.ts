/** Dates, prices and durations as people read them. Dates and times are the business's own, unless it says otherwise. */

import { fill, texts } from "./texts.ts";
import type { Booking, Money } from "./wire.ts";

export interface LocalTime {
  date: string;
  time: string | null;
  resource?: string | null;
}

let locale: string | undefined;

/** How the business writes dates and prices; servers tend to write en_US. */
export function useLocale(name: string): void {
  try {
    [locale] = Intl.getCanonicalLocales(name.replace("_", "-"));
  } catch {
    // The browser's own, then.
  }
}

const TIME: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
const DAY: Intl.DateTimeFormatOptions = { weekday: "long", month: "long", day: "numeric" };

/** In the business's zone, the customer's own if there is none given; "11:00 am" is one word and must not break. */
function part(moment: number | string, options: Intl.DateTimeFormatOptions, timeZone?: string): string {
  const format = new Intl.DateTimeFormat(locale, { ...options, timeZone });
  return format.format(new Date(moment)).replace(/\s[AP]M/, (m) => `\u00a0${m.trim().toLowerCase()}`);
}

/** The time of day of an exact moment, where the business is: "2:32 pm". */
export function clockTime(at: string, timeZone: string): string {
  return part(at, TIME, timeZone);
}

/** A local date, with its time if it has one: "Monday, March 2 at 3:00 pm". */
export function when({ date, time }: LocalTime, length: "long" | "short" = "long"): string {
  const day = { weekday: length, month: length, day: "numeric" } as const;
  return part(`${date}T${time || "12:00"}Z`, time ? { ...day, ...TIME } : day, "UTC");
}

export function money(price: Money | null | undefined): string {
  if (!price?.amount) return price ? texts.free : texts.onRequest;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency: price.currency });
  return format.format(price.amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function duration(minutes: number | null, wholeDay: boolean): string {
  if (wholeDay || !minutes) return wholeDay ? texts.wholeDay : "";
  const said = (unit: string, n: number): string =>
    n ? new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" }).format(n) : "";
  return `${said("hour", Math.floor(minutes / 60))} ${said("minute", minutes % 60)}`.trim();
}

/** The moment, in ms, at which the zone's clocks show this (a local date and time, as if it were UTC). */
export function momentOf(shown: number, timeZone: string): number {
  const off = (at: number): number => Date.parse(`${new Date(at).toLocaleString("sv", { timeZone })}Z`) - at;
  // Once more with the offset of about then, should the clocks change in between.
  return shown - off(shown - off(shown));
}

/** The time on the customer's own clock, "9:00 am your time"; nothing where theirs shows the same. */
export function yourTime({ date, time }: LocalTime, timeZone: string): string {
  try {
    const at = momentOf(Date.parse(`${date}T${time}Z`), timeZone);
    const [day, clock] = [{ weekday: "short" } as const, TIME].map((options) => {
      const [there, here] = [part(at, options, timeZone), part(at, options)];
      return here === there ? "" : here;
    });
    return day || clock ? fill(texts.yours, { time: `${day} ${clock || part(at, TIME)}`.trim() }) : "";
  } catch {
    // A whole day, or a zone that this browser does not know.
    return "";
  }
}

/** "New York time" */
export function zoneName(timezone: string): string {
  return fill(texts.zone, { zone: timezone.replace(/^.*\//, "").replace(/_/g, " ") });
}

export function bookingWhen(booking: Booking): string {
  const yours = yourTime(booking, booking.timezone);
  return when(booking) + (yours && ` ${zoneName(booking.timezone)} · ${yours}`);
}

/** "Monday, March 2", on the customer's clock. */
export function dayOf(at: string): string {
  return part(at, DAY);
}

/** "9:41" */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

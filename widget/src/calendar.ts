/** A booking as an iCalendar file. */

import type { Booking } from "./wire.ts";

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\s+/g, " ");
}

function utc(at: string | number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** `now` is ms since the epoch. A booking without a time fills its whole day. */
export function icsFile(booking: Booking, businessName: string, now: number): string {
  const { bookingId, code, label, date, time, startsAt, endsAt } = booking;
  const nextDay = Date.parse(date) + 86_400_000;
  const day = (at: string | number): string => `;VALUE=DATE:${utc(at).slice(0, 8)}`;
  return [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//handled//chat//EN",
    "BEGIN:VEVENT",
    `UID:${bookingId}@handled`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART${time ? `:${utc(startsAt)}` : day(date)}`,
    `DTEND${time ? `:${utc(endsAt)}` : day(nextDay)}`,
    `SUMMARY:${escaped(`${label ?? code} · ${businessName}`)}`,
    `DESCRIPTION:${code}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ].join("\r\n");
}

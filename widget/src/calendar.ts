/** A booking as an iCalendar file. */

import type { Booking } from "./wire.ts";

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, "\\$&").replace(/\r\n|\r|\n/g, "\\n");
}

/** Lines may have 75 bytes; a fold may not cut a character. */
function folded(line: string): string {
  const bytes = new TextEncoder();
  const parts: string[] = [];
  let part = "";
  for (const character of line) {
    if (bytes.encode(part + character).length > (parts.length ? 74 : 75)) {
      parts.push(part);
      part = "";
    }
    part += character;
  }
  return [...parts, part].join("\r\n ");
}

function utc(at: string | number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** `now` is ms since the epoch. A booking without a time fills its whole day. */
export function icsFile(booking: Booking, businessName: string, now: number): string {
  const compact = (date: string): string => date.replace(/-/g, "");
  const when = booking.time
    ? [`DTSTART:${utc(booking.startsAt)}`, `DTEND:${utc(booking.endsAt)}`]
    : [`DTSTART;VALUE=DATE:${compact(booking.date)}`, `DTEND;VALUE=DATE:${compact(nextDay(booking.date))}`];
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//handled//chat//EN",
    "BEGIN:VEVENT",
    `UID:${booking.bookingId}@handled`,
    `DTSTAMP:${utc(now)}`,
    ...when,
    `SUMMARY:${escaped(`${booking.label} · ${businessName}`)}`,
    `DESCRIPTION:${escaped(booking.code)}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map(folded).join("\r\n") + "\r\n";
}

export function downloadIcs(booking: Booking, businessName: string): void {
  const file = new Blob([icsFile(booking, businessName, Date.now())], { type: "text/calendar" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${booking.code}.ics`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

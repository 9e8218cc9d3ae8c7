import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, parseColor, reach, textOn, type Rgb } from "../src/colors.ts";
import { askedField } from "../src/composer.ts";
import { clockTime, countdown, duration, momentOf, money, useLocale, when, yourTime } from "../src/format.ts";

test("text is readable on and in every colour", () => {
  const surfaces: Rgb[] = [
    [255, 255, 255],
    [38, 40, 47],
  ];
  for (let r = 0; r < 256; r += 17) {
    for (let g = 0; g < 256; g += 17) {
      for (let b = 0; b < 256; b += 17) {
        assert.ok(contrast(textOn([r, g, b]), [r, g, b]) >= 4.5, `on ${r},${g},${b}`);
        for (const surface of surfaces)
          assert.ok(contrast(reach([r, g, b], surface, 5.6), surface) >= 5.6, `${r},${g},${b}`);
      }
    }
  }
});

test("only a six-digit colour is a colour", () => {
  assert.deepEqual(parseColor("#2F6f5e"), [47, 111, 94]);
  for (const other of ["", "red", "#fff", "#zzzzzz", "#2f6f5e;}", "url(x)"]) assert.equal(parseColor(other), null);
});

const inLocale = (locale: string, said: () => string): string => {
  useLocale(locale);
  return said();
};

test("prices use the currency's own digits, written as the business writes", () => {
  const price = (amount: number, currency: string) => (): string => money({ amount, currency });
  assert.equal(inLocale("en-US", price(4500, "USD")), "$45.00");
  assert.equal(inLocale("en_US", price(4500, "JPY")), "¥4,500");
  assert.equal(inLocale("de_DE", price(4500, "EUR")), "45,00\u00a0€");
  assert.equal(inLocale("no such", price(4500, "EUR")), "45,00\u00a0€");
  assert.equal(money(null), "On request");
  assert.equal(money({ amount: 0, currency: "USD" }), "Free");
});

test("durations and countdowns", () => {
  assert.deepEqual(
    [45, 60, 90].map((m) => inLocale("en-US", () => duration(m, false))),
    ["45 min", "1 hr", "1 hr 30 min"],
  );
  assert.equal(duration(null, true), "Whole day");
  assert.deepEqual([0, 9, 581].map(countdown), ["0:00", "0:09", "9:41"]);
});

test("a moment is told by the business's clock", () => {
  assert.equal(inLocale("en_US", () => clockTime("2026-03-02T19:32:00+00:00", "America/New_York")), "2:32\u00a0pm");
});

test("a local date is said with its time, if it has one", () => {
  useLocale("en-US");
  assert.equal(when({ date: "2026-03-02", time: "11:00" }), "Monday, March 2 at 11:00\u00a0am");
  assert.equal(when({ date: "2026-03-02", time: null }, "short"), "Mon, Mar 2");
});

test("a local time names its moment on both sides of a change of clocks", () => {
  const utc = (local: string, zone: string): string => new Date(momentOf(Date.parse(`${local}Z`), zone)).toISOString();
  assert.equal(utc("2026-03-28T12:00", "Europe/Madrid"), "2026-03-28T11:00:00.000Z");
  assert.equal(utc("2026-03-29T12:00", "Europe/Madrid"), "2026-03-29T10:00:00.000Z");
  assert.equal(utc("2026-03-29T01:30", "Europe/Madrid"), "2026-03-29T00:30:00.000Z");
  assert.equal(utc("2026-03-29T03:30", "Europe/Madrid"), "2026-03-29T01:30:00.000Z");
  assert.equal(utc("2026-01-01T00:15", "Pacific/Auckland"), "2025-12-31T11:15:00.000Z");
});

test("the customer's own time is said only where it differs", () => {
  useLocale("en-US");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  assert.equal(yourTime({ date: "2026-03-02", time: "11:00" }, here), "");
  assert.equal(yourTime({ date: "2026-03-02", time: null }, "Pacific/Kiritimati"), "");
  assert.equal(yourTime({ date: "2026-03-02", time: "11:00" }, "No/Where"), "");
  assert.ok(/your time$/.test(yourTime({ date: "2026-03-02", time: "11:00" }, "Pacific/Marquesas")));
});

test("only one thing asked for changes the field", () => {
  assert.equal(askedField(["email"]), "email");
  assert.equal(askedField(["email", "anything_else"]), "email");
  assert.equal(askedField(["name", "email"]), undefined);
  assert.equal(askedField(["confirm"]), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, parseColor, reach, textOn, type Rgb } from "../src/colors.ts";
import { askedField } from "../src/composer.ts";
import { clockTime, countdown, duration, money, slotSentence } from "../src/format.ts";

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

test("prices use the currency's own digits", () => {
  assert.equal(money({ amount: 4500, currency: "USD" }, "en-US"), "$45.00");
  assert.equal(money({ amount: 4500, currency: "JPY" }, "en-US"), "¥4,500");
  assert.equal(money({ amount: 4500, currency: "EUR" }, "de_DE"), "45,00\u00a0€");
  assert.equal(money({ amount: 4500, currency: "USD" }, "no such"), money({ amount: 4500, currency: "USD" }));
  assert.equal(money(null), "On request");
  assert.equal(money({ amount: 0, currency: "USD" }), "Free");
});

test("durations and countdowns", () => {
  assert.deepEqual(
    [45, 60, 90].map((m) => duration(m, false)),
    ["45 min", "1 h", "1 h 30 min"],
  );
  assert.equal(duration(null, true), "Whole day");
  assert.deepEqual([0, 9, 581].map(countdown), ["0:00", "0:09", "9:41"]);
});

test("a moment is told by the business's clock", () => {
  assert.equal(clockTime("2026-03-02T19:32:00+00:00", "America/New_York", "en_US"), "2:32\u00a0pm");
});

test("a slot is sent in words the server reads", () => {
  assert.equal(slotSentence({ date: "2026-03-02", time: "11:00" }), "Monday, March 2 at 11:00 am");
  assert.equal(slotSentence({ date: "2026-03-02", time: null, resource: "Mia" }), "Monday, March 2 with Mia");
});

test("only one thing asked for changes the field", () => {
  assert.equal(askedField(["email"]), "email");
  assert.equal(askedField(["email", "anything_else"]), "email");
  assert.equal(askedField(["name", "email"]), undefined);
  assert.equal(askedField(["confirm"]), undefined);
});

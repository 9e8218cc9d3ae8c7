import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(`texts/${language}.json`, "utf8")) as Record<string, string>;
const en = read("en");
const braces = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test("every language says the same things, with the same gaps to fill, on one line each", () => {
  for (const language of ["es", "de", "fr"]) {
    const words = read(language);
    assert.deepEqual(Object.keys(words), Object.keys(en), language);
    for (const [name, text] of Object.entries(en)) {
      assert.deepEqual(braces(words[name]!), braces(text), `${language}: ${name}`);
      assert.ok(words[name]!.trim() !== "" && !words[name]!.includes("\n"), `${language}: ${name}`);
    }
  }
});

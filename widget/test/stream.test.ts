import assert from "node:assert/strict";
import { test } from "node:test";
import { lifeline, readStream, sseParser, type ServerEvent } from "../src/stream.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function parseInPieces(input: Uint8Array, size: number): ServerEvent[] {
  const events: ServerEvent[] = [];
  const push = sseParser((event) => events.push(event));
  for (let at = 0; at < input.length; at += size) push(input.slice(at, at + size));
  return events;
}

const STREAM = [
  ": beat\n\n",
  'id: 1\ndata: {"type":"chunk","content":"Grüße ✂️ 🌿 שלום"}\n\n',
  "id: 2\ndata: one\n\n: beat\n\n",
  "id: 3\ndata: two: three\n\n",
].join("");

const EXPECTED: ServerEvent[] = [
  { id: "1", data: '{"type":"chunk","content":"Grüße ✂️ 🌿 שלום"}' },
  { id: "2", data: "one" },
  { id: "3", data: "two: three" },
];

test("a stream cut at every byte, inside characters and line ends, yields the same events", () => {
  const input = bytes(STREAM);
  for (let size = 1; size <= input.length; size += 1)
    assert.deepEqual(parseInPieces(input, size), EXPECTED, `pieces of ${size}`);
});

test("every cut in two yields the same events", () => {
  const input = bytes(STREAM);
  for (let at = 0; at <= input.length; at += 1) {
    const events: ServerEvent[] = [];
    const push = sseParser((event) => events.push(event));
    push(input.slice(0, at));
    push(input.slice(at));
    assert.deepEqual(events, EXPECTED, `cut at ${at}`);
  }
});

test("an event without its empty line is not emitted", () => {
  assert.deepEqual(parseInPieces(bytes("id: 1\ndata: whole\n\nid: 2\ndata: half"), 3), [{ id: "1", data: "whole" }]);
});

test("comments are not events", () => {
  assert.deepEqual(parseInPieces(bytes(": hello\n\n:\n\nid: 1\ndata: x\n\n"), 1), [{ id: "1", data: "x" }]);
});

test("a response is read to its end and rejects when it breaks", async () => {
  const body = (broken: boolean): Response =>
    new Response(
      new ReadableStream({
        start(sink) {
          sink.enqueue(bytes("id: 1\ndata: a\n\n"));
          if (broken) sink.error(new TypeError("network"));
          else sink.close();
        },
      }),
    );
  const { signal } = new AbortController();
  const seen: string[] = [];
  await readStream(
    async () => body(false),
    signal,
    (e) => seen.push(e.data),
    () => seen.push("opened"),
  );
  assert.deepEqual(seen, ["opened", "a"]);
  const failure = await readStream(
    async () => body(true),
    signal,
    () => undefined,
    () => undefined,
  ).catch((e: unknown) => e);
  assert.ok(failure instanceof TypeError);
});

test("a lifeline ends with what it hangs on", () => {
  const stop = new AbortController();
  const line = lifeline(stop.signal);
  assert.equal(line.signal.aborted, false);
  stop.abort();
  assert.equal(line.signal.aborted, true);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { plainText, renderMarkdown, safeHref, type Make } from "../src/markdown.ts";

interface Made {
  tag: string;
  props: Record<string, unknown>;
  children: (Made | string)[];
}

const isNode = (part: unknown): part is Made => typeof part === "object" && part !== null && "tag" in part;

const make: Make<Made> = (tag, ...parts) => ({
  tag,
  props: Object.assign({}, ...parts.filter((p) => typeof p === "object" && !isNode(p))) as Record<string, unknown>,
  children: parts.filter((p): p is Made | string => typeof p === "string" || isNode(p)),
});

const show = (node: Made | string): string =>
  typeof node === "string" ? node : `<${node.tag}>${node.children.map(show).join("")}</${node.tag}>`;

const html = (text: string): string => renderMarkdown(text, make).map(show).join("");

const everyNode = (nodes: (Made | string)[]): Made[] =>
  nodes.filter(isNode).flatMap((node) => [node, ...everyNode(node.children)]);

test("paragraphs, breaks, bold, italics and lists", () => {
  assert.equal(html("One\ntwo\n\nthree"), "<p>One<br></br>two</p><p>three</p>");
  assert.equal(html("**bold *both* too** and *it*"), "<p><strong>bold <em>both</em> too</strong> and <em>it</em></p>");
  assert.equal(
    html("Open:\n- a\n* **b**\n\n2. c\n3. d"),
    "<p>Open:</p><ul><li>a</li><li><strong>b</strong></li></ul><ol><li>c</li><li>d</li></ol>",
  );
  assert.equal(renderMarkdown("3. c", make)[0]?.props["start"], "3");
});

test("what only looks like a mark stays text", () => {
  for (const text of [
    "2 * 3 * 4",
    "a_b_c",
    "**",
    "** open",
    "snake_case_name",
    "5*",
    "[no](",
    "# not a heading",
    "`code`",
  ]) {
    assert.equal(html(text), `<p>${text}</p>`);
  }
});

test("links go to allowed places only", () => {
  for (const address of ["https://a.example/x?y=1", "http://a.example/", "mailto:a@b.example", "tel:+14155550132"]) {
    const [link] = everyNode(renderMarkdown(`[go](${address})`, make)).filter((n) => n.tag === "a");
    assert.equal(link?.props["href"], address);
    assert.equal(link?.props["rel"], "noopener");
  }
  const evil = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert`1`",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "/relative",
    "//host/x",
    "#here",
    "blob:https://a/b",
    "\u0001javascript:x",
    "java\tscript:x",
  ];
  for (const address of evil) {
    assert.equal(safeHref(address), null, address);
    assert.equal(
      everyNode(renderMarkdown(`[go](${address})`, make)).some((n) => n.tag === "a"),
      false,
      address,
    );
  }
});

test("a bare web address is a link without the full stop behind it", () => {
  const [link] = everyNode(renderMarkdown("See https://a.example/b (or https://c.example).", make)).filter(
    (n) => n.tag === "a",
  );
  assert.equal(link?.props["href"], "https://a.example/b");
  assert.ok(html("See https://c.example.").endsWith("</a>.</p>"));
});

test("markup is text", () => {
  assert.equal(html("<img src=x onerror=alert(1)> <b>x</b> &lt;"), "<p><img src=x onerror=alert(1)> <b>x</b> &lt;</p>");
});

test("no input makes anything but the allowed elements, and no letter is lost", () => {
  const atoms = [
    "*",
    "**",
    "_",
    "[",
    "](",
    ")",
    "https://",
    "javascript:",
    "mailto:a@b.c",
    "<script>",
    "\n",
    "\n- ",
    "1. ",
    " ",
    "a",
    "é",
    "🌿",
    "://",
    ".",
  ];
  let seed = 7;
  const next = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  const allowed = new Set(["p", "br", "strong", "em", "ul", "ol", "li", "a"]);
  for (let round = 0; round < 3000; round += 1) {
    const text = Array.from({ length: next(14) }, () => atoms[next(atoms.length)]).join("");
    const nodes = everyNode(renderMarkdown(text, make));
    assert.ok(
      nodes.every((n) => allowed.has(n.tag)),
      text,
    );
    for (const { tag, props } of nodes) {
      const names = Object.keys(props).join();
      assert.ok(
        tag === "a" ? /^(https?|mailto|tel):/.test(String(props["href"])) : names === "" || names === "start",
        text,
      );
    }
    const letters = (s: string): string => s.replace(/[^aé🌿]/gu, "");
    const kept = letters(html(text).replace(/<\/?(p|br|strong|em|ul|ol|li|a)>/g, ""));
    if (!/[[:/]/.test(text)) assert.equal(kept, letters(text), text);
  }
});

test("plain text has the words and their order", () => {
  assert.equal(plainText("**Hi** [you](https://a.example)\n- one\n- two\n\nend"), "Hi you\none\ntwo\nend");
});

/**
 * The little Markdown an answer needs, as a tree and then as DOM nodes: paragraphs, bold, italics, lists, links.
 * Nothing is ever parsed as HTML; what is not recognised stays text.
 */

export type Inline =
  | { tag: "text"; text: string }
  | { tag: "br" }
  | { tag: "strong" | "em"; children: Inline[] }
  | { tag: "a"; href: string; children: Inline[] };

export interface List {
  tag: "ul" | "ol";
  start: number;
  items: Inline[][];
}

export type Block = { tag: "p"; children: Inline[] } | List;

const ALLOWED = new Set(["http:", "https:", "mailto:", "tel:"]);

// In this order: [text](address), **bold**, *italics*, _italics_, a bare web address.
const INLINE =
  /\[([^[\]\n]+)\]\(([^()\s]+)\)|\*\*(?=\S)([^\n]+?)(?<=\S)\*\*|\*(?=[^\s*])([^*\n]+?)(?<=\S)\*|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\p{L}\p{N}_])|(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]*])/u;

const BULLET = /^\s{0,3}[-*•]\s+(.*)$/;
const NUMBER = /^\s{0,3}(\d{1,3})[.)]\s+(.*)$/;

/** The address if it is absolute and of an allowed kind, else null. */
export function safeHref(address: string): string | null {
  try {
    const url = new URL(address);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function parseInline(text: string): Inline[] {
  const out: Inline[] = [];
  let rest = text;
  for (let match = INLINE.exec(rest); match; match = INLINE.exec(rest)) {
    const [whole, label, address, bold, star, line, bare] = match;
    if (match.index) out.push({ tag: "text", text: rest.slice(0, match.index) });
    out.push(span(whole, label, address ?? bare, bold, star ?? line));
    rest = rest.slice(match.index + whole.length);
  }
  if (rest) out.push({ tag: "text", text: rest });
  return out;
}

function span(whole: string, label?: string, address?: string, bold?: string, italic?: string): Inline {
  if (bold !== undefined) return { tag: "strong", children: parseInline(bold) };
  if (italic !== undefined) return { tag: "em", children: parseInline(italic) };
  const href = safeHref(address ?? "");
  if (!href) return { tag: "text", text: whole };
  // A link inside a link's words would nest anchors: its words stay plain.
  return { tag: "a", href, children: [{ tag: "text", text: label ?? whole }] };
}

export function parse(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let list = null as List | null;

  const flush = (): void => {
    if (lines.length) blocks.push({ tag: "p", children: withBreaks(lines) });
    lines = [];
  };
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const bullet = BULLET.exec(raw);
    const number = bullet ? null : NUMBER.exec(raw);
    if (bullet || number) {
      flush();
      const tag = bullet ? "ul" : "ol";
      if (list?.tag !== tag) blocks.push((list = { tag, start: Number(number?.[1] ?? 1), items: [] }));
      list.items.push(parseInline(bullet?.[1] ?? number?.[2] ?? ""));
      continue;
    }
    list = null;
    if (raw.trim()) lines.push(raw.trim());
    else flush();
  }
  flush();
  return blocks;
}

function withBreaks(lines: string[]): Inline[] {
  return lines.flatMap((line, at) => (at ? [{ tag: "br" } as const, ...parseInline(line)] : parseInline(line)));
}

/** What a screen reader is told: the words without the marks. */
export function plainText(text: string): string {
  const words = (nodes: Inline[]): string =>
    nodes.map((n) => (n.tag === "text" ? n.text : n.tag === "br" ? " " : words(n.children))).join("");
  return parse(text)
    .flatMap((block) => (block.tag === "p" ? [words(block.children)] : block.items.map(words)))
    .join("\n");
}

function inlineNode(node: Inline): Node {
  if (node.tag === "text") return document.createTextNode(node.text);
  const element = document.createElement(node.tag);
  if (node.tag === "a") {
    element.setAttribute("href", node.href);
    element.setAttribute("rel", "noopener");
    if (node.href.startsWith("http")) element.setAttribute("target", "_blank");
  }
  if (node.tag !== "br") element.append(...node.children.map(inlineNode));
  return element;
}

export function renderMarkdown(text: string): Node[] {
  return parse(text).map((block) => {
    const element = document.createElement(block.tag);
    if (block.tag === "p") {
      element.append(...block.children.map(inlineNode));
      return element;
    }
    if (block.start > 1) element.setAttribute("start", String(block.start));
    for (const item of block.items) {
      const row = document.createElement("li");
      row.append(...item.map(inlineNode));
      element.append(row);
    }
    return element;
  });
}

/**
 * The little Markdown an answer needs, as nodes: paragraphs, bold, italics, lists, links. Nothing is ever parsed as HTML;
 * what is not recognised stays text. `make` builds one element, so that the result can be looked at without a browser.
 */

type Tag = "p" | "ul" | "ol" | "li" | "strong" | "em" | "a" | "br";

export type Make<N> = (tag: Tag, ...parts: (N | string | Record<string, unknown>)[]) => N;

// In this order: [text](address), **bold**, *italics*, a bare web address.
const INLINE =
  /\[([^[\]\n]+)\]\(([^()\s]+)\)|\*\*(?=\S)([^\n]+?)(?<=\S)\*\*|\*(?=[^\s*])([^*\n]+?)(?<=\S)\*|(https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]*])/;

const LIST_LINE = /^\s{0,3}(?:[-*•]|(\d{1,3})[.)])\s+(.*)$/;

/** The address if it is absolute and of an allowed kind, else null. */
export function safeHref(address: string): string | null {
  try {
    const { protocol, href } = new URL(address);
    return /^(https?|mailto|tel):$/.test(protocol) ? href : null;
  } catch {
    return null;
  }
}

function inline<N>(text: string, make: Make<N>): (N | string)[] {
  const match = INLINE.exec(text);
  if (!match) return text ? [text] : [];
  const [whole, label, address, bold, italic, bare] = match;
  const after = match.index + whole.length;
  const span = (): N | string => {
    if (bold) return make("strong", ...inline(bold, make));
    if (italic) return make("em", ...inline(italic, make));
    const href = safeHref(address ?? bare ?? "");
    // Links inside a link's words would nest anchors: the words stay plain.
    return href ? make("a", { href, rel: "noopener", target: "_blank" }, label ?? whole) : whole;
  };
  return [...(match.index ? [text.slice(0, match.index)] : []), span(), ...inline(text.slice(after), make)];
}

export function renderMarkdown<N>(text: string, make: Make<N>): N[] {
  const nodes: N[] = [];
  let lines: (N | string)[] = [];
  let items: N[] = [];
  let list: "ul" | "ol" = "ul";
  let start: string | undefined;

  const flush = (): void => {
    if (lines.length) nodes.push(make("p", ...lines));
    if (items.length) nodes.push(make(list, { start }, ...items));
    lines = [];
    items = [];
  };
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, number, words] = LIST_LINE.exec(line) ?? [];
    if (words !== undefined) {
      const kind = number ? "ol" : "ul";
      if (!items.length || kind !== list) {
        flush();
        list = kind;
        start = number;
      }
      items.push(make("li", ...inline(words, make)));
    } else {
      if (items.length || !line.trim()) flush();
      if (line.trim()) lines.push(...(lines.length ? [make("br")] : []), ...inline(line.trim(), make));
    }
  }
  flush();
  return nodes;
}

/** What a screen reader is told: the words without the marks. */
export function plainText(text: string): string {
  const words: Make<string> = (tag, ...parts) =>
    parts.filter((part) => typeof part === "string").join("") + (/^(p|li|br)/.test(tag) ? "\n" : "");
  return renderMarkdown(text, words).join("").trim();
}

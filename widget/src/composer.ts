/** Where the customer writes: one field that changes its keyboard with what was asked, a counter near the limit, Send. */

import { h, icon, ICONS } from "./dom.ts";
import { fill, texts } from "./texts.ts";

export const LONGEST_MESSAGE = 2000;
const COUNT_FROM = 1800;

type Field = HTMLInputElement | HTMLTextAreaElement;

const ASKED: Record<string, Record<string, string>> = {
  email: {
    type: "email",
    inputmode: "email",
    autocomplete: "email",
    autocapitalize: "none",
    spellcheck: "false",
    placeholder: texts.writeEmail,
  },
  name: { type: "text", autocomplete: "name", autocapitalize: "words", spellcheck: "false", placeholder: texts.writeName },
  phone: { type: "tel", inputmode: "tel", autocomplete: "tel", placeholder: texts.writePhone },
  otp: { type: "text", inputmode: "numeric", autocomplete: "one-time-code", placeholder: texts.writeCode },
  code: {
    type: "text",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    placeholder: texts.writeCode,
  },
};

/** The one kind of field that fits what was asked, or null for ordinary writing. */
export function askedField(expects: string[]): string | null {
  const fitting = expects.filter((e) => e in ASKED);
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

export interface Composer {
  readonly element: HTMLElement;
  ask(expects: string[]): void;
  hint(placeholder: string): void;
  write(text: string): void;
  enable(enabled: boolean): void;
  focus(): void;
}

export function createComposer(send: (text: string) => void): Composer {
  const area = h("textarea", { rows: 1, enterkeyhint: "send", "aria-describedby": "count", dir: "auto" });
  const input = h("input", { enterkeyhint: "send", "aria-describedby": "count", dir: "auto", hidden: true });
  const grow = h("div", { class: "grow" }, area);
  const button = h("button", { type: "submit", class: "send", "aria-label": texts.send }, icon(ICONS.send));
  const count = h("p", { class: "count", id: "count", hidden: true });
  const form = h("form", { class: "composer", novalidate: true }, h("div", { class: "field" }, grow, input, button), count);
  let field: Field = area;
  let asked: string | null = null;

  const length = (): number => [...field.value.trim()].length;

  const refresh = (): void => {
    const n = length();
    const tooLong = n > LONGEST_MESSAGE;
    grow.setAttribute("data-text", area.value);
    button.setAttribute("aria-disabled", String(!n || tooLong));
    field.setAttribute("aria-invalid", String(tooLong));
    count.hidden = n < COUNT_FROM;
    count.classList.toggle("over", tooLong);
    if (!count.hidden) count.textContent = fill(tooLong ? texts.tooLong : texts.nearLimit, { n, max: LONGEST_MESSAGE });
  };

  const hint = (placeholder: string): void => {
    field.setAttribute("placeholder", placeholder);
    field.setAttribute("aria-label", placeholder.replace(/…$/, ""));
  };

  const submit = (event: Event): void => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || length() > LONGEST_MESSAGE || field.disabled) return;
    field.value = "";
    refresh();
    send(text);
  };

  /** Puts the other kind of field in place, with the text and the focus of the one before. */
  const swap = (next: Field): void => {
    if (next === field) return;
    const hadFocus = (form.getRootNode() as ShadowRoot).activeElement === field;
    next.value = field.value;
    next.disabled = field.disabled;
    field = next;
    grow.hidden = field === input;
    input.hidden = field !== input;
    if (hadFocus) field.focus();
    refresh();
  };

  const onKey = (event: KeyboardEvent): void => {
    // 229 is what Safari reports for the Enter that ends a composition.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    submit(event);
  };

  form.addEventListener("submit", submit);
  for (const each of [area, input]) {
    each.addEventListener("input", refresh);
    each.addEventListener("keydown", onKey as EventListener);
  }
  hint(texts.write);
  refresh();

  return {
    element: form,
    hint,
    focus: () => field.focus(),
    write(text) {
      if (!field.value) field.value = text;
      refresh();
    },
    enable(enabled) {
      field.disabled = !enabled;
    },
    ask(expects) {
      const next = askedField(expects);
      if (next === asked) return;
      asked = next;
      const attributes = next ? ASKED[next] : null;
      if (attributes) {
        for (const name of ["inputmode", "autocapitalize", "spellcheck"]) input.removeAttribute(name);
        for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
      }
      swap(attributes ? input : area);
      hint(attributes?.["placeholder"] ?? texts.write);
    },
  };
}

/** Where the customer writes: one field that changes its keyboard with what was asked, a counter near the limit, Send. */

import { h, icon } from "./dom.ts";
import * as texts from "./texts.ts";
import { fill } from "./texts.ts";

const LONGEST = 2000;
const COUNT_FROM = 1800;

/** type, inputmode, autocomplete, autocapitalize, placeholder of the field for what was asked. */
const ASKED: Record<string, string[]> = {
  email: ["email", "email", "email", "none", texts.writeEmail],
  name: ["text", "text", "name", "words", texts.writeName],
  phone: ["tel", "tel", "tel", "none", texts.writePhone],
  otp: ["text", "numeric", "one-time-code", "none", texts.writeOnce],
  code: ["text", "text", "off", "characters", texts.writeCode],
};

export interface Composer {
  readonly element: HTMLElement;
  /** Fits the field to what the agent has asked for; `hint` replaces its placeholder. */
  ask(expects: string[], hint?: string | false): void;
  write(text: string): void;
  focus(): void;
}

/** The one kind of field that fits what was asked, or undefined for ordinary writing. */
export function askedField(expects: string[]): string | undefined {
  const fitting = expects.filter((e) => ASKED[e]);
  return fitting.length === 1 ? fitting[0] : undefined;
}

export function createComposer(send: (text: string) => void): Composer {
  const common = { enterkeyhint: "send", "aria-describedby": "count", dir: "auto" };
  const area = h<HTMLTextAreaElement>("textarea", { rows: 1, ...common });
  const input = h<HTMLInputElement>("input", { hidden: true, spellcheck: "false", ...common });
  const grow = h("div.grow", area);
  const submit = h("button.send", { "aria-label": texts.send }, icon("send"));
  const count = h("p", { id: "count" });
  const element = h("form.composer", { novalidate: true }, h("div.field", grow, input, submit), count);
  let field: HTMLInputElement | HTMLTextAreaElement = area;

  const length = (): number => [...field.value.trim()].length;

  const refresh = (): void => {
    const n = length();
    const over = n > LONGEST;
    grow.dataset["text"] = area.value;
    submit.setAttribute("aria-disabled", `${!n || over}`);
    field.setAttribute("aria-invalid", `${over}`);
    count.hidden = n < COUNT_FROM;
    count.className = over ? "problem" : "";
    count.textContent = count.hidden ? "" : fill(texts.length, { n, max: LONGEST });
  };

  const write = (text: string): void => {
    field.value = text;
    refresh();
  };

  const sendIt = (event: Event): void => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text || length() > LONGEST) return;
    write("");
    send(text);
  };

  /** Puts the other kind of field in place, with the text and the focus of the one before. */
  const swap = (next: typeof field): void => {
    const before = field;
    const hadFocus = before.matches(":focus");
    if (next === before) return;
    field = next;
    grow.hidden = next === input;
    input.hidden = next === area;
    write(before.value);
    if (hadFocus) next.focus();
  };

  element.addEventListener("submit", sendIt);
  element.addEventListener("input", refresh);
  element.addEventListener("keydown", (event) => {
    // 229 is what Safari reports for the Enter that ends a composition.
    const writes = event.target === field && event.key === "Enter" && !event.shiftKey;
    if (writes && !event.isComposing && event.keyCode !== 229) sendIt(event);
  });
  refresh();

  return {
    element,
    focus: () => field.focus(),
    write: (text) => write(field.value || text),
    ask(expects, hint) {
      const asked = ASKED[askedField(expects) ?? ""];
      const names = ["type", "inputmode", "autocomplete", "autocapitalize"];
      if (asked) names.forEach((name, at) => input.setAttribute(name, asked[at]!));
      swap(asked ? input : area);
      const moving = /new_/.test(`${expects}`);
      const placeholder = hint || asked?.[4] || (moving ? texts.writeNew : texts.write);
      field.placeholder = placeholder;
      field.setAttribute("aria-label", placeholder.replace("…", ""));
    },
  };
}

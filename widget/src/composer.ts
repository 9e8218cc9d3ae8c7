/** Where the customer writes: a field that changes its keyboard with what was asked, and Send. */

import { h, icon } from "./dom.ts";
import type { Contact } from "./forms.ts";
import { texts } from "./texts.ts";

const LONGEST = 2000;

/** type, inputmode, autocomplete and autocapitalize of the field for what was asked. */
const ASKED: Record<string, string> = {
  email: "email email email none",
  name: "text text name words",
  phone: "tel tel tel none",
  otp: "text numeric one-time-code none",
  code: "text text off characters",
};

export interface Composer {
  readonly element: HTMLElement;
  /** Fits the field to what the agent has asked for; `known` is offered as an answer, `hint` replaces its placeholder. */
  ask(expects: string[], known: Contact, hint?: string | false): void;
  write(text: string): void;
  focus(): void;
}

/** The one kind of field that fits what was asked, or undefined for ordinary writing. */
export function askedField(expects: string[]): string | undefined {
  const fitting = expects.filter((e) => ASKED[e]);
  return fitting.length === 1 ? fitting[0] : undefined;
}

export function createComposer(send: (text: string) => void): Composer {
  let field = h<HTMLInputElement>("input");
  let before: string | undefined = "none";
  const grow = h("div.grow", field);
  const submit = h("button.send", { "aria-label": texts.send }, icon("send"));

  const write = (text: string): void => {
    field.value = text;
    refresh();
  };
  const refresh = (): void => {
    grow.dataset["text"] = field.value;
    submit.setAttribute("aria-disabled", `${!field.value.trim()}`);
  };
  const onsubmit = (event: Event): void => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    write("");
    send(text);
  };
  const onkeydown = (event: KeyboardEvent): void => {
    // 229 is what Safari reports for the Enter that ends a composition.
    const writes = event.target === field && event.key === "Enter" && !event.shiftKey;
    if (writes && !event.isComposing && event.keyCode !== 229) onsubmit(event);
  };
  const form = { novalidate: true, onsubmit, onkeydown, oninput: refresh };

  return {
    element: h("form.composer", form, h("div.field", grow, submit)),
    focus: () => field.focus(),
    write: (text) => write(field.value || text),
    ask(expects, known, hint) {
      const asked = askedField(expects);
      if (asked !== before) {
        const [type, inputmode, autocomplete, autocapitalize] = ASKED[asked ?? ""]?.split(" ") ?? [];
        const common = { rows: 1, enterkeyhint: "send", maxlength: LONGEST, dir: "auto" };
        const { value } = field;
        const focused = field.matches(":focus");
        field = h(type ? "input" : "textarea", common, { type, inputmode, autocomplete, autocapitalize });
        grow.replaceChildren(field);
        write(value || known[asked as keyof Contact] || "");
        if (focused) field.focus();
        before = asked;
      }
      const words: Record<string, string> = {
        email: texts.writeEmail,
        name: texts.writeName,
        phone: texts.writePhone,
        otp: texts.writeCode,
        code: texts.writeCode,
      };
      field.placeholder = hint || words[asked ?? ""] || (/date/.test(`${expects}`) ? texts.writeDate : texts.write);
      field.setAttribute("aria-label", field.placeholder.replace("…", ""));
    },
  };
}

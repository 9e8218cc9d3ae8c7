/** What the customer fills in: how it was, and that they want a person. Each ends with a promise of what was wrong. */

import { button, h } from "./dom.ts";
import type { State } from "./store.ts";
import { fill, texts } from "./texts.ts";

/** Resolves to what was wrong, in a sentence, or to nothing. */
export type Told = Promise<string>;

const LONGEST_COMMENT = 500;
const LONGEST_REASON = 2000;

/** A card that is a form: `submit` gets its values; while it waits nothing is sent twice. */
function form(
  kind: string,
  title: string,
  submit: (values: Record<string, string>) => Told,
  ...parts: Parameters<typeof h>[1][]
): HTMLElement {
  const problem = h("p.problem", { role: "alert" });
  let busy = false;
  const onsubmit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    problem.textContent = await submit(Object.fromEntries(new FormData(element)) as Record<string, string>);
    busy = false;
  };
  const element = h<HTMLFormElement>(`form.card.${kind}`, { "aria-label": title, onsubmit }, h("h2", title), ...parts, problem);
  return element;
}

function buttons(...other: HTMLElement[]): HTMLElement {
  return h("div.buttons", h("button.button.primary", texts.send), ...other);
}

/** Five stars; a comment and Send once one is chosen. */
export function ratingCard(rated: State["rated"], rate: (values: Record<string, string>) => Told): HTMLElement {
  const star = (n: number): HTMLElement => {
    const label = fill(texts.stars, { n });
    return h("input", { type: "radio", name: "rating", value: n, checked: n === rated?.rating, "aria-label": label });
  };
  const words = { name: "comment", rows: 2, maxlength: LONGEST_COMMENT, dir: "auto" };
  const comment = h("textarea", { ...words, placeholder: texts.comment, "aria-label": texts.comment }, rated?.comment);
  const onchange = (): void => element.classList.add("given");
  const element = form(
    `rating.${rated ? "rated" : "new"}`,
    texts.rate,
    rate,
    h("div.stars", { role: "radiogroup", "aria-label": texts.rate, onchange }, ...[1, 2, 3, 4, 5].map(star)),
    h("p", rated && texts.thanks),
    comment,
    buttons(),
  );
  return element;
}

export interface Contact {
  name?: string;
  email?: string;
  phone?: string;
}

/** `known`: how they can be reached is known already. `hint` is what the page believes about them. */
export function personCard(
  known: boolean,
  hint: Contact,
  ask: (wish: object) => Told,
  cancel: () => void,
): HTMLElement {
  const field = (name: string, type: "email" | "tel", label: string, value: string | undefined): HTMLElement =>
    h("label", h("small", label), h("input", { name, type, autocomplete: type, value, dir: "auto" }));
  const reason = h("textarea", { name: "reason", rows: 3, required: true, maxlength: LONGEST_REASON, dir: "auto" });
  return form(
    "person",
    texts.person,
    ask,
    h("label", h("small", texts.personWhy), reason),
    !known && field("customerEmail", "email", texts.email, hint.email),
    !known && field("customerPhone", "tel", texts.phone, hint.phone),
    buttons(button(".button", cancel, texts.notNow)),
  );
}

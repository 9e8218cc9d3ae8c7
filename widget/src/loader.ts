/** The entry: defines `<handled-chat>`, and makes a panel by itself for a script tag with `data-tenant`. */

import { h } from "./dom.ts";
import { mount, type Chat } from "./chat.ts";
import { speak } from "./texts.ts";

const script = document.currentScript as HTMLScriptElement | null;
const RIGHT_TO_LEFT = /^(ar|fa|he|ur)\b/;

interface HandledChat extends Pick<Chat, "open" | "close" | "send" | "identify"> {}

class HandledChat extends HTMLElement {
  /** Nothing is drawn before its words are there. */
  #chat: Promise<Chat> | undefined;

  connectedCallback(): void {
    const { lang } = this;
    const base = (this.getAttribute("api") || new URL(script?.src || location.href).origin).replace(/\/$/, "");
    if (lang) this.dir = RIGHT_TO_LEFT.test(lang) ? "rtl" : "ltr";
    const language = lang || navigator.language;
    this.#chat ??= speak(base, language).then(() => mount(this, base, language));
    this.#ask((chat) => this.isConnected && chat.appear());
  }

  disconnectedCallback(): void {
    this.#ask((chat) => chat.disappear());
  }

  /** What is asked of a chat that is not there yet is done as soon as it is. */
  #ask(act: (chat: Chat) => void): void {
    void this.#chat?.then(act);
  }

  static {
    for (const name of ["open", "close", "send", "identify"] as const)
      (this.prototype as unknown as Record<string, unknown>)[name] = function (this: HandledChat, given: never) {
        this.#ask((chat) => chat[name](given));
      };
  }
}

if (!customElements.get("handled-chat")) customElements.define("handled-chat", HandledChat);

const { tenant, ...more } = { ...script?.dataset };
if (tenant) {
  const place = (): void => document.body.append(h("handled-chat", { "tenant-key": tenant, ...more }));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}

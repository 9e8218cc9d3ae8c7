/** The entry: defines `<handled-chat>`, and makes a panel by itself for a script tag with `data-tenant`. */

import { createClient } from "./client.ts";
import { accentSheet, parseColor } from "./colors.ts";
import { start, type Conversation } from "./conversation.ts";
import { deliver, say } from "./delivery.ts";
import { button, h, icon } from "./dom.ts";
import { keep, recall } from "./memory.ts";
import { confirm, reject } from "./settling.ts";
import { emptyState } from "./store.ts";
import * as texts from "./texts.ts";
import { fill } from "./texts.ts";
import { createView, type View } from "./view.ts";
import css from "./widget.css";

const script = document.currentScript as HTMLScriptElement | null;
const phone = matchMedia("(max-width: 640px)");
const common = new CSSStyleSheet();
common.replaceSync(css);

interface Panel {
  readonly element: HTMLElement;
  readonly dialog: HTMLDialogElement;
  render(): void;
}

class HandledChat extends HTMLElement {
  readonly #sheet = new CSSStyleSheet();
  #talk!: Conversation;
  #view!: View;
  #panel: Panel | null = null;
  #executed = 0;
  #accent: string | null = null;
  #drawing = false;
  #away: AbortController | undefined;

  connectedCallback(): void {
    if (!this.#away) this.#build();
    this.#away = new AbortController();
    const { signal } = this.#away;
    const draw = (): void => this.#draw();
    // Once a second: something may count down.
    const timer = setInterval(draw, 1000);
    signal.addEventListener("abort", () => clearInterval(timer));
    addEventListener("online", draw, { signal });
    addEventListener("offline", draw, { signal });
    this.#resume();
  }

  disconnectedCallback(): void {
    this.#away?.abort();
    this.#talk.stop.abort();
  }

  /** Opens the panel (a page is always open) and begins the conversation. */
  open(): void {
    const dialog = this.#panel?.dialog;
    if (!dialog || dialog.open) return;
    if (phone.matches) dialog.showModal();
    else dialog.show();
    keep(this.#talk.storageKey, { open: true });
    this.#resume();
    this.#draw();
    this.#view.focus();
    this.#tell("open");
  }

  close(): void {
    this.#panel?.dialog.close();
  }

  /** Says something in the customer's name. */
  send(text: string): void {
    this.open();
    say(this.#talk, text);
  }

  /** Begins, or goes on after a pause; a closed panel without a conversation waits to be opened. */
  #resume(): void {
    const kept = recall(this.#talk.storageKey);
    if (this.#talk.stop.signal.aborted && (!this.#panel || this.#panel.dialog.open || kept.session))
      void start(this.#talk);
  }

  #build(): void {
    const tenant = this.getAttribute("tenant-key") ?? "";
    const base = this.getAttribute("api") || new URL(script?.src || location.href).origin;
    const storageKey = `handled:${tenant}`;
    this.#talk = {
      client: createClient(base.replace(/\/$/, ""), tenant),
      state: emptyState(),
      storageKey,
      stop: new AbortController(),
      awaiting: 0,
      turnstile: Promise.resolve(),
      changed: () => this.#draw(),
      draft: (text) => this.#view.composer.write(text),
    };
    this.#talk.stop.abort();
    const asPage = this.getAttribute("mode") === "page";
    this.#view = createView(this.#talk.state, this.#actions(), asPage ? null : () => this.close());
    this.#panel = asPage ? null : this.#buildPanel(storageKey);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [common, this.#sheet];
    root.append(this.#panel?.element ?? this.#view.element);
    this.#draw();
  }

  #actions(): Parameters<typeof createView>[1] {
    const talk = this.#talk;
    return {
      send: (content, shown) => say(talk, content, shown),
      resend: (entry) => void deliver(talk, entry),
      confirm: (entry) => void confirm(talk, entry),
      reject: (entry) => void reject(talk, entry),
      restart: () => void start(talk),
    };
  }

  #buildPanel(storageKey: string): Panel {
    let seen = 0;
    const badge = h("span.unread");
    const dialog = h<HTMLDialogElement>("dialog.panel", { "aria-labelledby": "name" }, this.#view.element);
    const launcher = button("launcher", () => this.open(), icon("chat"), badge);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    dialog.addEventListener("close", () => {
      keep(storageKey, { open: false });
      launcher.hidden = false;
      launcher.focus();
      this.#draw();
      this.#tell("close");
    });
    // The attribute, not show(): coming back to the page must not take the focus away from it.
    if (recall(storageKey).open && !phone.matches) dialog.open = true;
    const render = (): void => {
      const count = this.#talk.state.entries.filter((e) => e.role !== "customer" && e.status === "done").length;
      if (dialog.open || !seen) seen = count;
      const n = count - seen;
      badge.textContent = n > 0 ? `${n}` : "";
      launcher.setAttribute("aria-label", n > 0 ? fill(texts.unread, { n }) : texts.launch);
      launcher.hidden = dialog.open;
    };
    return { element: h("section", { "aria-label": texts.launch }, launcher, dialog), dialog, render };
  }

  #tell(what: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(`handled:${what}`, { bubbles: true, composed: true, detail }));
  }

  /** Draws once for all changes of a moment. A hidden tab has no frames, but its screen reader wants the news. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    const draw = (): void => {
      this.#drawing = false;
      this.#paint();
      this.#view.render();
      this.#panel?.render();
      const done = this.#talk.state.proposals.filter((p) => p.status === "executed");
      if (done.length > this.#executed) this.#tell("confirmed", done.at(-1)?.proposal);
      this.#executed = done.length;
    };
    if (document.hidden) setTimeout(draw);
    else requestAnimationFrame(draw);
  }

  #paint(): void {
    const accent = this.getAttribute("accent") || this.#talk.state.business?.branding?.color || "";
    if (accent !== this.#accent) this.#sheet.replaceSync(accentSheet(parseColor(accent)));
    this.#accent = accent;
  }
}

if (!customElements.get("handled-chat")) customElements.define("handled-chat", HandledChat);

const { tenant, api, accent } = script?.dataset ?? {};
if (tenant) {
  const place = (): void => document.body.append(h("handled-chat" as "div", { "tenant-key": tenant, api, accent }));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
}

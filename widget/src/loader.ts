/** The entry: defines `<handled-chat>`, and makes a panel by itself for a script tag with `data-tenant`. */

import { createClient } from "./client.ts";
import { accentSheet, parseColor } from "./colors.ts";
import { createConversation, type Conversation } from "./conversation.ts";
import { h, icon, ICONS } from "./dom.ts";
import * as memory from "./memory.ts";
import { patchProposal } from "./proposals.ts";
import { expire } from "./settling.ts";
import type { State } from "./state.ts";
import { fill, texts } from "./texts.ts";
import { createView, type View } from "./view.ts";
import css from "./widget.css";

const script = document.currentScript as HTMLScriptElement | null;
const origin = script?.src ? new URL(script.src).origin : location.origin;

const phone = matchMedia("(max-width: 640px)");
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

class HandledChat extends HTMLElement {
  static readonly observedAttributes = ["accent"];

  #conversation: Conversation | null = null;
  #view: View | null = null;
  #dialog: HTMLDialogElement | null = null;
  #launcher: HTMLButtonElement | null = null;
  #colors = new CSSStyleSheet();
  #screen = new CSSStyleSheet();
  #started = false;
  #frame = 0;
  #seen = 0;
  #ticking: ReturnType<typeof setInterval> | undefined;
  #away = new AbortController();

  connectedCallback(): void {
    this.#away = new AbortController();
    if (!this.#view) this.#build();
    const { signal } = this.#away;
    const redraw = (): void => this.#schedule();
    addEventListener("online", redraw, { signal });
    addEventListener("offline", redraw, { signal });
    // Open connections would keep the page out of the back/forward cache.
    addEventListener("pagehide", () => this.#conversation?.suspend(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#conversation?.resume(), { signal });
    visualViewport?.addEventListener("resize", () => this.#fitScreen(), { signal });
    this.#ticking = setInterval(() => this.#tick(), 1000);
    this.#conversation?.resume();
  }

  disconnectedCallback(): void {
    this.#away.abort();
    clearInterval(this.#ticking);
    this.#conversation?.suspend();
  }

  attributeChangedCallback(): void {
    this.#paint();
  }

  /** Opens the panel (a page is always open) and begins the conversation. */
  open(): void {
    this.#start();
    const dialog = this.#dialog;
    if (!dialog || dialog.open) return;
    if (phone.matches) dialog.showModal();
    else dialog.show();
    memory.keepOpen(this.#key, true);
    this.#schedule();
    this.#view?.focus();
    this.#tell("open", null);
  }

  close(): void {
    this.#dialog?.close();
  }

  /** Says something in the customer's name. */
  send(text: string): void {
    this.open();
    if (text.trim()) this.#conversation?.send(text.trim());
  }

  get #key(): string {
    return `handled:${this.getAttribute("tenant-key") ?? ""}`;
  }

  #build(): void {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet, this.#colors, this.#screen];
    const client = createClient(this.getAttribute("api") || origin, this.getAttribute("tenant-key") ?? "");
    const conversation = createConversation(
      client,
      this.#key,
      (state) => this.#changed(state),
      (text) => this.#view?.composer.write(text),
    );
    const asPage = this.getAttribute("mode") === "page";
    this.#conversation = conversation;
    this.#view = createView(this.#actions(conversation), asPage ? null : () => this.close());
    this.#view.render(conversation.state());
    this.#paint();
    if (asPage) {
      root.append(this.#view.element);
      this.#start();
    } else {
      root.append(this.#buildPanel(this.#view));
      // The attribute, not show(): coming back to the page must not take the focus away from it.
      if (memory.wasOpen(this.#key) && !phone.matches) this.#dialog?.setAttribute("open", "");
      if (this.#dialog?.open || memory.recall(this.#key)) this.#start();
    }
  }

  #buildPanel(view: View): HTMLElement {
    const badge = h("span", { class: "badge", hidden: true });
    const toggle = (): void => (this.#dialog?.open ? this.close() : this.open());
    const launcher = h(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", "aria-label": texts.launch, onclick: toggle },
      icon(ICONS.chat),
      icon(ICONS.close),
      badge,
    );
    const dialog = h("dialog", { class: "panel", "aria-labelledby": "name" }, view.element);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.isComposing) this.close();
    });
    dialog.addEventListener("close", () => {
      memory.keepOpen(this.#key, false);
      this.#seen = this.#count();
      launcher.focus();
      this.#schedule();
      this.#tell("close", null);
    });
    this.#launcher = launcher;
    this.#dialog = dialog;
    return h("section", { "aria-label": texts.chat }, launcher, dialog);
  }

  #actions(conversation: Conversation): Parameters<typeof createView>[0] {
    const { update, state } = conversation;
    return {
      get locale() {
        return state().business?.locale;
      },
      get businessName() {
        return state().business?.name ?? "";
      },
      send: conversation.send,
      resend: conversation.resend,
      confirm: conversation.confirm,
      reject: conversation.reject,
      change: (id) => update((s) => patchProposal(s, id, { changing: true })),
      expire: (id) => update((s) => expire(s, id)),
      restart: () => void conversation.start(),
    };
  }

  #start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#conversation?.start();
  }

  #changed(state: State): void {
    const booked = state.receipts.at(-1);
    if (booked && booked !== this.#booked) this.#tell("booked", booked);
    this.#booked = booked;
    this.#schedule();
  }

  #booked: State["receipts"][number] | undefined;

  #tell(what: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(`handled:${what}`, { bubbles: true, composed: true, detail }));
  }

  #schedule(): void {
    // A hidden tab draws no frames, but its screen reader and its title still want the news.
    if (this.#frame) return;
    this.#frame = 1;
    const draw = (): void => {
      this.#frame = 0;
      const state = this.#conversation?.state();
      if (!state) return;
      this.#paint(state);
      this.#view?.render(state);
      this.#showUnread();
    };
    if (document.hidden) setTimeout(draw, 50);
    else requestAnimationFrame(draw);
  }

  #tick(): void {
    this.#view?.tick();
    if (this.#conversation?.state().entries.some((e) => e.retryAt && e.status === "unsent")) this.#schedule();
  }

  #count(): number {
    const entries = this.#conversation?.state().entries ?? [];
    return entries.filter((e) => e.role !== "customer" && e.status === "done").length;
  }

  #showUnread(): void {
    const badge = this.#launcher?.querySelector<HTMLElement>(".badge");
    if (!badge) return;
    if (this.#dialog?.open || !this.#seen) this.#seen = this.#count();
    const n = this.#count() - this.#seen;
    badge.hidden = n <= 0;
    badge.textContent = n > 0 ? String(n) : "";
    const label = n > 0 ? `${texts.launch} (${fill(texts.unread, { n })})` : texts.launch;
    this.#launcher?.setAttribute("aria-expanded", String(this.#dialog?.open));
    this.#launcher?.setAttribute("aria-label", this.#dialog?.open ? texts.close : label);
  }

  #paint(state = this.#conversation?.state()): void {
    const wanted = this.getAttribute("accent") || state?.business?.branding?.color || "";
    if (wanted === this.#painted) return;
    this.#painted = wanted;
    this.#colors.replaceSync(accentSheet(parseColor(wanted)));
  }

  #painted: string | null = null;

  /** A phone's keyboard covers the page without resizing it: the chat then takes what is left to see. */
  #fitScreen(): void {
    const seen = visualViewport;
    const covered = !!seen && seen.scale === 1 && innerHeight - seen.height > 120;
    this.#screen.replaceSync(covered ? `:host{--seen:${Math.round(seen.height)}px}` : "");
  }
}

if (!customElements.get("handled-chat")) customElements.define("handled-chat", HandledChat);

const tenant = script?.dataset["tenant"];
if (tenant) {
  const { api, accent } = script.dataset;
  const place = (): void => {
    document.body.append(h("handled-chat" as "div", { "tenant-key": tenant, mode: "panel", api, accent }));
  };
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place, { once: true });
}

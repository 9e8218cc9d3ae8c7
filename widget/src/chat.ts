/** One chat in its element: the conversation, what is seen of it, and the panel around it. */

import { createClient } from "./client.ts";
import { accentSheet, parseColor } from "./colors.ts";
import { start, type Conversation } from "./conversation.ts";
import { deliver, say } from "./delivery.ts";
import { button, h, icon } from "./dom.ts";
import type { Contact } from "./forms.ts";
import { keep, recall } from "./memory.ts";
import { askForPerson, rate, thumb } from "./opinions.ts";
import { confirm, reject } from "./settling.ts";
import { emptyState, type State } from "./store.ts";
import { texts } from "./texts.ts";
import { createView } from "./view.ts";
import css from "./widget.css";

export interface Chat {
  appear(): void;
  disappear(): void;
  /** Opens the panel (a page is always open) and begins the conversation. */
  open(): void;
  close(): void;
  /** Says something in the customer's name. */
  send(text: string): void;
  /** What the page believes about the customer: offered in fields, proof of nothing. */
  identify(contact: Contact): void;
}

const phone = matchMedia("(max-width: 640px)");

export function mount(host: HTMLElement, base: string, language: string): Chat {
  const attribute = (name: string): string => host.getAttribute(name) ?? "";
  const tenant = attribute("tenant-key");
  const storageKey = attribute("storage") === "memory" ? "" : `handled:${tenant}`;
  const asPage = attribute("mode") === "page";
  const hint: Contact = {};
  const state: State = { ...emptyState(), news: [], wishing: false };
  let drawing = false;
  let away = new AbortController();
  let painted: string | undefined;
  let seen = 0;

  const talk: Conversation = {
    client: createClient(base, tenant),
    store: state,
    storageKey,
    language,
    stop: new AbortController(),
    awaiting: 0,
    turnstile: Promise.resolve(),
    changed: draw,
    draft: (text) => view.composer.write(text),
  };
  talk.stop.abort();

  const view = createView(
    state,
    {
      hint,
      send: (content, shown) => say(talk, content, shown),
      resend: (entry) => deliver(talk, entry),
      confirm: (entry) => void confirm(talk, entry),
      reject: (entry) => void reject(talk, entry),
      restart: () => void start(talk),
      thumb: (entry, given) => thumb(talk, entry, given),
      rate: (values) => rate(talk, values),
      askForPerson: (wish) => askForPerson(talk, wish),
      wish(open) {
        state.wishing = open;
        draw();
      },
    },
    asPage ? null : close,
  );
  const badge = h("span.unread");
  const dialog = h<HTMLDialogElement>("dialog.panel", { "aria-labelledby": "name" }, !asPage && view.element);
  const launcher = button(".launcher", open, icon("chat"), badge);
  const [common, own] = [new CSSStyleSheet(), new CSSStyleSheet()];
  const root = host.attachShadow({ mode: "open" });
  common.replaceSync(css);
  root.adoptedStyleSheets = [common, own];
  root.append(asPage ? view.element : h("section", { "aria-label": texts.launch }, launcher, dialog));

  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) close();
  });
  dialog.addEventListener("close", () => {
    keep(storageKey, { open: false });
    launcher.hidden = false;
    launcher.focus();
    draw();
    tell("close");
  });
  // The attribute, not show(): coming back to the page must not take the focus away from it.
  if (recall(storageKey).open && !phone.matches) dialog.open = true;

  function tell(what: string, detail?: unknown): void {
    host.dispatchEvent(new CustomEvent(`handled:${what}`, { bubbles: true, composed: true, detail }));
  }

  /** Begins, or goes on after a pause; a closed panel without a conversation waits to be opened. */
  function resume(): void {
    if (talk.stop.signal.aborted && (asPage || dialog.open || recall(storageKey).session)) void start(talk);
  }

  function open(): void {
    if (asPage || dialog.open) return;
    if (phone.matches) dialog.showModal();
    else dialog.show();
    keep(storageKey, { open: true });
    resume();
    draw();
    view.focus();
    tell("open");
  }

  function close(): void {
    dialog.close();
  }

  /** Draws once for all changes of a moment. A hidden tab has no frames, but its screen reader wants the news. */
  function draw(): void {
    if (drawing) return;
    drawing = true;
    if (document.hidden) setTimeout(drawNow);
    else requestAnimationFrame(drawNow);
  }

  function drawNow(): void {
    drawing = false;
    const accent = attribute("accent") || state.business?.branding?.color || "";
    if (accent !== painted) own.replaceSync(accentSheet(parseColor(accent)));
    painted = accent;
    view.render();
    drawLauncher();
    for (const [name, detail] of state.news.splice(0)) tell(name, detail);
  }

  function drawLauncher(): void {
    const count = state.thread.filter((e) => e.role !== "customer" && e.status === "done").length;
    if (dialog.open || !seen) seen = count;
    const n = count - seen;
    badge.textContent = n > 0 ? `${n}` : "";
    launcher.setAttribute("aria-label", n > 0 ? `${texts.launch} (${n})` : texts.launch);
    launcher.hidden = dialog.open;
  }

  return {
    identify: (contact) => Object.assign(hint, contact),
    open,
    close,
    send(text) {
      open();
      say(talk, text);
    },
    appear() {
      away.abort();
      const { signal } = (away = new AbortController());
      // Once a second: something may count down.
      const timer = setInterval(draw, 1000);
      signal.addEventListener("abort", () => clearInterval(timer));
      addEventListener("online", draw, { signal });
      addEventListener("offline", draw, { signal });
      draw();
      resume();
    },
    disappear() {
      away.abort();
      talk.stop.abort();
    },
  };
}

/** Draws the state: header, conversation, composer. Knows nothing of the network. */

import { cardElement, chips, receiptCard, type Actions } from "./cards.ts";
import { createComposer, type Composer } from "./composer.ts";
import { createList, h, icon, ICONS, type Item } from "./dom.ts";
import { countdown } from "./format.ts";
import { messageItem, stampItem } from "./messages.ts";
import { proposalCard } from "./proposal_card.ts";
import { looseReceipts } from "./proposals.ts";
import { createScroll } from "./scroll.ts";
import { serverNow, type Entry, type State } from "./state.ts";
import { openQuestion } from "./store.ts";
import { fill, texts } from "./texts.ts";

export interface ViewActions extends Actions {
  resend(key: string): void;
  restart(): void;
  /** A proposal's time is over on the clock shown to the customer. */
  expire(proposalId: string): void;
}

export interface View {
  readonly element: HTMLElement;
  readonly composer: Composer;
  render(state: State): void;
  focus(): void;
  /** Once a second while something counts down; returns whether anything does. */
  tick(): void;
}

const coarse = matchMedia("(pointer: coarse)");

export function createView(actions: ViewActions, close: (() => void) | null): View {
  const header = createHeader(close);
  const items = h("div", { class: "items" });
  const log = h("div", { class: "log", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: 0 }, items);
  const status = h("div", { class: "sr", role: "status" });
  const banner = h("p", { class: "banner", hidden: true });
  const foot = h("p", { class: "foot" }, texts.foot);
  const scroll = createScroll(log, items);
  const composer = createComposer((text) => {
    scroll.pin();
    actions.send(text);
  });
  const draw = createList(items);
  const element = h(
    "div",
    { class: "chat" },
    header.element,
    banner,
    h("div", { class: "middle" }, log, scroll.jump),
    composer.element,
    foot,
    status,
  );
  let state: State;
  let spoken = 0;

  const cardActions: Actions = {
    ...actions,
    get locale() {
      return actions.locale;
    },
    get businessName() {
      return actions.businessName;
    },
    send(content, shown) {
      scroll.pin();
      // On a touch screen the keyboard would cover what comes next.
      if (coarse.matches) log.focus();
      else composer.focus();
      actions.send(content, shown);
    },
    change(proposalId) {
      actions.change(proposalId);
      composer.hint(texts.writeChange);
      composer.focus();
    },
  };

  const showBanner = (): void => {
    const text = !navigator.onLine ? texts.offline : state.broken ? texts.reconnecting : "";
    if (banner.textContent !== text) banner.textContent = text;
    banner.hidden = !text;
  };

  return {
    element,
    composer,
    render(next) {
      const first = !state;
      state = next;
      element.setAttribute("data-phase", state.phase);
      header.render(state);
      draw(timeline(state, cardActions, actions));
      const question = openQuestion(state);
      composer.ask(question.expects);
      composer.enable(state.phase !== "failed");
      foot.textContent = state.handledBy === "staff" ? texts.footTeam : texts.foot;
      showBanner();
      scroll.follow();
      this.tick();
      if (state.spoken.n !== spoken) {
        spoken = state.spoken.n;
        if (!first) status.textContent = state.spoken.text;
      }
    },
    focus() {
      if (coarse.matches) log.focus();
      else composer.focus();
    },
    tick() {
      for (const waiting of items.querySelectorAll<HTMLElement>("[data-until]")) {
        const left = Number(waiting.dataset["until"]) - Date.now();
        const text = fill(waiting.dataset["text"] ?? "", { left: countdown(left), s: Math.max(0, Math.ceil(left / 1000)) });
        if (waiting.textContent !== text) waiting.textContent = text;
        waiting.classList.toggle("soon", left < 60_000);
      }
      for (const { proposal, status: at, busy } of state?.proposals ?? []) {
        const over = Date.parse(proposal.expiresAt) <= serverNow(state, Date.now());
        if (at === "pending" && !busy && over) actions.expire(proposal.proposalId);
      }
    },
  };
}

function createHeader(close: (() => void) | null): { element: HTMLElement; render(state: State): void } {
  const avatar = h("div", { class: "avatar", "aria-hidden": "true" });
  const name = h("strong", { class: "name", id: "name", dir: "auto" });
  const role = h("span", { class: "role" }, texts.assistant);
  const element = h("header", { class: "top" }, avatar, h("div", { class: "who" }, name, role));
  if (close) {
    element.append(
      h("button", { type: "button", class: "icon", "aria-label": texts.close, onclick: close }, icon(ICONS.close)),
    );
  }
  let shown = "";
  return {
    element,
    render({ business, handledBy }) {
      role.textContent = handledBy === "staff" ? texts.withTeam : texts.assistant;
      const logo = business?.branding?.logoUrl;
      if (!business || shown === business.name + logo) return;
      shown = business.name + logo;
      name.textContent = business.name;
      const initial = [...business.name.trim()][0] ?? "";
      avatar.textContent = initial.toLocaleUpperCase();
      if (!logo || !/^(https?:|data:image\/|\/)/.test(logo)) return;
      const image = h("img", { src: logo, alt: "", onload: () => avatar.replaceChildren(image) });
    },
  };
}

/** Everything that stands in the conversation, in order. */
function timeline(state: State, actions: Actions, view: ViewActions): Item[] {
  const items: Item[] = [];
  let before: Entry | undefined;
  for (const entry of state.entries) {
    items.push(...stampItem(before, entry, actions.locale), ...messageItem(entry, state, view.resend));
    items.push(...cardItems(entry, actions), ...attachedItems(entry.key, state, actions));
    before = entry;
  }
  items.push(...attachedItems(null, state, actions), ...phaseItems(state, view));
  const { choices } = openQuestion(state);
  if (choices.length && state.phase === "ready") {
    items.push({ key: "chips", deps: [choices], build: () => chips(choices, actions) });
  }
  return items;
}

function cardItems(entry: Entry, actions: Actions): Item[] {
  return entry.cards.flatMap((card, at) => {
    if (card.kind === "receipt") return [receiptItem(card, actions)];
    const built = (): HTMLElement => cardElement(card, actions) ?? h("div", { hidden: true });
    return [{ key: `${entry.key}/${at}`, deps: [card], build: built }];
  });
}

function receiptItem({ receipt, booking }: Parameters<typeof receiptDeps>[0], actions: Actions): Item {
  return {
    key: `receipt/${receipt.receiptId}`,
    deps: receiptDeps({ receipt, booking }),
    build: () => receiptCard(receipt, booking, actions),
  };
}

function receiptDeps({ receipt, booking }: Pick<State["receipts"][number], "receipt" | "booking">): unknown[] {
  return [receipt.receiptId, booking?.status];
}

/** Proposals and receipts that hang below one entry. */
function attachedItems(anchor: string | null, state: State, actions: Actions): Item[] {
  const here = <T extends { anchor: string | null }>(all: T[]): T[] => all.filter((one) => one.anchor === anchor);
  const proposals = here(state.proposals).map((entry): Item => {
    const endsAt = Date.parse(entry.proposal.expiresAt) - (serverNow(state, 0) || 0);
    return {
      key: `proposal/${entry.proposal.proposalId}`,
      deps: [entry, Math.round(endsAt / 5000)],
      build: () => proposalCard(entry, endsAt, actions),
    };
  });
  return [...proposals, ...here(looseReceipts(state)).map((one) => receiptItem(one, actions))];
}

function phaseItems(state: State, actions: ViewActions): Item[] {
  if (state.phase === "starting" && !state.entries.length) {
    const bone = (): HTMLElement => h("div", { class: "bone" });
    const build = (): HTMLElement => h("div", { class: "bones", role: "img", "aria-label": texts.starting }, bone(), bone());
    return [{ key: "starting", deps: [], build }];
  }
  if (state.phase !== "failed") return [];
  const build = (): HTMLElement =>
    h(
      "div",
      { class: "failed", role: "alert" },
      h("p", {}, state.problem),
      h("button", { type: "button", class: "button", onclick: () => actions.restart() }, texts.retry),
    );
  return [{ key: "failed", deps: [state.problem], build }];
}

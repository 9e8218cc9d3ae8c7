/** Draws the state: header, conversation, composer. Knows nothing of the network. */

import { cardElement, chips, type Surroundings } from "./cards.ts";
import { createComposer, type Composer } from "./composer.ts";
import { button, createList, h, icon, type Item } from "./dom.ts";
import { countdown } from "./format.ts";
import { messageItem, progress } from "./messages.ts";
import { proposalCard, type ProposalActions } from "./proposal_card.ts";
import { createScroll } from "./scroll.ts";
import { bookingsIn, openQuestion, present, serverNow, type Entry, type State } from "./store.ts";
import * as texts from "./texts.ts";
import { fill } from "./texts.ts";

export interface Actions extends Omit<ProposalActions, "change"> {
  send(content: string, shown?: string): void;
  resend(entry: Entry): void;
  restart(): void;
}

export interface View {
  readonly element: HTMLElement;
  readonly composer: Composer;
  render(): void;
  focus(): void;
}

/** `close` is the panel's; a page has none. */
export function createView(state: State, actions: Actions, close: (() => void) | null): View {
  const header = createHeader(state, close);
  const items = h("div.items");
  const log = h("div.log", { role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: 0 }, items);
  const status = h("div.sr", { role: "status" });
  const banner = h("p.banner");
  const foot = h("p.foot");
  const scroll = createScroll(log, items);
  const focus = (): void => {
    // On a touch screen the keyboard would cover what comes next.
    if (matchMedia("(pointer: coarse)").matches) log.focus({ preventScroll: true });
    else composer.focus();
  };
  const composer = createComposer((text) => {
    scroll.pin();
    actions.send(text);
  });
  const around: Surroundings = {
    get business() {
      return state.business;
    },
    present: (booking) => present(state, booking),
    send(content, shown) {
      scroll.pin();
      focus();
      actions.send(content, shown);
    },
  };
  const asked: ProposalActions = {
    ...actions,
    change(entry) {
      entry.changing = true;
      render();
      composer.focus();
    },
  };
  const draw = createList(items);
  const middle = h("div.middle", log, scroll.jump);
  const element = h("div.chat", header.element, banner, middle, composer.element, foot, status);

  const render = (): void => {
    const { handledBy, broken, proposals, unspoken } = state;
    const { choices, expects } = openQuestion(state);
    header.render();
    draw(timeline(state, choices, asked, actions, around));
    composer.ask(expects, proposals.some((p) => p.changing) && texts.changeWhat);
    foot.textContent = handledBy === "staff" ? texts.footTeam : texts.foot;
    banner.textContent = navigator.onLine ? (broken ? texts.reconnecting : "") : texts.offline;
    tick(items, serverNow(state));
    scroll.follow();
    if (unspoken) status.textContent = unspoken;
    state.unspoken = "";
  };
  return { element, composer, render, focus };
}

/** Everything that counts down says how long still. */
function tick(items: HTMLElement, now: number): void {
  for (const element of items.querySelectorAll<HTMLElement>("[data-until]")) {
    const { until, text = "" } = element.dataset;
    const s = Math.max(0, Math.ceil((Number(until) - now) / 1000));
    element.textContent = s ? fill(text, { s, left: countdown(s) }) : "";
    element.classList.toggle("soon", s < 60);
  }
}

function createHeader(state: State, close: (() => void) | null): { element: HTMLElement; render(): void } {
  const avatar = h("div.avatar", { "aria-hidden": "true" });
  const name = h("b", { id: "name" });
  const role = h("small");
  const x = close && button("icon", close, { "aria-label": texts.close }, icon("close"));
  let drawn: State["business"] = null;
  return {
    element: h("header.top", avatar, h("div.who", name, role), x),
    render() {
      const { business, handledBy } = state;
      role.textContent = handledBy === "staff" ? texts.team : texts.assistant;
      if (!business || drawn === business) return;
      drawn = business;
      name.textContent = business.name;
      avatar.textContent = ([...business.name.trim()][0] ?? "").toUpperCase();
      const src = business.branding?.logoUrl;
      const image = h("img", { src, alt: "", onload: () => avatar.replaceChildren(image) });
    },
  };
}

/** Everything that stands in the conversation, in order. */
function timeline(
  state: State,
  choices: State["entries"][number]["choices"],
  asked: ProposalActions,
  actions: Actions,
  around: Surroundings,
): Item[] {
  const { entries, phase, problem } = state;
  const now = serverNow(state);
  const paying = new Set<string>();
  const items = entries.flatMap((entry) => [
    ...messageItem(entry, actions.resend, now),
    ...cardItems(entry, around, paying),
    ...proposalItems(entry, state, asked),
  ]);
  if (phase === "starting" && !entries.length) {
    items.push({ key: phase, deps: [], build: () => h("div.row.agent", progress("", true)) });
  }
  if (phase === "failed") {
    const again = (): HTMLElement => button("button", actions.restart, texts.retry);
    const build = (): HTMLElement => h("div.stuck", { role: "alert" }, h("p", problem), again());
    items.push({ key: phase, deps: [problem], build });
  }
  if (phase === "ready" && choices.length) {
    items.push({ key: "chips", deps: [choices], build: () => chips(choices, around) });
  }
  return items;
}

/** A payment is shown once, where it was asked for; `paying` are the bookings it was shown for. */
function cardItems({ key, cards }: Entry, around: Surroundings, paying: Set<string>): Item[] {
  return cards.flatMap((card, at) => {
    const about = bookingsIn(card);
    if (card.kind === "payment") {
      const { bookingId } = card.booking;
      if (paying.has(bookingId)) return [];
      paying.add(bookingId);
    }
    const deps = [card, ...about.map(around.present)];
    return { key: `${key}/${at}`, deps, build: () => cardElement(card, around) };
  });
}

function proposalItems({ key }: Entry, state: State, asked: ProposalActions): Item[] {
  return state.proposals
    .filter(({ anchor }) => anchor === key)
    .map((entry) => {
      const { proposal, status, busy, problem } = entry;
      // Whether or not the server has said so yet.
      if (Date.parse(proposal.expiresAt) <= serverNow(state) && status === "pending" && !busy) entry.status = "expired";
      const deps = [proposal.previewHash, entry.status, busy, problem];
      return { key: proposal.proposalId, deps, build: () => proposalCard(entry, asked) };
    });
}

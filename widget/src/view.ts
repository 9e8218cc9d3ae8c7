/** Draws the state: header, conversation, composer. Knows nothing of the network. */

import { cardElement, chips, type Surroundings } from "./cards.ts";
import { createComposer, type Composer } from "./composer.ts";
import { button, createList, h, icon, type Item } from "./dom.ts";
import { countdown, dayOf } from "./format.ts";
import { personCard, ratingCard, type Contact, type Told } from "./forms.ts";
import { messageItem, progress, thumbsItem } from "./messages.ts";
import { proposalCard, type ProposalActions } from "./proposal_card.ts";
import { createScroll } from "./scroll.ts";
import { bookingsIn, openQuestion, present, serverNow, type Entry, type State, type Thumb } from "./store.ts";
import { fill, texts } from "./texts.ts";

export interface Actions extends Omit<ProposalActions, "change"> {
  send(content: string, shown?: string): void;
  resend(entry: Entry): void;
  restart(): void;
  thumb(entry: Entry, thumb: Thumb): void;
  rate(values: Record<string, string>): Told;
  askForPerson(wish: object): Told;
  /** Opens or closes the form that asks for a person. */
  wish(open: boolean): void;
  /** What the page believes about the customer. */
  readonly hint: Contact;
}

export interface View {
  readonly element: HTMLElement;
  readonly composer: Composer;
  render(): void;
  focus(): void;
}

/** `close` is the panel's; a page has none. */
export function createView(state: State, actions: Actions, close: (() => void) | null): View {
  const header = createHeader(state, close, () => {
    actions.wish(true);
    render();
    items.querySelector<HTMLElement>(".person textarea")?.focus();
  });
  const items = h("div.items");
  const log = h("div.log", { role: "log", "aria-live": "off", "aria-label": texts.launch, tabindex: 0 }, items);
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
  const element = h("div.chat", header.element, banner, log, composer.element, foot, status);

  const render = (): void => {
    const { handledBy, broken, proposals, unspoken } = state;
    const { choices, expects } = openQuestion(state);
    header.render();
    draw(timeline(state, choices, asked, actions, around));
    composer.ask(expects, actions.hint, proposals.some((p) => p.changing) && texts.changeWhat);
    foot.textContent = handledBy === "staff" ? "" : texts.foot;
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
    element.textContent = s ? fill(text, { left: countdown(s) }) : "";
    element.classList.toggle("soon", s < 60);
  }
}

function createHeader(
  state: State,
  close: (() => void) | null,
  wish: () => void,
): { element: HTMLElement; render(): void } {
  const avatar = h("div.avatar", { "aria-hidden": "true" });
  const name = h("b", { id: "name" });
  const role = h("small");
  const person = button(".icon", wish, { "aria-label": texts.person, title: texts.person }, icon("person"));
  const x = close && button(".icon", close, { "aria-label": texts.close }, icon("close"));
  return {
    element: h("header.top", avatar, h("div.who", name, role), person, x),
    render() {
      const { business, handledBy, staffName, phase } = state;
      const byStaff = handledBy === "staff";
      role.textContent = byStaff ? fill(texts.talking, { name: staffName || texts.team }) : texts.assistant;
      person.hidden = byStaff || phase !== "ready";
      if (!business || name.textContent) return;
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
  choices: State["thread"][number]["choices"],
  asked: ProposalActions,
  actions: Actions,
  around: Surroundings,
): Item[] {
  const { thread: entries, phase, problem, thumbs, bookings, wishing, asked: rateAfter, rated } = state;
  const paying = new Set<string>();
  let day = "";
  const items = entries.flatMap((entry) => {
    const { key, at } = entry;
    const before = day;
    day = at ? dayOf(at) : day;
    const said = day;
    return [
      ...(before && before !== day ? [{ key: `${key}@`, deps: [], build: () => h("p.system", said) }] : []),
      ...messageItem(entry, actions.resend),
      ...thumbsItem(entry, thumbs[entry.messageId], actions.thumb),
      ...cardItems(entry, around, paying),
      ...proposalItems(entry, state, asked),
      ...(key === rateAfter ? [{ key: "rating", deps: [rated], build: () => ratingCard(rated, actions.rate) }] : []),
    ];
  });
  if (phase === "starting" && !entries.length) {
    items.push({ key: phase, deps: [], build: () => h("div.row.agent", progress("", true)) });
  }
  if (phase === "failed") {
    const again = (): HTMLElement => button(".button", actions.restart, texts.retry);
    const build = (): HTMLElement => h("div.stuck", { role: "alert" }, h("p", problem), again());
    items.push({ key: phase, deps: [problem], build });
  }
  if (wishing) {
    const known = Object.values(bookings).some(({ customer }) => customer?.email);
    const cancel = (): void => actions.wish(false);
    const build = (): HTMLElement => personCard(known, actions.hint, actions.askForPerson, cancel);
    items.push({ key: "person", deps: [], build });
  }
  if (phase === "ready" && choices.length && !wishing) {
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

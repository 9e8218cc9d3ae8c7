/** The card a customer confirms: the server's preview, its short code, how long it holds, and two buttons. */

import { lineList } from "./cards.ts";
import { button, h, icon } from "./dom.ts";
import { yourTime } from "./format.ts";
import type { ProposalEntry } from "./store.ts";
import { fill, texts } from "./texts.ts";
import type { ProposalStatus } from "./wire.ts";

export interface ProposalActions {
  confirm(entry: ProposalEntry): void;
  reject(entry: ProposalEntry): void;
  change(entry: ProposalEntry): void;
}

/** What the two buttons say for what changes a booking; the second one rejects. */
function decisions(operation: string): [string, string] | undefined {
  if (operation === "cancel") return [texts.cancel, texts.keep];
  return operation === "reschedule" ? [texts.move, texts.notNow] : undefined;
}

export function proposalCard(entry: ProposalEntry, actions: ProposalActions): HTMLElement {
  const { proposal, status, problem } = entry;
  const { title, lines = [], policy, date, time = null, timezone = "" } = proposal.preview;
  const pending = status === "pending";
  const shown = lines.filter((line) => line !== title && line !== policy);
  return h(
    `article.card.proposal.${status}.${proposal.operation}`,
    { "aria-label": title, tabindex: -1 },
    pending && h("p.caption", texts.check),
    h("h2", { dir: "auto" }, title),
    status !== "executed" && lineList(shown),
    pending && date && h("p.yours", yourTime({ date, time }, timezone)),
    pending && policy && h("p.policy", { dir: "auto" }, policy),
    ...(pending ? decision(entry, (name) => actions[name](entry)) : [outcome(status)]),
    pending && problem && h("p.problem", problem),
  );
}

function outcome(status: Exclude<ProposalStatus, "pending">): HTMLElement {
  const sign = status === "executed" ? "check" : "close";
  const outcomes = {
    executed: texts.executed,
    rejected: texts.rejected,
    expired: texts.expired,
    superseded: texts.superseded,
    failed: texts.failed,
  };
  return h("p.outcome", icon(sign), outcomes[status]);
}

function decision({ busy, proposal }: ProposalEntry, act: (name: keyof ProposalActions) => void): HTMLElement[] {
  const { operation, code, expiresAt } = proposal;
  const decided = decisions(operation);
  const [yes, no] = decided ?? [texts.confirm, texts.change];
  const confirm = button(
    ".button.primary",
    () => act("confirm"),
    { name: "confirm", "aria-disabled": busy && "true" },
    yes,
  );
  const other = button(".button", () => act(decided ? "reject" : "change"), { name: "change" }, no);
  const held = h("span", { "data-until": Date.parse(expiresAt), "data-text": texts.left });
  const [before, after] = fill(texts.orCode, { code: "\n" }).split("\n");
  return [
    h("div.buttons", confirm, other),
    h("p.meta", held, code && h("span", before, h("b", code), after)),
  ];
}

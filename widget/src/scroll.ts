/** Follows the conversation down while the customer is at its end, and never past the beginning of the newest message. */

import { button, icon } from "./dom.ts";
import * as texts from "./texts.ts";

const NEAR_PX = 64;
const MARGIN_PX = 16;

export interface Scroll {
  readonly jump: HTMLElement;
  follow(): void;
  /** From now on, follow. */
  pin(): void;
}

export function createScroll(log: HTMLElement, items: HTMLElement): Scroll {
  let pinned = true;
  let ours = 0;
  const left = (): number => log.scrollHeight - log.clientHeight - log.scrollTop;
  const pin = (): void => {
    pinned = true;
  };

  const jump = button(
    "jump",
    () => {
      pin();
      log.scrollTop += left();
      log.focus({ preventScroll: true });
    },
    { "aria-label": texts.latest, hidden: true },
    icon("down"),
  );

  const follow = (): void => {
    const newest = [...items.querySelectorAll<HTMLElement>(".row")].at(-1);
    if (pinned && newest) {
      const toNewest = newest.offsetTop - MARGIN_PX - log.scrollTop;
      log.scrollTop += Math.max(0, Math.min(left(), toNewest));
      ours = log.scrollTop;
    }
    jump.hidden = left() < NEAR_PX * 2;
  };

  log.addEventListener("scroll", () => {
    if (Math.abs(log.scrollTop - ours) > 2) pinned = left() < NEAR_PX;
    jump.hidden = left() < NEAR_PX * 2;
  });
  const observer = new ResizeObserver(follow);
  observer.observe(log);
  observer.observe(items);
  return { jump, follow, pin };
}

/** Follows the conversation down while the customer is at its end, and never past the beginning of the newest answer. */

import { h, icon, ICONS } from "./dom.ts";
import { texts } from "./texts.ts";

const NEAR_PX = 64;
const MARGIN_PX = 16;

export interface Scroll {
  readonly jump: HTMLElement;
  follow(): void;
  pin(): void;
}

export function createScroll(log: HTMLElement, items: HTMLElement): Scroll {
  let pinned = true;
  let ours = 0;
  const bottom = (): number => log.scrollHeight - log.clientHeight;

  const jump = h("button", { type: "button", class: "jump", "aria-label": texts.latest, hidden: true }, icon(ICONS.down));
  jump.addEventListener("click", () => {
    pinned = true;
    log.scrollTo({ top: bottom(), behavior: "smooth" });
    log.focus({ preventScroll: true });
  });

  const showJump = (): void => {
    jump.hidden = bottom() - log.scrollTop < NEAR_PX * 2;
  };

  const follow = (): void => {
    if (pinned) {
      const asked = [...items.querySelectorAll<HTMLElement>(".row.customer")].at(-1);
      const answer = asked?.nextElementSibling as HTMLElement | null | undefined;
      const limit = answer ? answer.offsetTop - items.offsetTop - MARGIN_PX : bottom();
      const top = Math.max(log.scrollTop, Math.min(bottom(), limit));
      if (Math.abs(top - log.scrollTop) > 1) log.scrollTop = top;
      ours = log.scrollTop;
    }
    showJump();
  };

  log.addEventListener("scroll", () => {
    if (Math.abs(log.scrollTop - ours) > 2) pinned = bottom() - log.scrollTop < NEAR_PX;
    showJump();
  });
  const observer = new ResizeObserver(follow);
  observer.observe(log);
  observer.observe(items);

  return {
    jump,
    follow,
    pin() {
      pinned = true;
    },
  };
}

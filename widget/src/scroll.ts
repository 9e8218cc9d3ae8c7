/** Follows the conversation down while the customer is at its end, and never past the beginning of the newest message. */

const NEAR_PX = 64;
const MARGIN_PX = 16;

export interface Scroll {
  follow(): void;
  /** From now on, follow. */
  pin(): void;
}

export function createScroll(log: HTMLElement, items: HTMLElement): Scroll {
  let pinned = true;
  let ours = 0;
  const left = (): number => log.scrollHeight - log.clientHeight - log.scrollTop;

  const follow = (): void => {
    const newest = [...items.querySelectorAll<HTMLElement>(".row")].at(-1);
    if (!pinned || !newest) return;
    log.scrollTop += Math.max(0, Math.min(left(), newest.offsetTop - MARGIN_PX - log.scrollTop));
    ours = log.scrollTop;
  };

  log.addEventListener("scroll", () => {
    if (Math.abs(log.scrollTop - ours) > 2) pinned = left() < NEAR_PX;
  });
  const observer = new ResizeObserver(follow);
  observer.observe(log);
  observer.observe(items);
  return {
    follow,
    pin() {
      pinned = true;
    },
  };
}

/** Building nodes without markup: an element, an icon, and a list kept in step with its data. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | EventListener | null | undefined>;

/** `h("button", {class: "chip", onclick: send}, "Yes")`. Attributes only; functions become listeners; false and null are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return element;
}

export function icon(path: string): SVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(namespace, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

export const ICONS = {
  chat: "M20 11.5a7.5 7.5 0 0 1-11 6.6L4 20l1.9-4.6A7.5 7.5 0 1 1 20 11.5Z",
  close: "M6 6l12 12M18 6 6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  calendar: "M7 3v4M17 3v4M4 10h16M5 5h14a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  clock: "M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
};

export interface Item {
  key: string;
  /** The item is drawn again when one of these is another object or value. */
  deps: readonly unknown[];
  build(): HTMLElement;
  /** Draws the change in place, where building anew would flicker. */
  update?(element: HTMLElement): void;
}

interface Drawn {
  element: HTMLElement;
  deps: readonly unknown[];
}

/** Keeps `parent`'s children equal to the items, touching only what changed. Focus inside a replaced item stays there. */
export function createList(parent: HTMLElement): (items: Item[]) => void {
  let drawn = new Map<string, Drawn>();
  return (items) => {
    const next = new Map<string, Drawn>();
    for (const item of items) next.set(item.key, { element: draw(item, drawn.get(item.key)), deps: item.deps });
    let place: ChildNode | null = parent.firstChild;
    for (const { element } of next.values()) {
      if (element === place) place = place.nextSibling;
      else parent.insertBefore(element, place);
    }
    while (place) {
      const gone: ChildNode = place;
      place = place.nextSibling;
      gone.remove();
    }
    drawn = next;
  };
}

function draw(item: Item, before: Drawn | undefined): HTMLElement {
  if (!before) return item.build();
  if (item.deps.every((dep, at) => Object.is(dep, before.deps[at]))) return before.element;
  if (item.update) {
    item.update(before.element);
    return before.element;
  }
  const active = (before.element.getRootNode() as ShadowRoot).activeElement;
  const hadFocus = before.element.contains(active);
  const name = hadFocus && active?.getAttribute("data-name");
  const after = item.build();
  after.classList.add("still");
  before.element.replaceWith(after);
  if (hadFocus) (name ? after.querySelector<HTMLElement>(`[data-name="${name}"]`) ?? after : after).focus();
  return after;
}

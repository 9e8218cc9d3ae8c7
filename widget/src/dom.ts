/** Building nodes without markup: an element, a button, an icon, and a list kept in step with its data. */

type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/**
 * `h("p.note", {onclick: act}, "Hello")`: the tag with its classes, then attributes, listeners and children in any order.
 * False, null and undefined are left out.
 */
export function h<E extends HTMLElement = HTMLElement>(spec: string, ...parts: (Child | Props)[]): E {
  const [tag = "", ...classes] = spec.split(".");
  const element = document.createElement(tag) as E;
  if (classes.length) element.className = classes.join(" ");
  for (const part of parts) {
    if (part instanceof Node || typeof part === "string") element.append(part);
    else
      for (const [name, value] of Object.entries(part || {})) {
        if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
        else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : `${value}`);
      }
  }
  return element;
}

export function button(kind: string, act: () => void, ...parts: (Child | Props)[]): HTMLButtonElement {
  return h(`button${kind}`, { type: "button", onclick: act }, ...parts);
}

export const ICONS = {
  chat: "M4 5h16v11H9l-5 4Z",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  person: "M4 21c0-8 16-8 16 0M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
  thumb: "M7 11v9H4v-9Zm0 0 4-8q4 1 2 6h6l-2 11H7",
};

export function icon(name: keyof typeof ICONS): Element {
  const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg!.setAttribute("viewBox", "0 0 24 24");
  svg!.setAttribute("aria-hidden", "true");
  path!.setAttribute("d", ICONS[name]);
  svg!.append(path!);
  return svg!;
}

export interface Item {
  key: string;
  /** The item is drawn again when one of these is another object or value. */
  deps: unknown[];
  build(): HTMLElement;
}

/** Keeps `parent`'s children equal to the items, touching only what changed. Focus inside a replaced item stays there. */
export function createList(parent: HTMLElement): (items: Item[]) => void {
  let drawn = new Map<string, { element: HTMLElement; deps: unknown[] }>();

  const draw = ({ key, deps, build }: Item): HTMLElement => {
    const before = drawn.get(key);
    if (!before) return build();
    const { element } = before;
    if (deps.every((dep, at) => dep === before.deps[at])) return element;
    const focused = element.querySelector<HTMLElement>(":focus");
    const after = build();
    after.classList.add("still");
    element.replaceWith(after);
    const same = focused && after.querySelector<HTMLElement>(`[name="${focused.getAttribute("name")}"]`);
    if (focused) (same ?? after).focus({ preventScroll: true });
    return after;
  };

  return (items) => {
    drawn = new Map(items.map((item) => [item.key, { element: draw(item), deps: item.deps }]));
    const elements = Array.from(drawn.values(), ({ element }) => element);
    for (const child of [...parent.children] as HTMLElement[]) if (!elements.includes(child)) child.remove();
    elements.forEach((element, at) => {
      const place = parent.children[at] ?? null;
      if (place !== element) parent.insertBefore(element, place);
    });
  };
}

/** One accent colour in, a readable set of colours out, for light and dark surroundings. */

export type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
// The surfaces of widget.css that accent-coloured words stand on.
const LIGHT_SURFACE: Rgb = [255, 255, 255];
const DARK_SURFACE: Rgb = [38, 40, 47];
// Text needs 4.5; the rest is room for tinted backgrounds behind it.
const TEXT = 5.6;
const FALLBACK: Rgb = [45, 91, 227];

export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** White where it is readable (it looks calmer), else black: one of them always reaches 4.5. */
export function textOn(color: Rgb): Rgb {
  return contrast(color, WHITE) >= 4.5 ? WHITE : BLACK;
}

/** The colour, moved away from the surface just as far as the contrast asks. */
export function reach(color: Rgb, surface: Rgb, ratio: number): Rgb {
  const away = luminance(surface) > 0.4 ? BLACK : WHITE;
  for (let step = 0; step <= 50; step += 1) {
    const mixed = color.map((part, at) => Math.round(part + ((away[at] ?? 0) - part) * (step / 50))) as Rgb;
    if (contrast(mixed, surface) >= ratio) return mixed;
  }
  return away;
}

/** Any opaque CSS colour, read by the browser itself; null when it is none. */
export function parseColor(value: string | null | undefined): Rgb | null {
  const pen = value ? document.createElement("canvas").getContext("2d") : null;
  if (!pen || !value) return null;
  const read = ["#000001", "#fffffe"].map((before) => {
    pen.fillStyle = before;
    pen.fillStyle = value;
    return pen.fillStyle;
  });
  const hex = /^#(..)(..)(..)$/.exec(String(read[0]));
  return hex && read[0] === read[1] ? (hex.slice(1).map((part) => parseInt(part, 16)) as Rgb) : null;
}

/** A style sheet's text that sets the colours everything else refers to. */
export function accentSheet(accent: Rgb | null): string {
  const base = accent ?? FALLBACK;
  const css = (surface: Rgb, fillRatio: number): string => {
    const fill = reach(base, surface, fillRatio);
    const rgb = (color: Rgb): string => `rgb(${color.join(" ")})`;
    return `:host{--accent:${rgb(fill)};--on-accent:${rgb(textOn(fill))};--ink:${rgb(reach(base, surface, TEXT))}}`;
  };
  return `${css(LIGHT_SURFACE, 1.4)}@media(prefers-color-scheme:dark){${css(DARK_SURFACE, 1.6)}}`;
}

/** One accent colour in, a readable set of colours out, for light and dark surroundings. */

export type Rgb = [number, number, number];

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
// The darkest surface of widget.css that accent-coloured words do not stand on: everything else is easier to read on.
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
  const ratio = (luminance(a) + 0.05) / (luminance(b) + 0.05);
  return Math.max(ratio, 1 / ratio);
}

/** White where it is readable (it looks calmer), else black: one of them always reaches 4.5. */
export function textOn(color: Rgb): Rgb {
  return contrast(color, WHITE) >= 4.5 ? WHITE : BLACK;
}

/** The colour, moved away from the surface just as far as the contrast asks. */
export function reach(color: Rgb, surface: Rgb, ratio: number): Rgb {
  const away = textOn(surface)[0];
  let mixed = color;
  for (let step = 0; step <= 50 && contrast(mixed, surface) < ratio; step += 1) {
    mixed = color.map((part) => Math.round(part + (away - part) * (step / 50))) as Rgb;
  }
  return mixed;
}

/** "#2f6f5e" as numbers; null for anything else. */
export function parseColor(value: string): Rgb | null {
  const hex = /^#(..)(..)(..)$/
    .exec(value)
    ?.slice(1)
    .map((part) => parseInt(part, 16));
  return hex && !hex.includes(NaN) ? (hex as Rgb) : null;
}

/** A style sheet's text that sets the colours everything else refers to. */
export function accentSheet(accent: Rgb | null): string {
  const css = (surface: Rgb, ratio: number): string => {
    const fill = reach(accent ?? FALLBACK, surface, ratio);
    const ink = reach(accent ?? FALLBACK, surface, TEXT);
    return `:host{--accent:rgb(${fill});--on-accent:rgb(${textOn(fill)});--ink:rgb(${ink})}`;
  };
  return `${css(WHITE, 1.4)}@media(prefers-color-scheme:dark){${css(DARK_SURFACE, 1.6)}}`;
}

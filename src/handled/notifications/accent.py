"""A business's own colour, made readable on light and on dark paper (WCAG contrast)."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOUSE_ACCENT = "#2f5d62"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_READABLE = 4.5
_VISIBLE = 1.7

Rgb = tuple[int, int, int]

_WHITE: Rgb = (255, 255, 255)
_BLACK: Rgb = (22, 21, 20)


@dataclass(frozen=True)
class Tones:
    """Colours as `#rrggbb`, each for light paper and for dark: `fill` with `on_fill` written on it, `ink` for
    text in the accent, `tint` for a quiet background."""

    fill: str
    on_fill: str
    ink: str
    tint: str
    dark_fill: str
    dark_on_fill: str
    dark_ink: str
    dark_tint: str


def tones(colour: str | None, *, paper: str, dark_paper: str) -> Tones:
    """The tones of `colour`; of the house accent when it is absent or not a hex colour."""
    accent = _parse(colour if colour and _HEX.fullmatch(colour.strip()) else HOUSE_ACCENT)
    light, dark = _parse(paper), _parse(dark_paper)
    fill = _until(_VISIBLE, accent, on=light, towards=_BLACK)
    dark_fill = _until(_VISIBLE, accent, on=dark, towards=_WHITE)
    return Tones(
        fill=_text(fill),
        on_fill=_text(_written_on(fill)),
        ink=_text(_until(_READABLE, accent, on=light, towards=_BLACK)),
        tint=_text(_mix(light, accent, 0.08)),
        dark_fill=_text(dark_fill),
        dark_on_fill=_text(_written_on(dark_fill)),
        dark_ink=_text(_until(_READABLE, accent, on=dark, towards=_WHITE)),
        dark_tint=_text(_mix(dark, accent, 0.16)),
    )


def _parse(colour: str) -> Rgb:
    digits = colour.strip().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * d for d in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _text(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _mix(a: Rgb, b: Rgb, share_of_b: float) -> Rgb:
    red, green, blue = (round(x + (y - x) * share_of_b) for x, y in zip(a, b, strict=True))
    return red, green, blue


def _written_on(fill: Rgb) -> Rgb:
    return _WHITE if contrast(fill, _WHITE) >= contrast(fill, _BLACK) else _BLACK


def _until(ratio: float, colour: Rgb, *, on: Rgb, towards: Rgb) -> Rgb:
    steps = (_mix(colour, towards, step / 20) for step in range(21))
    return next((c for c in steps if contrast(c, on) >= ratio), towards)


def contrast(a: Rgb, b: Rgb) -> float:
    """WCAG contrast of two colours: 1 for the same one, 21 for black on white."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Rgb) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

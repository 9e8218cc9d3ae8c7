"""Other people's words, made fit for one line of a mail."""

from __future__ import annotations

import unicodedata

# Marks that reorder the text around them: a name must not rewrite the sentence it stands in.
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_LINE_SEPARATORS = frozenset("\u2028\u2029")
# Joiner, variation selectors, skin tones: parts of the emoji before them.
_PARTS = frozenset("\u200d\ufe0e\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")


def one_line(value: str, longest: int = 200) -> str:
    """`value` without line breaks, control and reordering characters, runs of white space folded, cut to
    `longest` characters with an ellipsis that never splits a letter from its accents."""
    spaced = ("" if c in _REORDERING else " " if _breaks(c) else c for c in value)
    folded = " ".join("".join(spaced).split())
    if len(folded) <= longest:
        return folded
    end = longest - 1
    while end > 0 and _belongs_to_the_one_before(folded, end):
        end -= 1
    return folded[:end].rstrip() + "…"


def quoted_lines(value: str, longest: int = 4000) -> list[str]:
    """What somebody wrote, line by line, each fit for one line; at most `longest` characters of it."""
    lines = [one_line(line, longest) for line in value[:longest].splitlines()]
    kept = [line for line in lines if line]
    if len(value) > longest and kept:
        kept[-1] += "…"
    return kept


def _breaks(character: str) -> bool:
    return character in _LINE_SEPARATORS or unicodedata.category(character) in ("Cc", "Cs")


def _belongs_to_the_one_before(text: str, at: int) -> bool:
    return text[at] in _PARTS or text[at - 1] == "\u200d" or unicodedata.combining(text[at]) != 0

"""Confirmation codes: `BK-` and six characters that nobody mixes up when reading them aloud."""

from __future__ import annotations

import re
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 6
# What people type for a character that the alphabet leaves out; nothing in it looks like the ones left out,
# so these only catch whole look-alike alphabets.
_LOOK_ALIKES = str.maketrans({"А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "К": "K", "М": "M", "Р": "P"})
_SHAPE = re.compile(rf"(?:BK)?([{ALPHABET}]{{{_LENGTH}}})")


def new_codes(count: int = 3) -> list[str]:
    """Fresh candidates from the system's CSPRNG; the first that is unused in its tenant is taken."""
    return ["BK-" + "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)) for _ in range(count)]


def read_code(text: str) -> str | None:
    """The code that somebody typed, however they spaced and cased it: `bk abc 234` → `BK-ABC234`.
    None when it cannot be one."""
    folded = unicodedata.normalize("NFKC", text).upper().translate(_LOOK_ALIKES)
    match = _SHAPE.fullmatch(re.sub(r"[^0-9A-Z]", "", folded))
    return f"BK-{match[1]}" if match else None

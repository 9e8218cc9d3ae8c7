"""The words that a reader sees, whatever they are made of: plain lower-case letters, short forms written out."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Set as AbstractSet

_DRAWN_ALIKE = {
    "a": "аαɑᴀ", "b": "вβʙь", "c": "сϲᴄ", "d": "ԁɗđᴅ", "e": "еєεɛəᴇ", "f": "ƒꜰ", "g": "ɡɢ", "h": "нһηհʜ",
    "i": "іїιıɪ", "j": "јᴊ", "k": "кκᴋ", "l": "ӏłʟⅼ", "m": "мᴍ", "n": "пոɴ", "o": "оοøөօᴏσ", "p": "рρᴘ",
    "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уүγʏ", "z": "ᴢ",
    "'": "’ʼ‘ʹ＇`´",
}  # fmt: skip
_LETTERS = {ord(copy): letter for letter, copies in _DRAWN_ALIKE.items() for copy in copies} | {
    first + offset: chr(ord("a") + offset)
    for first in (0x1F150, 0x1F170, 0x1F1E6)  # letters in dark circles, in dark squares, of flags
    for offset in range(26)
}
_DIGITS_AS_LETTERS = str.maketrans("013457@$", "oieastas")
_UNSEEN = {"Cf", "Mn", "Me", "Cc", "Co"}
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_IN_WORD_MARKUP = re.compile(r"<[^<>\s]*>|[*_~\\]")
_PART = re.compile(r"\d+(?:[.:]\d+)*(?![^\W\d_])|[^\W_]+(?:'[^\W_]+)*|[,;:.!?()]|[–—]|(?<!\S)-+(?!\S)")
_SHORT_FORMS = {
    "can't": "can not", "won't": "will not", "let's": "let us", "youre": "you are", "ive": "i have",
    "thats": "that is", "dont": "do not", "isnt": "is not", "hasnt": "has not", "wasnt": "was not",
}  # fmt: skip
_ENDING = re.compile(r"(?<=.)(n't|'(?:ve|re|m|s|ll|d))$")
_ENDINGS = {
    "n't": "not", "'ve": "have", "'re": "are", "'m": "am", "'s": "is", "'ll": "will", "'d": "would",
}  # fmt: skip


def fold(run: str, known: AbstractSet[str]) -> list[str]:
    """The words and stops of one `run` of characters without a space. Signs inside it, and digits drawn like
    letters, are looked through where that gives one of the `known` words: `boo-ked`, `b00ked`."""
    if run.isascii() and run.isalpha():
        return _SHORT_FORMS.get(run.lower(), run.lower()).split()
    seen = _seen(run)
    whole = re.sub(r"[\W_]", "", seen).translate(_DIGITS_AS_LETTERS)
    if len(whole) > 5 and whole in known:
        return [whole, seen[-1]] if seen[-1] in ".!?,:" else [whole]
    return [word for part in _PART.findall(seen) for word in _written_out(part, known)]


def _seen(run: str) -> str:
    if run.isascii() and run.isprintable() and "&" not in run:
        return _IN_WORD_MARKUP.sub("", run.lower().translate(_LETTERS))
    letters = "".join(
        character
        for character in unicodedata.normalize("NFKD", html.unescape(run)).lower()
        if unicodedata.category(character) not in _UNSEEN and character not in _BLANKS
    )
    return _IN_WORD_MARKUP.sub("", letters.translate(_LETTERS))


def _written_out(part: str, known: AbstractSet[str]) -> list[str]:
    if part in _SHORT_FORMS:
        return _SHORT_FORMS[part].split()
    if ending := _ENDING.search(part):
        return [part[: ending.start()], _ENDINGS[ending[0]]]
    if part[0] in "-–—":
        return ["-"]
    lettered = part.translate(_DIGITS_AS_LETTERS)
    return [lettered if lettered in known and not part.isdecimal() else part]

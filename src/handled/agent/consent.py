"""Is this message consent to the preview just shown? Code decides, before any model sees it.

Every token of the message must belong to a phrase of a closed vocabulary (`agent.consent_words`), and the phrases
together must say one thing. A date, a question, a condition, a name or one unknown word is not in the vocabulary, so
it makes the message an ordinary one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from handled.agent.consent_words import VOCABULARIES, Action, Kind, Vocabulary

Consent = Literal["yes", "no", "other"]

MAX_CHARS = 160
MAX_TOKENS = 24

_FRIENDLY = frozenset({Kind.YES, Kind.ASSENT, Kind.NICE, Kind.THANKS, Kind.FILL})
_REFUSING = frozenset({Kind.NO, Kind.DONE, Kind.THANKS, Kind.FILL})

_SMILEY = re.compile(r"(?<!\S)[:=]-?[)D](?!\S)")
_TRAILS_OFF = re.compile(r"(?:\.\s*\.|…)\W*$")
_PIECE = re.compile(
    r"(?P<token>[^\W\d_]+(?:['’][^\W\d_]+)?|\d+|[\u2600-\u27bf\U0001f170-\U0001faff])"
    r"[\ufe0f\U0001f3fb-\U0001f3ff]*|[\s.,!;:~–—-]+|#(?=\s*\d)"
)


def judge(text: str, code: str, locale: str = "en", *, action: Action = "book") -> Consent:
    """Whether `text`, as a whole, agrees to or refuses the preview of `action` that shows `code`."""
    language = re.split("[-_]", locale.lower())[0]
    language = language if language in VOCABULARIES else "en"
    vocabulary, lexicon = VOCABULARIES[language], _lexicon(language, action)
    tokens = [] if len(text) > MAX_CHARS or _TRAILS_OFF.search(text) else _tokens(text)
    if not set("".join(tokens)) <= lexicon.letters or len(tokens) > MAX_TOKENS:
        return "other"
    spoken = [vocabulary.digits.get(token.lower(), token) for token in tokens]
    for candidate in (tokens, spoken):
        readings = _readings(_spelled(_with_code(candidate, code), vocabulary, lexicon), lexicon)
        verdicts: set[Consent] = {_verdict(kinds) for kinds in readings}
        if verdicts:
            return verdicts.pop() if len(verdicts) == 1 else "other"
    return "other"


def _verdict(kinds: frozenset[Kind]) -> Consent:
    agrees = Kind.YES in kinds or (Kind.ASSENT in kinds and Kind.THANKS not in kinds)
    if agrees and kinds <= _FRIENDLY:
        return "yes"
    return "no" if Kind.NO in kinds and kinds <= _REFUSING else "other"


_Slots = tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True)
class _Lexicon:
    patterns: tuple[tuple[_Slots, Kind], ...]
    words: frozenset[str]
    letters: frozenset[str]


@lru_cache
def _lexicon(language: str, action: Action) -> _Lexicon:
    vocabulary = VOCABULARIES[language]
    groups = (*vocabulary.patterns.items(), *vocabulary.by_action[action].items())
    patterns = tuple((_slots(pattern), kind) for kind, group in groups for pattern in group)
    words = frozenset(word for slots, _ in patterns for slot in slots for choice in slot for word in choice)
    known = "".join((*words, *vocabulary.spelling, *vocabulary.digits, "0123456789"))
    return _Lexicon(patterns, words, frozenset(known + known.upper()))


def _slots(pattern: str) -> _Slots:
    """One tuple of alternatives per slot, each a tuple of words; `()` for a slot that may be absent."""
    return tuple(
        tuple(tuple(choice.split("_")) for choice in slot.removesuffix("?").split("|"))
        + (((),) if slot.endswith("?") else ())
        for slot in pattern.split()
    )


def _ends(slots: _Slots, words: Sequence[str], start: int) -> set[int]:
    """Where in `words` the pattern can end when it begins at `start`."""
    ends = {start}
    for slot in slots:
        ends = {end + len(choice) for end in ends for choice in slot if tuple(words[end : end + len(choice)]) == choice}
    return ends - {start}


def _readings(words: Sequence[str], lexicon: _Lexicon) -> set[frozenset[Kind]]:
    """The kinds met on each way to cut `words` into the fewest known phrases; empty when there is no way.

    The fewest, because the longer phrase is what was meant: "no problem" is not "no".
    """
    if not words or not lexicon.words.issuperset(words):
        return set()
    reached, passed = {0: {frozenset[Kind]()}}, {0}
    while reached and len(words) not in reached:
        further: defaultdict[int, set[frozenset[Kind]]] = defaultdict(set)
        for start, readings in reached.items():
            for slots, kind in lexicon.patterns:
                for end in _ends(slots, words, start) - passed:
                    further[end] |= {kinds | {kind} for kinds in readings}
        reached = dict(further)
        passed |= reached.keys()
    return reached.get(len(words), set())


def _tokens(text: str) -> list[str]:
    """Words, numbers and symbols; empty when anything else than harmless punctuation stands between them."""
    text = _SMILEY.sub(" ", text)
    tokens: list[str] = []
    at = 0
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            return []
        if token := piece["token"]:
            decimals = token.isdecimal()
            tokens.append("".join(str(int(digit)) for digit in token) if decimals else token.replace("’", "'"))
        at = piece.end()
    return tokens


def _with_code(tokens: Sequence[str], code: str) -> list[str]:
    """`tokens` with the code's digits, in one piece or in several, as `#`."""
    at = [index for index, token in enumerate(tokens) if token.isdecimal()]
    together = bool(at) and at == list(range(at[0], at[-1] + 1))
    if together and code and "".join(tokens[at[0] : at[-1] + 1]) == code:
        return [*tokens[: at[0]], "#", *tokens[at[-1] + 1 :]]
    return list(tokens)


def _spelled(tokens: Sequence[str], vocabulary: Vocabulary, lexicon: _Lexicon) -> list[str]:
    """Lower case, short forms and common slips written out, "yesss" as "yes"."""
    words: list[str] = []
    for token in tokens:
        word = token.lower()
        forms = (word, re.sub(r"(.)\1{2,}", r"\1", word), re.sub(r"(.)\1{2,}", r"\1\1", word))
        known = next((form for form in forms if form in vocabulary.spelling or form in lexicon.words), word)
        words.extend(vocabulary.spelling.get(known, (known,)))
    return words

"""Finding what a sentence claims to have happened, while it comes in and when it is complete."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handled.agent.claim_words import ENGLISH, Language
from handled.agent.claim_words_other import FRENCH, GERMAN, SPANISH
from handled.agent.excuses import Claim, excused, located
from handled.agent.folding import fold

# The locale door. The agent answers in the customer's language, whatever the tenant's is: all of them apply.
LANGUAGES = (ENGLISH, SPANISH, GERMAN, FRENCH)
# The receipts that make a claim of each kind true. A moved appointment is booked for its new time.
_PROOFS: Mapping[str, frozenset[str]] = {
    "booked": frozenset({"booked", "paid", "moved"}),
    "standing": frozenset({"booked", "paid", "moved", "moved_held", "held", "found", "found_held", "found_open"}),
    "cancelled": frozenset({"cancelled"}),
    "moved": frozenset({"moved", "moved_held"}),
    "refunded": frozenset({"refunded"}),
    "paid": frozenset({"paid"}),
    "held": frozenset({"held", "moved_held", "found_held", "proposed", "booked", "paid"}),
    "done": frozenset({"booked", "cancelled", "moved", "moved_held", "refunded", "paid"}),
}
# A booking that was looked up also proves what is said of its state, but not that somebody has just made it so.
_FOUND = {"booked": "found", "cancelled": "found_cancelled", "paid": "found_paid"}
_CONFIRMABLE = {"cancellation": "cancelled", "refund": "refunded", "payment": "paid", "change": "moved"}


def _pattern(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(patterns)})(?!\S)")


_CLAIMS = [(language, kind, _pattern(each)) for language in LANGUAGES for kind, each in language.claims.items()]
_SUSPECT = _pattern(
    [each for language in LANGUAGES for group in (*language.claims.values(), language.openings) for each in group]
)
# Every word that a claim is made of: no others need to wait.
_KNOWN = (
    frozenset(re.findall(r"(?<![\\a-z])[a-z][a-z']*", _SUSPECT.pattern))
    .union(*(language.leads for language in LANGUAGES))
    .difference(*(language.endings for language in LANGUAGES))
)
_RUN = re.compile(r"\S+")


@dataclass(frozen=True)
class Word:
    """A folded word, and the index in the sentence where its run of non-spaces begins."""

    text: str
    start: int


class Sentence:
    """A sentence as it comes in: its words, and how much of it may leave before its end.

    Words that claims are made of wait until it is clear that they make none. From the first claim on everything
    waits, excused or not: what takes a claim away may come last.
    """

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.suspect = False
        self._read = 0
        self._letters: list[Word] = []
        self._waiting = 0

    def read(self, text: str, end: int) -> None:
        """Take in the new words of `text`, the sentence so far, up to `end`, where no word is cut."""
        for run in _RUN.finditer(text, self._read, end):
            for word in fold(run[0], _KNOWN):
                self._add(Word(word, run.start()))
        self._read = end

    def close(self) -> None:
        """The sentence is complete."""
        self._join_letters()

    @property
    def free(self) -> int:
        """Up to which character nothing waits."""
        waiting = [*self.words[self._waiting : self._waiting + 1], *self._letters[:1]]
        return waiting[0].start if waiting else self._read

    def _add(self, word: Word) -> None:
        # No spaced-out word begins with "a": an article does not wait.
        if len(word.text) == 1 and word.text.isalpha() and (self._letters or word.text != "a"):
            self._letters.append(word)
            return
        if self._letters:
            self._join_letters()
        self._hear(word)

    def _join_letters(self) -> None:
        """`b o o k e d` as one word."""
        letters, self._letters = self._letters, []
        together = "".join(letter.text for letter in letters)
        if together[1:] in _KNOWN and together[0] == "i":
            self._hear(letters[0])
            self._hear(Word(together[1:], letters[1].start))
        elif len(together) > 3:
            self._hear(Word(together, letters[0].start))
        else:
            for letter in letters:
                self._hear(letter)

    def _hear(self, word: Word) -> None:
        self.words.append(word)
        if self.suspect:
            return
        known = word.text in _KNOWN
        if known or self._waiting < len(self.words) - 1:
            waiting = " ".join(each.text for each in self.words[self._waiting :])
            self.suspect = _SUSPECT.search(waiting) is not None
            known = known or not word.text.isalnum()
        if not (known or self.suspect):
            self._waiting = len(self.words)


def find_claim(words: Sequence[Word], allowed: frozenset[str]) -> tuple[str, Language] | None:
    """The kind of the first claim that none of the receipts in `allowed` proves, and its language."""
    texts = [word.text for word in words]
    sentence = " ".join(texts)
    for language, kind, pattern in _CLAIMS:
        for match in pattern.finditer(sentence):
            at, end = (sentence.count(" ", 0, place) for place in match.span())
            claim = located(texts, at, end + 1)
            meant = _CONFIRMABLE.get(claim.subject[0], kind) if match[0] == "confirmed" else kind
            if not _proofs(meant, claim) & allowed and not excused(claim, language):
                return "booked" if meant == "standing" else meant, language
    return None


def _proofs(kind: str, claim: Claim) -> frozenset[str]:
    return _PROOFS[kind] if kind not in _FOUND or claim.recent else _PROOFS[kind] | {_FOUND[kind]}

"""The receipts check: what the agent says has happened must have happened.

Text passes sentence by sentence. A sentence that claims a booking, cancellation, move, refund or payment for which
this conversation holds no executed receipt is replaced by a true one. What cannot become part of a claim leaves at
once; from the first words that can, the rest of the sentence waits for its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handled.agent.claim_words import Language
from handled.agent.claims import Sentence, find_claim

LONGEST_SENTENCE = 600
"""Characters after which a sentence without an end is judged at the next space."""

_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:dr|mr|mrs|ms|st|no|approx|e\.g|i\.e|vs|prof|jr)\.\s+$", re.IGNORECASE)
_SPACE = re.compile(r"\s")
_STOP = re.compile(r"[\n。！？!?.…]")
_END = re.compile(r"\n|[。！？]|(?<![!?])[!?]+[\"'”’)\]*_~`»]*\s|(?:(?<!\.)\.+|…)[\"'”’)\]*_~`»]*[^\S\n]+(?=\S)")


@dataclass(frozen=True)
class Violation:
    """A claim without a receipt: its kind (`booked`, `cancelled`, …) and the sentence that was struck."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """Text that may leave now, and the violations found while deciding that."""

    text: str
    violations: tuple[Violation, ...] = ()


class ReceiptGuard:
    """A filter on the agent's outgoing text; `allowed` are the kinds this conversation holds receipts of, and what
    it has looked up or holds for the customer, as `agent.answering` names it.

    What comes out does not depend on how the text was cut into pieces. `said` is what has left before: a sentence
    that it leaves open ("You are all", then a tool) is judged together with what follows.
    """

    def __init__(self, allowed: frozenset[str], said: str = "") -> None:
        self._allowed = allowed
        self._text = f"{said.rstrip()} " if said.strip() else ""
        while end := _end_of_first(self._text):
            self._text = self._text[end:]
        self._open = self._released = len(self._text)
        self._sentence = Sentence()
        self._truths: set[str] = set()

    def feed(self, text: str) -> Checked:
        """Take in more text; answers what may leave now."""
        self._text += text
        return self._release(final=False)

    def finish(self) -> Checked:
        """The text is over; answers what was still held back."""
        return self._release(final=True)

    def _release(self, *, final: bool) -> Checked:
        out: list[str] = []
        violations: list[Violation] = []
        for text in self._ended(final):
            claimed = self._claimed(text)
            if claimed is None:
                out.append(text[self._released :])
            else:
                violations.append(Violation(claimed[0], text.strip()))
                out.append(self._instead(text, *claimed))
            self._open, self._released, self._sentence = 0, 0, Sentence()
        if not final:
            free = max(self._free_until(), self._released)
            out.append(self._text[self._released : free])
            self._released = free
        return Checked("".join(out), tuple(violations))

    def _ended(self, final: bool) -> Iterator[str]:
        """The sentences whose end is known; what follows stays."""
        while (end := _end_of_first(self._text)) or (final and self._text):
            text, self._text = self._text[: end or None], self._text[end:] if end else ""
            yield text

    def _free_until(self) -> int:
        """How much of the unfinished sentence cannot be part of a claim, whatever follows."""
        text = self._text
        cut = "" if text[-1:].isspace() else ["", *text.rsplit(maxsplit=1)][-1]
        self._sentence.read(text, len(text) - len(cut))
        free = self._sentence.free
        return free if text[:free].strip() else 0

    def _claimed(self, text: str) -> tuple[str, Language] | None:
        sentence = self._sentence
        sentence.read(text, len(text))
        sentence.close()
        if not sentence.suspect:
            return None
        claimed = find_claim(sentence.words, self._allowed)
        if claimed is None and self._open:
            claimed = find_claim([word for word in sentence.words if word.start >= self._open], self._allowed)
        return claimed

    def _instead(self, text: str, kind: str, language: Language) -> str:
        """The true sentence, after what the customer has already read of the untrue one."""
        held = max(self._sentence.free, self._released)
        free, ending = text[self._released : held], text[len(text.rstrip()) :]
        truth = language.said_instead[self._about(kind)]
        begun = text[:held].rstrip()
        if any(character.isalnum() for character in begun):
            joint = "" if begun[-1] in ",;:–—-" else "– "
            return f"{free}{joint}{truth[0].lower()}{truth[1:]}{ending}"
        if truth in self._truths:
            return "\n" if "\n" in ending else ""
        self._truths.add(truth)
        return free + truth + ending

    def _about(self, kind: str) -> str:
        """What the true sentence is about: "nothing" would be wrong of what is there."""
        if kind not in {"booked", "done"}:
            return kind
        if self._allowed & {"held", "moved_held", "found_held"}:
            return "unpaid"
        return "found" if self._allowed & {"found", "found_open"} else kind


def check(text: str, allowed: frozenset[str]) -> tuple[str, tuple[Violation, ...]]:
    """The whole of `text` as it may leave, and what had to be struck."""
    guard = ReceiptGuard(allowed)
    begun, rest = guard.feed(text), guard.finish()
    return begun.text + rest.text, begun.violations + rest.violations


def _end_of_first(text: str) -> int:
    """Where the first sentence of `text` ends, its white space included; 0 while that is unknown."""
    if len(text) <= LONGEST_SENTENCE and not _STOP.search(text):
        return 0
    space = _SPACE.search(text, LONGEST_SENTENCE)
    forced = space.end() if space else 0
    for match in _END.finditer(text, 0, forced + 1 if forced else len(text)):
        end = match.end()
        stopped = match[0][0] not in ".…" or not (text[end].islower() or _ABBREVIATION.search(text[:end]))
        if stopped and (not forced or end < forced):
            return end
    return forced

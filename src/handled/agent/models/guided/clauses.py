"""The parts of an utterance that may say when somebody wants to come."""

from __future__ import annotations

from .language import Language


def clauses(text: str, lang: Language) -> tuple[list[str], list[str]]:
    """Remarks, and requests, which outrank them; without those that tell what the customer cannot do."""
    text = lang.greeting.sub("", text, count=1) or text
    if lang.relative_to_event.search(lang.normalise(text)):
        return [], [text]  # "I have a flight at 3, can I come before that?" makes sense as a whole
    pieces = [
        clause
        for sentence in lang.sentence_end.split(text)
        for clause in lang.clause_start.split(sentence)
        if clause and clause.strip()
    ]
    contrasted = bool(lang.contrast.search(lang.normalise(text)))
    pieces = [part for piece in pieces for part in _wished_beside(piece, lang)]
    open_ones = [p for p in pieces if not _is_hindrance(lang.normalise(p), lang, contrasted)]
    wanting = [p for p in open_ones if lang.wanting.search(lang.normalise(p))]
    return [p for p in open_ones if p not in wanting], wanting


def _wished_beside(clause: str, lang: Language) -> list[str]:
    """ "I'm not free on Thursday, haircut on Friday?": what is asked behind a comma is a wish of its own."""
    refused, comma, wished = clause.rpartition(",")
    apart = comma and lang.busy.search(lang.normalise(refused)) and not lang.busy.search(lang.normalise(wished))
    asked = wished.rstrip().endswith("?") or lang.wanting.search(lang.normalise(wished))
    return [refused, wished] if apart and asked else [clause]


def _is_hindrance(plain: str, lang: Language, contrasted: bool) -> bool:
    """Whether a clause tells when the customer cannot come. A wedding on Saturday may also be the very occasion."""
    if lang.refuses_part.search(plain):
        return False  # "I can't do mornings" leaves the rest of the day
    if "," in plain and lang.refuses_day.search(plain):
        return False  # it is said beside the wish, and `kit.when` knows which day is which
    return bool(lang.busy.search(plain) or (contrasted and lang.event.search(plain)))

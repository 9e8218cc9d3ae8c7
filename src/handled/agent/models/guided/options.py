"""Questions that name their own few answers: "in person or online?"."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from .language import Language
from .state import Draft, State
from .understand import Reading

LONGEST_OPTION = 4  # words
_MOST_OPTIONS = 4
_ALIKE = 80  # rapidfuzz ratio from which two words count as the same, misspelt: there are few to choose from
_ENOUGH = 5  # letters; shorter words are too easily like another


def options(state: State, question: str) -> tuple[str, ...]:
    """The few answers that the question itself names."""
    match = state.lang.either_of.search(question)
    found = [each.strip() for each in state.lang.option_joint.split(match["options"])] if match else []
    short = all(0 < len(each.split()) <= LONGEST_OPTION for each in found)
    return tuple(found) if short and 1 < len(found) <= _MOST_OPTIONS else ()


def as_shown(option: str) -> str:
    """One of them as it stands on its own."""
    return option[:1].upper() + option[1:]


def chosen(state: State, few: tuple[str, ...], plain: str) -> str:
    """The one of `few` that `plain` names, however it is put or spelt; "" for none, or for several. Of two, to refuse
    the one is to name the other."""
    refused = {
        match.start(n)
        for match in state.lang.rejected.finditer(plain)
        for n in range(1, match.re.groups + 1)
        if match[n]
    }
    places = {each: _places(state.lang, state.lang.normalise(each), plain) for each in few}
    meant = [each for each in few if places[each] - refused]
    denied = [each for each in few if places[each] & refused]
    if len(few) == 2 and not meant and len(denied) == 1:
        meant = [each for each in few if each not in denied]
    return meant[0] if len(meant) == 1 else ""


def is_unwilling(state: State, plain: str) -> bool:
    """Whether it may as well be said of what is not wanted: then it is for people to read."""
    return bool(state.lang.unwilling.search(plain))


def _places(lang: Language, option: str, plain: str) -> set[int]:
    """Where `plain` names the option."""
    patterns = [re.compile(rf"\b{re.escape(option)}\b")]
    patterns += [lang.same_option[option]] if option in lang.same_option else []
    found = {match.start() for pattern in patterns for match in pattern.finditer(plain)}
    if found or len(option) < _ENOUGH:
        return found
    words, size = list(re.finditer(r"[^\W_]+", plain)), len(option.split())
    spans = [(words[n].start(), words[n + size - 1].end()) for n in range(len(words) - size + 1)]
    return {start for start, end in spans if fuzz.ratio(option, plain[start:end]) >= _ALIKE}


def with_said(state: State, draft: Draft, reading: Reading) -> Draft:
    """The draft with what answers a question of a service before it was put: "a session online, on Friday"."""
    if "intake" in state.expects or (reading.questions and not reading.has("book", "availability")):
        return draft
    if is_unwilling(state, reading.plain):
        return draft
    answers = dict(draft.answers)
    for question in dict.fromkeys(asked for each in state.business.services for asked in each.intake):
        if meant := chosen(state, options(state, question), reading.plain):
            answers[question] = as_shown(meant)
    return replace(draft, answers=tuple(answers.items()))

"""From a history to the state it leaves behind."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime

from .errand import ERRANDS
from .history import AgentSaid, CustomerSaid, Entry, ServerNoted, ToolAnswered, Transcript
from .identify import given_up
from .language import Language, language
from .listen import hear
from .recognise import welcomes
from .results import note_answer, note_event
from .state import State
from .wording import tells_advance

_MOST_KEPT = 512  # conversations
_Folded = tuple[tuple[Entry, ...], State]
# The state a conversation was left in, so that the next step goes on from there. Only ever a shortcut: it counts
# where the transcript begins with the very same entries.
_kept: OrderedDict[object, _Folded] = OrderedDict()


def fold(transcript: Transcript) -> State:
    """Replay a transcript. The same transcript always gives the same state."""
    entries = transcript.entries
    opening = next((entry for entry in entries if isinstance(entry, CustomerSaid)), None)
    key = (transcript.business, opening)
    known, state = _kept.pop(key, ((), None))
    if state is None or entries[: len(known)] != known:
        business = transcript.business
        lang = language(business.locale, business.pack, business.wording)
        known, state = (), State(business, lang, datetime.min.replace(tzinfo=UTC))
    state.known = transcript.customer
    _replay(state, known, entries[len(known) :])
    _kept[key] = entries, _copied(state)
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    return state


def _copied(state: State) -> State:
    """The same in lists of its own; all else that it holds never changes."""
    return replace(state, answers=list(state.answers), sure_emails=set(state.sure_emails))


def _replay(state: State, known: tuple[Entry, ...], following: tuple[Entry, ...]) -> None:
    spoke = bool(known) and isinstance(known[-1], AgentSaid)
    for entry in following:
        if spoke and isinstance(entry, CustomerSaid | ServerNoted):
            state.event = None
        spoke = isinstance(entry, AgentSaid)
        match entry:
            case CustomerSaid():
                hear(state, entry)
            case ToolAnswered():
                note_answer(state, entry)
            case ServerNoted():
                note_event(state, entry)
            case AgentSaid():
                _note_words(state, entry, state.lang)


def _note_words(state: State, said: AgentSaid, lang: Language) -> None:
    if state.plan.comfort and said.expects == ():
        # It was more than that: code has answered in the model's place, and no booking was begun.
        state.op, state.draft = None, state.before
    expects = frozenset(said.expects) if said.expects is not None else asked_in(said.text, lang)
    # The new day and time of a booking are a day and a time.
    expects |= {each.removeprefix("new_") for each in expects}
    state.asked_times = state.asked_times + 1 if expects == state.expects else 1
    state.expects, state.last_text = expects, said.text
    state.misses = state.misses + 1 if said.fallback else 0
    state.welcomed = state.welcomed or (state.customer is not None and welcomes(state, said.text))
    if state.service and tells_advance(state, said.text):
        state.told_advance = state.service.key
    _end_errand(state)


def _end_errand(state: State) -> None:
    """What was refused or looked for in vain is over once it has been said."""
    refused = state.errand.refused
    if refused and refused.get("reason") != "same_time":
        state.op = None
        state.errand = replace(state.errand, refused=None)
    elif state.op in ERRANDS and given_up(state.errand):
        state.op, state.errand = None, state.errand.over()


def asked_in(text: str, lang: Language) -> frozenset[str]:
    """What a message asks for, read off its words: another model does not say it any other way."""
    questions = [s for s in lang.sentence_end.split(lang.normalise(text)) if s.rstrip().endswith(("?", "?)", '?"'))]
    asked = frozenset(
        kind for kind, pattern in lang.asked_for.items() if any(pattern.search(question) for question in questions)
    )
    return frozenset({"anything_else"}) if "anything_else" in asked else asked

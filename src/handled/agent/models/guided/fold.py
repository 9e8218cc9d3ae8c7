"""From a history to the state it leaves behind."""

from __future__ import annotations

from datetime import UTC, datetime

from .history import AgentSaid, CustomerSaid, ServerNoted, ToolAnswered, Transcript
from .language import Language, language
from .listen import hear
from .results import note_answer, note_event
from .state import State


def fold(transcript: Transcript) -> State:
    """Replay a transcript. The same transcript always gives the same state."""
    lang = language(transcript.business.locale)
    state = State(transcript.business, lang, datetime.min.replace(tzinfo=UTC))
    spoke = False
    for entry in transcript.entries:
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
                _note_words(state, entry, lang)
    return state


def _note_words(state: State, said: AgentSaid, lang: Language) -> None:
    expects = frozenset(said.expects) if said.expects is not None else asked_in(said.text, lang)
    state.asked_times = state.asked_times + 1 if expects == state.expects else 1
    state.expects, state.last_text = expects, said.text
    state.misses = state.misses + 1 if said.fallback else 0


def asked_in(text: str, lang: Language) -> frozenset[str]:
    """What a message asks for, read off its words: another model does not say it any other way."""
    questions = [s for s in lang.sentence_end.split(lang.normalise(text)) if s.rstrip().endswith(("?", "?)", '?"'))]
    asked = frozenset(
        kind for kind, pattern in lang.asked_for.items() if any(pattern.search(question) for question in questions)
    )
    return frozenset({"anything_else"}) if "anything_else" in asked else asked

"""Does this message close the talk? Code decides: every word of it must belong to a short list.

What is no goodbye by these rules ends all the same, after half an hour of silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handled.tables import Message

# Patterns of whole phrases, without apostrophes and punctuation.
_BYE = (
    "(?:good ?)?bye",
    "see you(?: soon| there)?",
    "good ?night",
    "have an? (?:good|great|nice|lovely) (?:day|one|evening|night|weekend|afternoon)",
)
_ALL = (
    "that(?: i)?s (?:all|it)",
    "that was (?:all|it)",
    "that(?: wi)?ll be all",
    "that(?: woul)?d be all",
    "nothing else",
    "no(?:thing)? more",
)
_NO = ("no", "nope", "nah", "not (?:now|today|really)", "i ?a?m (?:good|fine|all set|done)", "all (?:good|set|done)")
_POLITE = (
    "thank you",
    "thanks",
    "thx",
    "ty",
    "cheers",
    "(?:so|very) much",
    "a lot",
    "again",
    "for (?:now|today|your help|the help|everything)",
    "from me",
    "i (?:need|needed|wanted)",
    "(?:ok|okay|great|perfect|lovely|wonderful|awesome|cool|please|sorry|then|and)",
)

_WORDS = re.compile(r"[^\w\s]+")
_ASKED = re.compile(r"\b(?:any|some)thing (?:else|more)\b|\bwhat else\b|\belse i can\b", re.IGNORECASE)
_LONGEST = 80


def _only(*phrases: str) -> re.Pattern[str]:
    """Text made of nothing but these and what good manners add."""
    polite = "|".join(_POLITE)
    told = "|".join(phrases)
    return re.compile(rf"(?:(?:{polite}) )*(?:(?:{told}) )(?:(?:{told}|{polite}) )*")


_CLOSES = _only(*_BYE)
_CLOSES_UNLESS_ASKED = _only(*_BYE, *_ALL)
_CLOSES_WHEN_ASKED = _only(*_BYE, *_ALL, *_NO)


def has_receipt(said: Sequence[Message], question: Message) -> bool:
    """Whether something had been done in this conversation when the customer wrote `question`."""
    notes = [each for each in said if each.role == "system" and each.position < question.position]
    return any(step.get("event", {}).get("receipt") for each in notes for step in each.steps)


def is_goodbye(said: Sequence[Message], question: Message) -> bool:
    """Whether `question` as a whole closes the talk. "No" does only where the agent has asked whether there is
    anything else; "that's it" does not where it answers another question."""
    replies = [each for each in said if each.role == "agent" and each.content and each.position < question.position]
    return closes(question.content, replies[-1] if replies else None)


def closes(text: str, asked: Message | None) -> bool:
    """As `is_goodbye`, after `asked` was the agent's last word."""
    if len(text) > _LONGEST:
        return False
    words = " ".join(_WORDS.sub(" ", re.sub("['’]", "", text.lower())).split()) + " "
    expects: list[str] = asked.shown.get("expects", []) if asked else []
    if "anything_else" in expects or (asked and not expects and _ASKED.search(asked.content)):
        return _CLOSES_WHEN_ASKED.fullmatch(words) is not None
    if asked and (expects or asked.content.rstrip().endswith("?")):
        return _CLOSES.fullmatch(words) is not None
    return _CLOSES_UNLESS_ASKED.fullmatch(words) is not None

"""Which of the days and times mentioned in English count: what is ruled out, corrected, or only a bound."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from handled.kit.when.english.spelling import WEEKDAYS
from handled.kit.when.mentions import Bound, Day, Hours, Mention, PartOfDay

_NEAR = 48  # characters looked at on either side of a mention
_BUSY = r"busy|away|out of town|unavailable|gone|working|on (?:holiday|vacation)|not (?:free|available|able to)"
_CANNOT = r"(?:can't|couldn't|won't|don't|unable to)(?! (?:i|we|you))"

_REFUSING = (
    rf"\b(?:not|except(?: for)?|instead of|rather than|neither|nor|other than|excluding|minus|apart from|anything but"
    rf"|any day but|{_BUSY}"
    rf"|{_CANNOT}(?: (?:do|make|come|be there|want|have|attend))?(?: (?:it|in|there))?)"
)
_LEADING = r"(?: (?:on|at|for|a|the|in|this|it's|it is))*"
_NOT_BEFORE = re.compile(rf"{_REFUSING}{_LEADING} ?\Z")
_NAMED = rf"{_LEADING} (?:{'|'.join(WEEKDAYS)}|weekends?|today|tomorrow)"
# "Not Tuesday or Wednesday" refuses both; "not Tuesday, Wednesday" takes a word back.
_NONE_OF = re.compile(
    rf"{_REFUSING}(?P<refused>{_NAMED}(?: ,{_NAMED})*(?: ,)? (?:or|and|nor|/){_NAMED})"
    r"(?! (?:works|suits|(?:is|are|would be) (?!not\b|bad|out\b)))"
)
_NOT_AFTER = re.compile(
    r"(?: ,)? (?:(?:doesn't|does not|don't|do not|won't|will not) (?:work|suit|do)"
    r"|(?:(?:is|are|was|will be) not|isn't) (?:good|possible|great|ideal|working)"
    rf"|(?:is |are )?(?:no good|impossible|bad|out)\b|(?:i can't|i'm (?:{_BUSY})|i am (?:{_BUSY}))"
    rf"(?!(?: (?:do|make|come|be there|it))*(?:{_NAMED}| (?:before|after|until)\b)))"
)
_NO_SUCH = re.compile(r"(?:\bno|\bavoid(?:ing)?|\bnot? any) \Z")
_UNTIL_THEN_NOT = re.compile(
    rf"\b(?:{_CANNOT}|not|nothing|work|dentist|doctors?|meeting|class|{_BUSY})(?: [a-z']+){{0,2}} ?\Z"
)
_NEW = re.compile(
    r"\b(?:no|wait|actually|sorry|i mean|i meant|make it|make that|instead|rather|scratch that|correction|oops|but"
    r"|change|moved?|push|switch|reschedule|how about|what about|can we|could we|let's)\b"
)
_SECOND_BEST = re.compile(
    r"\b(?:otherwise|if not|failing that|or else|else|alternatively|if that's not"
    r"|or if (?:that's|that is|thats|it's|it is|its|not) ?(?:full|taken|gone|not|unavailable|booked)?)\b"
)
_IS_SECOND = re.compile(
    r"(?: (?:would|could|might|will|is|works?|does|do|also|too|ok|okay|fine|as well|be))*(?: ,)?"
    r" (?:if not|otherwise|failing that|if (?:need be|that's (?:full|taken|gone))|at a push|as (?:a )?backup)\b"
    r"|(?: would| will| could| might)? (?:do|works?|be (?:ok|okay|fine)) (?:too|also|as well)\b| would (?:also )?do\b"
)
_FIRST_CHOICE = re.compile(r"\b(?:ideally|preferably|first choice)\b")
_CHANGE = re.compile(
    r"\b(?:mov(?:e|ing)|chang(?:e|ing)|switch(?:ing)?|reschedul(?:e|ing)|push|shift|swap|postpone|rebook)\b[^.]*\Z"
)
_BOUND = re.compile(
    r"\b(?P<bound>not until after|on or after|on or before|not until|not before|(?:no|not) (?:earlier|later) than"
    r"|later than|earlier than|after|before|by|until|as of|since|starting|starting from|beginning|from)"
    r"(?: (?:on|the))? ?\Z"
)
_BOUNDS: dict[str, Bound] = {
    **dict.fromkeys(("after", "later than", "not until after"), "after"),
    **dict.fromkeys(("before", "earlier than"), "before"),
    **dict.fromkeys(("by", "until", "no later than", "not later than", "on or before"), "until"),
}
_BESIDE = re.compile(r"\b(?:day|night|evening|afternoon|morning) (?P<side>before|after)(?: the)? ?\Z")
_OR_LATER = re.compile(r" (?:onwards?|or later|or after|and after|or any day after)\b")
_OR_EARLIER = re.compile(r" (?:or (?:earlier|sooner|before)|at the latest)\b")
_OPEN_DAYS = 13  # how far an open range reaches
_VAGUE_DAYS = 21  # a longer range gives way to any single day


def before(text: str, mention: Mention) -> str:
    return text[max(mention.start - _NEAR, 0) : mention.start]


def is_change(text: str, mention: Mention) -> bool:
    """Whether the sentence so far speaks of moving something, so that "from A to B" means B."""
    return _CHANGE.search(text[max(mention.start - 3 * _NEAR, 0) : mention.start]) is not None


def is_ruled_out(text: str, mention: Mention) -> bool:
    if isinstance(mention.meaning, Hours) and mention.meaning.bound:
        return False  # "not before 5" bounds, it does not refuse
    if text.startswith("not ", mention.start) or _NOT_BEFORE.search(before(text, mention)):
        return True
    if any(match.start("refused") < mention.start < match.end("refused") for match in _NONE_OF.finditer(text)):
        return True
    if _NO_SUCH.search(before(text, mention)) and _is_part(mention):
        return True
    return _NOT_AFTER.match(text[mention.end : mention.end + _NEAR]) is not None


def _is_part(mention: Mention) -> bool:
    """Mornings, or weekends, of which "no" is said without another word."""
    day = mention.meaning
    return isinstance(day, PartOfDay) or (isinstance(day, Day) and day.kind == "range")


def choose(text: str, mentions: list[Mention], name: str) -> tuple[Mention | None, tuple[str, ...]]:
    """The mention that counts, with the ambiguities met on the way; `name` is "date" or "time".

    Those ruled out count only if there is no other; of the rest the last one said, unless it is a second best.
    """
    if not mentions:
        return None, ()
    allowed = [mention for mention in mentions if not is_ruled_out(text, mention)]
    flags = () if allowed else (f"ruled_out_{name}",)
    chosen, *others = _definite(allowed or mentions)
    unsure = False
    previous = chosen
    for mention in others:
        gap = text[previous.end : mention.start]
        if (
            _SECOND_BEST.search(gap)
            or _IS_SECOND.match(text[mention.end :])
            or _FIRST_CHOICE.search(text[: previous.end])
        ):
            unsure = True
        else:
            corrected = _NEW.search(gap) or (" to " in gap and is_change(text, previous))
            unsure = not corrected and mention.meaning != chosen.meaning
            chosen = mention
        previous = mention
    return chosen, (*flags, f"several_{name}s") if unsure else flags


def _definite(mentions: list[Mention]) -> list[Mention]:
    """Without the long ranges, if a single day is named too: "a cut for June tomorrow"."""
    definite = [mention for mention in mentions if not _is_vague(mention)]
    return definite or mentions


def _is_vague(mention: Mention) -> bool:
    day = mention.meaning
    return isinstance(day, Day) and bool(day.first and day.last and (day.last - day.first).days > _VAGUE_DAYS)


def bounded(text: str, mention: Mention, day: Day, today: date) -> Day:
    """The range that "after", "by" or "or later" makes of a day, or the day beside it; else the day itself."""
    beside = _BESIDE.search(before(text, mention))
    if beside and day.first and not (day.last or day.also):
        return replace(day, kind="exact", first=day.first + timedelta(1 if beside["side"] == "after" else -1))
    bound = _bound_of(text, mention)
    if bound is None or day.first is None or day.also or day.problem or (bound == "from" and day.last):
        return day
    first, last = day.first, day.last or day.first
    starts = last + timedelta(1) if bound == "after" else first if bound == "from" else today
    ends = first - timedelta(1) if bound == "before" else last
    ends = starts + timedelta(_OPEN_DAYS) if bound in ("after", "from") else ends
    return replace(day, first=starts, last=ends, bound=bound) if starts <= ends else day


def _bound_of(text: str, mention: Mention) -> Bound | None:
    follows = text[mention.end : mention.end + _NEAR]
    if _OR_LATER.match(follows):
        return "from"
    if _OR_EARLIER.match(follows):
        return "until"
    led = _BOUND.search(before(text, mention))
    if led is None:
        return None
    if led["bound"] == "by" and led.string[: led.start()].endswith("only "):
        return None  # "only by Tuesday" is on Tuesday and no sooner
    bound = _BOUNDS.get(led["bound"], "from")
    return _turned(bound) if _UNTIL_THEN_NOT.search(led.string[: led.start()]) else bound


def bounded_hours(text: str, mention: Mention, hours: Hours) -> Hours:
    """Hours whose bound is turned around if it says when somebody cannot: "I work until 5"."""
    if hours.bound and not hours.of_event and _UNTIL_THEN_NOT.search(before(text, mention)):
        return replace(hours, bound=_turned(hours.bound))
    follows = text[mention.end : mention.end + _NEAR]
    if hours.bound is None and hours.end is None:
        bound = "from" if _OR_LATER.match(follows) else "until" if _OR_EARLIER.match(follows) else None
        return replace(hours, bound=bound)
    return hours


def _turned(bound: Bound) -> Bound:
    return "from" if bound in ("before", "until") else "until"

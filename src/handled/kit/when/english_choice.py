"""Which of the days and times mentioned in English count: what is ruled out, corrected, joined or only a bound."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.mentions import Bound, Day, Mention

_NEAR = 48  # characters looked at on either side of a phrase

_FILLERS = frozenset(
    ", on the maybe perhaps possibly preferably ideally say like any a sometime some time that's which is so it's of or".split()
) - {"or"}
_TO = re.compile(r"(?:to|until|through|-|up to)(?: (?:on|the|about))?")
_OR = re.compile(
    r"(?:,|or|and|/|, or|, and|or maybe|or even|or else|or possibly|or any)(?: (?:on|the|maybe))?"
)
_NOT_BEFORE = re.compile(
    r"(?:\bnot|\bexcept|\bbut not|\binstead of|\brather than|\bneither|\bnor|\bother than|\banything but|\bany day but"
    r"|\b(?:can't|couldn't|won't|cant|wont|don't|dont|not able to|unable to)(?: (?:do|make|come|be there|want|have|attend))?"
    r"(?: (?:it|in|there))?|\b(?:busy|away|out of town|not free|unavailable|not available|on holiday|on vacation|working))"
    r"(?: (?:on|at|for|the|in|this|until|it's|it is))*\s*\Z"
)
_NOT_AFTER = re.compile(
    r"(?: ,)? ?(?:(?:doesn't|does not|won't|will not|wont|doesnt) (?:work|suit|do)|(?:is|are|was|will be)?(?: not|n't)"
    r" (?:good|possible|great|ideal|working)|isn't (?:good|possible|great|ideal|working)|(?:is |are )?(?:no good|impossible|bad|out)\b"
    r"|i can't|i'm busy|i am busy|i'm away|i am away)"
)
_NEW = re.compile(
    r"\b(?:no|wait|actually|sorry|i mean|i meant|make it|make that|instead|rather|scratch that|change|move|moved|correction|oops"
    r"|push|switch|reschedule|but|how about|what about|can we|could we|let's)\b"
)
_ELSE = re.compile(
    r"\b(?:otherwise|if not|failing that|or else|else|alternatively|if that's not|if that is not)\b"
)
_CHANGE = re.compile(
    r"\b(?:mov(?:e|ing)|chang(?:e|ing)|switch(?:ing)?|reschedul(?:e|ing)|push|shift|swap|postpone|rebook)\b[^.]*\Z"
)
_BOUND = re.compile(
    r"\b(?P<bound>not until|not before|no earlier than|later than|after|no later than|not later than|earlier than|before|by"
    r"|until|as of|starting|starting from|beginning|from)(?: (?:on|the))? ?\Z"
)
_BOUNDS: dict[str, Bound] = {
    **{"after": "after", "later than": "after", "before": "before", "earlier than": "before"},
    **{"by": "until", "until": "until", "no later than": "until", "not later than": "until"},
}
_OPEN_END = re.compile(r" (?:onwards?|or later|or after|and after|or any day after)\b")
_OPEN_START = re.compile(r" (?:or (?:earlier|sooner|before)|at the latest)\b")


def before(text: str, mention: Mention) -> str:
    return text[max(mention.start - _NEAR, 0) : mention.start]


def after(text: str, mention: Mention) -> str:
    return text[mention.end : mention.end + _NEAR]


def is_change(text: str, mention: Mention) -> bool:
    """Whether the sentence so far speaks of moving something, so that "from A to B" means B."""
    return _CHANGE.search(text[max(mention.start - 3 * _NEAR, 0) : mention.start]) is not None


def ruled_out(text: str, mention: Mention) -> bool:
    return (
        _NOT_BEFORE.search(before(text, mention)) is not None
        or _NOT_AFTER.match(after(text, mention)) is not None
    )


def last_word(text: str, mentions: list[Mention]) -> tuple[Mention, bool]:
    """The mention that counts, and whether others were as good: the last one said, unless it is a second best."""
    chosen = mentions[0]
    unsure = False
    for previous, mention in zip(mentions, mentions[1:], strict=False):
        between = text[previous.end : mention.start]
        if _ELSE.search(between):
            unsure = True
            continue
        corrected = _NEW.search(between) or (" to " in between and is_change(text, previous))
        unsure = not corrected and mention.meaning != chosen.meaning
        chosen = mention
    return chosen, unsure


def join_days(text: str, mentions: list[Mention], today: date) -> list[Mention]:
    """Let days that stand together make one: "Tuesday the 3rd", "Monday to Friday", "Monday or Tuesday"."""
    joined: list[Mention] = []
    for mention in mentions:
        previous = joined[-1] if joined else None
        meaning = _joined(text, previous, mention, today) if previous else None
        if previous and meaning:
            joined[-1] = Mention(
                meaning, mention.start if meaning is mention.meaning else previous.start, mention.end
            )
        else:
            joined.append(mention)
    return joined


def _joined(text: str, one: Mention, two: Mention, today: date) -> Day | None:
    first, second = one.meaning, two.meaning
    if not (isinstance(first, Day) and isinstance(second, Day)) or ruled_out(text, one):
        return None
    gap = text[one.end : two.start].strip()
    if set(gap.split()) <= _FILLERS and (merged := _merge(first, second, today)):
        return merged
    between = gap.startswith("and") and before(text, one).rstrip().endswith(("between", "between the"))
    if _TO.fullmatch(gap) or between:
        return second if is_change(text, one) and not between else _span(first, second)
    return _either(first, second) if _OR.fullmatch(gap) else None


def _merge(one: Day, two: Day, today: date) -> Day | None:
    """Two descriptions of one day, or None if they describe different days."""
    kinds = {one.kind, two.kind}
    part = one.part or two.part
    if kinds == {"weekday", "number"}:
        return _numbered_weekday(*((one, two) if one.kind == "weekday" else (two, one)), today)
    if "range" in kinds and kinds & {"weekday", "number"}:
        return _within(*((one, two) if one.kind == "range" else (two, one)))
    if one.kind != two.kind and "exact" in kinds and "range" not in kinds:
        exact, vague = (one, two) if one.kind == "exact" else (two, one)
        if exact.first is None or vague.first is None:
            return None
        agrees = exact.first.weekday() == vague.first.weekday() or (
            vague.kind == "number" and exact.first.day == vague.first.day
        )
        flags = exact.flags if agrees else (*exact.flags, "weekday_mismatch")
        return replace(exact, part=part, flags=flags) if agrees or vague.kind == "weekday" else None
    if one.kind == two.kind == "exact" and one.first == two.first:
        return replace(one, part=part, flags=tuple(set(one.flags) & set(two.flags)))
    return None


def _numbered_weekday(weekday: Day, number: Day, today: date) -> Day:
    if weekday.first is None or number.first is None:
        return number
    if weekday.first.weekday() == number.first.weekday():
        return replace(number, kind="exact")
    day = almanac.day_of_month(today, number.first.day, weekday.first.weekday())
    return Day("exact", day or number.first, flags=("weekday_mismatch",))


def _within(days: Day, vague: Day) -> Day | None:
    """A weekday or a number inside a range: "next week, maybe Tuesday", "in April on the 5th"."""
    if days.first is None or days.last is None or vague.first is None:
        return None
    if vague.kind == "weekday":
        day = almanac.on_or_after(days.first, vague.first.weekday())
    else:
        day = almanac.day_of_month(days.first, vague.first.day) or days.last
    return Day("exact", day, problem=days.problem, ahead=True) if day <= days.last else None


def _span(one: Day, two: Day) -> Day | None:
    """From one day to the other."""
    first, last = one.first, two.last or two.first
    if first is None or last is None:
        return None
    if one.kind == "weekday" and two.ahead:
        first = almanac.week(last)[0] + timedelta(first.weekday())
    if one.kind == "number" and two.kind == "exact" and first.day < last.day:
        first = last.replace(day=first.day)
    if two.kind == "weekday":
        last = almanac.on_or_after(first, last.weekday())
    elif two.kind == "number":
        last = almanac.day_of_month(first, last.day) or last
    flags = tuple(flag for flag in one.flags if flag != "today_or_next_week")
    return Day("range", first, last, flags=flags) if first <= last else None


def _either(one: Day, two: Day) -> Day | None:
    """One day or the other; None unless both are single days."""
    first, second = one.first, two.first
    if first is None or second is None or one.last or two.last:
        return None
    if one.kind == "weekday" and two.ahead:
        first = almanac.week(second)[0] + timedelta(first.weekday())
    elif one.ahead and two.kind == "weekday":
        second = almanac.on_or_after(first, second.weekday())
    return replace(
        one, kind="exact", first=first, also=(*one.also, second, *two.also), ahead=one.ahead or two.ahead
    )


def bounded(text: str, mention: Mention, day: Day, today: date) -> Day:
    """The range that "after", "by" or "or later" makes of a day; the day itself where they do not."""
    led = _BOUND.search(before(text, mention))
    bound: Bound | None = _BOUNDS.get(led["bound"], "from") if led else None
    follows = after(text, mention)
    bound = "from" if _OPEN_END.match(follows) else "until" if _OPEN_START.match(follows) else bound
    if bound is None or day.first is None or day.also or day.problem or (bound == "from" and day.last):
        return day
    first, last = day.first, day.last or day.first
    starts = last + timedelta(1) if bound == "after" else first if bound == "from" else today
    ends = first - timedelta(1) if bound == "before" else last if bound == "until" else starts + timedelta(13)
    return replace(day, first=starts, last=ends, bound=bound) if starts <= ends else day

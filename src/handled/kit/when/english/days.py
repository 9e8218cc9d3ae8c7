"""How English names days by their place around today: relative days, weekdays, weeks and weekends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english.spelling import WEEKDAYS
from handled.kit.when.mentions import Day, Part, Scene

Match = re.Match[str]
Rule = tuple[str, Callable[[Match, Scene], Day | None]]

WD = f"(?P<wd>{'|'.join(WEEKDAYS)})"
PIECE = (
    r"(?:(?P<piece>early(?: on)?|earlier|(?:the )?mid(?:dle of)?|(?:very )?late|later(?: on)?|(?:the )?rest of"
    r"|(?:(?:at|towards?) )?(?:the )?(?:start|beginning|end|(?:first|1ord|second|2ord|latter) half) of)(?: in)? )?"
)
_COUNT = r"(?P<count>\d{1,3}|an?|(?:a )?couple(?: of)?|(?:a )?few)"
_UNIT = r"(?P<unit>days?|weeks?|months?|fortnights?|years?)"
_WEEKS = r"(?:(?P<count>\d{1,2}|an?|(?:a )?couple(?: of)?|(?:a )?few) )?(?P<unit>weeks?|fortnights?)"
_HOURS = rf"(?:(?P<half>half an hour)|{_COUNT} (?P<unit>hours?|minutes)(?P<more> and a half)?)"
_BASE = rf"(?P<base>now|today|tomorrow|(?:this |next |on )?{WD})"
_COUNTS = {"a": 1, "an": 1, "couple": 2, "couple of": 2, "few": 3}
_DAYS = {"day": 1, "week": 7, "fortnight": 14}


def exact(
    day: date | None,
    *,
    today: date | None = None,
    flags: tuple[str, ...] = (),
    part: Part | None = None,
    ahead: bool = False,
) -> Day:
    """A day, or the news that there is no such day; given `today`, that it is gone by."""
    if day is None:
        return Day("exact", None, problem="no_such_date")
    problem = "past" if today and day < today else None
    return Day("exact", day, flags=flags, part=part, ahead=ahead, problem=problem)


def between(days: almanac.Range, scene: Scene, *, flags: tuple[str, ...] = ()) -> Day:
    """A range without its days gone by; one that is gone altogether is kept and called past."""
    first, last = days
    if last < scene.today:
        return Day("range", first, last, flags=flags, problem="past")
    return Day("range", max(first, scene.today), last, flags=flags)


def piece_of(days: almanac.Range, piece: str, thirds: tuple[int, int]) -> almanac.Range:
    """Early, mid or late in a range: up to, between, or from the offsets in days that `thirds` gives."""
    first, last = days
    start, end = first + timedelta(thirds[0]), first + timedelta(thirds[1])
    if not piece or "rest" in piece:
        return days
    if "mid" in piece:
        return start, end
    if "half" in piece:
        middle = first + (last - first) // 2
        opening = "first" in piece or "1ord" in piece
        return (first, middle) if opening else (middle + timedelta(1), last)
    if any(word in piece for word in ("earl", "start", "beginning")):
        return first, start
    return end, last


def still_to_come(days: almanac.Range, scene: Scene) -> Day:
    """What is left of a running range from tomorrow on: "later this week"."""
    return between((min(scene.today + timedelta(1), days[1]), days[1]), scene)


def weekday_of(match: Match) -> int:
    return WEEKDAYS.index(match["wd"])


def _count(words: str | None) -> int:
    words = words or "a"
    words = words.removeprefix("a ") if words not in _COUNTS else words
    return _COUNTS[words] if words in _COUNTS else int(words)


def _moved(day: date, count: int, unit: str) -> date | None:
    unit = unit.rstrip("s")
    if unit in _DAYS:
        return almanac.shift(day, count * _DAYS[unit])
    return almanac.shift_months(day, count * (12 if unit == "year" else 1))


def _word(match: Match, scene: Scene) -> Day:
    words = match[0]
    offset = {"tomorrow": 1, "yesterday": -1}.get(words.split()[-1], 0)
    offset = offset * 2 if "day " in words else offset
    if words.startswith("later "):
        return Day("exact", scene.today, from_now=True)
    return exact(almanac.shift(scene.today, offset), today=scene.today, part="evening" if "tonight" in words else None)


def _this_part(match: Match, scene: Scene) -> Day:
    parts: dict[str, Part] = {"morning": "morning", "afternoon": "afternoon", "evening": "evening"}
    return Day("exact", scene.today, part=parts.get(match["part"], "night"))


def _last_night(match: Match, scene: Scene) -> Day:
    return exact(almanac.shift(scene.today, -1), today=scene.today, part="night")


def _in_days(match: Match, scene: Scene) -> Day:
    day = exact(_moved(scene.today, _count(match["count"]), match["unit"]))
    return replace(day, roughly=not match["unit"].startswith("day"))


def _days_ago(match: Match, scene: Scene) -> Day:
    return exact(_moved(scene.today, -_count(match["count"]), match["unit"]), today=scene.today)


def _in_hours(match: Match, scene: Scene) -> Day:
    moment = scene.now + _duration(match)
    return Day("exact", moment.date(), at=moment)


def _hours_ago(match: Match, scene: Scene) -> Day:
    moment = scene.now - _duration(match)
    return Day("exact", moment.date(), at=moment, problem="past")


def _duration(match: Match) -> timedelta:
    if match["half"]:
        return timedelta(minutes=30)
    minutes = _count(match["count"]) * (1 if match["unit"] == "minutes" else 60)
    return timedelta(minutes=minutes + (30 if match["more"] else 0))


def _within(match: Match, scene: Scene) -> Day:
    last = _moved(scene.today, _count(match["count"] or "few"), match["unit"])
    return exact(None) if last is None else Day("range", scene.today, last)


def _from_base(match: Match, scene: Scene) -> Day:
    if not match["wd"]:
        base = scene.today + timedelta(match["base"] == "tomorrow")
    elif match["base"].startswith("next "):
        base = almanac.week(scene.today, 1)[0] + timedelta(weekday_of(match))
    else:
        base = almanac.on_or_after(scene.today, weekday_of(match))
    return exact(_moved(base, _count(match["count"]), match["unit"]))


def _weekday_in_weeks(match: Match, scene: Scene) -> Day:
    base = almanac.on_or_after(scene.today, weekday_of(match))
    return exact(_moved(base, _count(match["count"]), match["unit"]))


def _weekday_of_week(match: Match, scene: Scene) -> Day:
    which = match["which"]
    weeks = -1 if which in ("last", "previous") else 0 if which == "this" else 2 if match["after"] else 1
    day = almanac.week(scene.today, weeks)[0] + timedelta(weekday_of(match))
    return exact(day, today=scene.today, ahead=True)


def _weekday_after_next(match: Match, scene: Scene) -> Day:
    return exact(almanac.week(scene.today, 2)[0] + timedelta(weekday_of(match)))


def _weekday(match: Match, scene: Scene) -> Day:
    today, weekday, which = scene.today, weekday_of(match), match["which"] or ""
    if "past" in which or which == "last":
        return exact(almanac.before(today, weekday), today=today)
    coming = almanac.on_or_after(today + timedelta(1), weekday)
    this = almanac.week(today)[0] + timedelta(weekday)
    if which == "next":
        return exact(this + timedelta(7), flags=("next_weekday",) if this > today else (), ahead=True)
    if which == "this":
        return exact(this) if this >= today else exact(coming, flags=("this_weekday",))
    if which:
        return exact(coming)
    return Day("weekday", coming, flags=("today_or_next_week",) if this == today else ())


def _each_weekday(match: Match, scene: Scene) -> Day:
    """ "Every Tuesday" begins with the next one."""
    return Day("weekday", almanac.on_or_after(scene.today + timedelta(1), weekday_of(match)))


def _weekend(match: Match, scene: Scene) -> Day:
    which = match["which"] or ""
    weeks = 2 if match["after"] else {"next": 1, "last": -1, "past": -1}.get(which, 0)
    saturday, sunday = almanac.weekend(scene.today)
    flags = ("next_weekday",) if which == "next" and scene.today < saturday else ()
    if scene.today == sunday and weeks == 0:
        # "The weekend" is hardly the one that ends tonight.
        weeks, flags = (0, ("today_or_next_week",)) if which == "this" else (1, flags)
    return between(almanac.weekend(scene.today, weeks), scene, flags=flags)


def _week(match: Match, scene: Scene) -> Day | None:
    which, piece = match["which"], match["piece"] or ""
    if which in (None, "the") and not (piece or match["after"]):
        return None
    weeks = {None: 0, "this": 0, "the": 0, "last": -1, "past": -1, "previous": -1}.get(which, 1)
    days = almanac.week(scene.today, 2 if match["after"] else weeks)
    if "later" in piece and weeks == 0:
        return still_to_come(days, scene)
    return replace(between(piece_of(days, piece, (1, 3)), scene), ahead=weeks >= 0 and not piece)


def _midweek(match: Match, scene: Scene) -> Day:
    monday, sunday = almanac.week(scene.today, int(scene.today.weekday() > 3))
    return between((monday + timedelta(1), sunday - timedelta(3)), scene)


RULES: tuple[Rule, ...] = (
    (r"(?:(?:later|earlier) )?(?:today|tonight)|tomorrow|yesterday", _word),
    (r"(?:the )?day (?:after tomorrow|before yesterday)", _word),
    (r"(?:later |earlier )?this (?P<part>morning|afternoon|evening|night)", _this_part),
    (r"last night", _last_night),
    (rf"in (?:about |around )?{_COUNT} {_UNIT}(?: time)?", _in_days),
    (rf"{_COUNT} {_UNIT} (?:from now|from today|time)", _in_days),
    (rf"{_COUNT} {_UNIT} (?:ago|back|before now)", _days_ago),
    (rf"in (?:about |around )?{_HOURS}", _in_hours),
    (rf"{_HOURS} from now", _in_hours),
    (rf"{_HOURS} ago", _hours_ago),
    (rf"(?:(?:with)?in |over )?(?:the )?(?:next|coming) {_COUNT} {_UNIT}", _within),
    (rf"within {_COUNT} {_UNIT}", _within),
    (r"(?:(?:in|over) )?the (?:next|coming)(?P<count>) (?P<unit>days|weeks)", _within),
    (rf"{_WEEKS} (?:from |on |after )?{_BASE}", _from_base),
    (r"(?P<base>today|tomorrow) (?P<count>)(?P<wd>)(?P<unit>week|fortnight)", _from_base),
    (rf"{WD}(?: ,)? (?:in )?{_WEEKS}(?: time)?", _weekday_in_weeks),
    (
        rf"(?:on |the )?{WD}(?: ,)?(?: of| in)?(?: the)? (?P<which>next|this|last|previous|coming|week)"
        r"(?: week|(?P<after> after next))",
        _weekday_of_week,
    ),
    (
        r"(?:the )?(?P<which>next|this|last|previous|coming|week)(?: week|(?P<after> after next))"
        rf"(?: ,)?(?: on)?(?: the| a)? {WD}",
        _weekday_of_week,
    ),
    (rf"(?:the )?{WD} after next", _weekday_after_next),
    (
        rf"(?:(?P<which>next|this(?: coming| next| past)?|last|past|(?:the )?coming) )?{WD}",
        _weekday,
    ),
    (rf"(?:every|each) {WD}", _each_weekday),
    (
        r"(?:(?:on |at |over )?(?P<which>this|next|last|past|the|(?:this |the )?coming) )?"
        r"weekend(?P<after> after next)?",
        _weekend,
    ),
    (
        rf"{PIECE}(?:(?P<which>this|last|past|previous|(?:the )?coming|(?:the )?next|the) )?week"
        r"(?P<after> after next)?",
        _week,
    ),
    (r"mid(?:dle of the)? ?week", _midweek),
)

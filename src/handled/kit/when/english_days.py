"""How English names days by their place around today: relative days, weekdays, weeks and weekends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english_words import WEEKDAYS
from handled.kit.when.mentions import Day, Part, Scene

Match = re.Match[str]
Rule = tuple[str, Callable[[Match, Scene], Day | None]]

WD = f"(?P<wd>{'|'.join(WEEKDAYS)})"
COUNT = r"(?P<count>\d{1,3}|an?|(?:a )?couple(?: of)?|(?:a )?few)"
_UNIT = r"(?P<unit>days?|weeks?|months?|fortnights?|years?)"
_FROM = rf"(?P<base>now|today|tomorrow|(?:this |next |on )?{WD})"
_CLOCK_UNIT = r"(?P<unit>hours?|minutes)"
_WEEKS = r"(?P<count>\d{1,2}|an?|(?:a )?couple(?: of)?|(?:a )?few)? ?(?P<unit>weeks?|fortnights?)"
PIECE = (
    r"(?:(?P<piece>early(?: on)?|earlier|mid|middle|(?:the )?middle of|(?:very )?late|later(?: on)?|(?:the )?rest of"
    r"|(?:(?:at|towards?) )?(?:the )?(?:start|beginning|end|first half|second half|2ord half|1ord half) of)(?: -)?(?: in)? )?"
)
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
    """A day, or the news that there is no such day; with `today`, that it is gone by."""
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


def piece_of(days: almanac.Range, piece: str | None, thirds: tuple[int, int]) -> almanac.Range:
    """Early, mid or late in a range: its part before, between or from the two offsets in `thirds`."""
    first, last = days
    start, end = first + timedelta(thirds[0]), first + timedelta(thirds[1])
    if not piece or "rest" in piece:
        return days
    if "mid" in piece:
        return start, end
    if "half" in piece:
        middle = first + (last - first) / 2
        return (first, middle) if "first" in piece or "1ord" in piece else (middle + timedelta(1), last)
    if "earl" in piece or "start" in piece or "beginning" in piece:
        return first, start
    return end, last


def count_of(words: str) -> int:
    """How many "a couple of" or "12" is."""
    words = words.removeprefix("a ") if words.startswith(("a couple", "a few")) else words
    return _COUNTS[words] if words in _COUNTS else int(words)


def weekday_of(match: Match) -> int:
    return WEEKDAYS.index(match["wd"])


def _moved(day: date, count: int, unit: str) -> date | None:
    unit = unit.rstrip("s")
    if unit in _DAYS:
        return almanac.shift(day, count * _DAYS[unit])
    return almanac.shift_months(day, count * (12 if unit == "year" else 1))


def _word(match: Match, scene: Scene) -> Day:
    words = match[0]
    offset = 2 if "after" in words else -2 if "before" in words else 1 if "tomorrow" in words else 0
    offset = -1 if "yesterday" in words and not offset else offset
    part: Part | None = "night" if "tonight" in words else None
    return exact(almanac.shift(scene.today, offset), today=scene.today, part=part)


def _this_part(match: Match, scene: Scene) -> Day:
    return Day("exact", scene.today, part=_part(match["part"]))


def _part(word: str) -> Part:
    if word == "morning":
        return "morning"
    return "afternoon" if word == "afternoon" else "evening" if word == "evening" else "night"


def _last_night(match: Match, scene: Scene) -> Day:
    return exact(almanac.shift(scene.today, -1), today=scene.today, part="night")


def _ahead(match: Match, scene: Scene) -> Day:
    return exact(_moved(scene.today, count_of(match["count"]), match["unit"]))


def _ago(match: Match, scene: Scene) -> Day:
    return exact(_moved(scene.today, -count_of(match["count"]), match["unit"]), today=scene.today)


def _minutes(match: Match) -> int:
    if match["half"]:
        return 30
    minutes = count_of(match["count"]) * (1 if match["unit"].startswith("m") else 60)
    return minutes + 30 if match["more"] else minutes


def _in_hours(match: Match, scene: Scene) -> Day:
    moment = scene.now + timedelta(minutes=_minutes(match))
    return Day("exact", moment.date(), at=moment)


def _hours_ago(match: Match, scene: Scene) -> Day:
    moment = scene.now - timedelta(minutes=_minutes(match))
    return Day("exact", moment.date(), at=moment, problem="past")


def _within(match: Match, scene: Scene) -> Day:
    last = _moved(scene.today, count_of(match["count"] or "few"), match["unit"])
    return exact(None) if last is None else Day("range", scene.today, last)


def _from_base(match: Match, scene: Scene) -> Day:
    if match["wd"]:
        base = almanac.on_or_after(scene.today, weekday_of(match))
        if "next" in match["base"]:
            base = almanac.week(scene.today, 1)[0] + timedelta(weekday_of(match))
    else:
        base = scene.today + timedelta(match["base"] == "tomorrow")
    return exact(_moved(base, count_of(match["count"] or "a"), match["unit"]))


def _weekday_in_weeks(match: Match, scene: Scene) -> Day:
    base = almanac.on_or_after(scene.today, weekday_of(match))
    return exact(_moved(base, count_of(match["count"] or "a"), match["unit"]))


def _weekday_of_week(match: Match, scene: Scene) -> Day:
    which = match["which"]
    weeks = (
        2 if "after" in which else -1 if which.startswith(("last", "previous")) else int("this" not in which)
    )
    day = almanac.week(scene.today, weeks)[0] + timedelta(weekday_of(match))
    return exact(day, today=scene.today, ahead=True)


def _weekday_after_next(match: Match, scene: Scene) -> Day:
    return exact(almanac.week(scene.today, 2)[0] + timedelta(weekday_of(match)))


def _weekday(match: Match, scene: Scene) -> Day:
    today, weekday, which = scene.today, weekday_of(match), match["which"] or ""
    if which in ("last", "past", "this past"):
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


def _weekend(match: Match, scene: Scene) -> Day:
    which = match["which"] or ""
    if match["after"]:
        return between(almanac.weekend(scene.today, 2), scene)
    weeks = 1 if which == "next" else -1 if which in ("last", "past") else 0
    ahead = which == "next" and scene.today < almanac.weekend(scene.today)[0]
    return between(almanac.weekend(scene.today, weeks), scene, flags=("next_weekday",) if ahead else ())


def _week(match: Match, scene: Scene) -> Day | None:
    which, piece = match["which"], match["piece"]
    if which == "the" and not piece:
        return None
    weeks = 2 if match["after"] else 1 if which in ("next", "coming", "the coming", "the next") else 0
    weeks = -1 if which in ("last", "past", "previous") else weeks
    days = almanac.week(scene.today, weeks)
    if piece and "later" in piece and weeks == 0:
        return between((min(scene.today + timedelta(1), days[1]), days[1]), scene)
    return between(piece_of(days, piece, (1, 3)), scene)


RULES: tuple[Rule, ...] = (
    (r"(?:the )?day after tomorrow", _word),
    (r"(?:(?:later|earlier) )?(?:today|tonight)|tomorrow|yesterday|(?:the )?day before yesterday", _word),
    (r"(?:later |earlier )?this (?P<part>morning|afternoon|evening|night)", _this_part),
    (r"last night", _last_night),
    (rf"in (?:about |around )?{COUNT} {_UNIT}(?: time)?", _ahead),
    (rf"{COUNT} {_UNIT} (?:from now|from today|time)", _ahead),
    (rf"{COUNT} {_UNIT} (?:ago|back|before now)", _ago),
    (
        rf"in (?:about |around )?(?:(?P<half>half an hour)|{COUNT} {_CLOCK_UNIT}(?P<more> and a half)?)",
        _in_hours,
    ),
    (rf"(?:(?P<half>half an hour)|{COUNT} {_CLOCK_UNIT}(?P<more> and a half)?) from now", _in_hours),
    (rf"(?:(?P<half>half an hour)|{COUNT} {_CLOCK_UNIT}(?P<more> and a half)?) ago", _hours_ago),
    (rf"(?:with)?in (?:the )?(?:next|coming) {COUNT} {_UNIT}", _within),
    (r"(?:(?:in|over) )?the (?:next|coming)(?P<count>) (?P<unit>days|weeks)", _within),
    (rf"(?:within(?: the next)?|over the next) {COUNT} {_UNIT}", _within),
    (rf"(?:the )?next {COUNT} {_UNIT}", _within),
    (rf"{_WEEKS} (?:from |on |after )?{_FROM}", _from_base),
    (rf"{WD}(?: ,)? (?:in )?{_WEEKS}(?: time)?", _weekday_in_weeks),
    (
        rf"(?:(?:on|the) )?{WD}(?: ,)?(?: of| in)?(?: the)? (?P<which>next|this|last|previous|coming)(?: coming)? week",
        _weekday_of_week,
    ),
    (rf"{WD}(?: of| in)? (?:the )?(?P<which>week after next)", _weekday_of_week),
    (
        r"(?:the )?(?P<which>next week|this week|last week|previous week|week after next)"
        rf"(?: ,)?(?: on)?(?: the| a)? {WD}",
        _weekday_of_week,
    ),
    (rf"(?:the )?{WD} after next", _weekday_after_next),
    (rf"(?:(?P<which>next|this coming|this next|this past|this|last|past|(?:the )?coming) )?{WD}", _weekday),
    (
        r"(?:(?:on |at |over )?(?P<which>this|next|last|past|the|this coming|the coming|coming) )?weekend(?P<after> after next)?",
        _weekend,
    ),
    (
        rf"{PIECE}(?P<which>this|next|last|past|previous|coming|the coming|the next|the) week(?P<after> after next)?",
        _week,
    ),
    (r"(?P<piece>mid) ?-? ?(?P<which>week)(?P<after>x)?", _week),
)

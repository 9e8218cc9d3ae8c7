"""How English names days by the calendar: numbers and months, numeric dates, feasts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english.days import (
    PIECE,
    WD,
    Match,
    Rule,
    between,
    exact,
    piece_of,
    still_to_come,
    weekday_of,
)
from handled.kit.when.english.spelling import MONTHS, WEEKDAYS, listed
from handled.kit.when.mentions import Day, Scene

_MON = f"(?P<mon>{'|'.join(MONTHS)})"
_NTH = r"(?P<nth>\d{1,2})(?:th|ord)"
_N = r"(?P<nth>\d{1,2})(?:th|ord)?"
_LAST = r"(?P<last>\d{1,2})(?:th|ord)?"
_TO = r"(?P<to>-|to|until|through|and|or)"
YEAR = r"(?:(?: ,)?(?: of| in)? (?P<year>(?:19|20)\d\d|(?:this|next|the following) year))?"
_PREPOSITIONS = listed("on by until from after before since for to or and through")
_AFTER_PREPOSITION = "(?:" + "|".join(rf"(?<=\b{word} )" for word in _PREPOSITIONS) + ")"
_AFTER_WEEKDAY = "(?:" + "|".join(rf"(?<=\b{day} )" for day in WEEKDAYS) + ")"
_BEFORE_MONTH = listed("in by until from after before since for during of through around about")
# A number with one of these behind it counts or tells the time, and names no day.
_NO_COUNT = (
    r"(?! (?:am|pm|oclock|people|persons?|guests?|adults?|kids|children|of us|minutes|hours?|days?|weeks?|x)"
    r"(?: |$))"
)
# What may follow a number that is to name a day without more ado ("on 15 at 8").
_ENDS = (
    r"(?= (?:[.,/-]|at|in|of|please|if|for|from|and|or|then|is|works?|would|instead|around|after|before|between"
    r"|to|until|with|we|i|inclusive|morning|afternoon|evening|night|\d{1,2}:\d\d|noon|\d{1,2}(?: [0-5]\d)? (?:am|pm))"
    r"(?: |$)|$)"
)
# What an ordinal may count instead of days ("the 2nd one", "5th avenue").
_NO_THING = (
    r"(?! (?:ones?|times?|options?|slots?|floors?|streets?|st|avenue|ave|visits?|sessions?|choices?|thoughts?"
    r"|person|grade|appointments?|appt|anniversary|birthday|row|place|half|party|thing|opinion|bookings?|name"
    r"|link|item|round|edition|trimester|question|part|week|month|hand|chance|try|service|price|day|dose|level"
    r"|gen|year|quarter|suggestion|class|child|kid|baby|to last|of (?:those|these|them))(?: |$))"
)
# In "we are 2, may I come" May is no month.
_NO_VERB = r"(?:(?<! may)|(?! (?:i|we|you|he|she|they|be|come|have)(?: |$)))"


def _month(match: Match) -> int:
    return MONTHS.index(match["mon"]) + 1


def year_of(match: Match, today: date) -> int | None:
    if not match["year"]:
        return None
    return int(match["year"]) if match["year"].isdigit() else today.year + (match["year"] != "this year")


def _day_and_month(match: Match, scene: Scene) -> Day:
    return exact(almanac.calendar_day(scene.today, _month(match), int(match["nth"]), year_of(match, scene.today)))


def _days_of_month(match: Match, scene: Scene) -> Day | None:
    first, last = int(match["nth"]), int(match["last"])
    end = almanac.calendar_day(scene.today, _month(match), last, year_of(match, scene.today))
    start = almanac.calendar_day(scene.today, _month(match), first, year_of(match, scene.today))
    choice = match["to"] in ("or", "and") and not match["between"]
    if end and first > last and not choice:  # "from the 29th to the 2nd of May"
        month_before = end.replace(day=1) - timedelta(1)
        start = almanac.calendar_day(month_before, month_before.month, first, month_before.year)
    if start is None or end is None:
        return exact(None)
    return Day("exact", start, also=(end,)) if choice else Day("range", start, end)


def _number(match: Match, scene: Scene) -> Day:
    day = almanac.day_of_month(scene.today, int(match["nth"]))
    return Day("number", day, problem=None if day else "no_such_date")


def _weekday_and_number(match: Match, scene: Scene) -> Day | None:
    day = almanac.day_of_month(scene.today, int(match["nth"]), weekday_of(match))
    return exact(day) if day and day - scene.today < timedelta(62) else None


def _number_gone(match: Match, scene: Scene) -> Day:
    return exact(almanac.last_day_of_month(scene.today, int(match["nth"])), today=scene.today)


def _number_of_month(match: Match, scene: Scene) -> Day:
    number = int(match["nth"])
    gone = match["which"] == "the" and number < scene.today.day
    first, last = almanac.month_ahead(scene.today, 1 if gone else {"next": 1, "last": -1}.get(match["which"], 0))
    return exact(first.replace(day=number) if 1 <= number <= last.day else None)


def _nth_weekday(match: Match, scene: Scene) -> Day:
    if match["mon"]:
        within = almanac.month_named(scene.today, _month(match), year_of(match, scene.today))
    else:
        within = almanac.month_ahead(scene.today, int(match["which"] == "next"))
    nth = -1 if match["order"] == "last" else int(match["order"][0])
    return exact(almanac.nth_weekday(within, weekday_of(match), nth))


def _weekend_in_month(match: Match, scene: Scene) -> Day:
    """The first weekend of a month that is still to come, or the one that is counted."""
    first, last = almanac.month_named(scene.today, _month(match), year_of(match, scene.today))
    order = match["order"] or ""
    saturday = almanac.on_or_after(first if order else max(first, scene.today), 5)
    if order == "last":
        saturday = almanac.on_or_after(last - timedelta(6), 5)
    elif order:
        saturday += timedelta(7 * (int(order[0]) - 1))
    return between((saturday, saturday + timedelta(1)), scene)


def _week_in_month(match: Match, scene: Scene) -> Day:
    """The last week or weekend of this month, or of the next."""
    last = almanac.month_ahead(scene.today, int(match["which"] == "next"))[1]
    if match["what"] == "week":
        return between((last - timedelta(6), last), scene)
    saturday = almanac.on_or_after(last - timedelta(6), 5)
    return between((saturday, saturday + timedelta(1)), scene)


def _month_range(match: Match, scene: Scene) -> Day | None:
    """A month, where something shows that it is not a name or a verb."""
    alone = match.string.strip(" .,") == match["mon"]
    before = match.string[max(match.start() - 12, 0) : match.start()].split()[-1:]
    shown = alone or match["which"] or match["piece"] or match["year"] or match.string.startswith(" one", match.end())
    if not (shown or (before and before[0] in _BEFORE_MONTH)):
        return None
    number = _month(match)
    if match["which"] == "last":
        return between(almanac.month(scene.today.year - (number >= scene.today.month), number), scene)
    days = almanac.month_named(scene.today, number, year_of(match, scene.today))
    return between(piece_of(days, match["piece"] or "", (9, 20)), scene)


def _month_ahead(match: Match, scene: Scene) -> Day | None:
    which, piece = match["which"], match["piece"] or ""
    if which == "the" and not piece:
        return None
    months = 2 if match["after"] else {"next": 1, "coming": 1, "last": -1, "past": -1}.get(which, 0)
    days = almanac.month_ahead(scene.today, months)
    if "later" in piece and months == 0:
        return still_to_come(days, scene)
    return between(piece_of(days, piece, (9, 20)), scene)


def _last_of_month(match: Match, scene: Scene) -> Day:
    return exact(almanac.month_ahead(scene.today, int(match["which"] == "next"))[1])


def _last_of_named_month(match: Match, scene: Scene) -> Day:
    return exact(almanac.month_named(scene.today, _month(match), year_of(match, scene.today))[1])


def _end_of_year(match: Match, scene: Scene) -> Day:
    return exact(date(scene.today.year + (match["which"] == "next "), 12, 31))


def _week_of(match: Match, scene: Scene) -> Day:
    number = int(match["nth"])
    if match["mon"]:
        day = almanac.calendar_day(scene.today, _month(match), number)
    else:
        day = almanac.day_of_month(scene.today, number)
    if day is None:
        return exact(None)
    return between(almanac.weekend(day) if match["what"] == "weekend" else almanac.week(day), scene)


def _week_of_month(match: Match, scene: Scene) -> Day:
    first, last = almanac.month_named(scene.today, _month(match), year_of(match, scene.today))
    if match["order"] == "last":
        return between((last - timedelta(6), last), scene)
    start = first + timedelta(7 * (int(match["order"][0]) - 1))
    return between((start, start + timedelta(6)), scene)


def _numeric(match: Match, scene: Scene) -> Day | None:
    first, second, third = int(match["a"]), int(match["b"]), int(match["c"]) if match["c"] else None
    if len(match["a"]) > 2:
        whole = len(match["a"]) == 4 and third is not None
        return exact(_written(scene, first, second, third or 0)) if whole else None
    if third is None and _no_day(match):
        return None
    year = third + 2000 if third is not None and third < 100 else third
    dotted = match["sep"] == "."
    day, month = (first, second) if scene.day_first or dotted else (second, first)
    if month > 12:
        day, month = month, day
    unsure = first <= 12 and second <= 12 and first != second and not dotted
    return exact(_written(scene, year, month, day), flags=("day_month_order",) if unsure else ())


def _no_day(match: Match) -> bool:
    """Whether two numbers are a mark, a part or "24/7" rather than a day and a month."""
    first, second = int(match["a"]), int(match["b"])
    if match["sep"] != "/" or match[0] == "24/7" or min(first, second) == 0:
        return True
    rating = first == second in (5, 10) and not re.search(
        r"\b(?:on|for|by|until|the) \Z", match.string[: match.start()]
    )
    return rating or min(first, second) > 12 or max(first, second) > 31


def _written(scene: Scene, year: int | None, month: int, day: int) -> date | None:
    if year is not None and not 1900 <= year < 2200:
        return None
    return almanac.calendar_day(scene.today, month, day, year)


RULES: tuple[Rule, ...] = (
    (r"(?P<a>\d{1,4})(?P<sep>[/.-])(?P<b>\d{1,2})(?:(?P=sep)(?P<c>\d{2,4}))?(?! hours?(?: |$))", _numeric),
    (rf"(?:the )?{_NTH}(?: day)?(?: of)?(?: -)? {_MON}{YEAR}", _day_and_month),
    (rf"(?:the )?{_N}(?: of)?(?: -)? {_MON}{YEAR}{_NO_VERB}", _day_and_month),
    (rf"{_MON}(?: -)?(?: ,)?(?: on)?(?: the)? {_NTH}{YEAR}", _day_and_month),
    (rf"{_MON}(?: -)? (?:the )?{_N}{_NO_COUNT}{YEAR}", _day_and_month),
    (
        rf"(?:(?P<between>between|from) )?(?:the )?{_N} {_TO} (?:the )?{_LAST}(?: of)? {_MON}{YEAR}",
        _days_of_month,
    ),
    (
        rf"(?:(?P<between>between|from) )?{_MON} (?:the )?{_N} {_TO} (?:the )?{_LAST}{_NO_COUNT}{YEAR}",
        _days_of_month,
    ),
    (rf"the (?P<nth>\d{{1,2}})th{_NO_THING}", _number),
    (rf"(?P<nth>\d{{1,2}})th{_ENDS}{_NO_THING}", _number),
    (rf"(?:{_AFTER_PREPOSITION}|{_AFTER_WEEKDAY})(?:the )?{_NTH}{_NO_THING}", _number),
    (rf"(?:the|(?<=\bon )|(?<=\bon the )) ?(?P<nth>[12]?\d|3[01]){_ENDS}", _number),
    (rf"{WD} (?P<nth>1[3-9]|2\d|3[01]){_ENDS}", _weekday_and_number),
    (rf"{WD} (?P<nth>[12]?\d|3[01])(?= \d{{1,2}}(?:[ :][0-5]\d)? (?:am|pm)(?: |$))", _weekday_and_number),
    (rf"last {_NTH}{_NO_THING}", _number_gone),
    (rf"(?:the )?{_NTH}(?: day)?(?: of| in)?(?: the)? (?P<which>this|next|last|the) month", _number_of_month),
    (rf"(?P<which>this|next) month(?: ,)?(?: on)?(?: the)? {_NTH}", _number_of_month),
    (
        rf"(?:the )?(?P<order>[1-5](?:ord|th)|last) {WD} (?:(?:of|in) )?"
        rf"(?:{_MON}{YEAR}|(?:the )?(?:(?P<which>this|next) )?month)",
        _nth_weekday,
    ),
    (
        rf"(?:(?:a|any|some|1|the) )?(?:of the )?(?:(?P<order>[1-4](?:ord|th)|last) )?weekends? (?:in|of|during) "
        rf"{_MON}{YEAR}",
        _weekend_in_month,
    ),
    (rf"(?:(?P<which>this|next|last) )?(?:the )?(?:month of )?{PIECE}{_MON}{YEAR}", _month_range),
    (rf"{PIECE}(?P<which>this|next|last|past|coming|the) month(?P<after> after next)?", _month_ahead),
    (r"(?:the )?last (?P<what>week|weekend) (?:of|in) (?:the )?(?:(?P<which>this|next) )?month", _week_in_month),
    (r"(?:the )?last day of (?:the )?(?:(?P<which>this|next) )?month", _last_of_month),
    (rf"(?:the )?last day (?:of|in) {_MON}{YEAR}", _last_of_named_month),
    (r"(?:(?:at|towards?) )?(?:the )?end of (?:the )?(?P<which>this |next )?year", _end_of_year),
    (
        r"(?:the )?(?P<what>week|weekend) (?:of|starting|beginning|commencing|around|from)(?: on)? (?:the )?"
        rf"{_NTH}(?:(?: of)? {_MON})?",
        _week_of,
    ),
    (
        rf"(?:the )?(?P<what>week|weekend) (?:of|starting|beginning|around|from) {_MON} (?:the )?{_N}",
        _week_of,
    ),
    (rf"(?:the )?(?P<order>[1-4](?:ord|th)|last) week (?:of|in) {_MON}{YEAR}", _week_of_month),
)

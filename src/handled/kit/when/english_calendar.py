"""How English names days by the calendar: numbers and months, numeric dates, feast days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handled.kit.when import almanac
from handled.kit.when.english_days import PIECE, WD, Match, Rule, between, exact, piece_of, weekday_of
from handled.kit.when.english_words import MONTHS
from handled.kit.when.mentions import Day, Scene

_MON = f"(?P<mon>{'|'.join(MONTHS)})"
_NTH = r"(?P<nth>\d{1,2})(?:th|ord)"
_YEAR = r"(?:(?: ,)?(?: of| in)? (?P<year>(?:19|20)\d\d))?"
_TO = r"(?P<to>-|to|until|through|and|or)"
# A number with one of these behind it counts or times something and names no day.
_NO_COUNT = r"(?! (?:am|pm|oclock|people|persons?|guests?|adults?|kids|children|of us|minutes|hours?|days?|weeks?|x)(?: |$))"
# What may follow a plain number that is to name a day ("on 15 at 8").
_ENDS = (
    r"(?= (?:[.,/-]|at|in|of|please|if|for|from|and|or|then|is|works?|would|instead|around|after|before|between|to|until"
    r"|with|we|i|\d{1,2}:\d\d)(?: |$)|$)"
)
# What an ordinal may count instead of days ("the 2nd one", "5th avenue").
_NO_THING = (
    r"(?! (?:ones?|times?|options?|slots?|floors?|streets?|st|avenue|ave|visits?|sessions?|choices?|thoughts?|person|grade"
    r"|appointments?|anniversary|birthday|row|place|half|party|thing|opinion|bookings?|name|link|item|of (?:those|these|them)"
    r"|round|edition|trimester|question|part|week|month|hand|chance|try|service|price|day|dose|level|gen|year|quarter"
    r"|suggestion|appt|to last|class|child|kid|baby)(?: |$))"
)
_PREPOSITIONS = ("on", "by", "until", "from", "after", "before", "since", "for")
_AFTER_PREPOSITION = (
    "(?:" + "|".join(rf"(?<=\b{word} )" for word in (*_PREPOSITIONS, "to", "or", "and", "through")) + ")"
)
_MONTH_PREPOSITIONS = frozenset(
    (*_PREPOSITIONS, *"in during of through throughout around is about".split())
) - {"on"}
_FEASTS = (
    ("new years? day", 1, 1),
    ("new years? eve", 12, 31),
    ("valentines?(?: day)?", 2, 14),
    ("independence day", 7, 4),
    ("halloween", 10, 31),
    ("(?:christmas|xmas) eve", 12, 24),
    ("(?:christmas|xmas)(?: day)?", 12, 25),
    ("boxing day", 12, 26),
)
_FEAST_NAMES = "|".join(f"(?P<f{index}>{name})" for index, (name, _, _) in enumerate(_FEASTS))


def _month(match: Match) -> int:
    return MONTHS.index(match["mon"]) + 1


def _year(match: Match) -> int | None:
    return int(match["year"]) if match["year"] else None


def _day_and_month(match: Match, scene: Scene) -> Day:
    return exact(almanac.calendar_day(scene.today, _month(match), int(match["nth"]), _year(match)))


def _days_of_month(match: Match, scene: Scene) -> Day | None:
    first = almanac.calendar_day(scene.today, _month(match), int(match["nth"]), _year(match))
    last = almanac.calendar_day(scene.today, _month(match), int(match["last"]), _year(match))
    if last and match["to"] not in ("or", "and") and int(match["nth"]) > int(match["last"]):
        month_before = last.replace(day=1) - timedelta(1)
        first = almanac.calendar_day(month_before, month_before.month, int(match["nth"]), month_before.year)
    if first is None or last is None:
        return exact(None)
    if match["to"] == "or" or first >= last:
        return Day("exact", first, also=(last,))
    return Day("range", first, last)


def _number(match: Match, scene: Scene) -> Day:
    day = almanac.day_of_month(scene.today, int(match["nth"]))
    return Day("number", day, problem=None if day else "no_such_date")


def _weekday_number(match: Match, scene: Scene) -> Day | None:
    day = almanac.day_of_month(scene.today, int(match["nth"]), weekday_of(match))
    return exact(day) if day and day - scene.today < timedelta(62) else None


def _number_gone(match: Match, scene: Scene) -> Day:
    return exact(almanac.last_day_of_month(scene.today, int(match["nth"])), today=scene.today)


def _number_of_month(match: Match, scene: Scene) -> Day:
    ahead = {"next": 1, "last": -1}.get(match["which"] or "", 0)
    first, last = almanac.month_ahead(scene.today, ahead)
    number = int(match["nth"])
    return exact(first.replace(day=number) if 1 <= number <= last.day else None)


def _nth_weekday(match: Match, scene: Scene) -> Day:
    if match["mon"]:
        within = almanac.month_named(scene.today, _month(match), _year(match))
    else:
        within = almanac.month_ahead(scene.today, int((match["which"] or "") == "next"))
    return exact(
        almanac.nth_weekday(
            within, weekday_of(match), -1 if match["order"] == "last" else int(match["order"][0])
        )
    )


def _month_range(match: Match, scene: Scene) -> Day | None:
    alone = match.string.strip(" .,") == match["mon"]
    before = match.string[max(match.start() - 12, 0) : match.start()].split()[-1:]
    led = bool(before) and before[0] in _MONTH_PREPOSITIONS
    if not (led or alone or match["which"] or match["piece"] or match["year"]):
        return None
    if match["which"] == "last":
        number = _month(match)
        return between(almanac.month(scene.today.year - (number >= scene.today.month), number), scene)
    days = almanac.month_named(scene.today, _month(match), _year(match))
    return between(piece_of(days, match["piece"], (9, 20)), scene)


def _month_ahead(match: Match, scene: Scene) -> Day | None:
    which, piece = match["which"], match["piece"]
    if which == "the" and not piece:
        return None
    months = 2 if match["after"] else {"next": 1, "last": -1, "past": -1, "coming": 1}.get(which, 0)
    days = almanac.month_ahead(scene.today, months)
    if piece and "later" in piece and months == 0:
        return between((min(scene.today + timedelta(1), days[1]), days[1]), scene)
    return between(piece_of(days, piece, (9, 20)), scene)


def _end_of_year(match: Match, scene: Scene) -> Day:
    return exact(date(scene.today.year + (match["which"] == "next "), 12, 31))


def _week_of(match: Match, scene: Scene) -> Day:
    number = int(match["nth"])
    day = almanac.day_of_month(scene.today, number)
    if match["mon"]:
        day = almanac.calendar_day(scene.today, _month(match), number)
    if day is None:
        return exact(None)
    return between(almanac.weekend(day) if match["what"] == "weekend" else almanac.week(day), scene)


def _week_of_month(match: Match, scene: Scene) -> Day:
    first, last = almanac.month_named(scene.today, _month(match), _year(match))
    if match["order"] == "last":
        return between((last - timedelta(6), last), scene)
    start = first + timedelta(7 * (int(match["order"][0]) - 1))
    return between((start, min(start + timedelta(6), last)), scene)


def _easter(match: Match, scene: Scene) -> Day:
    offset = {"good friday": -2, "easter monday": 1}.get(match["name"], 0)
    for year in (_year(match) or scene.today.year, scene.today.year + 1):
        day = almanac.easter(year) + timedelta(offset)
        if day >= scene.today or match["year"]:
            return exact(day)
    return exact(None)


def _feast(match: Match, scene: Scene) -> Day:
    _, month, day = next(feast for index, feast in enumerate(_FEASTS) if match[f"f{index}"])
    found = almanac.calendar_day(scene.today, month, day, _year(match))
    if found and found < scene.today and not match["year"]:
        found = almanac.calendar_day(scene.today, month, day, scene.today.year + 1)
    return exact(found)


def _thanksgiving(match: Match, scene: Scene) -> Day:
    for year in (_year(match) or scene.today.year, scene.today.year + 1):
        day = almanac.nth_weekday(almanac.month(year, 11), 3, 4)
        if day and (day >= scene.today or match["year"]):
            return exact(day)
    return exact(None)


def _numeric(match: Match, scene: Scene) -> Day | None:
    one, two, three = match["a"], int(match["b"]), match["c"]
    if len(one) > 2:
        return exact(_written(scene, int(one), two, int(three))) if len(one) == 4 and three else None
    if not three and (match["sep"] != "/" or match[0] == "24/7"):
        return None
    year = int(three) + (2000 if int(three) < 100 else 0) if three else None
    first = int(one)
    day_first = scene.day_first or match["sep"] == "."
    day, month = (first, two) if day_first else (two, first)
    if month > 12:
        day, month = month, day
    flags = ("day_month_order",) if first <= 12 and two <= 12 and first != two and match["sep"] != "." else ()
    if not year and (month == 0 or day == 0 or month > 12):
        return None
    found = exact(_written(scene, year, month, day))
    return exact(found.first, flags=flags)


def _written(scene: Scene, year: int | None, month: int, day: int) -> date | None:
    if year and not 1900 <= year < 2200:
        return None
    return almanac.calendar_day(scene.today, month, day, year)


RULES: tuple[Rule, ...] = (
    (r"(?P<a>\d{1,4})(?P<sep>[/.-])(?P<b>\d{1,2})(?:(?P=sep)(?P<c>\d{2,4}))?", _numeric),
    (rf"(?:the )?{_NTH}(?: day)?(?: of)?(?: -)? {_MON}{_YEAR}", _day_and_month),
    (
        rf"(?:the )?(?P<nth>\d{{1,2}})(?: of)?(?: -)? {_MON}{_YEAR}(?! (?:i|we|you|he|she|they|be|come|in|to|have)(?: |$))",
        _day_and_month,
    ),
    (rf"{_MON}(?: -)?(?: ,)?(?: on)?(?: the)? {_NTH}{_YEAR}", _day_and_month),
    (rf"{_MON}(?: -)? (?:the )?(?P<nth>\d{{1,2}}){_NO_COUNT}{_YEAR}", _day_and_month),
    (
        rf"(?:(?:between|from) )?(?:the )?{_NTH.replace('ord)', 'ord|)')} {_TO} (?:the )?(?P<last>\d{{1,2}})(?:th|ord)?"
        rf"(?: of)? {_MON}{_YEAR}",
        _days_of_month,
    ),
    (
        rf"(?:(?:between|from) )?{_MON} (?:the )?(?P<nth>\d{{1,2}})(?:th|ord)? {_TO} (?:the )?(?P<last>\d{{1,2}})(?:th|ord)?"
        rf"{_NO_COUNT}{_YEAR}",
        _days_of_month,
    ),
    (rf"the (?P<nth>\d{{1,2}})th{_NO_THING}", _number),
    (rf"(?P<nth>\d{{1,2}})th{_ENDS}{_NO_THING}", _number),
    (rf"{_AFTER_PREPOSITION}(?:the )?{_NTH}{_NO_THING}", _number),
    (rf"(?:the|(?<=\bon )|(?<=\bon the )) ?(?P<nth>[12]?\d|3[01]){_ENDS}", _number),
    (rf"{WD} (?P<nth>1[3-9]|2\d|3[01]){_ENDS}", _weekday_number),
    (rf"last {_NTH}{_NO_THING}", _number_gone),
    (rf"(?:the )?{_NTH}(?: day)?(?: of| in)?(?: the)? (?P<which>this|next|last|the) month", _number_of_month),
    (rf"(?P<which>this|next) month(?: ,)?(?: on)?(?: the)? {_NTH}", _number_of_month),
    (
        rf"(?:the )?(?P<order>[1-5](?:ord|th)|last) {WD} (?:(?:of|in) )?(?:{_MON}{_YEAR}|(?:the )?(?P<which>this|next)? ?month)",
        _nth_weekday,
    ),
    (rf"(?:(?P<which>this|next|last) )?(?:the )?(?:month of )?{PIECE}{_MON}{_YEAR}", _month_range),
    (rf"{PIECE}(?P<which>this|next|last|past|coming|the) month(?P<after> after next)?", _month_ahead),
    (r"(?:(?:at|by|towards?|before) )?(?:the )?end of (?:the )?(?P<which>this |next )?year", _end_of_year),
    (
        rf"(?:the )?(?P<what>week|weekend) (?:of|starting|beginning|around|from)(?: on)? (?:the )?"
        rf"{_NTH}(?: of {_MON})?",
        _week_of,
    ),
    (
        rf"(?:the )?(?P<what>week|weekend) (?:of|starting|beginning|around|from) {_MON} (?:the )?(?P<nth>\d{{1,2}})(?:th|ord)?",
        _week_of,
    ),
    (rf"(?:the )?(?P<order>[1-4](?:ord|th)|last) week (?:of|in) {_MON}{_YEAR}", _week_of_month),
    (rf"(?:{_FEAST_NAMES}){_YEAR}", _feast),
    (rf"(?P<name>good friday|easter(?: (?:sunday|monday))?){_YEAR}", _easter),
    (rf"thanksgiving(?: day)?{_YEAR}", _thanksgiving),
)

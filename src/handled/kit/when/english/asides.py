"""What English says around days and times: parts of the day, the wish for the earliest, and what is neither."""

from __future__ import annotations

from collections.abc import Callable

from handled.kit.when.english.spelling import MONTHS
from handled.kit.when.english.times import DAY, PART, PARTS, Match
from handled.kit.when.mentions import Earliest, Latest, Meaning, Other, PartOfDay, Scene

Rule = tuple[str, Callable[[Match, Scene], Meaning | None]]

# In hours; a part without a time is this window.
_WINDOWS: dict[str, tuple[int, int]] = {
    "morning": (5, 12),
    "early morning": (5, 9),
    "mid morning": (9, 11),
    "late morning": (10, 12),
    "afternoon": (12, 18),
    "early afternoon": (12, 15),
    "mid afternoon": (14, 16),
    "late afternoon": (15, 18),
    "evening": (17, 24),
    "early evening": (17, 19),
    "mid evening": (18, 21),
    "late evening": (19, 24),
    "night": (18, 24),
    "early night": (18, 21),
    "mid night": (22, 24),
    "late night": (20, 24),
}
_COUNT = r"(?:\d{1,4}|an?|half an|a half|a few|a couple of|several|some|many|[12] and a half)"
_GUESTS = r"people|persons?|guests?|of us|adults|kids"


def part_of_day(name: str) -> PartOfDay:
    """The window of "morning" or "late afternoon"."""
    start, end = _WINDOWS[name]
    return PartOfDay(PARTS[name.split()[-1]], start * 60, end * 60)


def _part(match: Match, scene: Scene) -> Meaning:
    piece = {"later": "late"}.get(match["piece"] or "", match["piece"] or "")
    return part_of_day(f"{piece} {match['name']}".strip())


def _window(start: int, end: int) -> Callable[[Match, Scene], Meaning]:
    return lambda match, scene: PartOfDay(None, start, end)


def _half_of_day(match: Match, scene: Scene) -> Meaning | None:
    """ "Sat am"; elsewhere "am" is a verb."""
    if not (scene.after_day or match["the"]):
        return None
    if match["half"] == "pm":
        return PartOfDay("afternoon", 720, 1440)
    return part_of_day("morning" if match["half"] == "am" else "evening")


def _earliest(match: Match, scene: Scene) -> Meaning:
    return Earliest()


def _latest(match: Match, scene: Scene) -> Meaning | None:
    return None if match["bare"] and scene.after_hours else Latest()


def _other(match: Match, scene: Scene) -> Meaning:
    return Other()


def _greeting(match: Match, scene: Scene) -> Meaning | None:
    return None if match.start() else Other()


RULES: tuple[Rule, ...] = (
    (
        r"(?:(?:in|at|during|for|on|by|of) )?(?:the )?(?:(?P<piece>early|mid|late|later) )?"
        rf"(?P<name>{PART})",
        _part,
    ),
    (r"1 (?:(?P<piece>early|late) )?(?P<name>morning|afternoon|evening)", _part),
    (
        r"(?:(?:at|around|over|during|about|on|in) (?:the |my |our )?lunch(?: ?(?:time|hour|break))?|lunch ?time)",
        _window(690, 840),
    ),
    (r"after lunch", _window(780, 1440)),
    (r"before lunch", _window(300, 720)),
    (r"(?:the )?(?:1ord|first) thing", _window(300, 600)),
    (r"(?:(?:an?|something|anything) )?late (?:1|slot|appointment|(?:on )?in the day)", _window(900, 1440)),
    (r"(?:(?:an?|something|anything) )?early (?:1|slot|in the day)", _window(300, 600)),
    (r"before (?:work|school)", _window(300, 540)),
    (r"after school(?: hours)?", _window(900, 1440)),
    (r"after work(?: hours)?", _window(1020, 1440)),
    (r"(?P<the>in the )?(?P<half>am|pm|eve)(?! i(?: |$))", _half_of_day),
    (r"(?:(?:at|towards?) )?(?:the )?end of (?:the )?(?:business )?day|close of business|cob|eod", _window(900, 1440)),
    (
        r"(?:the |your |as )?(?:earliest|soon as (?:possible|you can)|early as possible"
        r"|(?:next|1ord|1th) (?:available|free|opening|open))(?: (?:time|slot|appointment|opening|date|day|one))?",
        _earliest,
    ),
    (
        r"(?:the |your )latest(?: (?:time|slot|appointment|opening|1))?|(?P<bare>latest)(?: (?:slot|appointment|1))?"
        r"|(?:as )?late as (?:possible|you (?:can|have)|it gets)|last thing|latest you have|(?:the )?last 1 of the day"
        r"|(?<!my )(?<!our )(?:the |your )?last (?:slot|appointment|opening|session|spot)(?! (?:i|we|was|went))"
        r"(?: (?:of|in) the (?:day|morning|afternoon|evening))?",
        _latest,
    ),
    # A bound says its own time.
    (r"(?:at|by) the (?:very )?latest|(?:the )?latest (?:news|(?:that )?(?:i|we))|\d{1,2} latest", _other),
    (
        rf"{_COUNT}(?: -| to| or)?(?: \d{{1,3}})?(?: -)? (?:minutes|hours?|days?|weeks?|months?|years?|nights?)"
        r"(?: and a half)?",
        _other,
    ),
    (
        r"(?:for|party of|group of|we are|table for) \d{1,3}"
        rf"(?: (?:{_GUESTS})|(?= (?:at|on|in|please|[.,])(?: |$)|$))",
        _other,
    ),
    (r"(?:for )?(?:the|both|all) \d{1,2} of (?:us|them|you|these|those)", _other),
    (r"(?:no|any|some|every|the|this|that|which|another|each|either|a \w+) 1|1 of", _other),
    (rf"(?:every|each|per|the other) (?:(?!(?:{DAY}) )\w+ )?(?:{DAY}|{PART}|day|week|month|weekend)", _other),
    # "Until the first dance" names no day.
    (r"(?:until |till |from |after |before )?(?:the )?\d{1,2}ord (?:dance|kiss|look|song|course|toast|speech)", _other),
    (rf"back in (?:{'|'.join(MONTHS)})", _other),
    (rf"(?:very )?good (?:{PART})|the night before|night (?:stand|out)", _other),
    (rf"(?:{PART}) [.,] (?!\d|please|at|around|about|if)", _greeting),
    (rf"(?:have|enjoy) (?:an?|your|the) (?:\w+ )?(?:{PART}|day|weekend|week)", _other),
    (r"(?:merry|happy) \w+(?: year)?(?: day)?", _other),
)

"""How English names times of day."""

from __future__ import annotations

import re
from collections.abc import Callable

from handled.kit.when.english_words import MONTHS
from handled.kit.when.mentions import Bound, Clock, Earliest, Hours, Meaning, Other, Part, PartOfDay, Scene

Match = re.Match[str]
Rule = tuple[str, Callable[[Match, Scene], Meaning | None]]

_PARTS: dict[str, Part] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
    "tonight": "night",
}
_PART = "morning|afternoon|evening|night"
_DAYS = "today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday"

# Words that make a number after them a time. A weak one needs the sentence to end or go on in a way no noun does.
_STRONG = r"at|around|about|after|before|by|until|past|since|starting|from|between|later than|earlier than|not before"
_WEAK = r"for|to|or|no|not|rather|like|maybe|say|is|do|how about|what about|make it|make that|let's say|let's do|it|with"
_PRE = (
    rf"(?P<pre>(?:(?:{_STRONG}|{_WEAK}|no later than|no earlier than|not later than|not earlier than|any time|just|shortly"
    r"|right|only|ok|okay|yes|starting at|starting from) ){1,4})?"
)
_THINGS = (
    r"people|persons?|guests?|adults?|kids?|child|children|ppl|pax|minutes|hours?|days?|weeks?|months?|years?|nights?|dollars?"
    r"|euros?|pounds|percent|hundred|thousand|of(?: us| them| those| these| my| your)?|more|other|others|point|x|#|%|am i"
    r"|star|stars|thing|visit|session|room|bed|bedroom|seat|ticket|slot|tickets|miles|km|kilometers|meters|blocks|ord|th"
    r"|moment|stage|time|times|location|place|man|men|woman|women|girl|boy|per|and a half|mile|block|year old|week|appointment"
)
_STREET = r"street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|center|centre|way|plaza|court|square|place|parkway"
_NO_COUNT = (
    rf"(?! (?:{_THINGS})(?: |$))(?! (?:(?!(?:{_DAYS}|works|this|thanks|is|was|as|suits|us|plus|hours|minutes)\b)"
    rf"[a-z']+s)(?: |$))(?! (?:[a-z']+ ){{0,3}}(?:{_STREET})(?: |$))(?! (?:\d|/|\d{{1,2}}th))(?! (?:of )?(?:{'|'.join(MONTHS)})(?: |$))"
)
_ENDS = (
    r"(?= (?:[.,-]|please|pls|if|on|in|for|then|is|works?|would|will|should|could|instead|ok|okay|or|and|but|at|with|this|next"
    rf"|the|that|sharp|ish|so|thanks|thank|possible|available|better|good|fine|great|best|suits?|today|tomorrow|tonight|{_DAYS}"
    r"|because|since|as|when|until|we|i|you|my|under|does|can|latest|earliest|exactly|not|maybe|may)(?: |$)|$)"
)
_FIVES = ("5", "10", "15", "20", "25")
_NUMBER = r"(?:2[0-4]|1\d|0?\d)"


def _form(tag: str) -> str:
    """A clock time in words or digits, its groups named with `tag`."""
    return (
        rf"(?:(?P<hm{tag}>\d{{1,2}}[:.]\d\d)"
        rf"|(?:a |the )?(?P<rel{tag}>half|quarter|[0-5]?\d)(?: minutes)? (?P<dir{tag}>past|to|of|before|after|until|til)"
        rf" (?P<base{tag}>{_NUMBER}|noon|midnight)"
        rf"|half (?P<past{tag}>1[0-2]|\d)"
        rf"|(?P<h{tag}>{_NUMBER}) (?P<m{tag}>[0-5]\d)(?! ?oclock)"
        rf"|(?P<mil{tag}>(?:[01]\d|2[0-3])[0-5]\d)(?P<hours{tag}> hours)?"
        rf"|(?P<hour{tag}>{_NUMBER})"
        rf"|(?:12 )?(?P<noon{tag}>noon|midnight))"
        rf"(?: (?P<oclock{tag}>oclock))?(?: -)?(?: (?P<ish{tag}>ish))?(?:(?: ,)? (?P<half{tag}>am|pm))?(?: ish| sharp)?"
    )


_TAIL = (
    rf"(?:(?: ,)?(?: (?:in|at|of|on|during))?(?: the)?(?: (?:early|late|mid))? (?P<tail>{_PART})(?! (?:class|of)))?"
    rf"(?=(?P<day>(?: ,)? (?:tonight|(?:this|(?:on )?(?:{_DAYS})) (?:{_PART}))(?: |$))?)"
)
_LEAD = (
    rf"(?:(?:in )?(?:the )?(?P<lead>{_PART})(?: ,)?(?: (?:at|around|about|by|for|like|say|maybe)){{0,2}} )?"
)
_CONNECT = r"(?: ,)? (?P<to>-|to|and|until|or|through)(?: (?:at|around|about|like|maybe|before|until))?"

PART_WINDOWS: dict[str, tuple[int, int]] = {
    "morning": (5 * 60, 12 * 60),
    "early morning": (5 * 60, 9 * 60),
    "mid morning": (9 * 60, 11 * 60),
    "late morning": (10 * 60, 12 * 60),
    "afternoon": (12 * 60, 18 * 60),
    "early afternoon": (12 * 60, 15 * 60),
    "mid afternoon": (14 * 60, 16 * 60),
    "late afternoon": (15 * 60, 18 * 60),
    "evening": (17 * 60, 24 * 60),
    "early evening": (17 * 60, 19 * 60),
    "mid evening": (18 * 60, 21 * 60),
    "late evening": (19 * 60, 24 * 60),
    "night": (18 * 60, 24 * 60),
    "early night": (18 * 60, 21 * 60),
    "mid night": (22 * 60, 24 * 60),
    "late night": (20 * 60, 24 * 60),
}


def _clock(match: Match, tag: str, part: Part | None, half: str | None = None) -> Clock | None:
    """The time in the groups `tag`; None if they matched nothing."""
    half = match[f"half{tag}"] or half
    meridiem = "am" if half == "am" else "pm" if half == "pm" else None
    if match[f"noon{tag}"]:
        return Clock(12 if match[f"noon{tag}"] == "noon" else 0, literal=True)
    if match[f"rel{tag}"]:
        return _relative(match, tag, part, half)
    if match[f"past{tag}"]:
        return Clock(int(match[f"past{tag}"]), 30, meridiem, part)
    written = match[f"hm{tag}"]
    if written:
        hour, minute = (int(piece) for piece in re.split("[:.]", written))
        literal = written.startswith("0") and hour > 0
    elif match[f"mil{tag}"]:
        hour, minute, literal = (
            int(match[f"mil{tag}"][:2]),
            int(match[f"mil{tag}"][2:]),
            match[f"mil{tag}"][0] == "0",
        )
    else:
        hour, minute, literal = (
            int(match[f"h{tag}"] or match[f"hour{tag}"]),
            int(match[f"m{tag}"] or 0),
            False,
        )
    return Clock(hour, minute, meridiem, part, literal)


def _relative(match: Match, tag: str, part: Part | None, half: str | None) -> Clock | None:
    said, base = match[f"rel{tag}"], match[f"base{tag}"]
    past = match[f"dir{tag}"] in ("past", "after")
    minute = {"half": 30, "quarter": 15}.get(said) or int(said)
    if not said.isalpha() and minute % 5 and match[f"dir{tag}"] in ("to", "of", "after", "before", "until"):
        return None
    if minute == 0 or (said == "half" and not past):
        return None
    meridiem = "am" if half == "am" else "pm" if half == "pm" else None
    hour = {"noon": 12, "midnight": 0}.get(base)
    literal = hour is not None
    hour = int(base) if hour is None else hour
    flags = (
        ("minutes_or_range",) if said.isdigit() and minute in (5, 10) and match[f"dir{tag}"] == "to" else ()
    )
    if past:
        return Clock(hour, minute, meridiem, part, literal, flags)
    if hour == 12 and meridiem:
        meridiem = "am" if meridiem == "pm" else "pm"
    before = hour - 1 if hour > 1 else 12 if hour == 1 else 23
    return Clock(before, 60 - minute, meridiem, part, literal, flags)


def _bound(words: str) -> Bound | None:
    words = f" {words} "
    if any(word in words for word in (" no later ", " not later ", " earlier than ", " by ", " until ")):
        return (
            "until"
            if " not until " not in words and "earlier" not in words
            else "before"
            if "earlier" in words and "no" not in words
            else "after"
        )
    if any(
        word in words
        for word in (" not before ", " no earlier ", " not earlier ", " later than ", " after ", " past ")
    ):
        return "after"
    if " before " in words:
        return "before"
    return "from" if any(word in words for word in (" from ", " since ", " starting ")) else None


def _time(match: Match, scene: Scene) -> Meaning | None:
    pre = (match["pre"] or "").split()
    words = match["pre"] or ""
    part = _PARTS.get(match["tail"] or match["lead"] or _day_part(match["day"] or ""))
    evident = bool(part or match["half"] or match["oclock"] or match["ish"] or match["noon"] or match["past"])
    nights = (
        match["hour"]
        and not (match["half"] or match["oclock"])
        and match.group().endswith(f"{match['hour']} night")
    )
    evident = evident and not (nights and not _STRONG_END.search(words))
    if not evident and not _stands(match, scene, pre):
        return None
    clock = _clock(match, "", part)
    if clock is None:
        return None
    return Hours(clock, bound=_bound(words))


def _day_part(words: str) -> str:
    last = words.split()[-1] if words else ""
    return last


_AFTER_NUMBER = re.compile(_NO_COUNT)
_AFTER_WEAK = re.compile(_ENDS)
_CORRECTING = re.compile(r"\b(?:no|wait|sorry|i mean|i meant|actually|rather|or|not|yes|ok)(?: ,)? \Z")
_BEFORE_DAY = re.compile(rf"(?: on)?(?: this| next)? (?:{_DAYS})(?: |$)")
_STRONG_END = re.compile(rf"(?:^| )(?:{_STRONG}|any time|than|make it|make that) $")


def _stands(match: Match, scene: Scene, pre: list[str]) -> bool:
    """Whether a time with nothing else to show for it stands where only a time can."""
    text, end = match.string, match.end()
    if match["hm"]:
        whole = match.group().strip() == text.strip(" .,")
        return (
            "." not in match["hm"] or whole or scene.after_day or bool(_STRONG_END.search(match["pre"] or ""))
        )
    if match["rel"]:
        return not _range_like(match)
    if not _AFTER_NUMBER.match(text, end):
        return False
    led = bool(_STRONG_END.search(match["pre"] or ""))
    if match["mil"]:
        return bool(match["hours"]) or (led and int(match["mil"]) % 5 == 0)
    ends = bool(_AFTER_WEAK.match(text, end))
    opens = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in ".,"
    if match["h"]:
        return led or ends or opens or bool(pre) or scene.after_day
    if led or (opens and not pre and _BEFORE_DAY.match(text, end)):
        return True
    if scene.after_day and not (pre and pre[-1] == "for"):
        return ends
    if scene.after_hours and ends and _CORRECTING.search(text[: match.start("hour")]):
        return True
    weak = (match["pre"] or "").strip()
    return ends and weak.endswith(("how about", "what about", "say", "let's do"))


def _range_like(match: Match) -> bool:
    """Whether "2 to 4" names two times rather than minutes before the hour."""
    said = match["rel"]
    return said.isdigit() and match["dir"] in ("to", "until", "of", "before", "after") and int(said) % 5 != 0


def _range(match: Match, scene: Scene) -> Meaning | None:
    part = _PARTS.get(match["tail"] or match["lead"] or _day_part(match["day"] or ""))
    lead = match["rpre"] or ""
    minutes_to = match["houra"] in _FIVES and match["hourb"] and match["to"] in ("to", "until")
    if minutes_to and not (match["halfa"] or match["oclocka"] or "from" in lead or "between" in lead):
        return None
    if match["to"] == "and" and "between" not in lead:
        return None
    shown = (
        part
        or match["halfa"]
        or match["halfb"]
        or match["noona"]
        or match["noonb"]
        or match["hma"]
        or match["hmb"]
    )
    shown = shown or match["oclocka"] or match["oclockb"] or match["isha"] or match["ishb"]
    strong = bool(lead) or bool(shown) or (scene.after_day and match["to"] != "or")
    strong = strong or (not match.start() and bool(_BEFORE_DAY.match(match.string, match.end())))
    if not strong or (not shown and not _AFTER_NUMBER.match(match.string, match.end())):
        return None
    if match["ma"] and not (match["ha"] and match["hb"]):
        return None
    start, end = _clock(match, "a", part), _clock(match, "b", part)
    if start is None or end is None:
        return None
    return Hours(start, end, choice=match["to"] == "or")


def _part_of_day(match: Match, scene: Scene) -> Meaning | None:
    name = match["name"]
    piece = (match["piece"] or "").strip()
    start, end = PART_WINDOWS[f"{piece} {name}".strip()]
    return PartOfDay(_PARTS[name], start, end)


def _window(start: int, end: int) -> Callable[[Match, Scene], Meaning]:
    return lambda match, scene: PartOfDay(None, start, end)


def _other(match: Match, scene: Scene) -> Meaning:
    return Other()


def _greeting(match: Match, scene: Scene) -> Meaning | None:
    return None if match.start() else Other()


def _earliest(match: Match, scene: Scene) -> Meaning:
    return Earliest()


_N = r"(?:\d{1,4}|an?|half an|a half|a few|a couple of|several|some|many|1 and a half|2 and a half)"
RULES: tuple[Rule, ...] = (
    (
        rf"(?P<rpre>(?:any time |sometime )?(?:between|from|at|around|about|for|after))? ?{_LEAD}{_form('a')}{_CONNECT} {_form('b')}{_TAIL}",
        _range,
    ),
    (rf"{_PRE}{_LEAD}{_form('')}{_TAIL}", _time),
    (
        rf"(?:(?:in|at|during|for|on|by|of) )?(?:the )?(?P<piece>early |mid |late |later )?(?:- )?(?P<name>{_PART})",
        _part_of_day,
    ),
    (
        r"(?:at |around |over |during |about )(?:the )?lunch(?: ?(?:time|hour|break))?|lunch ?(?:time|hour|break)",
        _window(690, 840),
    ),
    (r"(?:the )?1ord thing|first thing", _window(300, 600)),
    (
        r"(?:(?:at|by|towards?|before) )?(?:the )?end of (?:the )?(?:business )?day|close of business|cob|eod",
        _window(900, 1440),
    ),
    (r"after (?:work|school)(?: hours)?", _window(1020, 1440)),
    (r"before (?:work|school)", _window(300, 540)),
    (r"after lunch", _window(780, 1440)),
    (r"before lunch", _window(300, 720)),
    (
        r"(?:the |your |as )?(?:earliest|soon as possible|soon as you can|early as possible"
        r"|(?:next|1ord|1th) (?:available|free|opening|open))(?: (?:time|slot|appointment|opening|date|day|one))?",
        _earliest,
    ),
    (
        rf"{_N}(?: -| to| or)?(?: \d{{1,3}})?(?: -)? (?:minutes|hours?|days?|weeks?|months?|years?|nights?|seconds?)(?: and a half)?",
        _other,
    ),
    (
        rf"(?:for|party of|group of|we are|table for) \d{{1,3}}(?: (?:people|persons?|guests?|of us|adults|kids))?(?= (?:at|on|in|please|[.,])|$)",
        _other,
    ),
    (r"no 1|any 1|some 1|every 1|(?:the|this|that|which|another|each|either|a \w+) 1|1 of", _other),
    (rf"(?:every|each|all|per|the other) (?:\w+ )?(?:{_DAYS}|{_PART}|day|week|month|weekend)", _other),
    (rf"(?:very )?good (?:{_PART})", _other),
    (rf"(?:{_PART}) [.,] (?!\d|please|at|around|about|if)", _greeting),
    (rf"(?:have|enjoy) (?:a|an|your|the) (?:\w+ )?(?:{_PART}|day|weekend|week|today)", _other),
    (r"24 ?/ ?7|\d{1,3} / \d{1,3}|24 hours", _other),
    (r"(?:merry|happy) (?:christmas|new year|halloween|thanksgiving|\w+)(?: day)?", _other),
    (r"\d{1,3} times|the night before|night stand|night out", _other),
)

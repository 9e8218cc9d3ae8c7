"""How English names times of day."""

from __future__ import annotations

import re
from collections.abc import Callable

from handled.kit.when.english import events
from handled.kit.when.english.spelling import MONTHS, WEEKDAYS
from handled.kit.when.mentions import Bound, Clock, Half, Hours, Part, Scene

Match = re.Match[str]
Rule = tuple[str, Callable[[Match, Scene], Hours | None]]

PART = "morning|afternoon|evening|night"
DAY = f"today|tomorrow|{'|'.join(WEEKDAYS)}"
PARTS: dict[str, Part] = {
    "morning": "morning",
    "afternoon": "afternoon",
    "evening": "evening",
    "night": "night",
    "tonight": "evening",
}
_FIVES = ("5", "10", "15", "20", "25")
_HOUR = r"(?:2[0-4]|1\d|0?\d)"

# After one of these a number is a time, after the loose ones only if the sentence then goes on as after a time.
_SURE = (
    r"at|around|about|before|by|until|up to|past|since|starting(?: at| from)?|from|between|(?:not )?after"
    r"|not before|not past|(?:no |not )?(?:later|earlier) than"
)
_LOOSE = (
    r"for|prefer|to|or|no|not|rather|like|maybe|say|is|do|how about|what about|make it|make that|let's say|let's do"
    r"|it|with|take|have"
)
_LEADS = rf"(?P<pre>(?:(?:{_SURE}|{_LOOSE}|any time|just|shortly|right|only|ok|okay|yes) ){{1,4}})?"
# What a number counts if it stands right behind it, and the streets whose house it numbers.
_THINGS = (
    r"people|persons?|guests?|adults?|kids?|child|children|ppl|pax|minutes|hours?|days?|weeks?|months?|years?|nights?"
    r"|dollars?|euros?|pounds|percent|hundred|thousand|of|more|others?|point|x|#|star|thing|visit|session|room|bed"
    r"|bedroom|seat|ticket|slot|miles?|km|kilometers|meters|block|ord|th|moment|stage|times?|location|place|man|men"
    r"|woman|women|girl|boy|per|and a half|week|appointment"
)
_STREETS = (
    r"street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|center|centre|way|plaza|court|square|parkway|grove"
    r"|close|crescent|terrace"
)
_NO_COUNT = re.compile(
    rf"(?! (?:{_THINGS}|(?:of )?(?:{'|'.join(MONTHS)}))(?: |$))"
    rf"(?! (?!(?:{DAY}|works|this|thanks|is|was|as|suits|us|plus)(?: |$))[a-z']+s(?: |$))"
    rf"(?! (?:[a-z']+ ){{0,3}}(?:{_STREETS})(?: |$))(?! (?:\d|/))"
)
_GOES_ON = re.compile(
    r"(?= (?:[.,-]|please|pls|if|on|in|for|then|is|works?|would|will|should|could|instead|ok|okay|or|and|but|at|with"
    r"|this|next|the|that|sharp|so|thanks|thank|possible|available|better|good|fine|great|best|suits?|tonight"
    rf"|{DAY}|because|since|as|when|until|we|i|you|my|under|does|can|latest|earliest|exactly|not|maybe|may"
    r"|onwards?|onward)(?: |$)|$)"
)
_SURE_LEAD = re.compile(rf"(?:^| )(?:{_SURE}|any time|make it|make that) $")
_LOOSE_LEAD = re.compile(r"(?:how about|what about|say|do|prefer) $")
_GOES_WELL = re.compile(
    r"(?: (?:is|would be|will be|sounds))? (?:works?|ok|okay|fine|good|great|perfect|possible|available|free|better"
    r"|best|suits?)(?: |$)"
)
_ASKED = re.compile(r"\b(?:does|would|is|will|could) $")
_CORRECTING = re.compile(r"\b(?:no|wait|sorry|i mean|i meant|actually|rather|or|not|yes|ok)(?: ,)? $")
_YEAR = re.compile(r"20[2-9]\d")
_BEFORE_DAY = re.compile(rf"(?:(?: on)?(?: this| next)? (?:{DAY})| on the \d{{1,2}}th)(?: |$)")


def _form(tag: str) -> str:
    """A time on the clock in any of its forms, the names of its groups ending in `tag`."""
    return (
        rf"(?:(?P<hm{tag}>\d{{1,2}}[:.]\d\d)"
        rf"|(?:a |the )?(?P<off{tag}>half|quarter|[0-5]?\d)(?: minutes)? (?P<dir{tag}>past|to|of|before|after|until)"
        rf" (?P<base{tag}>{_HOUR}|noon|midnight)"
        rf"|half (?P<past{tag}>1[0-2]|\d)"
        rf"|(?P<h{tag}>{_HOUR}) (?P<m{tag}>[0-5]\d)(?! oclock)"
        rf"|(?P<joint{tag}>(?:[01]?\d|2[0-3])[0-5]\d)(?P<hours{tag}> hours)?"
        rf"|(?P<hour{tag}>{_HOUR})"
        rf"|(?:12 )?(?P<noon{tag}>noon|midnight))"
        rf"(?P<oclock{tag}> oclock)?(?: -)?(?P<ish{tag}> ish)?(?:(?: ,)? (?P<half{tag}>am|pm))?(?: -)?(?: ish| sharp)?"
    )


_FIRST_PART = rf"(?:(?:in )?(?:the )?(?P<lead>{PART})(?: ,)?(?: (?:at|around|about|by|for|like|say|maybe)){{0,2}} )?"
_LAST_PART = (
    rf"(?:(?: ,)?(?: (?:in|at|of|on|during))?(?: the)?(?: (?:early|late|mid))? (?P<tail>{PART}))?"
    rf"(?=(?P<day>(?: ,)? (?:(?:this|(?:on )?(?:{DAY})) (?:{PART})|tonight)(?: |$))?)"
)
_CONNECTION = r"(?: ,)? (?P<to>-|to|and|until|or|through)(?: (?:at|around|about|like|maybe|before|until))? "


def _half(word: str | None) -> Half | None:
    return "am" if word == "am" else "pm" if word == "pm" else None


def _part(match: Match) -> Part | None:
    day = (match["day"] or "").split()
    return PARTS.get(match["tail"] or match["lead"] or (day[-1] if day else ""))


def _clock(match: Match, tag: str, part: Part | None) -> Clock | None:
    """The time in the groups of `tag`, or None if those words are no time after all."""
    half = _half(match[f"half{tag}"])
    if match[f"noon{tag}"]:
        return Clock(12 if match[f"noon{tag}"] == "noon" else 0, literal=True)
    if match[f"off{tag}"]:
        return _clock_off(match, tag, part, half)
    if match[f"past{tag}"]:
        return Clock(int(match[f"past{tag}"]), 30, half, part)
    written, joint = match[f"hm{tag}"], match[f"joint{tag}"]
    if joint:
        return Clock(int(joint[:-2]), int(joint[-2:]), half, part, literal=joint[0] == "0")
    if written:
        hour, minute = (int(piece) for piece in re.split("[:.]", written))
        return Clock(hour, minute, half, part, literal=written[0] == "0" and hour > 0)
    return Clock(int(match[f"h{tag}"] or match[f"hour{tag}"]), int(match[f"m{tag}"] or 0), half, part)


def _clock_off(match: Match, tag: str, part: Part | None, half: Half | None) -> Clock | None:
    """So many minutes past or to an hour; "2 to 4" is no such thing, "10 to 4" is by courtesy."""
    said, direction, base = match[f"off{tag}"], match[f"dir{tag}"], match[f"base{tag}"]
    minute = {"half": 30, "quarter": 15}.get(said) or int(said)
    if minute == 0 or (said == "half" and direction != "past") or (direction != "past" and minute % 5):
        return None
    hour = {"noon": 12, "midnight": 0}.get(base)
    literal = hour is not None
    hour = int(base) if hour is None else hour
    flags = ("minutes_or_range",) if said in ("5", "10") and direction == "to" else ()
    if direction in ("past", "after"):
        return Clock(hour, minute, half, part, literal, flags)
    if hour == 12 and half:
        half = "am" if half == "pm" else "pm"
    return Clock((hour - 1) % 24 or (12 if hour == 1 else 0), 60 - minute, half, part, literal, flags)


def _bound(leads: str) -> Bound | None:
    words = f" {leads}"
    if re.search(r" (?:no later than|not later than|not after|not past|by|until|up to) ", words):
        return "after" if " not until " in words else "until"
    if re.search(r" (?:no earlier than|not earlier than|not before|later than|after|past) ", words):
        return "after"
    if re.search(r" (?:before|earlier than) ", words):
        return "before"
    return "from" if re.search(r" (?:from|since|starting) ", words) else None


def _time(match: Match, scene: Scene) -> Hours | None:
    leads, part = match["pre"] or "", _part(match)
    shown = bool(part or match["half"] or match["oclock"] or match["ish"] or match["noon"] or match["past"])
    stay = match["hour"] and match.group().endswith(f"{match['hour']} night")
    if (stay or match.group() == f"1 {match['tail']}") and not _SURE_LEAD.search(leads):
        return None  # "for 1 night" is a stay, "at 1 night" a time; "one morning" is some morning
    if not shown and not _stands(match, scene, leads):
        return None
    clock = _clock(match, "", part)
    if clock is None:
        return None
    bound = _bound(leads)
    of_event, event_bound = events.of_event(match.string, match.start() + len(leads), match.end())
    return Hours(clock, bound=bound or event_bound, of_event=of_event and not bound)


def _stands(match: Match, scene: Scene, leads: str) -> bool:
    """Whether digits with nothing else to show for it stand where only a time can."""
    text, end = match.string, match.end()
    led = _SURE_LEAD.search(leads) is not None
    if match["hm"]:
        alone = match.group().strip() == text.strip(" .,")
        loose = _LOOSE_LEAD.search(leads) and _GOES_ON.match(text, end)
        beside_day = scene.after_day or _BEFORE_DAY.match(text, end)
        return "." not in match["hm"] or alone or led or bool(beside_day or loose)
    if match["off"]:
        return True
    if not _NO_COUNT.match(text, end):
        return False
    if match["joint"]:
        beside_day = not _YEAR.fullmatch(match["joint"]) and (scene.after_day or _BEFORE_DAY.match(text, end))
        return bool(match["hours"]) or bool((led or beside_day) and int(match["joint"]) % 5 == 0)
    before = text[: match.start()].rstrip()
    opens = before[-1:] in ("", ".", ",") or before in ("is", "are", "so is", "and is")
    if led or (opens and not leads and _BEFORE_DAY.match(text, end)):
        return True
    goes_on = _GOES_ON.match(text, end) is not None
    if match["h"]:
        return goes_on or opens or bool(leads) or scene.after_day
    if scene.after_day and not leads.endswith("for "):
        return goes_on
    corrects = scene.after_hours and _CORRECTING.search(text[: match.start("hour")])
    welcome = (opens or leads or _ASKED.search(text[: match.start()])) and _GOES_WELL.match(text, end)
    return bool(welcome) or (goes_on and bool(corrects or _LOOSE_LEAD.search(leads)))


def _range(match: Match, scene: Scene) -> Hours | None:
    """Two times that begin and end a window, or that are alternatives."""
    part, leads = _part(match), match["leads"] or ""
    # "10 till 2" opens and closes; "20 till 3" is no opening hour.
    to = match["to"] == "to" or (match["to"] == "until" and match["houra"] in ("20", "25"))
    minutes_to = match["houra"] in _FIVES and match["hourb"] and to
    if minutes_to and not (match["halfa"] or match["oclocka"] or "from" in leads or "between" in leads):
        return None
    shown = bool(part) or any(
        match[f"{group}{tag}"] for tag in "ab" for group in ("half", "noon", "hm", "oclock", "ish")
    )
    opens = not match.start() and (
        _BEFORE_DAY.match(match.string, match.end()) or not match.string[match.end() :].strip(" .,")
    )
    follows_day = scene.after_day and match["to"] != "or"
    if not (shown or ((leads or opens or follows_day) and _NO_COUNT.match(match.string, match.end()))):
        return None
    if bool(match["ma"]) != bool(match["mb"]) and not match["hmb"]:
        return None
    start, end = _clock(match, "a", part), _clock(match, "b", part)
    return Hours(start, end, choice=match["to"] in ("or", "and") and "between" not in leads) if start and end else None


RULES: tuple[Rule, ...] = (
    (
        r"(?P<leads>(?:(?:say|maybe|like|just|prefer|how about|what about) )?"
        r"(?:any time |sometime |not )?(?:between|from|at|around|about|for|after))? ?"
        rf"{_FIRST_PART}{_form('a')}{_CONNECTION}{_form('b')}{_LAST_PART}",
        _range,
    ),
    (rf"{_LEADS}{_FIRST_PART}{_form('')}{_LAST_PART}", _time),
)

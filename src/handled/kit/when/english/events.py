"""Whether English names a time for what else takes place: "before my flight at 2", "I have to pick up my son at 12"."""

from __future__ import annotations

import re

from handled.kit.when.english.spelling import WEEKDAYS
from handled.kit.when.mentions import Bound

_DAY = f"today|tomorrow|{'|'.join(WEEKDAYS)}"
# What is hardly the appointment itself, so that its time only matters to it.
_ELSEWHERE = r"flight|plane|train|bus|ferry|dentist|doctors?|physio|interview|exam|recital|shift|funeral|graduation"
_EVENT = (
    rf"{_ELSEWHERE}|meeting|class|lesson|work|school|wedding|party|appointment|game|trip|date|dinner|concert|event|call"
    r"|ceremony"
)
_THEN = rf"(?: ,)?(?: (?:on |this |next )?(?:{_DAY}))?(?: ,)?"
# "Before my flight on Thursday at 2", "after my shift ends at 5".
_BESIDE = re.compile(
    rf"\b(?P<bound>before|after) (?:(?:my|our|the|his|her|their|an?) )?(?:[a-z']+ ){{0,2}}?(?:{_EVENT})"
    r"(?P<ends> (?:ends?|finishes|is over|is done|gets out|lets out))?(?: (?:starts|leaves|begins|is))?"
    rf"{_THEN}(?: at)? $"
)
# "My train leaves at 4", "after I drop the kids at 9".
_AT = re.compile(
    rf"(?:\b(?P<bound>before|after) (?:i|we) )?(?:\b(?:{_ELSEWHERE})(?: appointment)?"
    r"|\b(?:pick|drop|collect|fetch)(?:ing|ping)?(?: up| off)?(?: [a-z']+){1,4}|\bi (?:start|finish)(?: work)?)"
    r"(?P<leaves> (?:leaves|departs|goes|takes off))?(?: (?:is|starts|begins|isn't until))?"
    rf"{_THEN}(?: (?:at|by|around))? $"
)
# "After my 10 am appointment".
_OWN = re.compile(r"\b(?P<bound>before|after) (?:my|our|the) $")
_BEHIND = re.compile(rf" (?:[a-z']+ )?(?:{_EVENT})(?: |$)")
_BEFORE_IT = re.compile(
    r"\b(?:before (?:that|then|it|work)|beforehand"
    r"|(?:any time|anything|(?:needs?|has|have) to be|must be) before(?: [.,]|$))"
)
_AFTER_IT = re.compile(r"\b(?:after (?:that|then|it|work)|afterwards?)\b")
_BOUNDS: dict[str, Bound] = {"before": "before", "after": "after"}


def of_event(text: str, start: int, end: int) -> tuple[bool, Bound | None]:
    """Whether the time that stands from `start` to `end` is an event's, and on which side of it somebody can come."""
    before = text[:start]
    if (own := _OWN.search(before)) and _BEHIND.match(text, end):
        return True, _BOUNDS[own["bound"]]
    beside = _BESIDE.search(before)
    if beside and (beside["bound"] == "before" or beside["ends"]):
        return True, _BOUNDS[beside["bound"]]
    event = _AT.search(before)
    if event is None:
        return False, None
    if event["bound"]:
        return True, _BOUNDS[event["bound"]]
    if event["leaves"] or _BEFORE_IT.search(text):
        return True, "before"
    return True, "after" if _AFTER_IT.search(text) else None

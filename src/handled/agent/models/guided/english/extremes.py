"""English: the one of several that is the cheapest, the dearest, the shortest or the longest, or takes so long.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import any_of

_NO_SERVICE = r"(?! (?:way|time|day|date|slot|appointment|notice|possible|route|wait|hours?))"
_ONE = r"(?= (?:one|service|treatment|option|session|thing|cut|of (?:them|those|these)|you (?:have|offer|do))\b)"

_NO_SHIFT = r"(?! (?:late|early|earlier|later|sooner|before|after))"

EXTREMES: dict[str, re.Pattern[str]] = {
    "cheapest": any_of(
        rf"\b(?:the |your |whatever(?:'s| is) )(?:very )?(?:cheapest|least expensive|most affordable|lowest.priced?)\b"
        rf"{_NO_SERVICE}",
        r"(?:^|[.!?,] ?)cheapest\b(?: (?:one|thing|option|service))?",
    ),
    "free_one": any_of(r"\bthe free (?:one|session|chat|consult\w*|call)\b|^(?:the )?free(?: one)?[\s.!?]*$"),
    "dearest": any_of(rf"\b(?:the|your) (?:very )?(?:most expensive|priciest|dearest|highest.priced?)\b{_NO_SERVICE}"),
    "shortest": any_of(rf"\b(?:the|your) (?:very )?(?:shortest|quickest|fastest)\b{_ONE}"),
    "longest": any_of(rf"\b(?:the|your) (?:very )?longest\b{_ONE}"),
    "lasting": any_of(
        rf"(?<!in )(?<!within )(?<!by )\b(?P<minutes>\d{{2,3}})[ -]?min(?:ute)?s?\b{_NO_SHIFT}",
        rf"\b(?P<half>half(?:[- ]an?)?[- ]hour)\b{_NO_SHIFT}",
        rf"\b(?P<hour>(?:one|1)[- ]hour|hour[- ]long)\b{_NO_SHIFT}",
    ),
    "which_one": any_of(r"\?$", r"^(?:and |so |ok |hi |hello )*(?:what(?:'?s)?|which|how (?:much|long))\b"),
}
EXTREME_PHRASES: dict[str, tuple[str, ...]] = {
    "that_one": ("That would be the {service}.", "That is the {service}."),
}

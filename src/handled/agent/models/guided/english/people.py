"""English: how people say their names and spell their addresses."""

from __future__ import annotations

import re

from .blocks import any_of
from .words import words

_NAMED = r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,5}"
_CAPITAL = r"(?![a-zß-öø-ÿ])[^\W\d_][\w'’.-]*"
_CAPITALS = rf"{_CAPITAL}(?: (?:(?:de|da|dos?|del|della|van|von|der|den|la|le|el|al|bin) )*{_CAPITAL}){{0,4}}"
_ABROAD = "je m['’]appelle|me llamo|mi nombre es|ich hei(?:ß|ss)e|mein name ist|mi chiamo"
_SPOKEN_DOT = r"\s*(?:\.|\(dot\)|\[dot\]|\b(?:dot|underscore|dash|hyphen|minus)\b)\s*"

NAME_GIVEN = (
    re.compile(r"(?:^|[,;] *)name (?P<name>[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)?) *(?:$|[,;.])", re.IGNORECASE),
    re.compile(rf"\bmy (?:full |first )?na(?:me?|em)(?:['’]s| is|s)?:? +(?P<name>{_NAMED})", re.IGNORECASE),
    re.compile(rf"\bname(?:['’]s| is| to| should be|:) +(?P<name>{_NAMED})", re.IGNORECASE),
    re.compile(rf"\b(?:{_ABROAD}) (?P<name>{_NAMED})", re.IGNORECASE),
    re.compile(rf"\bunder (?:the name(?: of)? )?(?:my \w+ )?(?P<name>{_CAPITALS})"),
    re.compile(rf"\b[Tt]his is (?P<name>{_CAPITALS})"),
    re.compile(
        r"\b(?:[Ii]['’]?m|[Ii] am|[Ii]t['’]?s(?: actually| really)?|[Ii] am called|[Tt]hey call me) "
        rf"(?P<name>{_CAPITALS})"
    ),
    re.compile(r"\bfor (?:my (?:\w+) )?(?P<name>[A-Z][a-z'’-]+(?: [A-Z][\w'’-]+){0,2})"),
    # "Not the one named Connor" is somebody else.
    re.compile(rf"^(?!.*\b(?:not|don['’]?t|never)\b).*\b(?:called|named) (?P<name>{_CAPITALS})", re.DOTALL),
    re.compile(rf"\b(?:call me|signed|regards,) (?P<name>{_CAPITALS})", re.IGNORECASE),
)
FAMILY_NAME = re.compile(
    rf"\b(?:sur|last |family |second )name(?: is|['’]s|:| was| should be|,)? +(?P<name>{_NAMED})", re.IGNORECASE
)
_KIN = r"(?:kids?|child(?:ren)?|sons?|daughters?|boys?|girls?|little (?:one|man|guy)s?|toddlers?|bab(?:y|ies))(?:'s)?"
# Children in passing, who are not the ones to come: "while the kids are at school".
KIN_ASIDE = any_of(
    rf"\b(?:pick|drop|collect|fetch)(?:ing|ping)?(?: up| off)? (?:the|my|our|his|her) {_KIN}(?: up| off)?",
    rf"\b(?:while|when|after|before|once|as|because|since|until) (?:the|my|our) {_KIN} (?:(?:is|are) )?"
    r"(?:at|in|back|asleep|off|home|goes?|come|comes)\b",
    rf"\b(?:my|the|our) {_KIN} (?:recital|school|nursery|daycare|game|match|party|practice|birthday|graduation|wedding|"
    r"concert|play|class|swimming|football|soccer)\b",
)
# "It's Wilde, not Wild" and "Lia is spelled Leah", said of a name that is known.
RESPELT = (
    re.compile(r"\b(?P<new>[^\W\d_][\w'’-]+),? not (?P<old>[^\W\d_][\w'’-]+)", re.IGNORECASE),
    re.compile(r"\bnot (?P<old>[^\W\d_][\w'’-]+)[, ]+(?:but |it['’]?s )?(?P<new>[^\W\d_][\w'’-]+)", re.IGNORECASE),
    re.compile(
        r"\b(?P<old>[^\W\d_][\w'’-]+)(?: is|['’]s) (?:spelled|spelt|written)(?: as| like)? "
        r"(?P<new>[^\W\d_][\w'’-]{2,})",
        re.IGNORECASE,
    ),
)
NAME_TRAIL = re.compile(
    r"(?:[\s,.]+(?:please|here|thanks|thank you|speaking|is my (?:full )?name|is the name|that'?s me|it is|and"
    r"|&|\+))+$",
    re.IGNORECASE,
)
TITLE = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof)\b\.?\s", re.IGNORECASE)
PROPER_WORD = re.compile(r"^I$|(?:ish|ese|ian|[cgkprm]an|french|dutch|thai|greek|swiss|norse|reiki)$", re.IGNORECASE)
NAME_LEAD = re.compile(
    r"^(?:(?:sure|ok|okay|yes|yeah|of course|certainly|well|hi|hello|it['’]?s|it is|its|that['’]?s|this is|"
    r"i['’]?m|i am|im|we['’]?re|we are|my|our|the|full|first|names?|name['’]s|is|are|would be|will be|under|for|"
    r"put it|please|you can call me|call me|here|mr|mrs|ms|miss|mx|dr|prof)\b[\s,.:!?]*)+",
    re.IGNORECASE,
)
SPOKEN_EMAIL = re.compile(
    rf"(?:(?P<before>[^\W\d_]+)\s+)?(?P<local>[\w+-]+(?:{_SPOKEN_DOT}[\w+-]+)*)\s*(?:\(at\)|\[at\]|@|\s+at\s+)\s*"
    rf"(?P<domain>[a-z][\w-]*(?:{_SPOKEN_DOT}[a-z][\w-]*)*?(?:{_SPOKEN_DOT})"
    r"(?:com|org|net|edu|gov|io|co|de|fr|es|it|nl|uk|us|ca|au|eu|info|me|biz|example|test)\b(?!\s*(?:dot|\.)\s*\w)"
    r"|(?:(?P<sure>gmail|icloud|outlook)|hotmail|yahoo|aol|gmx|protonmail)\b(?! ?\.| dot\b))",
    re.IGNORECASE,
)
SPOKEN_MARKS = (
    (re.compile(r"\s*(?:\(dot\)|\[dot\]|\bdot\b|\.)\s*", re.IGNORECASE), "."),
    (re.compile(r"\s*\bunderscore\b\s*", re.IGNORECASE), "_"),
    (re.compile(r"\s*\b(?:dash|hyphen|minus)\b\s*", re.IGNORECASE), "-"),
)
EMAIL_LEAD = words(
    "is its it's email mail address to me my and or use try at on under via reach through write that's thats name "
    "ok yes sure hi so then please contact"
)

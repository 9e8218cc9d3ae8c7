"""English: how a wish for a time or a service is changed, and what a message of the agent asks for.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import any_of

_DAY_OR_PART = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|weekend|morning|afternoon|evening|thanksgiving|christmas(?: \w+)?"
    r"|new year\w*(?: \w+)?|easter(?: \w+)?|holiday|bank holiday|tomorrow|today)"
)

MOVES: dict[str, re.Pattern[str]] = {
    "any_time": any_of(
        r"\bany ?time\b(?! (?:but|except|soon|before|after|between|around|from|until|till))",
        r"\bany (?:available |free |open )?(?:time|slot|hour)s?\b(?! (?:before|after|between|around|from|at|"
        r"until|till))",
        r"\bwhenever\b",
        r"\b(?:don't|do not) (?:mind|care) (?:when|what time|which time)\b",
        r"\bno (?:time )?preference\b",
        r"\b(?:time|it) (?:doesn't|does not) matter\b",
    ),
    "soonest": any_of(
        r"^(?:(?:ok|and|so|how about|what about|can i come|or)[\s,]+)*(?:right )?now[\s?.!]*$",
        r"\b(?:(?:right|straight) away|immediately)\b|\b(?:free|available|open|something|anything) right now\b",
        r"\b(?:idk|don't know|not sure|no idea|dunno)(?: yet)? (?:when|what day|which day|what time)\b",
        r"^(?:ok |idk |well |dunno )*you tell me(?: when)?[\s.!?]*$",
        r"\b(?:as soon as (?:possible|you can)|asap|a\.s\.a\.p|earliest|soonest|first available|"
        r"(?:next|first) (?:free|available|open|possible)|any ?time (?:soon|this week)?$|any day(?! (?:but|not|"
        r"except|besides|other than|apart|aside|excluding|barring|(?:this|next) week (?:but|not|except)))|whenever|"
        r"whichever)\b",
        r"\b(?:when|what)(?:'s| is| are)? (?:the |your )?(?:next|earliest|first|soonest)\b",
        r"\bwhen (?:can|could) (?:i|you|we)\b",
        r"\bwhen (?:do|would|have) you (?:have |got )?"
        r"(?:time|(?:a )?(?:slot|spot|space|room)|anything|something|free)\b",
        r"\bwhat (?:times?|dates?|days?|slots?|appointments?|openings?|availability) (?:do you|are|is|have you)\b",
        r"\bwhat do you have (?:available|free|open|left)\b",
        r"\bnext free time\b",
    ),
    "other_time": any_of(
        r"\b(?:another|different|other|new|change the|any other|some other) (?:times?|slots?|hours?)\b",
        r"^(?:the )?time[.!]?$",
        r"\b(?:what|anything) else (?:is |do you have |have you got )?(?:free|available|open|left|that day|"
        r"on (?:that|the same) day|around then)\b",
    ),
    "other_day": any_of(
        r"\b(?:another|different|other|new|change the|any other|some other) (?:days?|dates?)\b",
        r"^(?:the )?(?:day|date)[.!]?$",
    ),
    "other_service": any_of(
        r"\b(?:another|different|other|change the|any other|some other) (?:services?|treatments?|sessions?|type)\b",
    ),
    "earlier": any_of(
        r"\b(?:earlier|sooner)\b(?! (?:today|this week|i said|you said|conversation))",
        r"\btoo late\b",
        r"\bnot (?:that|so|quite so) late\b",
        r"\bbefore that\b",
    ),
    "later": any_of(
        r"\blater\b(?! (?:today|this week|this month|on today|gator))(?<!see you later)(?<!talk "
        r"later)(?<!maybe later)(?<!pay later)(?<!decide later)"
        r"(?<!sooner or later)",
        r"\btoo (?:early|soon)\b",
        r"\bas late as (?:possible|you (?:can|have))\b",
        r"\bnot (?:that|so|quite so) (?:early|soon)\b",
        r"\bafter that\b",
    ),
    "right_after": any_of(
        r"\b(?:right|straight|directly|immediately|just|shortly) (?:after(?:wards?)?|behind|following)\b"
        r"(?! (?:lunch|work|school|noon|\d))",
        r"\bback.to.back\b",
        r"\b(?:after|following) (?:that|it|this|mine|his|hers|ours|the (?:first|other|last)(?: one)?)\b",
        r"\bafterwards?\b",
    ),
    "right_before": any_of(
        r"\b(?:(?:right|straight|directly|immediately|just|shortly) before|before (?:that|it|mine|his|hers))\b"
        r"(?! (?:lunch|work|school|noon|\d))",
    ),
    "as_well": any_of(
        r"\b(?:can|could) (?:you|i|we) (?:also )?(?:add|include|throw in|have|get)\b[^.?!]{0,30}"
        r"\b(?:too|as well|also)\b",
        r"\b(?:add|throw in|squeeze in|tack on) (?:an?|some|the|my)\b",
        r"^(?:(?:oh|ok|okay|yes|yeah|great|perfect|good|fine|thanks|thank you)[ ,.!]+)*(?:and|also|plus)\b"
        r"(?! (?:what|how|where|when|who|which|is|are|do|does|can|could|then|now|it'?s|make|that'?s|this|"
        r"(?:my|the) (?:name|e-?mail))\b)",
        r"\b(?:can|could|may) (?:you|i|we) also (?!come|do it|make)\b",
        r"\b(?:as well|too|on top|in addition|while i'm (?:there|at it))\b[.!?]*$",
        r"\bone more\b|\banother (?:one|appointment|booking)\b|\b(?:second|additional) (?:appointment|booking)\b",
    ),
    "done_by": any_of(
        r"\b(?:out(?: of (?:there|here))?|done|finish(?:ed)?|over|ends?|ended|gone|home|leave|away)\b(?: \w+){0,2}? "
        r"(?:by|before|no later than)\b"
    ),
    # Somebody else wants the same.
    "one_too": any_of(
        r"\b(?:his|her|my|our|their) (?:\w+ )?(?:sister|brother|mum|mom|mother|dad|father|wife|husband|partner|"
        r"boyfriend|girlfriend|friend|mate|son|daughter|sibling|twin)s? (?:\w+ ){0,2}(?:too|as well|also)\b",
    ),
    "day_after": any_of(
        r"\b(?:the )?(?:next|following) day\b",
        r"\b(?:the )?day after(?: that)?\b(?! tomorrow)",
        r"\ba day later\b",
    ),
    "day_before": any_of(
        r"^(?!.*\bremind\w*\b).*?\b(?:the )?(?:day before|previous day)(?: that)?\b", r"\ba day earlier\b"
    ),
    "that_week": any_of(r"\b(?:that|the same|the very same) week\b"),
    "same_time": any_of(r"\bsame (?:time|hour)\b"),
    "same_day": any_of(r"\b(?:same|that) (?:day|date)\b"),
    "any_resource": any_of(
        r"\b(?:any(?:one|body)|whoever|either of (?:them|you))\b",
        r"\b(?:don't|do not) (?:mind|care) who\b",
        r"\bdoesn't matter who\b",
        r"\bno preference\b",
    ),
    "swap": any_of(
        r"\b(?:instead|actually|rather|prefer|switch|swap|change|make (?:it|that)|on second thought|better)\b",
    ),
    # Of the day or time that is on the table, not a wish for another one.
    "checks": any_of(
        rf"^(?:(?:so|and|wait|hm+|ok|okay|oh|sorry)[\s,]+)*(?:is|was|isn't) (?:that|it|this|the \d+(?:st|nd|rd|th)?) "
        rf"(?:(?:an?|on|the|in|not)\s)*{_DAY_OR_PART}\b[^.!]*$",
        rf"\b(?:that|it)(?:'?s| is)(?: not)? (?:(?:an?|on|the|in)\s)*{_DAY_OR_PART}\b[\s,]*"
        r"(?:right|correct|is it|isn't it|yeah|yes|no)\b[\s?]*$",
    ),
    "corrects": any_of(r"^(?:(?:no|sorry|oops|wait|ah|oh|actually)[\s,.!]+)*(?:i meant?|sorry|oops|not)\b"),
    "own_name": any_of(r"\bmy (?:full |first |last |sur)?name\b|\b(?:sur|last )name\b|\bi'?m called\b"),
    "something_else": any_of(
        r"^(?:something|anything|somewhat) (?:else|different)[.!?]*$", r"^change something[.!?]*$"
    ),
    "said_of_it": any_of(r"\b(?:it|that|this|mine|do i owe|my (?:appointment|booking))\b"),
    "recap": any_of(
        r"\b(?:is|was) (?:that|it|this)(?: at)? (?:am or pm|pm or am|in the (?:morning|afternoon|evening))\b",
        r"^(?:so |and |ok )*who(?:'s|s| is| will) (?:it|that|this)(?: be)? with\b",
        r"^(?:so |and |ok )*(?:who|whom)(?:'s|s| is| will be)? (?:doing|cutting|seeing|it with|it by|that with)\b",
        r"^(?:so |and |ok )*is (?:it|that) (?:with )?\w+ or \w+(?: (?:doing|cutting) (?:it|that))?[?]*$",
        r"^(?:so |and |ok |hm+ )*(?:is|was|isn't|wasn't) (?:it|that|mine) (?:at|on|for)\b",
        r"\bis (?:it|that|this|everything|my \w+) (?:already |now |all )?"
        r"(?:confirmed|booked|done|set|final|fixed|arranged)\b",
        r"\b(?:what|which|when) (?:time |day |date )?(?:was|is) (?:it|that|this)(?: again)?[.?!]*$",
        r"\b(?:what|when|which)(?:'s| was| is)? (?:(?:the|my|our) )?(?:time|day|date|appointment)"
        r"(?: (?:was|is) (?:it|that))?(?: again)?\?*$",
        r"\b(?:what|when|which|who) [^.?!]{0,30}\bagain\b[.?!]*$",
        r"\b(?:time|day|date|service)s? (?:did|have|had) (?:i|we|you) (?:say|said|pick|choose|chose|agree|book|take)\b",
        r"\b(?:remind me|say (?:it |that )?again|repeat|recap|summar\w+|where were we|what did (?:i|we) say)\b",
    ),
}


ASKED_FOR: dict[str, re.Pattern[str]] = {
    "confirm": any_of(
        r"\b(?:shall|should) i (?:go ahead|book|reserve|confirm|make|put)\b",
        r"\bplease confirm\b",
        r"\b(?:is|does) (?:that|this|everything) (?:\w+ )?(?:correct|right|ok|okay|good)\b",
        r"\bwould you like me to\b",
        r"\bconfirm (?:button|below|this|the)\b",
        r"\bready to (?:book|confirm)\b",
    ),
    "code": any_of(r"\b(?:confirmation|booking|reference) (?:code|number)\b", r"\bbk-"),
    "service": any_of(r"\b(?:which|what) (?:service|treatment|kind|type|appointment|of (?:these|our))\b"),
    "date": any_of(r"\b(?:what|which) (?:day|date)\b", r"\bwhen would\b", r"\bday (?:works|suits|would)\b"),
    "time": any_of(r"\b(?:what|which) time\b", r"\btime (?:works|suits|would)\b"),
    "slot": any_of(r"\bwhich (?:one|of (?:those|them|these))\b", r"\b(?:do|does|would) any of (?:those|them|these)\b"),
    "name": any_of(
        r"\b(?:your|full|first|last) name\b", r"\bname (?:for|on|should|is)\b", r"\bwho (?:is|should) (?:this|the)\b"
    ),
    "email": any_of(r"\be-?mail\b"),
    "phone": any_of(r"\bphone number\b", r"\bnumber (?:can|to) reach\b"),
    "anything_else": any_of(r"\banything else\b", r"\bsomething else\b", r"\belse (?:can|may) i\b"),
}

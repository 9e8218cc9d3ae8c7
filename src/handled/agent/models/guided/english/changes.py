"""English: what is said about bookings that exist already, above all wishes to change them.

The patterns run on normalised text: lower case, straight quotes, single spaces.
"""

from __future__ import annotations

import re

from .blocks import BOOKING, CARE, MINE, any_of

_AMOUNT = r"(?P<amount>half an|a couple(?: of)?|a few|an?|one|two|three|four|five|six|\d{1,3})"
_UNIT = r"(?P<unit>hours?|hrs?|minutes?|mins?|days?|weeks?|fortnights?|months?)"
_HALF = r"(?P<half> and a half)?"

CHANGES: dict[str, re.Pattern[str]] = {
    "keep": any_of(
        r"\b(?:keep|leave) (?:it|that|this|everything|mine|my \w+|the (?:appointment|booking|reservation|original|"
        r"old|first)(?: \w+)?)\b(?! (?:open|free|short|at \d|to \d|for \d))",
        r"\b(?:don't|do not|please don't) (?:cancel|move|change|reschedule|touch|do (?:it|that|anything))\b",
        r"\bundo (?:it|that|this)\b",
        r"\b(?:stay|stick) with (?:it|that|the (?:old|original|first)|what i have)\b",
        r"\b(?:i'll|i will|i can|i'd rather|i would rather) "
        r"(?:still )?(?:come|be there|make it|keep it)\b(?! (?:at|on)\b)",
        r"\b(?:changed my mind|on second thought|second thoughts)[,.! ]*$",
    ),
    "cant_come": any_of(
        r"\b(?:can't|cannot|can not|won't be able to|won't|am not able to|unable to"
        r"|not (?:going to|gonna)(?: be able to)?) "
        r"(?:make it|make that|come(?: in)?|be there|attend)\b(?! (?:at|before|until|till|by|then|that|so|if)\b)",
        r"\b(?:don't|do not) think (?:i|we)(?:'ll| can| will| should| could)?(?: be able to)? "
        r"(?:make it|come|be there|attend)\b(?! (?:at|before|until|till|by|then|that|so|if)\b)",
    ),
    # Enough only beside a code, or where it is clear which booking is talked about.
    "cancel_word": any_of(r"\b(?:cancel(?:l?ing|led)?|unbook|(?:scrap|drop|get rid of) (?:it|that))\b(?! polic)"),
    "cancel_it": any_of(
        r"^(?:(?:no|hi|hello|hey|ok|okay|please|oh|then|sorry|actually|just|well|and|wait|hm+)[\s,.!]+)*"
        r"(?:no need to move it[\s,.]+)?(?:just )?cancel(?: (?:then|please|pls))?[\s.!]*$",
        r"^(?:(?:no|hi|hello|hey|ok|okay|please|oh|then|sorry|actually|just|well|and|wait|hm+|can you|could you|"
        r"i want to|i need to|i'd like to)[\s,.!]+)*cancel (?:it|that|this|"
        r"everything|the whole thing)\b(?: all)?"
        r"(?: (?:altogether|completely|entirely|instead|after all|please|then|pls|ffs|now|asap|for me|thanks))*"
        r"(?= ?[,.;!–-]|$)",
    ),
    "move_word": any_of(r"\b(?:re-?schedul\w*|re-?book|move|postpone|shift|change)\b(?! my mind)"),
    # Beside a code and a time: that time is wanted for it.
    "wants_other": any_of(
        r"\b(?:push|bump|switch|swap|bring|pull)(?:ing|ed)?\b",
        r"\b(?:can|could|may|would) (?:i|we|you)\b[^.?!]{0,15}\b(?:come|do|have|get|make)\b",
        r"\bshould(?:'ve| have)? be(?:en)?\b|\bmeant (?:to be|for|the)\b",
        r"\binstead\b|\bany chance\b|\bi(?:'d| would)? (?:want|like|need|prefer|wanna)(?: to)? come\b",
        r"\b(?:anything|something|any time|a time) (?:earlier|sooner|later)\b",
    ),
    # Another time is wanted in its place.
    "cancel_for": any_of(
        r"\bcancel\b[^.?!]{0,60}\b(?:and|then|&)\b[^.?!]{0,20}\b(?:re-?book|book|make|schedule|get|put|give)\b"
        r"[^.?!]*\binstead\b",
        r"\bcancel\b[^.?!]{0,40}\b(?:and|then|&) (?:re-?book|book (?:me|it|us|this)(?: in)? (?:for|on|at|in)?)\b",
    ),
    "asks_if_cancelled": any_of(
        r"\b(?:did|have|has|had) (?:you|they|somebody|someone)(?: \w+)? cancel(?:l?ed)?\b",
        r"\b(?:was|is|were|been|got|get)(?: \w+){0,3} cancel+ed\b",
        r"\b(?:you|they|somebody|someone)(?: \w+)? cancel+ed\b",
    ),
    "unless": any_of(r"\bcancel\b.*\bunless\b|\bunless\b.*\bcancel\b"),
    "not_mine": any_of(
        r"\b(?:not|isn't|never) mine\b", r"\b(?:didn't|did not|never) (?:book|make|made) (?:this|that|it|any\w*)\b"
    ),
    "stays_with": any_of(r"\b(?:stay|stick|keep|leave it) (?:with|on|at|to|it)\b"),
    "unclear_change": any_of(
        rf"\b(?:change|modify|edit|alter|amend|update|adjust) (?:{MINE} )?(?:next |upcoming |existing |\w+ )?"
        rf"(?:{BOOKING}|{CARE})\b(?! (?:to|time|date|day)\b)",
        rf"\b(?:make|do) (?:some |a )?changes? (?:to|on) {MINE} (?:\w+ )?(?:{BOOKING})\b",
        r"\bchange my plans?\b",
    ),
    "other_own": any_of(
        r"\bnot (?:that|this) (?:one|booking|appointment)\b|\bwrong (?:one|booking|appointment)\b",
        r"\b(?:my|the|an?|any) (?:other|different) (?:one|booking|appointment|reservation)s?\b",
    ),
    "moves_own": any_of(
        r"\b(?:move|re-?schedule|shift|push|postpone|switch) (?:my|our)\b"
        r"(?! (?:mind|name|e-?mail|number|phone|details|plans?))"
    ),
    "all_own": any_of(
        r"\b(?:both|all(?: of)?(?: them| those)?|everything|all (?:two|three|four))[\s.!]*(?:please|pls)?[\s.!]*$"
    ),
    "none_own": any_of(
        rf"\b(?:don't|do not|didn't|haven't)(?: even)? (?:have|got|made?|book(?:ed)?) (?:an?|any) (?:{BOOKING})\b",
        r"\b(?:didn't|haven't|never)(?: \w+)? (?:made|booked?|arranged?) (?:anything|any|one)\b",
    ),
    "lacks_it": any_of(
        r"^(?:(?:i|sorry|no|nope|hmm+|um+|well|but|oh|and|idk)[\s,.!]+)*(?:(?:don't|do not|haven't|didn't|can't) "
        r"(?:even |really |actually )?(?:have|got|get|keep|know|find|remember)|lost|forgot|deleted|no)"
        r" ?(?:it|that|one|any|mine|this|idea)(?:[\s,.!]+(?:anymore|any more|sorry|with me|on me|here|right|now|either|"
        r"at hand|handy))*[\s.!]*$",
    ),
    "new_code": any_of(
        r"\b(?:send|resend|email)\b[^.?!]{0,15}\b(?:again|another|new|one|it|code)\b",
        r"\b(?:didn't|did not|haven't|never|not) (?:get|got|gotten|receive|received|arrive|arrived|come)\b",
        r"\b(?:nothing|no (?:e-?mail|code)) (?:came|arrived|there|yet|here)\b",
    ),
    "first_free": any_of(
        r"\b(?:first|earliest|soonest|next) (?:free |available |open |possible )?"
        r"(?:one|slot|time|opening|appointment|available|free|possible|spot)\b",
        r"\b(?:asap|a\.s\.a\.p|as soon as (?:possible|you can))\b",
    ),
    "instead": any_of(
        r"\binstead\b",
        r"\b(?:can|could|may|would) (?:i|we|you)\b[^.?!]{0,15}\b(?:come|do|have|get|make|move|switch)\b",
        r"\b(?:another|a different|some other) (?:day|time|date|slot)\b",
        r"\bwhat(?:'s| is| else| have)?(?: else)?(?: is| do you have| have you got)? (?:free|available|open)\b",
        r"\b(?:have|got|is there|anything|something) (?:\w+ ){0,4}(?:free|available|open|later|earlier|else)\b",
    ),
    "new_details": any_of(
        r"\b(?:change|update|correct|fix|edit|amend) (?:the |my |our )?(?:name|e-?mail(?: address)?|phone(?: number)?|"
        r"number|address|details) (?:on|of|for|in|under|that i gave for) (?:my|our|the|this|that)\b",
        r"\b(?:name|e-?mail|phone|number|address)\b[^.?!]{0,15}\b(?:booking|appointment|it)\b"
        r"(?:'s| is| was) (?:wrong|misspell?ed|misspelt|incorrect|not right)\b",
        r"\b(?:booking|appointment|reservation|session)\b[^.?!]{0,20}\b(?:wrong|different|another|new) "
        r"(?:name|e-?mail|phone|number)\b",
    ),
    "cost_of_change": any_of(
        r"\b(?:what|how much)\b[^.?!]{0,20}\b(?:cost|charge|pay|fee|owe)\w*\b[^.?!]{0,25}\b(?:cancel|mov|reschedul|"
        r"chang)\w*",
        r"\b(?:costs?|price|fees?|charges?|penalt\w+) (?:to|for|of|if|when)\b[^.?!]{0,20}"
        r"\b(?:cancel|mov|reschedul|chang)\w*",
        r"\bcancel\w* (?:it |this |that )?(?:costs?|fees?|charges?|price|for free|free of charge)\b",
        r"\bhow much\b[^.?!]{0,12}\b(?:to|for|if)\b[^.?!]{0,12}\b(?:cancel|mov|reschedul)\w*",
        r"\b(?:is|are) there (?:an? |any )?(?:\w+ )?(?:fees?|charges?|penalt\w+|costs?)\b",
        r"\b(?:do|would|will|can|could|am) (?:i|we)\b[^.?!]{0,25}"
        r"\b(?:refund\w*|money back|charged|pay (?:an?|the) fee)\b",
        r"\b(?:is it|can i cancel|cancelling|moving it) (?:still )?(?:for )?free\b",
        r"\brefund (?:policy|rules?)\b",
    ),
}

# No wish to cancel, or to move, though the word is in it.
NO_WISH = any_of(
    r"\b(?:don't|do not|dont|not|never|instead of|without|rather than|no need to|didn't)(?: \w+){0,3}? "
    r"(?:cancel(?:l?ing|led)?|move|moving|change|reschedul\w*)\b",
)
# What was said before counts no more.
TAKEN_BACK = re.compile(
    r"\b(?:no,? wait|wait,? no|actually,? no|no,? actually|scratch that|on second thoughts?|or rather)\b"
)
# "An hour and a half later", and "push it back 30 minutes": what says which way, and how far.
SHIFT_AFTER = re.compile(
    rf"\b{_AMOUNT} {_UNIT}{_HALF} (?P<way>later|earlier|sooner|after|before|back|"
    r"forward|from (?:then|that|it))\b"
)
SHIFT_BEFORE = re.compile(
    r"\b(?P<verb>push|move|bump|knock|nudge|shift|delay|postpone|bring|put|pull|start)(?:ed|ing)?\b[^.?!]{0,20}?"
    r"(?P<way>back|forward|up|ahead|later|earlier|out)?\s?(?:by )?"
    rf"\b{_AMOUNT} {_UNIT}{_HALF}"
)
# Up to here a sentence that asks for a change may speak of the booking as it is.
AS_IT_IS = re.compile(
    rf"\b(?:{BOOKING}|{CARE}|service|date|time|it|mine)\b(?:(?! to | until |,| instead).)*?"
    r"(?P<to>,| (?<!quarter )(?<!half )(?<!five )(?<!ten )(?<!twenty )(?:to|until|till) )"
)
# In such a sentence a time is the new one, whatever stands before it.
WISHING = re.compile(r"\b(?:instead|how about|what about|rather|prefer|make it|say|to)\b")
EXISTING = re.compile(rf"\b{MINE} (?:[\w':.-]+ ){{0,4}}(?:{BOOKING}|{CARE}|service)\b")

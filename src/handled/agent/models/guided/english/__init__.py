"""English, put together: what is small is here, the rest beside it."""

from __future__ import annotations

import re

from ..language import Language
from .bookings import BOOKINGS
from .changes import AS_IT_IS, CHANGES, EXISTING, NO_WISH, SHIFT_AFTER, SHIFT_BEFORE, TAKEN_BACK, WISHING
from .courtesies import COURTESIES
from .everyday import EVERYDAY
from .examples import EXAMPLES
from .extremes import EXTREME_PHRASES, EXTREMES
from .labels import LABELS
from .manners import MANNERS
from .memory import (
    EITHER_IS_FINE,
    EITHER_OF,
    MEMORY_PHRASES,
    OPTION_JOINT,
    POLAR,
    REMEMBERING,
    SAME_OPTION,
    TO_FORGET,
    TO_REMEMBER,
    UNWILLING,
)
from .moods import MOODS
from .moves import ASKED_FOR, MOVES
from .own_phrases import OWN_PHRASES
from .people import (
    EMAIL_LEAD,
    FAMILY_NAME,
    KIN_ASIDE,
    NAME_GIVEN,
    NAME_LEAD,
    NAME_TRAIL,
    PROPER_WORD,
    RESPELT,
    SPOKEN_EMAIL,
    SPOKEN_MARKS,
    TITLE,
)
from .phrases import PHRASES
from .questions import QUESTIONS
from .turns import TURN_PHRASES, TURNS
from .words import (
    ALSO_NAMES,
    COUPLES,
    FILLER,
    NOT_NAMES,
    NUMBERS,
    ORDINALS,
    PARTICLES,
    PRICE_WORDS,
    QUALIFIERS,
    SYNONYMS,
    TOPIC_WORDS,
    WHEN_WORDS,
)

_MERIDIEM = r"(?:\s*(?P<mer>a\.?m\b\.?|p\.?m\b\.?))?"
_MONTH = r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_EVENT = "wedding|interview|flight|party|funeral|birthday|graduation|prom|christening|gala|ball|concert|ceremony"
_HOUR_WORD = "|".join(word for word in NUMBERS if word != "zero")

ENGLISH = Language(
    intents={**BOOKINGS, **CHANGES, **QUESTIONS, **MANNERS, **MOVES, **MOODS, **TURNS, **REMEMBERING, **EXTREMES},
    asked_for=ASKED_FOR,
    examples=EXAMPLES,
    phrases={**PHRASES, **COURTESIES, **OWN_PHRASES, **TURN_PHRASES, **MEMORY_PHRASES, **EXTREME_PHRASES, **LABELS},
    ordinals=ORDINALS,
    numbers=NUMBERS,
    synonyms=SYNONYMS,
    couples=COUPLES,
    filler=FILLER,
    qualifiers=QUALIFIERS,
    when_words=WHEN_WORDS,
    topic_words=TOPIC_WORDS,
    price_words=PRICE_WORDS,
    not_names=NOT_NAMES,
    everyday=EVERYDAY,
    also_names=ALSO_NAMES,
    particles=PARTICLES,
    respelled=(
        (re.compile(r'\bo\s*["\']\s*clock\b'), "o'clock"),
        (re.compile(r"\b(?:tmrw|tmr|tmw|tomorow|tommorow|tommorrow|2moro)\b"), "tomorrow"),
        (re.compile("[👍👌✅🆗☑✔]\ufe0f?"), " ok "),
        (re.compile("[🙏]"), " thanks "),
        (re.compile("[👎❌🚫]"), " no "),
        (re.compile("[😡🤬😤😠👿💢😩😫😭😢😞🙄]+"), " ugh "),
        (re.compile(r"\b(?:he+yy+|heey+)\b"), "hey"),
        (re.compile(r"\bbok\b|\bboook\b"), "book"),
        (re.compile(r",? isn't it[?!.]*$"), ""),
        (re.compile(r"\b(?:wendsday|wensday|wednsday|wedensday)\b"), "wednesday"),
        (re.compile(r"\bpls\b|\bplz\b"), "please"),
        (re.compile(r"\b2day\b"), "today"),
        (re.compile(r"\b2(?:nite|night)\b|\btonite\b"), "tonight"),
        (re.compile(r"\b2mo?z\b|\btmoz\b|\btomoz\b|\b2mrw\b"), "tomorrow"),
        (re.compile(r"\bany1\b"), "anyone"),
        (re.compile(r"\bsome?1\b|\bsum1\b"), "someone"),
        (re.compile(r"\bb4\b"), "before"),
        (re.compile(r"\bgr8\b"), "great"),
        (re.compile(r"\b4 (?=an? |me\b|us\b|my\b|the\b)"), "for "),
        (re.compile(r"\bw/o\b"), "without"),
        (re.compile(r"\bw/ ?(?=[a-z])"), "with "),
        (re.compile(r"(?<=[a-z]) (?:\+|'?n'?) (?=[a-z])"), " and "),
        (re.compile(r"\b(?:bc|cuz|coz)\b"), "because"),
        (re.compile(r"\bhr(s?)\b"), r"hour\1"),
        (re.compile(r"\b(you|u|she|he|they|we|i|it|to|does \w+) starts?\b"), r"\1 begin"),
        (
            re.compile(r"\b(change|switch|swap|set|move|push) (?:the|my) (?:time|hour|slot) to (?=\d|noon)"),
            r"\1 it to ",
        ),
        (re.compile(r"\b(change|switch|swap) (?:that )?to (?=\d|noon)"), r"\1 it to "),
        (re.compile(r"\br u\b"), "are you"),
        (re.compile(r"\bu\b"), "you"),
        (re.compile(r"\bur\b"), "your"),
        (re.compile(r"\brn\b"), "right now"),
        (re.compile(r"\bwdym\b"), "what do you mean"),
        (re.compile(r"\blgtm\b"), "looks good to me"),
        (re.compile(r"\b(?:appt|apointment|appointement|appointmentn|appoinment|appointmnet)\b"), "appointment"),
        (re.compile(r"\b(what|where|when|how|who|that)s\b"), r"\1's"),
        (re.compile(r" at all\b"), ""),
        (re.compile(r"\b(have|did|does|is|was|are|could|would|should|has)nt\b"), r"\1n't"),
        (re.compile(r"\bill(?= (?:take|have|be|go|do|come|see|get|try)\b)"), "i'll"),
        (re.compile(r"\bcant\b"), "can't"),
        (re.compile(r"\bdont\b"), "don't"),
        (re.compile(r"\bwont\b"), "won't"),
    ),
    sentence_end=re.compile(r"(?<=[!?;\n])\s*|(?<=[^\W\d_]{2}\.)\s+|(?<=\d\.)\s+(?=[A-Z])"),
    clause_start=re.compile(
        # "Any day but Monday" is one wish.
        r",?(?<!\bany day)(?<!\bany time)(?<!\banytime)(?<!\banything)(?<!\bevery day)(?<!\bany day this week)"
        r"(?<!\bany day next week)\s+\b(?=(?:but|though|although|because|cause|since|so (?:can|could|let|i)|however"
        r")\b(?! not\b| (?:before|after|until|till|by|no later|no earlier)\b)|except (?:that )?(?:i|i'm|we|my)\b)"
        r"|,?\s+(?=(?:please )?(?:book|schedule|make|move|change|put|set) (?:it|that|me|us|this)\b)"
        r"|,?\s+(?=(?:can|could|may|shall|should) (?:we|i|you)\b)"
        r"|,\s*(?=(?:who|which|when|where|any)\b)"
        r"|,\s*(?=(?:how|what) about\b|let'?s\b|instead\b|maybe\b)",
        re.IGNORECASE,
    ),
    question_joint=re.compile(
        r"\s*,?\s+(?:and|also|plus|as well as|&)\s+(?:also\s+)?"
        r"(?=(?:what|which|who|where|when|how|is|are|do|does|can|could|will|if|whether|their|your|the|its|his|her|"
        r"let me|tell|give|i need|i want)\b)|\s+as well as\s+",
        re.IGNORECASE,
    ),
    list_joint=re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|plus)\s+|\s*&\s*", re.IGNORECASE),
    busy=re.compile(
        # "I can't before five" says when they can.
        r"^(?!.*\b(?:can(?:'t|not)|not free|busy|away|working|work|unable|won't)\b[^.?!]{0,25}"
        r"\b(?:before|after|until|till|(?:earlier|later) than)\b|.*\bif\b[^.?!,]*\b(?:busy|away|working)\b).*?"
        r"\b(?:conflict|(?<!how )busy|away|working|not free|not available then|not around|out of town|on vacation|"
        r"on holiday|can(?:'t|not)(?: do| make| come)?|unable|won't|isn't (?:good|possible)|doesn't (?:work|suit)|"
        r"was going to|were going to|had planned|used to|right now)\b"
        # When they decide or pay is not when they come.
        r"|\b(?:let (?:you|ya) know|tell you|(?:get|come) back to you|get paid|pay ?day"
        r"|(?:i'?ll|i will|can i|could i|i'?d|i can) (?:only )?pay)\b"
        r"|\bi'?ll (?:have to )?confirm\b(?!.* at \d)"
    ),
    refuses_day=re.compile(
        r"\b(?:can't|cannot|not free|busy|away|working|unavailable)(?: (?:do|make|come|be there))?(?: (?:on|in|the))*"
        r" (?:mon|tue|wed|thu|fri|sat|sun|today|tomorrow|weekend|morning|afternoon|evening)"
    ),
    refuses_part=re.compile(
        r"\b(?:can't|cannot|won't|don't)(?: (?:do|make|come(?: in)?|in|the|any|on))*"
        r" (?:mornings?|afternoons?|evenings?|nights?)[\s.!]*$"
    ),
    event=re.compile(rf"\b(?:{_EVENT}|hot date|lunch date|job|meeting|class)\b"),
    beside_event=re.compile(
        rf"^(?!.*\bremind).*\b(?:{_EVENT})\b.*?"
        r"(?P<side>\b(?:on )?(?:the )?(?:day|night|evening) (?P<way>before|after)\b)"
        r"(?! (?:the )?(?:\d|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
    ),
    relative_to_event=re.compile(
        r"\b(?:flight|train|bus|plane|dentist|doctors?|work|meeting|start|finish|exam|interview)\b.*"
        r"\b(?:before (?:that|then|it)|beforehand|after (?:that|then|it)|afterwards)\b"
    ),
    earliest=re.compile(r"\b(?:earliest|earlist|first (?:slot|appointment|opening|one))\b"),
    contrast=re.compile(
        r"\b(?:forgot|forgotten|remember\w*|but|though|although|instead|however|changed|oops|wait|sorry|unfortunately|"
        r"can't|cannot)\b"
    ),
    no_wish=NO_WISH,
    taken_back=TAKEN_BACK,
    shift_after=SHIFT_AFTER,
    shift_before=SHIFT_BEFORE,
    as_it_is=AS_IT_IS,
    existing=EXISTING,
    to_remember=TO_REMEMBER,
    to_forget=TO_FORGET,
    polar=POLAR,
    either_of=EITHER_OF,
    option_joint=OPTION_JOINT,
    either_is_fine=EITHER_IS_FINE,
    unwilling=UNWILLING,
    same_option=SAME_OPTION,
    wishing=WISHING,
    day_beside=re.compile(
        r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|"
        r"jan(?:uary)?|feb(?:ruary)?|march|april|may(?! (?:i|we)\b)|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
        r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|month|20\d\d|on|until|till|by|before|after|from|since|for)\b"
    ),
    day_lead=re.compile(r"\bon (?:the )?$"),
    day_number=re.compile(
        r"\b(?:on )?the (\d{1,2})(?:st|nd|rd|th)?\b(?! of\b)"
        r"|^(?:(?:no|ok|okay|then|or|maybe|actually|and|yes|hmm|um|wait)[\s,.]+)*(\d{1,2})(?:st|nd|rd|th)\b"
    ),
    lone_weekday=re.compile(
        rf"^(?!.*(?:\d(?:st|nd|rd|th)|\b(?:next|this|coming|week|weekend|tomorrow|today)\b|/|\d (?:of )?{_MONTH}"
        rf"|{_MONTH}\.? (?:the )?\d))"
        r".*\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)\b"
    ),
    each_weekday=re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b"),
    weekday=re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*day\b"),
    weekdays=("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    or_joint=re.compile(r"\s*,?\s+or\s+(?:maybe |perhaps |else |rather )?|\s*,\s+(?=\d)", re.IGNORECASE),
    favourite=re.compile(r"\b(?:best|better|nicest|favou?rite|recommend|better one|most experienced)\b"),
    carry_on=re.compile(r"^(?:ok |okay |and |so )*(?:and|what about|how about|or|for)\b"),
    take_any=re.compile(
        r"^any[.! ]*$|\b(?:whatever|whichever|any(?: one)? (?:of (?:them|those|these)|is fine|works|will do|is ok)|"
        r"you (?:choose|pick|decide)|"
        r"surprise me|either(?: is fine| works)?|don't (?:mind|care)|no preference|all the same)\b"
    ),
    wanting=re.compile(
        r"\b(?:can|could|may|would|book|schedule|make|let's|lets|how about|what about|instead|change|prefer|want|need|"
        r"try|maybe|please|rather|switch|move|work|works|say|like|available|anything|opening|free)\b"
    ),
    rejected=re.compile(
        r"\bnot (?:(?:an?|the|my|your|for|with|by|from) )*(\w+)|\binstead of (?:an? |the )?(\w+(?: \w+)?)"
        r"|\brather than (\w+)|\b(?:any|some) ?(?:one|body) (?:but|except|other than|apart from|besides) (\w+)"
        r"|\b(?:rather not|(?:don't|do not) (?:want|like)|please no|but no|avoid|not have)(?: to)?"
        r"(?: have| see| get| be)?(?: with| by)? (?!(?:an?|the|to|this|that|it)\b)(\w+)"
    ),
    greeting=re.compile(
        r"^\s*(?:(?:well|hi|hello|hey|hiya|dear|oh)\b[\s,!.]*(?:there\b|team\b|all\b)?[\s,!.]*)*"
        r"(?:good (?:morning|afternoon|evening|day)\b(?!\s+(?:slot|appointment))[\s,!.]*)?",
        re.IGNORECASE,
    ),
    name_given=NAME_GIVEN,
    family_name=FAMILY_NAME,
    kin_aside=KIN_ASIDE,
    respelt=RESPELT,
    name_trail=NAME_TRAIL,
    title=TITLE,
    proper_word=PROPER_WORD,
    name_lead=NAME_LEAD,
    spoken_email=SPOKEN_EMAIL,
    spoken_marks=SPOKEN_MARKS,
    email_lead=EMAIL_LEAD,
    pick_word=re.compile(
        r"\b(?:the |your |that )?(first|second|third|fourth|fifth|sixth|last|latest|earliest|soonest|middle|former|"
        r"as early as (?:possible|you have|you can)|later(?= one\b)|earlier(?= one\b)|"
        r"latter|1st|2nd|3rd|4th|5th|6th)\b(?: (?:one|option|slot|time|choice|of (?:those|these|them)|offer|possible|"
        r"available|you have))?(?! (?:of|week|thing|name|day|in)\b)"
        r"|(?:\b(?:number|option|no\.)|#) ?(\d|one|two|three|four|five|six)\b"
    ),
    counted=re.compile(r"\b(?:\d(?:st|nd|rd|th)|first|second|third|fourth|fifth|sixth) (?:one|option|slot|choice)\b"),
    bare_hour=re.compile(
        rf"^(?:(?:no|nope|at|around|about|maybe|say|let's say|for|make it|how about|what about|the|ok|okay|yes|then|"
        rf"hm+|um|eh|oh|ah|well|wait|no wait|actually|sorry|i meant?|it was|back to|"
        rf"not \d{{1,2}}(?:[:.]\d\d)?|take|i'll take|let's take|"
        rf"(?:a )?(?:different|another|new) time(?: please)?|"
        rf"(?:please |(?:can|could|would) (?:you|we|i) |just |i'd like to |i want to )*"
        rf"(?:move|change|switch|swap|push|shift|put) "
        rf"(?:it|that|this|me)(?: back| up)? to|"
        rf"could we do|can we do|can i do|i'd like|i'll take|let's do)[\s,]+)*"
        rf"(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?:[:.h]?(?P<minute>(?<=[:.h])\d\d|[0134][05]))?{_MERIDIEM}"
        r"(?:\s*(?:ish|o'clock|sharp|one|then|please|works|is (?:fine|good|ok|great|perfect|better)|actually|instead|"
        r"would (?:work|be \w+)|sounds (?:good|great)|for me|i think|i guess|still|was (?:fine|good|ok)|leave it|pls|"
        r"is|fine|good|thanks|\s|[.,!?])*)$"
    ),
    code_lead=re.compile(r"\b[bв]\s*[-–_]?\s*[kк](?:\b|_|(?=[a-z0-9]{6}\b))[\s:#._–-]*", re.IGNORECASE),
)

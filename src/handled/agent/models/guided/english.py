"""English, put together: small vocabularies here, patterns, phrases and examples beside it."""

from __future__ import annotations

import re

from .english_examples import EXAMPLES
from .english_phrases import PHRASES
from .english_words import ASKED_FOR, INTENTS
from .language import Language

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    )
}
_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "sixth": 5, "6th": 5, "last": -1, "latest": -1, "earliest": 0, "soonest": 0,
    "middle": 1, "top": 0, "bottom": -1, "former": 0, "latter": -1,
}  # fmt: skip
_SYNONYMS = {
    "trim": "haircut", "cut": "haircut", "color": "colour", "coloring": "colour", "colouring": "colour",
    "dye": "colour", "dyed": "colour", "coloured": "colour", "colored": "colour", "blowdry": "blow dry", "blowout": "blow dry",
    "nails": "manicure", "checkup": "examination", "cleaning": "cleaning", "counselling": "counseling",
    "counsellor": "counselor", "photos": "photo", "pictures": "photo", "photoshoot": "photo session",
    "shoot": "session", "facial": "skincare", "gp": "general practitioner", "shot": "vaccination",
    "jab": "vaccination", "psychotherapy": "therapy", "dr": "doctor", "doc": "doctor", "gynaecologist": "gynecologist",
}  # fmt: skip
_FILLER = frozenset(
    ["a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "by", "with", "from", "about", "as", "it", "its", "is", "are", "was", "be", "been", "i", "i'm", "i'd", "i'll", "ive", "me", "my", "mine", "we", "us", "our", "you", "your", "yours", "they", "them", "their", "he", "she", "his", "her", "this", "that", "these", "those", "there", "here", "one", "ones", "some", "any", "please", "pls", "thanks", "thank", "hi", "hello", "hey", "ok", "okay", "yes", "yeah", "yep", "no", "sure", "well", "so", "just", "only", "also", "then", "than", "too", "very", "really", "can", "could", "would", "will", "may", "might", "should", "do", "does", "did", "have", "has", "had", "get", "got", "give", "take", "make", "let", "lets", "let's", "want", "need", "like", "book", "booking", "schedule", "appointment", "appointments", "reservation", "slot", "slots", "time", "times", "day", "date", "available", "free", "something", "anything", "everything", "come", "go", "see", "visit", "visiting", "new", "next", "around", "ish", "if", "when", "what", "which", "who", "how", "much", "many", "more", "another", "other", "else", "not", "don't", "do", "nt", "maybe", "actually", "instead", "sorry", "oh", "um", "uh", "hmm", "set", "up", "up", "out", "help", "looking", "look", "find", "wanna", "gonna", "wish", "love", "prefer", "would've", "mind", "possible", "possibly", "works", "work", "suits", "fine", "good", "great", "perfect", "best", "ideally", "hopefully", "place", "salon", "shop", "studio", "office", "clinic", "service", "session", "viewing", "people", "person", "visit's", "im", "id", "am", "pm", "not", "again"]
)
_WHEN_WORDS = frozenset(
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays", "today", "tomorrow", "tonight", "yesterday", "weekend", "weekday", "weekdays", "week", "weeks", "month", "months", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "morning", "mornings", "afternoon", "afternoons", "evening", "evenings", "night", "noon", "midday", "midnight", "lunch", "lunchtime", "o'clock", "oclock", "half", "quarter", "past", "after", "before", "between", "until", "till", "am", "pm", "a.m", "p.m", "a.m.", "p.m.", "early", "earlier", "earliest", "late", "later", "latest", "soon", "sooner", "soonest", "asap", "now", "this", "next", "coming", "following", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "thirtieth", "thirty", "fifteen", "twenty", "forty", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "anytime", "ish", "tmrw", "tmr", "hour", "hours", "minutes", "days", "end", "beginning", "start", "year", "christmas", "easter"]
)
_NOT_NAMES = _FILLER | _WHEN_WORDS | frozenset(
    ["interested", "meeting", "going", "trying", "thinking", "hoping", "planning", "calling", "writing", "wondering", "available", "busy", "sick", "ill", "late", "afraid", "getting", "having", "feeling", "doing", "based", "from", "free", "happy", "good", "fine", "okay", "done", "sure", "able", "ready", "new", "back", "not", "at", "allergic", "pregnant", "disabled", "celebrating", "turning", "married", "visiting", "staying", "moving", "coming", "still", "really", "very", "so", "about", "under", "over", "due", "curious", "confused", "lost", "tired", "frustrated", "angry", "sad", "stuck", "serious", "hungry", "human", "nobody", "someone", "dear", "sir", "madam", "you", "me", "him", "her", "them", "myself", "himself", "herself", "friend", "mother", "father", "mom", "mum", "dad", "wife", "husband", "son", "daughter", "kid", "kids", "baby", "boyfriend", "girlfriend", "partner", "sister", "brother", "boss", "cash", "card", "example", "men", "women", "girls", "boys", "two", "three", "kidding", "joking", "working", "saying", "asking", "using", "traveling", "travelling", "out", "off", "in", "on"]
)  # fmt: skip

_MERIDIEM = r"(?:\s*(?P<mer>a\.?m\b\.?|p\.?m\b\.?))?"
_HOUR_WORD = "|".join(word for word in _NUMBERS if word != "zero")

ENGLISH = Language(
    intents=INTENTS,
    asked_for=ASKED_FOR,
    examples=EXAMPLES,
    phrases=PHRASES,
    ordinals=_ORDINALS,
    numbers=_NUMBERS,
    synonyms=_SYNONYMS,
    filler=_FILLER,
    when_words=_WHEN_WORDS,
    not_names=_NOT_NAMES,
    respelled=(
        (re.compile(r'\bo\s*["\']\s*clock\b'), "o'clock"),
        (re.compile(r"\b(?:tmrw|tmr|tmw|tomorow|tommorow|tommorrow|2moro)\b"), "tomorrow"),
        (re.compile(r"\bpls\b|\bplz\b"), "please"),
        (re.compile(r"\b(?:appt|apointment|appointement|appointmentn|appoinment|appointmnet)\b"), "appointment"),
        (re.compile(r"\bcant\b"), "can't"),
        (re.compile(r"\bdont\b"), "don't"),
        (re.compile(r"\bwont\b"), "won't"),
    ),
    sentence_end=re.compile(r"(?<=[!?;\n])\s*|(?<=[^\W\d_]{2}\.)\s+|(?<=\d\.)\s+(?=[A-Z])"),
    clause_start=re.compile(
        r",?\s+\b(?=(?:but|though|although|because|cause|since|so (?:can|could|let|i)|however|except)\b)"
        r"|,?\s+(?=(?:please )?(?:book|schedule|make|move|change|put|set) (?:it|that|me|us|this)\b)"
        r"|,?\s+(?=(?:can|could|may|shall|should) (?:we|i|you)\b)|,\s*(?=(?:how|what) about\b|let'?s\b|instead\b|maybe\b)",
        re.IGNORECASE,
    ),
    question_joint=re.compile(
        r"\s*,?\s+(?:and|also|plus|as well as|&)\s+(?:also\s+)?"
        r"(?=(?:what|which|who|where|when|how|is|are|do|does|can|could|will|if|whether|their|your|the|its|his|her|"
        r"let me|tell|give|i need|i want)\b)|\s+as well as\s+",
        re.IGNORECASE,
    ),
    busy=re.compile(
        r"\b(?:conflict|busy|away|working|not free|not available then|not around|out of town|on vacation|on holiday|"
        r"can(?:'t|not)(?: do| make| come)?|unable|won't|isn't (?:good|possible)|doesn't (?:work|suit)|"
        r"not (?:on|at|for)|was going to|were going to|had planned|used to|right now)\b"
    ),
    event=re.compile(
        r"\b(?:wedding|interview|hot date|lunch date|job|meeting|class|flight|party|funeral|birthday|graduation)\b"
    ),
    contrast=re.compile(
        r"\b(?:forgot|forgotten|remember\w*|but|though|although|instead|however|changed|oops|wait|sorry|unfortunately|"
        r"can't|cannot)\b"
    ),
    hour_shift=re.compile(
        r"\b(?P<amount>half an|an?|one|two|three|\d{1,2}) (?P<unit>hours?|minutes?|mins?) (?P<way>later|earlier|sooner|after|"
        r"before)\b"
    ),
    day_number=re.compile(r"\b(?:on )?the (\d{1,2})(?:st|nd|rd|th)?\b(?! of\b)|^(\d{1,2})(?:st|nd|rd|th)\b"),
    carry_on=re.compile(r"^(?:ok |okay |and |so )*(?:and|what about|how about|or|for)\b"),
    take_any=re.compile(
        r"\b(?:whatever|whichever|any(?: one)? (?:of (?:them|those|these)|is fine|works|will do|is ok)|you (?:choose|pick|decide)|"
        r"surprise me|either(?: is fine| works)?|don't (?:mind|care)|no preference|all the same)\b"
    ),
    wanting=re.compile(
        r"\b(?:can|could|may|would|book|schedule|make|let's|lets|how about|what about|instead|change|prefer|want|need|try|"
        r"maybe|please|rather|switch|move|work|works|say|like|available|anything|opening|free)\b"
    ),
    rejected=re.compile(
        r"\bnot (?:an? |the |my |your |for )?(\w+)|\binstead of (?:an? |the )?(\w+(?: \w+)?)|\brather than (\w+)"
    ),
    greeting=re.compile(
        r"^\s*(?:(?:well|hi|hello|hey|hiya|dear|oh)\b[\s,!.]*(?:there\b|team\b|all\b)?[\s,!.]*)*"
        r"(?:good (?:morning|afternoon|evening|day)\b(?!\s+(?:slot|appointment))[\s,!.]*)?",
        re.IGNORECASE,
    ),
    name_given=(
        re.compile(
            r"\bmy (?:full )?name(?:'s| is|s)?:? +(?P<name>[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3})", re.IGNORECASE
        ),
        re.compile(r"\bname(?:'s| is|:) +(?P<name>[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3})", re.IGNORECASE),
        re.compile(r"\bunder (?:the name(?: of)? )?(?P<name>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3})"),
        re.compile(r"\b[Tt]his is (?P<name>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3})"),
        re.compile(r"\b(?:I'?m|I am|i'm|i am|It'?s|it'?s) (?P<name>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3})"),
        re.compile(r"\bfor (?:my (?:\w+) )?(?P<name>[A-Z][a-z'’-]+(?: [A-Z][\w'’-]+){0,2})"),
        re.compile(r"\b(?:call me|signed|regards,) (?P<name>[A-Z][\w'’-]*(?: [A-Z][\w'’-]*){0,3})", re.IGNORECASE),
    ),
    name_lead=re.compile(
        r"^(?:(?:sure|ok|okay|yes|yeah|of course|certainly|well|hi|hello|it'?s|it is|its|that'?s|this is|i'?m|i am|im|my|"
        r"the|full|name'?s?|is|would be|will be|under|for|put it|please|you can call me|call me|here|mr|mrs|ms|dr)\b"
        r"[\s,.:!]*)+",
        re.IGNORECASE,
    ),
    spoken_email=re.compile(
        r"([\w.+-]+)\s*(?:\(at\)|\[at\]|\s+at\s+)\s*([\w-]+)\s*(?:\(dot\)|\[dot\]|\s+dot\s+|\.)\s*(\w{2,})\b",
        re.IGNORECASE,
    ),
    pick_word=re.compile(
        r"\b(?:the |your |that )?(first|second|third|fourth|fifth|sixth|last|latest|earliest|soonest|middle|former|latter|"
        r"1st|2nd|3rd|4th|5th|6th)\b(?: (?:one|option|slot|time|choice|of (?:those|these|them)|offer|possible|available|"
        r"you have))?(?! (?:of|week|thing|name|day|in)\b)|\b(?:number|option|no\.?|#) ?(\d|one|two|three|four|five|six)\b"
    ),
    bare_hour=re.compile(
        rf"^(?:(?:at|around|about|maybe|say|let's say|for|make it|how about|what about|the|ok|okay|yes|then|hmm|um|"
        rf"could we do|can we do|can i do|i'd like|i'll take|let's do)[\s,]+)*"
        rf"(?P<hour>\d{{1,2}}|{_HOUR_WORD})(?:[:.h](?P<minute>\d\d))?{_MERIDIEM}"
        r"(?:\s*(?:ish|o'clock|sharp|one|then|please|works|is (?:fine|good|ok|great|perfect)|would (?:work|be \w+)|"
        r"sounds (?:good|great)|for me|is|fine|good|thanks|\s|[.,!?])*)$"
    ),
    code_lead=re.compile(r"\bb\s*[-–]?\s*k\b[\s:#.–-]*", re.IGNORECASE),
)

"""English: what a customer wants remembered and forgotten, and what is said to somebody who is known.

The patterns run on normalised text: lower case, straight quotes, single spaces; `TO_REMEMBER` and `TO_FORGET` on the
text as it was written.
"""

from __future__ import annotations

import re

from .blocks import any_of

REMEMBERING: dict[str, re.Pattern[str]] = {
    "what_known": any_of(
        r"\bwhat (?:do|did|have|else do) you (?:know|remember|store|stored|saved?|keep|kept|noted?|got)\b[^.?!]{0,25}\b"
        r"(?:about|on|of|from) me\b",
        r"\bdo you (?:still )?(?:know|remember|recogni[sz]e) (?:me|who i am)\b",
        r"\bwhat (?:do|did) you remember\b",
    ),
    "forget_me": any_of(
        r"\b(?:forget|delete|erase|remove|clear) (?:\w+ )?(?:what|everything|all|anything)(?: that)? (?:you|of|about|"
        r"i)\b[^.?!]*\b"
        r"(?:me|remember\w*|know|noted?|asked)\b",
        r"\b(?:forget|delete|erase|remove|clear) (?:all )?(?:my|the|those|these|your) (?:preferences?|notes?|wishes|"
        r"memory)\b",
        r"^(?:please |can you |could you )*(?:forget|don't remember|no longer remember) that (?:i|i'm|my|we|i've)\b",
    ),
    "forget_it": any_of(
        r"\b(?:forget|delete|erase|remove) (?:that|it|this|them|those)\b", r"\bdon't remember (?:that|it)\b"
    ),
    "skip": any_of(
        r"^(?:please |i'd |i would |i'll |let's |can (?:i|we) |we can |just |let me )*(?:skip|pass|rather not|prefer "
        r"not)\b[^?]{0,30}$",
        r"^(?:next(?: question| one)?|n/?a|-+|no (?:answer|comment))[.! ]*$",
    ),
    "nothing_to_say": any_of(
        r"^(?:(?:no+|nope|nah|naw|oh|um+|hmm+|sorry|well|thanks|thank you|pls|please)[\s,.!]*)*(?:no+|nope|nah|naw|"
        r"none|"
        r"nothing|nil|not (?:really|now|today)|no idea|idk|i (?:don't|dont|do not) know|dunno|nvm|never ?mind)"
        r"(?:[\s,.!]+(?:really|special|specific|particular|in|else|yet|thanks|thank|you|sorry|much|comes|to|mind|at|"
        r"all|for|now))*[\s.!]*$",
    ),
    "go_through": any_of(
        r"^(?:(?:yes|yep|yeah|ya|ok|okay|k|sure|great|perfect|fine|please|pls|just|now|and|then)[\s,.!]+)*"
        r"(?:go ahead|proceed|do (?:it|that)|let's (?:do|book) (?:it|that)|(?:i )?confirm(?:ed)?(?: it| that)?|"
        r"book(?: it| that| this| me(?: in)?)?|reserve (?:it|that)|finali[sz]e(?: it)?)"
        r"(?:[\s,.!]+(?:then|now|please|pls|already|thanks|thx|ok|okay|and|for|me|book|confirm|it|that|asap))*[\s.!]*$",
    ),
}

# A question that may be answered by yes and no, and one that leaves a choice.
POLAR = re.compile(
    r"^(?:and |so |also,? |by the way,? )?(?:have|has|had|are|is|was|were|do|does|did|will|would|can|could|should|may|"
    r"any|anything)\b",
    re.IGNORECASE,
)
EITHER_OF = re.compile(
    r"\b(?:(?:would|do) you (?:like|prefer|rather|want)(?: to (?:meet|come|have|do|be|start|talk|go|do it|have it))?|"
    r"(?:is|will) (?:it|this|that)(?: be)?|shall (?:it|we) (?:be|meet|do it)|prefer|rather|which\b[^?:]{0,40}:)\s+"
    r"(?P<options>[^?:]{2,80}?\bor\b[^?:]{2,40})\?",
    re.IGNORECASE,
)
OPTION_JOINT = re.compile(r"\s*,\s*(?:or\s+)?|\s+or\s+", re.IGNORECASE)
EITHER_IS_FINE = re.compile(
    r"\b(?:either(?: (?:one|way|of them))?(?=$|[\s,.!]+(?:is|works|would|will|please|fine|ok|okay|good))|"
    r"no preference|(?:i )?don't (?:mind|care)|doesn't matter|both (?:are |is )?(?:fine|ok|okay|good|work))\b"
)
UNWILLING = re.compile(
    r"\b(?:no (?:zoom|video|skype|web ?cam)|don't|do not|can't|cannot|won't|never|hate|rather not|unable)\b"
)
# What else an answer that a question names is called.
SAME_OPTION: dict[str, re.Pattern[str]] = {
    "online": re.compile(r"\b(?:on-?line|on line|video|zoom|skype|remote(?:ly)?|virtual(?:ly)?|web ?cam)\b"),
    "in person": re.compile(
        r"^person\W*$|\b(?:in[- ]?person|face to face|face-to-face|on[- ]site|at (?:the|your) practice)\b"
    ),
}

TO_REMEMBER = re.compile(
    r"\W*(?:(?:please|pls|also|and|oh|ok|okay|hi|hello|hey|thanks|can you|could you|would you|will you|for next "
    r"time)[\s,.!]+)*"
    r"(?:remember|keep in mind|make a note|note|don['’]?t forget)(?: down)?(?:\s*[:,]|\s+that\b|\s+this:)?\s+"
    r"(?!me\b|it\b|that\b|to\b|when\b|what\b|who\b|how\b|if\b|my (?:booking|appointment|code|e-?mail|name|number)\b)"
    r"(?P<what>(?=.*\w).{3,})",
    re.IGNORECASE | re.DOTALL,
)
TO_FORGET = re.compile(
    r"\b(?:forget|don['’]?t remember|no longer remember) that (?P<what>(?:i|i'm|my|we|i've)\b.+)", re.IGNORECASE
)

MEMORY_PHRASES: dict[str, tuple[str, ...]] = {
    "welcome_back": ("Welcome back, {name}.", "Good to see you again, {name}."),
    "the_usual": ("{what} again?", "Would you like {what} again?"),
    "remembered": ("I'll remember: {text}.",),
    "forgotten": ("All right, that's forgotten.", "That's forgotten now."),
    "nothing_to_forget": ("There is nothing that I had noted down.",),
    "memory_needs_proof": (
        "I only remember things of people I know, and so far I don't know who you are.",
        "To keep it private I don't know anything of you before you show me who you are.",
    ),
    "known_name": ("You are {name}, and your email address is {email}.",),
    "known_last": ("Your last visit: {what}.",),
    "known_next": ("Coming up: {what}.",),
    "known_usual": ("Usually it's {what}.",),
    "known_notes": ("You asked me to remember: {notes}.",),
    "known_no_notes": ("You have not asked me to remember anything.",),
    # before a booking
    "intake": ("{question}",),
    "intake_optional": ('{question} You can also say "skip".',),
    "intake_needed": (
        "I do need an answer to that one, sorry; if you'd rather not write it here, {contact}.",
        "That one I can't leave out, I'm afraid. If you prefer to tell somebody, {contact}.",
    ),
    "intake_options": (
        "Here I can only note one of these: {options}.",
        "The answers I can take are {options}.",
    ),
    "intake_first": ("One thing first:", "Almost there, just this:"),
    "intake_too_long": ("That's a little long for me; could you put it into a few sentences?",),
    "choice_skip": ("Skip",),
    "choice_forget": ("Forget my notes",),
}

"""English: second thoughts, questions asked back, and how a booking stands: what shows them, and what we say then.

The patterns run on normalised text: lower case, straight quotes, single spaces. Nothing in the phrases says that
something was booked, cancelled, moved or paid: only the server may, with a receipt.
"""

from __future__ import annotations

import re

from .blocks import BOOKING, any_of

_IT = rf"(?:it|that|this|everything|my (?:\w+ )?(?:{BOOKING})|the (?:{BOOKING}))"
_SETTLED = r"(?:booked|confirmed|reserved|done|set|final|fixed|arranged|paid|through|secured?|mine)"
_TONGUE = (
    r"(?:german|deutsch|spanish|español|espanol|french|français|francais|italian|italiano|portuguese|dutch|polish|"
    r"turkish|arabic|russian|ukrainian|chinese|mandarin|japanese|korean|hindi|another language|other languages)"
)
_MONEY = r"(?:payment|money|deposit|card|transfer)"

TURNS: dict[str, re.Pattern[str]] = {
    "state_asked": any_of(
        r"^(?:so |and |ok |is it |am i |all )*(?:booked|confirmed|done|sorted)(?: now| then| yet)?\?+$",
        rf"\b(?:is|was|has) {_IT} (?:(?:now|really|actually|already|all|been|even|fully) )*{_SETTLED}\b",
        r"\bam i (?:(?:now|really|actually|already|all|even) )*(?:booked|confirmed|set)\b",
        r"\bwhat(?:'s| is) (?:the |my )?status\b",
    ),
    "pay_asked": any_of(
        rf"\b(?:did|has|have|was|is) (?:my|the|you (?:got|get|receive|received|gotten) (?:my|the)) {_MONEY}\b"
        r"(?! (?:refundable|returned|kept|lost|due|needed|required))",
        rf"\bdid (?:it|that|my {_MONEY}|the {_MONEY}) (?:work|arrive|come through|go through)\b",
        r"\b(?:have|did) i (?:already |actually )?(?:paid|pay)\b(?! (?:for|at|on|when))",
        r"\bi (?:just |already )?(?:have )?paid\b",
    ),
    "owes": any_of(r"\b(?:what|how much) (?:do|will|would) i (?:still |even )?(?:owe|have to pay)\b"),
    "must_pay": any_of(
        r"\b(?:do|must|should|will) i (?:still )?(?:have to |need to |must )?(?:pay|leave|put down|owe)\b[^.?!]{0,25}"
        r"(?:\b(?:now|in advance|up ?front|before(?:hand)?|deposit|online|here|anything|first|today)\b|\?$)",
        r"\b(?:is|are) there (?:an? |any )?(?:deposit|prepayment|advance payment)s?\b",
        r"\b(?:what(?:'?s| is)|how (?:much|big|high) is) (?:the |your )?(?:deposit|prepayment|advance payment)\b",
        r"\b(?:is|will|would) (?:an? |the |any )?(?:deposit|prepayment|advance payment)s? (?:be )?(?:due|needed|"
        r"required|necessary)\b|\b(?:need|require|ask for|take|want) (?:an? |the |any )?(?:deposit|prepayment)s?\b",
        r"^(?:and |the |your |what about (?:the )?)*(?:deposit|prepayment)\?*$",
        r"\b(?:pre-?pay|pay (?:up ?front|in advance|beforehand))\b",
    ),
    "pay_how": any_of(
        r"\b(?:how|where|when) (?:do|can|should|must|would) i pay\b",
        rf"\b(?:pay|{_MONEY}) (?:link|button|page)\b",
        r"\b(?:let me|i want to|i'd like to|can i) pay(?: now)?\b[.?! ]*$",
    ),
    "second_thoughts": any_of(
        r"^(?:(?:h+m+|u+m+|uh+|oh|ah|well|but|sorry|please|ok|okay|no|nope|actually|oops|hey|one|a|just|sec|second)"
        r"[\s,.!…-]+)*(?:wait|hold on|hang on|hold up|stop|actually|oops|on second thoughts?|second thoughts?)"
        r"(?:[\s,.!…-]+(?:no|wait|a|one|sec|second|minute|moment|please|actually|that|it|there|up))*[\s,.!…-]*$",
        r"^(?:h+m+|u+m+|uh+|oh|ah)[\s,.!…-]+no[\s,.!…-]*$",
        r"^(?:[\w']+[\s,.!…-]+){0,4}undo (?:it|that|this|the last (?:one|change))(?: please)?[\s.!?]*$",
    ),
    "how_to": any_of(
        r"\b(?:where|how|what) (?:do|can|should) i (?:press|click|tap|confirm|accept)\b",
        r"\bwhere(?:'s| is) the (?:button|card)\b|\b(?:can't|don't|do not) see (?:a|the|any) (?:button|card)\b",
    ),
    "asks_first": any_of(
        r"\b(?:need|have|want|going|gotta|got|let me|i'll|i should|better|must) (?:to )?(?:just )?"
        r"(?:talk to|ask|check with|speak (?:to|with)) my \w+(?: \w+)? ?(?:first|before|about (?:it|this|that)|$)",
        r"\b(?:let me|need to|have to|gotta|i'll|i should) (?:just )?(?:check|look at) (?:my|the) "
        r"(?:calendar|diary|schedule|rota|shifts?)\b",
    ),
    "rephrase": any_of(
        r"\bwhat (?:do|did) you mean\b",
        r"\bwhat(?:'s| is| does) (?:that|this|it)(?: supposed to)? mean\b",
        r"\bi (?:don't|do not|didn't|did not) (?:understand|get (?:it|that|you)|follow)\b",
        r"^(?:(?:sorry|wait|huh|wtf|um+|h+m+)[\s,]+)*(?:what|wh?[aou]t|huh|pardon|"
        r"come again|excuse me|sorry|eh|how so|meaning)"
        r"(?: now| me)?\s?[?!]+$",
        r"^(?:wh?[aou]t|huh)\W*$",
        r"\b(?:say|put|explain) (?:it|that|this) (?:again |in )?(?:differently|another way|other words)\b",
        r"\bin other words\?",
    ),
    "other_tongue": any_of(
        rf"\b(?:speak|talk|chat|write|talking|understand)(?: \w+)? {_TONGUE}\b|\bin {_TONGUE}[?.! ]*$",
        r"\b(?:what|which|other) languages?\b",
    ),
    "included": any_of(
        r"\b(?:what|which)\b[^.?!]{0,40}\b(?:includ\w*|contain\w*|consists? of|made of|comes? with|part of)\b",
        r"\bwhat(?:'?s| is)? (?:all )?(?:in|inside|part of)\b(?! (?:it )?for me\b)",
        r"\bwhat (?:do|would|will) i get\b",
        r"\b(?:does|do|is|are|did)\b[^.?!]{0,40}\b(?:includ\w*|come with)\b",
    ),
    "described": any_of(
        r"\bwhat(?:'s| is| are) (?:an? |the |your )?[\w' -]{3,30}\?*$",
        r"\bwhat (?:happens|is done) (?:in|at|during)\b",
        r"\b(?:tell me|more|info\w*|details?) (?:more )?about (?:the |your )?[\w' -]{3,30}[?.]*$",
    ),
    "other_weekday": any_of(r"\b(?:the |that )?other (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"),
    "other_one": any_of(r"\bthe other (?:one|time|slot|option)\b"),
    "week_later": any_of(
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:after(?: that)?|a week later)(?=[\s.!?,]*$)",
        r"\bthe week after(?: that)?(?:[\s,]+(?:instead|please|pls|then))*[\s.!?]*$",
        r"\bthe following (?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
        r"\bnot (?:this|that|the coming) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b[^.?!]{0,12}"
        r"\b(?:next|after|following)\b",
    ),
}

TURN_PHRASES: dict[str, tuple[str, ...]] = {
    # two times that would do as well
    "only_free": ("{gone} isn't available, but {when} is free.", "I'm afraid {gone} is gone; {when} is free."),
    # how it stands
    "stands": ("Yes, all is in order: {what}.", "Yes, that stands: {what}."),
    "stands_settled": ("And nothing is left to pay.", "There is nothing left to pay either."),
    "stands_free": ("Nothing was due in advance for it.", "There was nothing to pay in advance."),
    "stands_held": (
        "Not quite yet: the payment of {due} for your {what} is still to come. The time is kept until {until}; the "
        "payment button is here in the chat.",
        "Almost: I haven't seen the payment of {due} for your {what} so far. Its button is here in the chat, and the "
        "time is kept until {until}.",
    ),
    "stands_gone": (
        "No, I'm sorry: there is no appointment any more ({what}).",
        "I'm afraid not: that appointment ({what}) is off.",
    ),
    "stands_lost": (
        "No, I'm sorry: without the payment the time is free again for others. Shall I look for another one?",
        "I'm afraid not: the payment didn't come in time, so the time is free again. Shall I look for another one?",
    ),
    "not_yet": (
        "Not yet: nothing is arranged until you say yes to the details.",
        "Not so far; first come the details and your yes.",
    ),
    # before it is paid
    "advance_full": (
        "Please note: the {due} is due in advance, by a payment link once you confirm.",
        "One thing to know: {due} is due in advance; a payment link follows once you confirm.",
    ),
    "advance_deposit": (
        "Please note: a deposit of {due} is due in advance, by a payment link once you confirm.",
        "One thing to know: there is a deposit of {due}; a payment link follows once you confirm.",
    ),
    "advance_each": ("{service}: {due} in advance.", "For {service}, {due} is due in advance."),
    "advance_none": ("For {service} nothing is due in advance.", "Nothing is due in advance for {service}."),
    # second thoughts
    "what_to_change": (
        "Of course. What shall I do about your {what}: find another time, or cancel it?",
        "No problem. About your {what}: would you like another time for it, or to cancel it?",
    ),
    "go_on_change": ("Of course, no rush. What would you like to change?", "Sure, take your time. What shall it be?"),
    # the card that waits for a yes
    "how_to_book": (
        'Lovely! To make it yours, press Confirm, or type "yes, book it" or the code {code}.',
        'Very well. Just press Confirm, or type the code {code} or "yes, book it", and it goes through.',
    ),
    "how_to_cancel": (
        'All right. To go ahead, press Confirm, or type "yes, cancel it"; "no" keeps it as it is.',
        'Just press Confirm, or type "yes, cancel it". With "no" everything stays as it is.',
    ),
    "how_to_move": (
        'Lovely! To go ahead, press Confirm, or type "yes, move it"; "no" leaves it where it is.',
        'Glad that suits you! Just press Confirm, or type "yes, move it".',
    ),
    "how_by_button": (
        "Thank you! To be on the safe side it takes the Confirm button here, or the code {code} from the card.",
        "Nearly there: please press Confirm on the card, or type its code {code}.",
    ),
    # asked back
    "again_service": (
        "I mean what you'd like to have done here, for example {services}.",
        "Put simply: which of our services is it for? There is {services}, for example.",
    ),
    "again_date": (
        "I mean the day you'd like to come, such as tomorrow, Friday or a date.",
        "Just tell me a day that suits you: tomorrow, Friday, or a date.",
    ),
    "again_slot": (
        "I mean which of these free times you would like: {times}.",
        "These times are free: {times}. Just tell me the one you want, or another day.",
    ),
    "again_person": (
        "To keep the time for you I need your name, and an email address that the details can go to.",
        "I just need to know who is coming (your name) and where to send the details (your email address).",
    ),
    "again_confirm": (
        "I've only put the details together so far. If they are right, press Confirm, or type the code {code}; "
        "otherwise tell me what should be different.",
        "Nothing is arranged yet. Are the details on the card right? Then press Confirm, or type {code}. If not, tell "
        "me what to change.",
    ),
    "again_confirm_change": (
        'Nothing has changed so far. If the card is right, press Confirm, or say "yes"; with "no" all stays as it is.',
        'I only ask to be sure: press Confirm or say "yes" to go ahead, or "no" to leave it as it is.',
    ),
    "again_new_date": (
        "I mean the day and time you'd like instead, such as Friday at 2.",
        "Just tell me when you'd rather come, for example Friday at 2.",
    ),
    "again_code": (
        "I need to know which booking is meant: the code that starts with BK- is in the email about it. Without it, "
        "your email address will do: six digits go there.",
        "Each booking has a code, BK- and six characters, in the email about it. If you can't find it, tell me your "
        "email address, and six digits go there.",
    ),
    "again_otp": (
        "An email with six digits should be in your inbox; type them here, so that I know it's you.",
        "I mean the six digits from the email that went to you; they show that it's really you.",
    ),
    # whose booking it is
    "name_is_not_enough": (
        "For your privacy a name alone is not enough here.",
        "To keep bookings private I can't go by a name.",
    ),
    # what somebody gets
    "package": ("{service}: {parts}, {facts}.", "{service} is {parts}: {facts}."),
    "altogether": ("{duration} altogether",),
    "about_service": ("{service}: {description}", "{service}: {description}"),
    # languages
    "english_only": (
        "In this chat it's only English so far, sorry. For another language you can {contact}.",
        "I only manage English here so far, I'm afraid; for anything else, {contact}.",
    ),
    # somebody is annoyed
    "rude": (
        "I'm sorry this is annoying. If you'd rather talk to a person, {contact}; or we go on from here.",
        "Sorry about the trouble. You can {contact} if you prefer a person, or we sort it out here.",
    ),
    "choice_try_another_day": ("Try another day",),
}

"""English: what is said about bookings that exist already: wishes to change them, and our words about it.

The patterns run on normalised text: lower case, straight quotes, single spaces. Nothing in the phrases says that
something was booked, cancelled or moved: only the server may, with a receipt.
"""

from __future__ import annotations

import re

from .blocks import BOOKING, CARE, MINE, any_of

_AMOUNT = r"(?P<amount>half an|an?|one|two|three|four|five|six|\d{1,3})"
_HALF = r"(?P<half> and a half)?"

CHANGES: dict[str, re.Pattern[str]] = {
    "keep": any_of(
        r"\b(?:keep|leave) (?:it|that|this|everything|mine|my \w+|the (?:appointment|booking|reservation|original|"
        r"old|first)(?: \w+)?)\b(?! (?:open|free|short|at \d|to \d|for \d))",
        r"\b(?:don't|do not|please don't) (?:cancel|move|change|reschedule|touch|do (?:it|that|anything))\b",
        r"\b(?:stay|stick) with (?:it|that|the (?:old|original|first)|what i have)\b",
        r"\b(?:i'll|i will|i can|i'd rather|i would rather) "
        r"(?:still )?(?:come|be there|make it|keep it)\b(?! (?:at|on)\b)",
        r"\b(?:changed my mind|on second thought|second thoughts)[,.! ]*$",
    ),
    "cant_come": any_of(
        r"\b(?:can't|cannot|can not|won't be able to|won't|am not able to|unable to|not going to) "
        r"(?:make it|make that|come(?: in)?|be there|attend)\b(?! (?:at|before|until|till|by|then|that|so|if)\b)",
    ),
    # Enough only beside a code, or where it is clear which booking is talked about.
    "cancel_word": any_of(r"\b(?:cancel(?:l?ing|led)?|unbook|scrap (?:it|that)|drop (?:it|that))\b(?! polic)"),
    "cancel_it": any_of(
        r"^(?:(?:no|ok|okay|please|oh|then|sorry|actually|just|well|and)[\s,.!]+)*cancel (?:it|that|this|everything|"
        r"the whole thing)\b(?: all)?(?= ?[,.;!–-]|$)",
    ),
    "move_word": any_of(r"\b(?:re-?schedul\w*|re-?book|move|postpone|shift|change)\b(?! my mind)"),
    "unclear_change": any_of(
        rf"\b(?:change|modify|edit|alter|amend|update|adjust) (?:{MINE} )?(?:next |upcoming |existing |\w+ )?"
        rf"(?:{BOOKING}|{CARE})\b(?! (?:to|time|date|day)\b)",
        rf"\b(?:make|do) (?:some |a )?changes? (?:to|on) {MINE} (?:\w+ )?(?:{BOOKING})\b",
        r"\bchange my plans?\b",
    ),
    "other_own": any_of(r"\b(?:my|the|an?) (?:other|different) (?:one|booking|appointment|reservation)\b"),
    "moves_own": any_of(
        r"\b(?:move|re-?schedule|shift|push|postpone|switch) (?:my|our)\b"
        r"(?! (?:mind|name|e-?mail|number|phone|details|plans?))"
    ),
    "all_own": any_of(
        r"\b(?:both|all(?: of)?(?: them| those)?|everything|all (?:two|three|four))[\s.!]*(?:please|pls)?[\s.!]*$"
    ),
    "none_own": any_of(
        rf"\b(?:don't|do not|didn't|haven't)(?: even)? (?:have|got|made?|book(?:ed)?) (?:an?|any) (?:{BOOKING})\b"
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

# "An hour and a half later", and "push it back 30 minutes": what says which way, and how far.
SHIFT_AFTER = re.compile(
    rf"\b{_AMOUNT} (?P<unit>hours?|minutes?|mins?|days?|weeks?){_HALF} (?P<way>later|earlier|sooner|after|before|back|"
    r"forward)\b"
)
SHIFT_BEFORE = re.compile(
    r"\b(?P<verb>push|move|shift|delay|postpone|bring|put|pull|start)(?:ed|ing)?\b[^.?!]{0,20}?"
    r"(?P<way>back|forward|up|ahead|later|earlier|out)?\s?(?:by )?"
    rf"\b{_AMOUNT} (?P<unit>hours?|minutes?|mins?|days?|weeks?){_HALF}"
)
# Up to here a sentence that asks for a change may speak of the booking as it is.
AS_IT_IS = re.compile(
    rf"\b(?:{BOOKING}|{CARE}|service|date|time|it|mine)\b(?:(?! to | until |,| instead).)*?"
    r"(?P<to>,| (?<!quarter )(?<!half )(?<!five )(?<!ten )(?<!twenty )(?:to|until|till) )"
)
# In such a sentence a time is the new one, whatever stands before it.
WISHING = re.compile(r"\b(?:instead|how about|what about|rather|prefer|make it|say|to)\b")
EXISTING = re.compile(rf"\b{MINE} (?:[\w':.-]+ ){{0,4}}(?:{BOOKING}|{CARE}|service)\b")

OWN_PHRASES: dict[str, tuple[str, ...]] = {
    # whose booking it is
    "ask_code_email": (
        "I can look that up. What's your email address, and the confirmation code (it starts with BK-) if you have it?",
        "Let me find it: may I have your email address, and the confirmation code (BK-…) if you have it?",
    ),
    "ask_code_email_cancel": (
        "I can help with that. What's the confirmation code (it starts with BK-), and the email address with it?",
        "Sorry to hear you can't come. May I have the confirmation code (it starts with BK-) and your email address?",
    ),
    "ask_code_email_move": (
        "Happy to find you another time. What's the confirmation code (it starts with BK-), and your email address?",
        "Of course. May I have the confirmation code (it starts with BK-) and the email address it was made with?",
    ),
    "ask_code": (
        "And the confirmation code? It starts with BK-.",
        "What's the confirmation code? It starts with BK-.",
    ),
    "ask_email_of_booking": (
        "And which email address was it made with?",
        "Which email address goes with it?",
    ),
    "no_code_email": (
        "It's in the email that came with your booking. Or tell me your email address, and six digits will go there.",
        "No problem, your email address will do: if there is a booking under it, six digits go there. Which one is it?",
    ),
    "otp_sent": (
        "If there is a booking under {email}, six digits are on their way there. What are they?",
        "I've asked for a six-digit code to go to {email}, if there is a booking under it. What does it say?",
    ),
    "otp_still": (
        "What are the six digits from the email? If none came, say so and I'll try again.",
        "I just need the six digits from that email. Tell me if nothing came.",
    ),
    "otp_wrong": (
        "Those digits don't fit, or they have run out. Could you check them once more?",
        "That didn't match. Would you try the six digits again?",
    ),
    "proof_first": (
        "For that I need to be sure it's you.",
        "One more step first, to keep your booking safe.",
    ),
    "not_found": (
        "I couldn't find a booking with that code and email address. Could you check both for me?",
        "I don't see a booking with that code and email address. Would you check them once more?",
    ),
    "not_found_again": (
        "I still can't find it, sorry. Please {contact}, and the team will look it up for you.",
        "No luck, I'm afraid. Please {contact}; the team can look into it.",
    ),
    "lookup_trouble": (
        "I can't look that up just now, sorry. Please {contact}, and the team will help.",
        "That isn't possible at the moment, I'm afraid. Please {contact}.",
    ),
    "no_bookings": (
        "I don't see anything coming up under that address.",
        "There is nothing coming up under that address, as far as I can see.",
    ),
    "found": ("Found it: {what}.", "Here it is: {what}."),
    "found_many": ("Here is what is coming up: {what}.", "These are the ones I found: {what}."),
    "which_cancel": ("Which one shall I cancel: {what}?", "There are a few: {what}. Which one is it about?"),
    "which_move": ("Which one shall I move: {what}?", "There are a few: {what}. Which one shall we move?"),
    # cancelling
    "cancel_free": ("Cancelling costs nothing.", "There is no charge for cancelling now."),
    "cancel_fee": ("Cancelling now costs {fee}.", "To cancel now there is a fee of {fee}."),
    "cancel_fee_refund": (
        "Cancelling now costs {fee}; {refund} of what you paid would come back to you.",
        "To cancel now costs {fee}, and you would get {refund} back.",
    ),
    "cancel_refund": (
        "Cancelling costs nothing, and you would get {refund} back.",
        "It costs nothing to cancel; you would get your {refund} back.",
    ),
    "ask_cancel": (
        "That would be your {what}. {cost} Shall I cancel it?",
        "Your {what}: {cost} Shall I go ahead and cancel it?",
    ),
    "ask_cancel_again": (
        "So, shall I cancel your {what}?",
        "Coming back to your {what}: shall I cancel it?",
    ),
    "kept": (
        "All right, nothing changes: your {what} stays as it is.",
        "No problem, I'll leave it: your {what} stays just as it was.",
    ),
    "kept_nothing": (
        "All right, I'll leave everything as it is.",
        "No problem, nothing changes.",
    ),
    "not_changed": (
        "Before you go: nothing has changed so far.",
        "One thing before you go: I haven't changed anything yet.",
    ),
    # moving
    "move_or_cancel": (
        "Shall we find another time for it, or would you rather cancel?",
        "Would you like to move it to another time, or to cancel it?",
    ),
    "ask_new_time": (
        "That's your {what}. Which day and what time would suit you instead?",
        "I have your {what} here. Which day and what time would you like instead?",
    ),
    "ask_new_time_short": (
        "Which day and what time would suit you instead?",
        "What day and what time would work better?",
    ),
    "ask_move": (
        "{new} is free. {cost} Shall I move your {what} there, from {old}?",
        "Yes, {new} works; at the moment your {what} is on {old}. {cost} Shall I move it?",
    ),
    "ask_move_again": (
        "So, your {what}, from {old} to {new}: shall I move it?",
        "Coming back to your {what}: {new} instead of {old}. Shall I move it?",
    ),
    "move_free": ("It costs nothing extra.", "No extra charge."),
    "move_fee": ("Moving it costs {fee}.", "There is a fee of {fee} for moving it."),
    "move_price": ("The price for it is now {price}.", "Please note that the price is now {price}."),
    "same_time": ("That is when it is already.", "It's at that time already."),
    "gone_move": ("Sorry, that time has just gone to somebody else.", "Somebody was a moment quicker, sorry."),
    "refused_move": ("{why}", "I'm afraid that isn't possible. {why}"),
    "refused_cancel": ("{why}", "I'm sorry: {why}"),
    "contact_for_it": ("For anything beyond that, please {contact}.", "The team can look into it: please {contact}."),
    "no_new_email": (
        "I can't change the name or address on a booking from here, sorry. Please {contact}, and the team will do it.",
        "Changing the details on a booking isn't something I can do here; please {contact}.",
    ),
    "ask_keep_or_other": (
        "No problem. Shall I look at another day, or leave it as it is?",
        "All right. Another day, or shall we leave everything as it is?",
    ),
    # quick replies
    "choice_yes_cancel": ("Yes, cancel it",),
    "choice_yes_move": ("Yes, move it",),
    "choice_keep": ("No, keep it",),
    "choice_move_instead": ("Move it instead",),
    "choice_cancel_instead": ("Cancel it instead",),
    "choice_no_code": ("I don't have the code",),
    "choice_new_code": ("Nothing came, send it again",),
    "choice_move_it": ("Move it to another time",),
    "choice_cancel_it": ("Cancel it",),
    "own_booking": ("{what} on {when}",),
}

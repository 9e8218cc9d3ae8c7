"""English: our words about bookings that exist already.

Nothing in them says that something was booked, cancelled or moved: only the server may, with a receipt.
"""

from __future__ import annotations

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
    "other_service_own": (
        "What it is for can't be changed from here: {service} can be booked by itself, or please {contact}.",
        "I can move it, but not make something else of it: {service} can be booked by itself, or please {contact}.",
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

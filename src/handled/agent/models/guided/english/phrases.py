"""English: what the guided model says about a booking. Several wordings each; which one is used depends on
the turn, and on what was said just before.

Nothing here says that something was booked, confirmed, cancelled or moved: only the server may, with a receipt.
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, ...]] = {
    # asking
    "noted": ("Got it.", "Noted.", "Thanks."),
    "noted_when": ("{when}, noted.", "{when} – got it."),
    "noted_name": ("Thanks, {name}.", "Thank you, {name}."),
    "noted_email": ("Thanks, I have your email address.", "Got your email address, thank you."),
    "noted_resource": ("With {resource}, gladly.", "{resource}, noted."),
    "ask_service": (
        "What can I book for you?",
        "Which service would you like?",
        "Which service shall I look up for you?",
    ),
    "ask_service_among": (
        "We offer {services}. Which of these would you like?",
        "What I can book for you: {services}. Which of these would you like?",
    ),
    "ask_which_meant": ("Would that be {services}?", "Do you mean {services}?", "Which is it, {services}?"),
    "ask_which_first": ("Which one shall we begin with, {services}?", "One at a time: {services} first?"),
    "first_or_second": (
        "There are two to choose from: {services}. The first or the second?",
        "It could be either of these: {services}. Shall I take the first or the second?",
    ),
    "which_of_several": (
        "These would fit: {services}. Which one comes closest?",
        "I have {services}. Which of them shall it be?",
    ),
    "suggest": (
        "No problem. There is, for example, {services}. Or tell me in a few words what you'd like to have done.",
        "Happy to help you choose: {services}, to name a few. Which comes closest?",
    ),
    "choose_below": (
        "I can't place that one, sorry. Please pick from the list below, or {contact} and the team will advise you.",
        "Let's make it easier: choose one from the list, or {contact} for advice.",
    ),
    "one_by_one": ("Gladly, one after the other.", "Of course; let's take them one at a time."),
    "no_memory": (
        "I can't see earlier visits from here, sorry, but it won't take long.",
        "Earlier visits aren't visible to me, I'm afraid.",
    ),
    "ask_service_of": ("Which one would you like?", "Which of these would you like?"),
    "ask_date": (
        "Which day would suit you?",
        "What day would you like to come in?",
        "Which day works best for you?",
    ),
    "ask_date_for": (
        "{service}, with pleasure. Which day would suit you?",
        "{service}, gladly. Which day works best for you?",
        "{service} – lovely. What day would you like?",
    ),
    "ask_date_for_whole_day": (
        "{service}, with pleasure. Which date is it for?",
        "{service}, gladly. What date do you have in mind?",
    ),
    "ask_date_with_time": ("{time} – and which day would that be?", "I can look for {time}. Which day would suit you?"),
    "ask_time": ("What time would you like?", "What time works best for you?", "What time would suit you?"),
    "ask_slot": ("Which one would you like?", "Would one of those work for you?", "Do any of those suit you?"),
    "ask_name_email": (
        "May I have your name and email address?",
        "What's your name, and which email address should the details go to?",
        "Could you give me your name and an email address for the details?",
    ),
    "ask_name": ("And what's your name?", "What name should I put it under?", "May I have your name?"),
    "ask_email": (
        "And which email address should the details go to?",
        "What's your email address?",
        "May I have your email address, so you get the details?",
    ),
    # times
    "free": ("Good news: {when} is free.", "{when} is free.", "Yes, {when} works."),
    "options": (
        "On {day} I have {times}.",
        "{day}: I can offer {times}.",
        "For {day}, I have {times}.",
    ),
    "options_many": (
        "On {day} there is plenty of room, for example {times}.",
        "{day} looks good: {times}, and more.",
        "For {day} I have quite a few times, such as {times}.",
    ),
    "options_days": ("I have {times}.", "I could offer {times}.", "These are free: {times}."),
    "whole_days": ("{times} are free.", "I have {times}."),
    "not_free": (
        "Sorry, {when} isn't available. {why}",
        "I'm sorry, {when} isn't available. {why}",
        "Unfortunately {when} isn't available. {why}",
    ),
    "none_free": (
        "Sorry, I don't have any openings for {when}. {why}",
        "I'm afraid there are no openings for {when}. {why}",
    ),
    "none_at_all": (
        "Sorry, I couldn't find a free time there.",
        "I'm afraid nothing is free there.",
    ),
    "those_days": ("those days",),
    "sorry_why": (
        "Sorry, that isn't available. {why}",
        "I'm afraid that isn't available. {why}",
        "Unfortunately that isn't available. {why}",
    ),
    "only_some": ("On {days} I have nothing free, I'm afraid.", "There is nothing free on {days}, sorry."),
    "back_to": ("Back to your appointment. {times}?", "And for your appointment, would one of these do? {times}?"),
    "nothing_earlier": (
        "{time} is the first I have on {day}. Would that do, or shall I look at another day?",
        "On {day} nothing is free before {time}. Shall we take that, or try another day?",
    ),
    "nothing_later": (
        "{time} is the last I have on {day}. Would that do, or shall I look at another day?",
        "On {day} nothing is free after {time}. Shall we take that, or try another day?",
    ),
    "still_options": (
        "Back to your appointment: on {day} I have {times}.",
        "As for your appointment on {day}: I have {times}.",
    ),
    "ask_one": ("Would that suit you?", "Would that work for you?"),
    "which_of_them": ("Lovely. Which of those times?", "With pleasure. Which one shall it be?"),
    "nearest": (
        "The nearest I have: {times}.",
        "I could offer {times} instead.",
        "What I do have is {times}.",
    ),
    "another_day": ("Would another day work?", "Shall we try another day?"),
    "gone": (
        "Sorry, that time has just gone to somebody else.",
        "I'm sorry, somebody was a moment quicker for that time.",
    ),
    "other_weekday": ("Just to be sure: that date is {day}.", "To be on the safe side: that would be {day}."),
    "unclear_when": (
        "Sorry, which day and time did you have in mind?",
        "I didn't quite catch the day. Which one would you like?",
    ),
    "no_such_date": ("That date isn't in the calendar.", "I can't find that date in the calendar."),
    "no_such_time": ("There is no such time of day.", "That isn't a time I know."),
    "date_past": ("That day has already gone by.", "That date is in the past, I'm afraid."),
    # confirming
    "summary": (
        "Here is what I have: {what}. Shall I book it?",
        "To sum up: {what}. Shall I go ahead and book it?",
        "Let me read that back: {what}. Shall I book it for you?",
    ),
    "summary_again": (
        "So, still on the table: {what}. Shall I book it?",
        "Coming back to your appointment: {what}. Shall I go ahead and book it?",
    ),
    "just_yes": (
        'To go ahead, press Confirm, or reply with just "yes" or the code {code}.',
        'Press Confirm, or answer with just "yes" or the code {code}, and I will go ahead.',
    ),
    "change_what": (
        "What shall I change: the service, the day or the time?",
        "Sorry, what should be different: the service, the day or the time?",
    ),
    "declined": (
        "No problem, I'll leave it. Would you like a different time, or another day?",
        "All right, I won't go ahead with that one. Shall we try another time or another day?",
    ),
    "expired": ("That offer had run out, so I looked again.", "It took a little while, so I checked again."),
    "did_not_work": ("Sorry, that didn't go through.", "I'm sorry, that didn't work."),
    # contact details
    "email_wrong": (
        "That doesn't look like a complete email address. Could you check it for me?",
        "Hmm, that isn't quite an email address, like name@example.com. Could you type it again?",
    ),
    "email_needed": (
        "I do need an email address to hold a time for you. If you'd rather not give one, please {contact}.",
        "Without an email address I can't hold a time, sorry. If you prefer, {contact}.",
    ),
    "did_you_mean": ("Did you mean {email}?", "Just to be sure: is it {email}?"),
    "which_email": (
        "Is your email address really {typed}, or did you mean {meant}?",
        "Just to be sure about the email address: {typed}, or rather {meant}?",
    ),
    # services
    "services": ("Here is what we offer: {services}.", "We offer {services}."),
    "not_offered": (
        "I don't find that among our services. What we do have: {services}.",
        "I'm afraid that isn't something we offer. I can book {services}.",
    ),
    "price": ("{service}: {price}.", "For {service} it's {price}."),
    "price_open": ("price on request",),
    "whole_day": ("the whole day",),
    "price_on_request": ("The price for {service} is on request.", "For {service} the price is on request."),
    "prices": ("Our prices: {prices}.", "Here are our prices: {prices}."),
    "durations": ("How long it takes: {durations}.", "Please plan for it: {durations}."),
    "duration": ("For {service} it's {duration}.", "Please plan {duration} for {service}."),
    "duration_whole_day": ("{service}: that's a whole day.", "For {service} we keep the whole day."),
    "offered": ("Yes, we do: {service}.", "Yes, we offer {service}."),
    "only_with": (
        "Only {resource} does {service} here.",
        "{service} is something that only {resource} does here.",
    ),
    "with_nobody": (
        "{resource} doesn't do {service}, I'm afraid.",
        "Sorry, {service} isn't something {resource} does.",
    ),
}

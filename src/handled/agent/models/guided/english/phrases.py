"""English: what the guided model says. Several wordings each; which one is used depends on the turn alone.

Nothing here says that something was booked, confirmed, cancelled or moved: only the server may, with a receipt.
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, ...]] = {
    # asking
    "noted": ("Got it.", "Noted.", "Thanks."),
    "ask_service": (
        "What can I book for you?",
        "Which service would you like?",
        "Which service shall I look up for you?",
    ),
    "ask_service_among": (
        "We offer {services}. Which of these would you like?",
        "What I can book for you: {services}. Which of these would you like?",
    ),
    "ask_which_meant": ("Would that be {services}?", "Do you mean {services}?"),
    "ask_service_of": ("Which one would you like?", "Which of these would you like?"),
    "ask_date": (
        "Which day would suit you?",
        "What day would you like to come in?",
        "Which day works best for you?",
    ),
    "ask_date_for": (
        "{service}, with pleasure. Which day would suit you?",
        "Happy to help with that: {service}. Which day works best for you?",
        "{service} – lovely. What day would you like?",
    ),
    "ask_date_for_whole_day": (
        "{service}, with pleasure. Which date is it for?",
        "Happy to help with that: {service}. What date do you have in mind?",
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
    "ask_code_email": (
        "I can look that up. What's your confirmation code (it starts with BK-), and which email address goes with it?",
        "Let me find it: may I have the confirmation code (it starts with BK-) and your email address?",
    ),
    "ask_code": ("And the confirmation code? It starts with BK-.", "What's the confirmation code? It starts with BK-."),
    "ask_email_of_booking": (
        "And the email address it was made with?",
        "Which email address was it made with?",
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
        "{day} still looks good: {times}, and more.",
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
    "still_not_free": (
        "Back to your appointment: {when} isn't available, but I could offer {times}.",
        "As for your appointment: {when} isn't available, but I do have {times}.",
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
    "unclear_when": (
        "Sorry, which day and time did you have in mind?",
        "I didn't quite catch the day. Which one would you like?",
    ),
    "no_such_date": ("That date isn't in the calendar.", "I can't find that date in the calendar."),
    "date_past": ("That day has already gone by.", "That date is in the past, I'm afraid."),
    # confirming
    "summary": (
        "Here is what I have: {what}. Shall I book it?",
        "To sum up: {what}. Shall I go ahead and book it?",
        "That would be {what}. Shall I book it for you?",
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
    "price": ("{service} is {price}.", "{service} costs {price}."),
    "price_open": ("price on request",),
    "price_on_request": ("The price for {service} is on request.", "{service} is priced on request."),
    "prices": ("Our prices: {prices}.", "Here are our prices: {prices}."),
    "duration": ("{service} takes {duration}.", "Please plan {duration} for {service}."),
    "duration_whole_day": ("{service} takes the whole day.", "{service} is for a whole day."),
    "offered": ("Yes, we do: {service}.", "Yes, we offer {service}."),
    "with_nobody": (
        "{resource} doesn't do {service}, I'm afraid.",
        "Sorry, {service} isn't something {resource} does.",
    ),
    # the business
    "hours": ("We're open {hours}.", "Our hours: {hours}."),
    "open_on": ("On {day} we're open {hours}.", "{day}: {hours}."),
    "closed_on": ("On {day} we're closed.", "We're closed on {day}."),
    "hours_unknown": ("I don't have our opening hours at hand, sorry.", "I'm not sure about the opening hours, sorry."),
    "address": ("You'll find us at {address}.", "Our address is {address}."),
    "phone": ("Our phone number is {phone}.", "You can call us on {phone}."),
    "business_email": ("You can write to us at {email}.", "Our email address is {email}."),
    "staff": (
        "That would be {resources}; tell me if you'd like somebody in particular.",
        "{resources}, whoever is free. Just say if you have a preference.",
    ),
    "no_answer": (
        "I don't have an answer to that at hand.",
        "I'm not sure about that one, sorry.",
        "That I can't say for certain.",
    ),
    "ask_the_shop": ("Please {contact}; the team will know.", "To be sure, please {contact}."),
    # finding a booking
    "found": (
        "Found it: {what}.",
        "Here it is: {what}.",
    ),
    "not_found": (
        "I couldn't find a booking with that code and email address. Could you check both for me?",
        "I don't see a booking with that code and email address. Would you check them once more?",
    ),
    "not_found_again": (
        "I still can't find it, sorry. Please {contact}, and the team will look it up for you.",
        "No luck, I'm afraid. Please {contact}; the team can look into it.",
    ),
    # what cannot be done here
    "no_cancel": (
        "I'm sorry, I can't cancel appointments in this chat yet. Please {contact}, and the team will take care of it.",
        "Cancelling isn't something I can do in this chat yet, sorry. Please {contact}; they will help you with it.",
    ),
    "no_reschedule": (
        "I'm sorry, I can't change existing appointments in this chat yet. Please {contact}, and the team will help.",
        "Changing an existing appointment isn't something I can do here yet, sorry. Please {contact}; they will help.",
    ),
    "human": (
        "Of course. I can't put you through from here, but you can reach the team directly: just {contact}.",
        "I understand. I can't hand you over from this chat, but the team is there for you: please {contact}.",
    ),
    "call_or_write": ("call {phone} or write to {email}",),
    "call": ("call {phone}",),
    "write": ("write to {email}",),
    "in_person": ("ask the team directly",),
    # small talk
    "hello": (
        "Hello! What can I do for you?",
        "Hi there! How can I help?",
        "Hello, nice to hear from you. How can I help?",
    ),
    "welcome": ("You're welcome!", "My pleasure!", "Happy to help!"),
    "bye": ("Goodbye, and have a lovely day!", "Take care, and see you soon!", "Have a great day. Bye!"),
    "left_open": (
        "All right, I'll leave it there; nothing has been arranged. Is there anything else I can do?",
        "No problem, I won't arrange anything. Anything else I can help with?",
    ),
    "not_arranged": (
        "Before you go: nothing has been arranged yet.",
        "One thing before you go: your appointment isn't arranged yet.",
    ),
    "anything_else": ("Anything else I can help with?", "Is there anything else?", "Can I help with anything else?"),
    "go_on": ("Sure, what can I do for you?", "Of course. What would you like to know?"),
    "identity": (
        "I'm the AI assistant of {business}.",
        "You're chatting with the AI assistant of {business}.",
    ),
    "can_do": (
        "I can book an appointment, look up free times, prices and opening hours, answer questions, or find a booking.",
        "I can find you a free time and book it, tell you about prices and opening hours, or look up a booking.",
    ),
    "sorry_rude": (
        "I'm sorry this is annoying. I'd like to help.",
        "Sorry about the trouble. Let's sort it out.",
    ),
    "only_this": (
        "I can only help with appointments and questions about {business}.",
        "That's outside what I can do; I'm here for appointments and questions about {business}.",
    ),
    "lost": (
        "Sorry, I didn't quite get that.",
        "I'm not sure I understood.",
        "Sorry, could you say that another way?",
    ),
    "lost_again": (
        "Sorry, I'm still not with you. Please pick one of these, or {contact}.",
        "I'm afraid I don't follow. You can choose below, or {contact}.",
    ),
    "trouble": (
        "Sorry, something went wrong on my side. Could you try that once more?",
        "I'm sorry, that didn't work on my side. Would you try once more?",
    ),
}

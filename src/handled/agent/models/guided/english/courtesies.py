"""English: what the guided model says about the business and about itself, and what good manners ask for.

Nothing here says that something was booked, confirmed, cancelled or moved: only the server may, with a receipt.
"""

from __future__ import annotations

COURTESIES: dict[str, tuple[str, ...]] = {
    "delayed": (
        "Thanks for letting us know. I can't pass that on from here: please {contact}.",
        "Good that you say so. So that the team knows in time, please {contact}.",
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
        "I can't help with that from here, sorry.",
        "That's something I can't answer from here, I'm afraid.",
        "I'm afraid I can't help with that one from here.",
    ),
    "no_answer_either": (
        "That one I can't answer from here either, sorry.",
        "I'm no help with that either, I'm afraid.",
    ),
    "choose": ("These are the things I can do.", "Is it perhaps one of these?"),
    "not_sold": (
        "That isn't something we offer, I'm afraid. What we do: {services}.",
        "I don't find that among our services, sorry. We do {services}.",
    ),
    "no_favourite": (
        "I couldn't say, and I'd be in trouble if I did! {resources}: tell me if you'd like somebody in particular.",
        "No favourites from me: {resources}. Would you like somebody in particular?",
    ),
    "comfort": (
        "I'm sorry you're going through a hard time; it's good that you wrote. I can find you a {service} with us, "
        "and if you'd rather speak to somebody first, please {contact}.",
        "Thank you for telling me; that can't be easy. A {service} would be a good way to begin, "
        "and if you'd rather speak to somebody directly, please {contact}.",
    ),
    "heard_you": ("I'm sorry to hear that.", "That sounds hard, I'm sorry."),
    "no_rush": ("No rush.", "Take your time.", "I'm here whenever you're ready."),
    "asks_first": (
        "Of course, take your time: just write when you know.",
        "No rush: just write when you know.",
    ),
    "sympathy": ("I hear you.", "I know, sorry."),
    "cheer": ("Lovely.", "Great.", "Good."),
    "so_far": ("So far I have this: {what}.", "What we have so far: {what}."),
    "it_is": ("Here it is: {what}.", "Of course: {what}."),
    "code": ("The code is {code}.",),
    "why_asked": (
        "It's just so that the team knows who is coming and the details reach you.",
        "Only so that the appointment can be put under your name and you get the details.",
    ),
    "beyond_me": (
        "I'm afraid that is beyond me.",
        "Sorry, I can't make anything of that.",
    ),
    "ask_the_shop": ("Please {contact}; the team will know.", "To be sure, please {contact}."),
    "human": (
        "Of course. I can't put you through from here, but you can reach the team directly: just {contact}.",
        "I understand. I can't hand you over from this chat, but the team is there for you: please {contact}.",
    ),
    "person_told": ("Of course. I've told the team.", "All right, I've let the team know."),
    "ask_reach": (
        "What is your email address, so that they can reach you if you leave this chat?",
        "Under which email address can they reach you, should you leave this chat?",
    ),
    "ask_reach_again": (
        "And your email address, in case you leave this chat before they answer?",
        "Which email address may they use, should you be gone by then?",
    ),
    "reason_added": (
        "Thank you, I've added that for the team.",
        "All right, I've passed that on to the team, too.",
        "Thanks for telling me, the team will read it.",
    ),
    "answer_here": ("The answer comes here in the chat.",),
    "answer_by_mail": ("The answer comes here in the chat, and by email to {email} if you have left.",),
    "reach_noted": ("Thank you, I've passed that on.", "Thanks, the team has it now."),
    "reach_not_needed": ("No problem. The answer comes here in the chat, so please leave it open.",),
    "offer_person": ("Shall I ask a person to help you?", "Would you like me to ask somebody from the team?"),
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
    "glad": (
        "Great. I'm here if there is anything else.",
        "Good! Just write if anything comes up.",
        "Lovely. I'm here if you need anything else.",
    ),
    "here": ("I'm here if you need anything.", "I'm here whenever you want to write."),
    "go_on": ("Sure, what can I do for you?", "Of course. What would you like to know?"),
    "identity": (
        "I'm the AI assistant of {business}.",
        "You're chatting with the AI assistant of {business}.",
    ),
    "can_do": (
        "I can book, move or cancel an appointment, and tell you about free times, prices and opening hours.",
        "I can find you a free time and book it, look up, move or cancel a booking, and answer questions about us.",
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

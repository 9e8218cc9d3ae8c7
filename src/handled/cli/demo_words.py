"""What the made-up customers of the demo ask and are told, by business."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_NAMES = (
    "Anna", "Ben", "Chiara", "David", "Elif", "Femi", "Grace", "Hugo", "Ines", "Jakob", "Keiko", "Luis", "Maya",
    "Nils", "Olga", "Paulo", "Quinn", "Rosa", "Samir", "Tara", "Umar", "Vera", "Will", "Xenia", "Yusuf", "Zoe",
    "Amara", "Bruno", "Celia", "Dario", "Esther", "Finn", "Gita", "Hanna", "Ivo", "June", "Kofi", "Lena", "Marco",
    "Nora", "Oscar", "Petra", "Rafael", "Selma", "Theo", "Ulla", "Victor", "Wanda", "Yara", "Zeno", "Alma", "Boris",
    "Clara", "Diego", "Edith", "Farah", "Gus", "Helga", "Ismail", "Jonas",
)  # fmt: skip

WISHES = (
    "Hi, do you have anything free for a {service} on {day}?",
    "I'd like to book a {service}, {day} if you can.",
    "{service}, {day}. Any chance?",
    "Can I come in for a {service} on {day}?",
)
OFFERS = ("Yes: {day} at {time} is free.", "I have {time} on {day} for you.", "{day} at {time} would work.")
YESES = (
    "Great, please book that. {name}, {email}",
    "Perfect. I'm {name}, my email is {email}",
    "That works, {email}. {name}",
)
BOOKED = "Done: {service}, {day} at {time}. Your code is {code}, and the confirmation is on its way to {email}."
THANKS = ("Thanks, that helps!", "Great, thank you. Bye!", "Perfect, thanks a lot.", "Good to know, thanks!")
GOODBYES = ("You're welcome. See you soon!", "Glad to help. Have a good day!", "Any time. Goodbye!")
UNKNOWN = "I don't know that, and I don't want to guess. Shall I ask somebody of us to get back to you?"
NO_THANKS = ("No, never mind.", "I'll call then.", "Not needed, thanks.")
TAKEN = "I'm sorry, {day} at {time} is taken already. I can offer another day."
CLOSED = "We are closed at that time. I can look for another day."
HANDED_ON = "Of course. I have told them; somebody answers you here, or by email to {email}."
MOVES = ("Hi, {code} doesn't work for me any more. Can we move it to {day}?", "Could you move {code} to {day}?")
MOVED = "Moved: {service}, now {day} at {time}. The new confirmation is on its way to {email}."
CANCELS = ("I have to cancel {code}, sorry.", "Something came up, please cancel {code}.")
CANCELLED = "It is cancelled, and nothing is due. We hope to see you another time."
STAFF_THANKS = ("Wonderful, thank you!", "That is great, thanks for being so quick.")
COMMENTS = {
    5: ("So quick!", "Easier than calling.", None, None, None),
    4: ("Worked well.", None, None),
    3: ("It took me two tries.", None),
    2: ("It did not understand what I wanted.", None),
    1: ("I wanted a person.", None),
}


@dataclass(frozen=True, slots=True)
class Trade:
    """`unknown` are questions that nobody has written an answer to, `wants` why people asked for a person, with what
    they were told; `waiting` is who still waits."""

    unknown: tuple[str, ...]
    wants: tuple[tuple[str, str], ...]
    waiting: str


TRADES = {
    "willow-and-comb": Trade(
        unknown=(
            "Do you do hair extensions?",
            "Can you remove extensions?",
            "do you do hair extensions",
            "Do you offer a student discount?",
            "Is there a student discount?",
            "Do you do perms?",
            "Which shampoo is good for curls?",
            "Can I pay in installments?",
        ),
        wants=(
            ("My color has turned green after swimming. Can I talk to somebody?", "Oh no! Come by tomorrow at ten."),
            ("I'd like to speak to a person about my wedding in spring.", "Congratulations! Mia calls you tonight."),
            ("I left my scarf with you, can somebody look?", "We have it. It waits for you at the desk."),
        ),
        waiting="We are five bridesmaids and all need our hair done on the same morning. Can a person help us plan?",
    ),
    "harbour-light": Trade(
        unknown=(
            "Do you have a drone?",
            "Can you take pictures with a drone?",
            "Do you rent out the studio?",
            "Is it possible to rent your studio?",
            "Do you photograph newborns?",
            "Can you scan old photographs?",
            "Do you offer gift vouchers?",
        ),
        wants=(
            ("Could somebody ring me about an album for my parents?", "With pleasure, Tessa rings you at four."),
            ("I need an invoice to my company's name. Can a person do that?", "Done, it is in your inbox."),
            ("May I talk to the photographer about our venue?", "Idris here: I know it well, let us meet there."),
        ),
        waiting="Our wedding has moved to a boat, and only for two hours. Can I talk to somebody about that?",
    ),
    "stillwater-practice": Trade(
        unknown=(
            "Do you offer group sessions?",
            "are there group sessions",
            "Can I bring my dog to the session?",
            "Do you have evening times on Fridays?",
            "Do you write reports for employers?",
            "Is there a reduced fee for students?",
            "Do you have a reduced fee?",
        ),
        wants=(
            ("I need a receipt for last month, who can I ask?", "It is on its way to you by email."),
            ("Could Elena call me back, please?", "Yes, she calls you after her last session today."),
            ("I have a question about my invoice for a person.", "You are right, we have sent a corrected one."),
        ),
        waiting="My insurance asks for a form to be filled in by you. Can somebody help me with it?",
    ),
}

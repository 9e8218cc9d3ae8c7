"""English: a few example lines per intent, for the ranker that offers choices when the rules abstain."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[str, ...]] = {
    "book": (
        "i would like to make an appointment",
        "can you put me down for something",
        "i want to come in and get it done",
        "sign me up please",
        "need to be seen soon",
        "get me in with somebody",
        "reserve a place for me",
    ),
    "availability": (
        "when could i come by",
        "what days are left",
        "do you have room this week",
        "how soon can you take me",
        "is the weekend possible",
        "how full are you",
    ),
    "price": (
        "how much money is it",
        "what will i have to pay",
        "is it pricey",
        "what do you charge",
        "do you have a price list",
    ),
    "hours": (
        "when are you there",
        "until when are you open",
        "are you around on holidays",
        "what time do you shut",
        "can i drop by in the evening",
    ),
    "location": (
        "how do i get to you",
        "where is your place",
        "what is the nearest station",
        "which street are you on",
        "can i park near you",
    ),
    "contact": (
        "how do i reach you",
        "what number do i dial",
        "can i call somebody",
        "give me your phone",
    ),
    "services": (
        "what kinds of things do you do here",
        "what is on your menu",
        "show me what you have",
        "tell me about your treatments",
    ),
    "find": (
        "i already have a booking",
        "when was i supposed to come",
        "look up my visit",
        "i lost my confirmation",
        "am i on your list",
    ),
    "cancel": (
        "i can not come after all",
        "please take me off the list",
        "i will not need it any more",
        "call the whole thing off",
    ),
    "reschedule": (
        "something came up and i need another day",
        "can i come later than planned",
        "i need to push my visit back",
        "swap my time",
    ),
    "human": (
        "i want a real person",
        "let me talk to somebody who works there",
        "this is not helping me",
        "get the boss",
    ),
}

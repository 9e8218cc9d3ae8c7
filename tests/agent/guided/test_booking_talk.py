"""Conversations that lead to a proposal, told turn by turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.agent.guided.front_desk import ALBUM, CUT, SHAVE, TRIM, Chat, FrontDesk

FIND, PROPOSE, FAQ = "find_slots", "propose_booking", "answer_faq"


@dataclass
class Turn:
    """What is said, and what must come of it; what is None is not looked at."""

    said: str
    tools: list[str] | None = None
    expects: list[str] | None = None
    asks: dict[str, Any] = field(default_factory=dict[str, Any])
    text: str = ""
    choices: list[str] | None = None


PERSON = Turn("Ruth Adler, ruth@adler.example", [PROPOSE], ["confirm"])

TALKS: dict[str, tuple[FrontDesk, list[Turn]]] = {
    "one fact at a time": (
        FrontDesk(),
        [
            Turn(
                "Hi, I'd like to make an appointment",
                [],
                ["service"],
                choices=["Beard trim", "Classic cut", "Hot towel shave"],
            ),
            Turn("classic cut", [], ["date"]),
            Turn("on wednesday", [FIND], ["time"], {"service": "cut", "when": "2026-05-13"}),
            Turn("at two thirty in the afternoon", [FIND], ["name", "email"], {"when": "2026-05-13 14:30"}),
            Turn("Ruth Adler", [], ["email"]),
            Turn(
                "ruth@adler.example",
                [PROPOSE],
                ["confirm"],
                {"start": "2026-05-13T14:30"},
                "Wednesday, May 13 at 2:30 pm",
            ),
        ],
    ),
    "everything at once": (
        FrontDesk(),
        [
            Turn(
                "beard trim for Milo tomorrow at 3pm please, milo@pike.example",
                [FIND, PROPOSE],
                ["confirm"],
                {"service": "beard-trim", "start": "2026-05-12T15:00", "name": "Milo", "email": "milo@pike.example"},
                "Central Time",
            )
        ],
    ),
    "name and email the other way round": (
        FrontDesk(),
        [
            Turn("a shave on friday at 10", [FIND], ["name", "email"]),
            Turn("ruth@adler.example, my name is Ruth Adler", [PROPOSE], ["confirm"], {"name": "Ruth Adler"}),
        ],
    ),
    "a correction before the card": (
        FrontDesk(),
        [
            Turn("book a classic cut on thursday at 11", [FIND], ["name", "email"], {"when": "2026-05-14 11:00"}),
            Turn("no, the 15th", [FIND], ["name", "email"], {"when": "2026-05-15 11:00"}),
            PERSON,
        ],
    ),
    "a change of mind at the card": (
        FrontDesk(),
        [
            Turn("book a classic cut on thursday at 11", [FIND], ["name", "email"]),
            PERSON,
            Turn("actually, make it noon", [FIND, PROPOSE], ["confirm"], {"start": "2026-05-14T12:00"}, "12:00 pm"),
            Turn("hmm, better a hot towel shave", [FIND, PROPOSE], ["confirm"], {"service": "shave"}),
        ],
    ),
    "a question in the middle": (
        FrontDesk(),
        [
            Turn("a beard trim on tuesday please", [FIND], ["time"], {"when": "2026-05-12"}),
            Turn("is there parking?", [FAQ, FIND], ["time"], text="in the yard"),
            Turn("9:30", [FIND], ["name", "email"], {"when": "2026-05-12 09:30"}),
            Turn("how much is it?", [], ["name", "email"], text="$40.00"),
            PERSON,
            Turn("where are you exactly?", [], ["confirm"], text="8 Mill Street"),
        ],
    ),
    "the time is taken": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9 am", [FIND], ["time"], text="isn't available. That is taken."),
            Turn("the second one", [FIND], ["name", "email"], {"when": "2026-05-13 10:00"}),
            PERSON,
        ],
    ),
    "the last of those on the table": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9 am", [FIND], ["time"]),
            Turn("the last one please", [FIND], ["name", "email"], {"when": "2026-05-13 10:30"}),
        ],
    ),
    "another day, the same time": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9 am", [FIND], ["time"]),
            Turn("can we try friday?", [FIND], ["name", "email"], {"when": "2026-05-15 09:00"}),
        ],
    ),
    "earlier and later": (
        FrontDesk(),
        [
            Turn("a shave on friday at 1pm", [FIND], ["name", "email"]),
            Turn("anything earlier?", [FIND], ["time"], {"when": "2026-05-15 before 13:00"}),
            Turn("same day but in the afternoon", [FIND], ["time"], {"when": "2026-05-15 between 12:00 and 18:00"}),
            Turn("half past three", [FIND], ["name", "email"], {"when": "2026-05-15 15:30"}),
            Turn("an hour earlier?", [FIND], ["name", "email"], {"when": "2026-05-15 14:30"}),
        ],
    ),
    "browsing before choosing a service": (
        FrontDesk(),
        [
            Turn("what do you have on saturday morning?", [], ["service"]),
            Turn("the beard trim", [FIND], ["time"], {"service": "beard-trim"}, "Saturday, May 16"),
        ],
    ),
    "the next free time": (
        FrontDesk(),
        [
            Turn("when is your next free slot for a classic cut?", [FIND], ["slot"], {"when": ""}),
            Turn("the first one", [FIND], ["name", "email"], {"when": "2026-05-11 09:00"}),
        ],
    ),
    "with somebody": (
        FrontDesk(),
        [
            Turn("anything with Omar for a classic cut on tuesday?", [FIND], ["time"], {"resource": "Omar"}),
            Turn("or with Nell?", [FIND], ["time"], {"resource": "Nell"}),
            Turn(
                "doesn't matter who, at 10", [FIND], ["name", "email"], {"resource": None, "when": "2026-05-12 10:00"}
            ),
        ],
    ),
    "with somebody who does not do it": (
        FrontDesk(),
        [Turn("a shave with Nell on tuesday at 10", [FIND], ["name", "email"], {"resource": None}, "Nell")],
    ),
    "a service nobody offers": (
        FrontDesk(),
        [
            Turn("I want to book something", [], ["service"]),
            Turn(
                "a perm",
                [],
                ["service"],
                text="beard trim, classic cut and hot towel shave",
                choices=[s["label"] for s in (TRIM, CUT, SHAVE)],
            ),
        ],
    ),
    "misspelt": (
        FrontDesk(),
        [
            Turn(
                "clasic cutt on tuseday at 11",
                [FIND],
                ["name", "email"],
                {"service": "cut", "when": "2026-05-12 11:00"},
            )
        ],
    ),
    "the only service is not asked for": (
        FrontDesk(services=[CUT]),
        [
            Turn("I need an appointment", [], ["date"]),
            Turn("friday at 4", [FIND], ["name", "email"], {"service": "cut", "when": "2026-05-15 16:00"}),
        ],
    ),
    "a whole day has no time": (
        FrontDesk(services=[ALBUM, TRIM]),
        [
            Turn("I'd like the family day on June 6", [FIND], ["name", "email"], {"when": "2026-06-06"}),
            Turn("Ruth Adler, ruth@adler.example", [PROPOSE], ["confirm"], {"start": "2026-06-06"}, "Saturday, June 6"),
        ],
    ),
    "a whole day that is taken": (
        FrontDesk(services=[ALBUM, TRIM], taken={"2026-06-06"}),
        [
            Turn("I'd like the family day on June 6", [FIND], ["date"], text="isn't available"),
            Turn("then the 8th", [FIND], ["name", "email"], {"when": "2026-06-08"}),
        ],
    ),
    "a date that does not exist": (
        FrontDesk(),
        [
            Turn("classic cut on february 30", [], ["date"], text="calendar"),
            Turn("tomorrow then, 10 am", [FIND], ["name", "email"], {"when": "2026-05-12 10:00"}),
        ],
    ),
    "an email that is none": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10, my name is Ruth", [FIND], ["email"]),
            Turn("I'm not telling", None, ["email"]),
            Turn("ruth@adler", [PROPOSE], ["email"]),
            Turn("ruth@adler.example", [PROPOSE], ["confirm"], {"email": "ruth@adler.example"}),
        ],
    ),
    "an email that looks mistyped": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10, my name is Ruth", [FIND], ["email"]),
            Turn("ruth@gmial.com", [PROPOSE], ["email"], choices=["ruth@gmail.com", "ruth@gmial.com"]),
            Turn("yes", [PROPOSE], ["confirm"], {"email": "ruth@gmail.com"}),
        ],
    ),
    "an odd email that is right": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10, my name is Ruth", [FIND], ["email"]),
            Turn("ruth@gmial.com", [PROPOSE], ["email"]),
            Turn("ruth@gmial.com", [], ["confirm"]),
        ],
    ),
    "an excuse is not a wish": (
        FrontDesk(),
        [
            Turn("classic cut on thursday at 2pm", [FIND], ["name", "email"]),
            Turn(
                "oh wait, I have a job interview at 2. Can we do friday instead?",
                [FIND],
                None,
                {"when": "2026-05-15 14:00"},
            ),
        ],
    ),
    "an occasion is a wish": (
        FrontDesk(services=[ALBUM, TRIM]),
        [
            Turn(
                "our birthday party is on June 6, we want the family day",
                [FIND],
                ["name", "email"],
                {"when": "2026-06-06"},
            )
        ],
    ),
    "not enough for a yes": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10", [FIND], ["name", "email"]),
            PERSON,
            Turn("yes, and I feel great about it", [], ["confirm"], text="7301"),
        ],
    ),
    "a no with nothing new": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10", [FIND], ["name", "email"]),
            PERSON,
            Turn("no, tomorrow at 10", [], ["service", "date", "time"]),
        ],
    ),
    "giving up": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9 am", [FIND], ["time"]),
            Turn("no thanks, never mind", [], ["anything_else"], text="arrange"),
            Turn("no", [], []),
        ],
    ),
    "leaving too early": (
        FrontDesk(),
        [Turn("classic cut tomorrow", [FIND], ["time"]), Turn("ok bye!", [], ["time"], text="arranged yet")],
    ),
    "two services at once": (
        FrontDesk(),
        [
            Turn(
                "a classic cut and a beard trim tomorrow at 10",
                None,
                ["service"],
                text="the beard trim or the classic cut",
            ),
            Turn("the cut", [FIND], ["name", "email"], {"service": "cut", "when": "2026-05-12 10:00"}),
        ],
    ),
    "who does it": (
        FrontDesk(),
        [
            Turn("a shave tomorrow at 10", [FIND], ["name", "email"]),
            Turn("who will do it?", [], ["name", "email"], text="Omar"),
        ],
    ),
    "a customer called like a stylist": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10", [FIND], ["name", "email"]),
            Turn("Nell, nell@adler.example", [PROPOSE], ["confirm"], {"name": "Nell", "resource": None}),
        ],
    ),
    "a customer called like a month": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 10", [FIND], ["name", "email"]),
            Turn("May, may@adler.example", [PROPOSE], ["confirm"], {"name": "May", "start": "2026-05-12T10:00"}),
        ],
    ),
    "whatever there is": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9 am", [FIND], ["time"]),
            Turn("whatever you have", [FIND], ["name", "email"], {"when": "2026-05-13 09:30"}),
        ],
    ),
    "rude but clear": (
        FrontDesk(),
        [
            Turn("just book the damn classic cut tomorrow at 10, you stupid thing", [FIND], ["name", "email"]),
            Turn("this is so dumb", [], ["name", "email"], text="orry"),
        ],
    ),
}


@pytest.mark.parametrize("talk", TALKS)
async def test_a_conversation_takes_its_course(talk: str) -> None:
    desk, turns = TALKS[talk]
    chat = Chat(desk)
    for turn in turns:
        answer = await chat.say(turn.said)
        seen = f"{turn.said!r} → {answer}"
        assert turn.tools is None or answer.tools == turn.tools, seen
        assert turn.expects is None or answer.expects == turn.expects, seen
        assert turn.text in answer.text, seen
        assert turn.choices is None or answer.choices == turn.choices, seen
        for name, value in turn.asks.items():
            tool = next(tool for tool, args in reversed(answer.calls) if name in args)
            assert answer.args(tool)[name] == value, seen

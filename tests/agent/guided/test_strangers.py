"""What strangers do to a front desk: dates out of reach, two days at once, a second booking, questions for others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.agent.guided.front_desk import CUT, SHAVE, TRIM, Chat, FrontDesk, service
from tests.agent.guided.test_good_manners import KIDS, Turn, flaws_of

SWEDISH = service("massage", "Swedish massage")
HAIRCUT = service("haircut", "Haircut", duration_minutes=30)
PERSON = "Vera Lind, vera@lind.example"


class ShortSighted(FrontDesk):
    """Books until the end of August."""

    def find_slots(
        self, service: str, when: str = "", resource: str | None = None, moving: str | None = None
    ) -> dict[str, Any]:
        if when < "2026-09":
            return super().find_slots(service, when, resource)
        last = super().find_slots(service, "2026-08-31", resource)
        why = "We take bookings up to Monday, August 31."
        return last | {"status": "none", "reason": "horizon", "why": why, "slots": last["slots"][:3]}


TALKS: dict[str, tuple[FrontDesk, list[Turn]]] = {
    "a date out of reach is no anchor": (
        ShortSighted(),
        [
            Turn("classic cut on january 9th 2034", ["August 31"]),
            Turn("thursday", asks={"when": "2026-05-14"}, lacks=["August"]),
        ],
    ),
    "a time of those offered instead": (
        ShortSighted(),
        [Turn("classic cut on january 9th 2034"), Turn("the second one", asks={"when": "2026-08-31 09:30"})],
    ),
    "either of two days": (
        FrontDesk(),
        [
            Turn("a shave on may 14 or 19", ["May 14", "May 19"], asks={"when": "2026-05-14 or 2026-05-19"}),
            Turn("the 19th at 11", asks={"when": "2026-05-19 11:00"}, expects=["name", "email"]),
        ],
    ),
    "only one of two days has room": (
        FrontDesk(),
        [Turn("a shave on sunday or monday the 18th", ["free on Sunday, May 17", "May 18"], ["May 17 at"])],
    ),
    "one hour on either of two days": (
        FrontDesk(taken={"2026-05-14 15:00"}),
        [
            Turn("a shave on thursday or friday at 3pm", ["Friday, May 15"], ["May 14 at"], expects=["slot"]),
            Turn("ok", expects=["name", "email"]),
        ],
    ),
    "the weekday of the week talked about": (
        FrontDesk(),
        [Turn("a shave on thursday may 21 at 10"), Turn("or friday?", asks={"when": "2026-05-22 10:00"})],
    ),
    "today instead does not keep an hour gone by": (
        FrontDesk(),
        [Turn("a shave tomorrow at 9"), Turn("no, today", asks={"when": "2026-05-11"})],
    ),
    "a second booking waits for its turn": (
        FrontDesk(services=[HAIRCUT, KIDS, SHAVE]),
        [
            Turn(f"haircut tomorrow at 10, {PERSON}", expects=["confirm"]),
            Turn("and also a kids cut right after", ["one"], asks={}, expects=["confirm"]),
        ],
    ),
    "two people": (
        FrontDesk(),
        [Turn("can you do me and my sister on friday at 3, shaves", ["one"], ["we offer"], expects=["name", "email"])],
    ),
    "names of services inside a sentence": (
        FrontDesk(services=[SWEDISH, CUT, TRIM]),
        [Turn("what do you offer?", ["Swedish massage, classic cut and beard trim"])],
    ),
    "something done": (FrontDesk(), [Turn("I need something done to my hair", expects=["service"])]),
    "too expensive": (
        FrontDesk(),
        [
            Turn("how much is a shave?", ["$40.00"]),
            Turn("that's quite expensive", [], ["$"], expects=["anything_else"]),
        ],
    ),
    "a person is asked about": (
        FrontDesk(),
        [Turn("a shave on friday"), Turn("is Omar free?", ["with Omar"], asks={"resource": "Omar"})],
    ),
    "next week is called so": (FrontDesk(), [Turn("something next week"), Turn("hm", [], ["–"])]),
}


@pytest.mark.parametrize("talk", TALKS)
async def test_a_stranger_gets_on(talk: str) -> None:
    desk, turns = TALKS[talk]
    assert await flaws_of(desk, turns) == []


@pytest.mark.parametrize(
    ("said", "has"),
    [
        ("what's the going rate for yen", "from here"),
        ("how much is a plane ticket?", "classic cut"),
        ("do you deliver to peru", "312-555-0188"),
        ("will it rain on friday?", "from here"),
    ],
)
async def test_what_nobody_can_know_is_not_answered_with_our_prices(said: str, has: str) -> None:
    answer = await Chat().say(said)
    assert "$" not in answer.text
    assert has in answer.text
    assert answer.choices


async def test_who_asks_on_is_told_shortly_and_given_choices() -> None:
    chat = Chat()
    first = await chat.say("who won the cup?")
    second = await chat.say("is the moon made of cheese?")
    assert "I can " in first.text
    assert "312-555-0188" not in first.text + second.text
    assert len(second.text) < len(first.text)
    assert "Talk to a person" in second.choices


async def test_the_next_booking_may_be_right_after_the_last() -> None:
    chat = Chat(FrontDesk(services=[HAIRCUT, KIDS, SHAVE]))
    await chat.say(f"haircut tomorrow at 10, {PERSON}")
    chat.confirm()
    answer = await chat.say("and the kids cut straight after")
    proposed = answer.args("propose_booking")
    assert (proposed["start"], proposed["service"], proposed["name"]) == ("2026-05-12T10:30", "kids", "Vera Lind")


async def test_a_booking_that_waited_is_taken_up_with_its_place() -> None:
    chat = Chat(FrontDesk(services=[HAIRCUT, KIDS, SHAVE]))
    await chat.say(f"haircut tomorrow at 10, {PERSON}")
    await chat.say("and also a kids cut right after")
    chat.confirm()
    answer = await chat.say("yes, the kids cut")
    assert answer.args("propose_booking")["start"] == "2026-05-12T10:30"


async def test_what_was_arranged_is_told_again() -> None:
    chat = Chat()
    await chat.say(f"a shave tomorrow at 10, {PERSON}")
    chat.confirm()
    answer = await chat.say("what was the time again?")
    assert "May 12 at 10:00 am" in answer.text
    assert "BK-TUV789" in answer.text

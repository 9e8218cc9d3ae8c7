"""What makes the difference between a form and a front desk: being heard, being answered, and no repetition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.agent.guided.front_desk import SHAVE, Chat, FrontDesk, service

TINT = service("tint", "Full tint", duration_minutes=120, price_text="$120.00")
TINT_TALK = service("tint_talk", "Tint consultation", price_text="free", description="We see what makes sense for you.")
KIDS = service("kids", "Kids' cut", price_text="$30.00")
HAIRCUT = service("haircut", "Haircut", duration_minutes=45)
FIRST = service("first", "First conversation", price_text="free", resources=["Nell"])
COUPLE = service("couple", "Couples session", resources=["Nell"])
TWO = [TINT, TINT_TALK, SHAVE]


class Practice(FrontDesk):
    def business(self) -> dict[str, Any]:
        return super().business() | {"pack": "therapy"}


class PaidAhead(FrontDesk):
    def propose_booking(self, service: str, start: str, name: str, email: str, **more: Any) -> dict[str, Any]:
        return {"error": "The shave is paid in advance. Please contact us to book it: 312-555-0188."}


class Holiday(FrontDesk):
    """Closed on Friday, May 15, and says so."""

    def find_slots(
        self, service: str, when: str = "", resource: str | None = None, moving: str | None = None
    ) -> dict[str, Any]:
        result = super().find_slots(service, when, resource)
        if not when.startswith("2026-05-15"):
            return result
        near = super().find_slots(service, "2026-05-16", resource)["slots"][4:7]
        why = "We are closed on Friday, May 15 (Founders' Day)."
        return result | {"status": "none", "reason": "closed", "why": why, "slots": near}


@dataclass
class Turn:
    """What is said, what must be in the answer, what must not, and what the tools are asked."""

    said: str
    has: list[str] = field(default_factory=list[str])
    lacks: list[str] = field(default_factory=list[str])
    asks: dict[str, Any] = field(default_factory=dict[str, Any])
    expects: list[str] | None = None


TALKS: dict[str, tuple[FrontDesk, list[Turn]]] = {
    "a name that is also in the address": (
        FrontDesk(),
        [
            Turn("a shave tomorrow at 10"),
            Turn("Vera Sample, vera@sample.example", asks={"name": "Vera Sample"}, expects=["confirm"]),
        ],
    ),
    "a lower-case name beside the address": (
        FrontDesk(),
        [Turn("a shave tomorrow at 10"), Turn("vera example, v@example.com", asks={"name": "Vera Example"})],
    ),
    "a closed day is named once": (
        Holiday(),
        [Turn("a shave on friday afternoon", ["Founders' Day", "Saturday, May 16"], ["any openings", "12:00 pm and"])],
    ),
    "earlier is said of what was offered": (
        Holiday(),
        [
            Turn("a shave on friday", ["11:00 am"]),
            Turn("anything earlier?", asks={"when": "2026-05-16 before 11:00"}, lacks=["Founders"]),
        ],
    ),
    "nothing earlier does not stick": (
        FrontDesk(taken={"2026-05-12 09:00"}),
        [
            Turn("classic cut on tuesday at 9"),
            Turn("09:30"),
            Turn("anything earlier?", ["9:30 am"]),
            Turn("with Omar please", asks={"when": "2026-05-12", "resource": "Omar"}),
        ],
    ),
    "a person is wanted on the day offered": (
        Holiday(),
        [Turn("classic cut on friday"), Turn("Omar please", asks={"when": "2026-05-16", "resource": "Omar"})],
    ),
    "a question about closed days comes back to the offer": (
        Holiday(),
        [
            Turn("a shave on friday", ["Founders"]),
            Turn("is there parking?", ["in the yard", "11:00 am"], ["Founders", "openings"]),
        ],
    ),
    "what was told is acknowledged while the service is open": (
        FrontDesk(services=TWO),
        [
            Turn("book me a tint tomorrow at 9", ["Tuesday, May 12 at 9:00 am", "full tint"]),
            Turn("wednesday then", ["Wednesday, May 13"]),
            Turn("my name is Carl", ["Carl", "$120.00", "first or the second"]),
            Turn("no wait, make it 11", ["11:00 am"], expects=["service"]),
            Turn("the first", asks={"service": "tint", "when": "2026-05-13 11:00"}),
        ],
    ),
    "the difference is told": (
        FrontDesk(services=TWO),
        [
            Turn("a tint please"),
            Turn("what's the difference?", ["2 hours, $120.00", "30 minutes, free"], ["answer to"]),
        ],
    ),
    "a haircut is not a kids' cut": (
        FrontDesk(services=[HAIRCUT, KIDS, SHAVE]),
        [Turn("haircut tomorrow at 10", asks={"service": "haircut"})],
    ),
    "a cut may be either": (
        FrontDesk(services=[HAIRCUT, KIDS, SHAVE]),
        [Turn("a cut tomorrow at 10", ["the haircut or the kids' cut"], expects=["service"])],
    ),
    "a word that every service has tells none of them": (
        FrontDesk(services=[service("walk", "Engagement shoot"), service("family", "Family session"), SHAVE]),
        [Turn("family session tomorrow at 10", asks={"service": "family"})],
    ),
    "a weekday is one near the day talked about": (
        FrontDesk(),
        [
            Turn("a shave on friday, june 5 at 10"),
            Turn("can it be saturday instead", asks={"when": "2026-06-06 10:00"}),
            Turn("no, next tuesday", asks={"when": "2026-05-19 10:00"}),
        ],
    ),
    "letters that changed places": (
        FrontDesk(services=[HAIRCUT, KIDS, SHAVE]),
        [Turn("hiarcut tomorrow at 10", asks={"service": "haircut"})],
    ),
    "another person instead": (
        FrontDesk(),
        [
            Turn("classic cut with Omar tomorrow at 10", asks={"resource": "Omar"}),
            Turn("not with Omar, with Nell", asks={"resource": "Nell"}),
        ],
    ),
    "the first of the times is no first conversation": (
        FrontDesk(services=[FIRST, COUPLE]),
        [
            Turn("couples session tomorrow morning", expects=["time"]),
            Turn("ok the first", asks={"service": "couple", "when": "2026-05-12 09:00"}),
        ],
    ),
    "another one of the times after all": (
        FrontDesk(taken={"2026-05-13 09:00"}),
        [
            Turn("classic cut on wednesday at 9", ["9:30 am"]),
            Turn("the first", asks={"when": "2026-05-13 09:30"}),
            Turn("no, the third", asks={"when": "2026-05-13 10:30"}),
        ],
    ),
    "a first name alone while times are offered": (
        FrontDesk(),
        [
            Turn("classic cut on wednesday"),
            Turn("Kim", ["Kim"], ["understood", "get that"], expects=["time"]),
            Turn("10 am", expects=["email"]),
        ],
    ),
    "a topic alone is no name": (
        FrontDesk(),
        [
            Turn("classic cut on wednesday"),
            Turn("Parking", ["in the yard"], ["Thanks, Parking"], expects=["time"]),
            Turn("10", expects=["name", "email"]),
            Turn("italy, the south", expects=["name", "email"]),
        ],
    ),
    "the address comes first": (
        FrontDesk(),
        [Turn("my email is ida@west.example", ["email address"], expects=["service"]), Turn("Ida West", ["Ida"])],
    ),
    "something that is not sold": (
        FrontDesk(),
        [
            Turn("do you do nails?", ["beard trim, classic cut and hot towel shave"], ["certain"], expects=["service"]),
            Turn("ok a shave tomorrow at 10", expects=["name", "email"]),
            Turn("do you make wigs?", ["hot towel shave"], ["certain"], expects=["name", "email"]),
        ],
    ),
    "what if I cancel": (
        FrontDesk(),
        [
            Turn("a shave tomorrow at 10"),
            Turn("can I cancel later?", ["Free cancellation until the day before."], expects=["name", "email"]),
            Turn("what if I have to cancel", ["Free cancellation"], expects=["name", "email"]),
        ],
    ),
    "the next free time is looked at for the first time": (
        FrontDesk(),
        [Turn("the next available classic cut", ["Monday, May 11"], ["still"])],
    ),
    "somebody who cannot decide": (
        FrontDesk(),
        [
            Turn("I'd like an appointment"),
            Turn("idk, what do you suggest?", ["classic cut (45 minutes, $52.00)"], ["answer to", "offer, I'm afraid"]),
        ],
    ),
    "two at once": (
        FrontDesk(),
        [
            Turn("two appointments please, one for me and one for my son", ["one"], expects=["service"]),
            Turn("a classic cut and a beard trim", ["the beard trim or the classic cut", "?"]),
        ],
    ),
    "a smile or a question mark": (
        FrontDesk(),
        [Turn("classic cut on wednesday"), Turn("🙂", ["9:00 am"], ["get that"]), Turn("?", ["9:00 am"], ["follow"])],
    ),
    "who is best": (FrontDesk(), [Turn("which of you is the best?", ["Nell and Omar"])]),
    "as before": (FrontDesk(), [Turn("same as last time please", ["earlier visits"], expects=["service"])]),
    "paid in advance": (
        PaidAhead(),
        [
            Turn("a shave tomorrow at 10, Vera Lind, vera@lind.example", ["paid in advance", "312-555-0188"]),
            Turn("ok", [], ["paid in advance", "Shall I book"]),
        ],
    ),
    "a day after a relative wish": (
        FrontDesk(),
        [
            Turn("classic cut tomorrow at 3pm"),
            Turn("later", asks={"when": "2026-05-12 after 15:05"}),
            Turn("or thursday?", asks={"when": "2026-05-14"}),
        ],
    ),
}


@pytest.mark.parametrize("talk", TALKS)
async def test_a_stranger_is_treated_well(talk: str) -> None:
    desk, turns = TALKS[talk]
    assert await flaws_of(desk, turns) == []


async def flaws_of(desk: FrontDesk, turns: list[Turn]) -> list[str]:
    """Say these things at this desk, and look at every answer: what is wrong with them."""
    chat, before, flaws = Chat(desk), "", list[str]()
    for turn in turns:
        answer = await chat.say(turn.said)
        asked = {name: answer.args(tool)[name] for tool, args in answer.calls for name in args if name in turn.asks}
        is_right = (
            answer.text != before
            and all(words in answer.text for words in turn.has)
            and not any(words in answer.text for words in turn.lacks)
            and (turn.expects is None or sorted(answer.expects) == sorted(turn.expects))
            and asked == turn.asks
        )
        if not is_right:
            flaws.append(f"{turn.said!r} → {answer}")
        before = answer.text
    return flaws


@pytest.mark.parametrize(
    "question", ["are you even real", "am I talking to a robot", "is this a bot?", "so are you actually a human?"]
)
async def test_it_says_what_it_is(question: str) -> None:
    answer = await Chat().say(question)
    assert "AI assistant of Copper & Comb" in answer.text
    assert not answer.fallback


@pytest.mark.parametrize(
    "said", ["I feel terrible and need to talk to somebody", "my husband and I argue all the time"]
)
async def test_a_practice_meets_distress_with_warmth_and_a_way(said: str) -> None:
    answer = await Chat(Practice(services=[FIRST, COUPLE])).say(said)
    assert "first conversation" in answer.text
    assert "312-555-0188" in answer.text
    assert "emergency" not in answer.text
    assert answer.expects == ["date"]


async def test_who_has_no_code_can_do_with_an_address() -> None:
    chat = Chat()
    await chat.say("where is my booking?")
    answer = await chat.say("I can't find the code")
    assert (answer.tools, answer.expects) == ([], ["email"])


async def test_the_way_out_is_offered_once_and_not_over_and_over() -> None:
    chat = Chat()
    answers = [await chat.say(said) for said in ("flurb wibble zonk", "gronk", "snarf blip")]
    assert ["312-555-0188" in answer.text for answer in answers] == [False, True, False]
    assert "Talk to a person" in answers[2].choices

"""Bookings that exist: finding, cancelling and moving them, in whatever order things are told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.agent.guided.front_desk import ZONE, Answer, Chat, FrontDesk

FIND, CANCEL, MOVE, SLOTS = "find_booking", "propose_cancel", "propose_reschedule", "find_slots"
CODE, EMAIL = "BK-QRS567", "ivy@north.example"
OTHER = "BK-MNP234"
REJECTED_CANCEL = {"event": "proposal_rejected", "proposal_id": "p1", "action": "cancel", "reason": "declined"}


def booking(code: str = CODE, **more: Any) -> dict[str, Any]:
    """Ivy's shave on Tuesday, May 19 at 3:30 pm, or another one."""
    known = {
        "code": code,
        "status": "confirmed",
        "service": "shave",
        "label": "Hot towel shave",
        "date": "2026-05-19",
        "time": "15:30",
        "timezone": ZONE,
        "resource": "Omar",
        "price": {"amount": 4000, "currency": "USD"},
    }
    return known | more


CUT = booking(OTHER, service="cut", label="Classic cut", date="2026-05-21", time="10:00", resource="Nell")


def desk(**more: Any) -> FrontDesk:
    return replace(FrontDesk(bookings={(CODE, EMAIL): booking(), (OTHER, EMAIL): CUT}), **more)


async def told(*said: str, at: FrontDesk | None = None) -> Answer:
    """The answer to the last of what is said."""
    chat = Chat(at or desk())
    answers = [await chat.say(text) for text in said]
    return answers[-1]


PERSON = f"{CODE} {EMAIL}"


@pytest.mark.parametrize(
    "said",
    [
        ["I need to cancel my appointment", PERSON],
        [f"please cancel {CODE}, my email is {EMAIL}"],
        ["can you call it off?", EMAIL, "qrs 567"],
        ["I can't make it tomorrow", f"bk-qrs567 and {EMAIL}"],
        [f"this is {EMAIL}, booking bk qrs 567, i wanna cancel it"],
        ["cancel my shave please", CODE, EMAIL],
    ],
)
async def test_a_cancellation_is_proposed_whatever_order_things_are_told_in(said: list[str]) -> None:
    answer = await told(*said)
    assert answer.args(CANCEL) == {"code": CODE, "email": EMAIL}
    assert answer.expects == ["confirm"]
    assert "Tuesday, May 19 at 3:30 pm" in answer.text


async def test_the_fee_is_told_before_the_question() -> None:
    answer = await told("cancel my booking", PERSON, at=desk(fee={"amount": 3250, "currency": "USD"}))
    assert answer.text.index("$32.50") < answer.text.index("?")
    assert answer.choices == ["Yes, cancel it", "Move it instead", "No, keep it"]


@pytest.mark.parametrize("said", ["what does it cost to cancel?", "can I get a refund?", "how late can I cancel"])
async def test_a_question_about_the_rules_starts_no_cancellation(said: str) -> None:
    answer = await told(said)
    assert not {CANCEL, FIND} & set(answer.tools)
    assert "Free cancellation" in answer.text


async def test_a_no_at_the_card_changes_nothing_and_says_so() -> None:
    chat = Chat(desk())
    await chat.say("cancel my booking")
    await chat.say(PERSON)
    answer = await chat.say("no", REJECTED_CANCEL)
    assert answer.tools == []
    assert "stays" in answer.text
    answer = await chat.say("thanks, bye")
    assert (answer.tools, answer.resolved) == ([], True)


@pytest.mark.parametrize(
    "said", ["actually keep it", "hm, leave it as it is", "oh wait, I can make it after all, keep it"]
)
async def test_who_keeps_it_after_all_is_told_that_nothing_changes(said: str) -> None:
    answer = await told("cancel my booking", PERSON, said)
    assert answer.tools == ["withdraw_proposal"]
    assert "stays" in answer.text


async def test_a_question_in_the_middle_is_answered_and_then_it_goes_on() -> None:
    answer = await told("cancel my booking", PERSON, "is there parking by the way?")
    assert "in the yard" in answer.text
    assert answer.expects == ["confirm"]
    assert CANCEL not in answer.tools


async def test_whatever_was_wrong_the_answer_is_the_same_and_then_it_is_a_person_s_turn() -> None:
    for wrong in (f"{CODE} stranger@north.example", f"BK-AAA222 {EMAIL}"):
        chat = Chat(desk())
        await chat.say("cancel my booking")
        answer = await chat.say(wrong)
        assert answer.expects == ["code", "email"]
        assert "code and email" in answer.text
        answer = await chat.say(wrong)
        assert answer.expects == ["anything_else"]
        assert "312-555-0188" in answer.text


async def test_a_rule_that_forbids_it_is_told_with_somebody_who_can_do_more() -> None:
    why = "By its terms this booking can be moved once, and that is used up."
    answer = await told("move my booking to friday", PERSON, at=desk(refusal=("moves_used_up", why)))
    assert why in answer.text
    assert "312-555-0188" in answer.text
    assert answer.expects == ["anything_else"]


@pytest.mark.parametrize(
    ("wish", "start"),
    [
        ("can we do an hour later?", "2026-05-19T16:30"),
        ("push it back 30 minutes", "2026-05-19T16:00"),
        ("could you bring it forward by an hour and a half", "2026-05-19T14:00"),
        ("same time on thursday", "2026-05-21T15:30"),
        ("move it to wednesday", "2026-05-20T15:30"),
        ("the 22nd", "2026-05-22T15:30"),
        ("11 am please", "2026-05-19T11:00"),
        ("push it back a week", "2026-05-26T15:30"),
        ("two days later", "2026-05-21T15:30"),
        ("the day before, at 10", "2026-05-18T10:00"),
    ],
)
async def test_a_wish_starts_from_the_booking_s_own_time(wish: str, start: str) -> None:
    answer = await told("I need to reschedule my appointment", PERSON, wish)
    assert answer.args(MOVE)["start"] == start
    assert answer.expects == ["confirm"]
    assert "May 19 at 3:30 pm" in answer.text


@pytest.mark.parametrize(
    "said",
    [
        f"{CODE} {EMAIL} can you move it to wednesday at 11",
        f"move my shave on tuesday to wednesday at 11, {EMAIL}, code qrs567",
        f"hi, wednesday 11 am instead please. booking is bk qrs 567, {EMAIL}, need to reschedule",
    ],
)
async def test_everything_may_be_told_at_once(said: str) -> None:
    answer = await told(said)
    if answer.expects == ["code"]:
        answer = await told(said, CODE)
    assert answer.args(MOVE)["start"].endswith("T11:00")
    assert answer.expects == ["confirm"]


async def test_the_time_of_the_booking_itself_is_no_wish() -> None:
    answer = await told("can I change my appointment at half past 3 on the 19th", PERSON)
    assert MOVE not in answer.tools
    assert answer.expects == ["new_date", "new_time"]


async def test_what_was_wished_before_the_booking_was_known_is_not_forgotten() -> None:
    answer = await told("can you move my shave to the 20th at 9:30?", EMAIL, CODE)
    assert answer.args(MOVE)["start"] == "2026-05-20T09:30"


async def test_the_first_free_time_of_a_week_is_taken_from_what_is_free() -> None:
    answer = await told(
        "reschedule please, " + PERSON, "the first free slot next week", at=desk(taken={"2026-05-18 09:00"})
    )
    assert answer.tools == [SLOTS, MOVE]
    assert answer.args(SLOTS)["moving"] == CODE
    assert answer.args(MOVE)["start"] == "2026-05-18T09:30"


async def test_earlier_is_looked_for_on_the_day_of_the_booking() -> None:
    answer = await told("reschedule please, " + PERSON, "any earlier?")
    assert answer.args(SLOTS)["when"] == "2026-05-19 before 15:30"
    assert answer.expects == ["new_time"]


async def test_a_time_that_is_taken_leads_to_three_others_as_choices() -> None:
    chat = Chat(desk(taken={"2026-05-20 15:30"}))
    await chat.say("reschedule please, " + PERSON)
    answer = await chat.say("wednesday")
    assert "taken" in answer.text
    assert len(answer.choices) == 4
    answer = await chat.say("the second one")
    assert answer.args(MOVE)["start"] == "2026-05-20T09:30"


async def test_another_time_at_the_card_is_another_proposal() -> None:
    chat = Chat(desk())
    await chat.say("move my booking to wednesday, " + PERSON)
    answer = await chat.say("no, make it 4 instead")
    assert answer.args(MOVE)["start"] == "2026-05-20T16:00"
    answer = await chat.say("no, the 22nd")
    assert answer.args(MOVE)["start"] == "2026-05-22T16:00"
    answer = await chat.say("with Nell instead")
    assert answer.args(MOVE)["resource"] is None or answer.args(MOVE)["resource"] == "Nell"


async def test_a_change_of_mind_from_moving_to_cancelling_and_back() -> None:
    chat = Chat(desk())
    await chat.say("move my booking to wednesday, " + PERSON)
    answer = await chat.say("oh, just cancel it")
    assert answer.args(CANCEL)["code"] == CODE
    answer = await chat.say("Move it instead")
    assert answer.expects == ["new_date", "new_time"]
    answer = await chat.say("thursday at noon")
    assert answer.args(MOVE)["start"] == "2026-05-21T12:00"


async def test_an_unclear_change_is_asked_about() -> None:
    answer = await told("I'd like to change my appointment", PERSON)
    assert not {CANCEL, MOVE} & set(answer.tools)
    assert "Cancel it instead" in answer.choices


async def test_six_digits_lead_to_all_bookings_of_an_address() -> None:
    chat = Chat(desk(proven=EMAIL))
    answer = await chat.say("what did I book?")
    assert answer.expects == ["code", "email"]
    answer = await chat.say(EMAIL)
    assert answer.args(FIND) == {"code": None, "email": EMAIL}
    assert answer.expects == ["otp"]
    answer = await chat.say("it says 482 913")
    assert answer.args(FIND) == {"code": "482913", "email": None}
    assert "May 19" in answer.text
    assert "May 21" in answer.text
    answer = await chat.say("cancel the second one")
    assert answer.args(CANCEL)["code"] == OTHER


async def test_digits_that_do_not_fit_are_asked_for_once_more() -> None:
    chat = Chat(desk())
    await chat.say("my bookings?")
    await chat.say(EMAIL)
    answer = await chat.say("111111")
    assert answer.expects == ["otp"]
    answer = await chat.say("222222")
    assert answer.expects == ["anything_else"]
    assert "312-555-0188" in answer.text


async def test_who_has_no_code_gets_six_digits_to_cancel_as_well() -> None:
    chat = Chat(desk(proven=EMAIL))
    await chat.say("please cancel my appointment")
    await chat.say("I don't have the code")
    answer = await chat.say(EMAIL)
    assert answer.expects == ["otp"]
    answer = await chat.say("482913")
    assert answer.expects == ["booking"]
    assert len(answer.choices) == 2
    answer = await chat.say(answer.choices[0])
    assert answer.args(CANCEL)["code"] == CODE


async def test_a_booking_made_here_needs_no_code() -> None:
    chat = Chat(desk())
    await chat.say("classic cut tomorrow at 10, Ruth Adler, ruth@adler.example")
    chat.desk.made.add("BK-TUV789")
    made = booking("BK-TUV789", service="cut", label="Classic cut", date="2026-05-12", time="10:00")
    chat.desk.bookings["BK-TUV789", "ruth@adler.example"] = made
    chat.confirm()
    answer = await chat.say("actually, can we make it 4 instead?")
    assert answer.args(MOVE) == {"start": "2026-05-12T16:00", "code": "BK-TUV789", "email": None, "resource": None}
    chat.confirm("reschedule")
    answer = await chat.say("sorry, I have to cancel it")
    assert answer.expects == ["confirm"]
    assert CANCEL in answer.tools


async def test_after_a_cancellation_it_is_gone_from_what_is_known() -> None:
    chat = Chat(desk())
    await chat.say("cancel my booking, " + PERSON)
    chat.confirm("cancel", CODE)
    answer = await chat.say("no, that's all, thanks")
    assert answer.resolved
    answer = await chat.say("cancel my appointment")
    assert answer.expects == ["code"]

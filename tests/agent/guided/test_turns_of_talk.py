"""Second thoughts, questions back, two times at once, what somebody gets and owes, how a booking stands."""

from __future__ import annotations

from typing import Any

import pytest

from handled.agent.models.guided.foreign import detect
from tests.agent.guided.front_desk import CUT, SHAVE, SPA, TATTOO, TRIM, Chat, FrontDesk

FIND, PROPOSE, LOOK = "find_slots", "propose_booking", "find_booking"
RUTH = "Ruth Adler, ruth@adler.example"
CODE = "BK-TUV789"


async def carded() -> Chat:
    chat = Chat()
    await chat.say(f"classic cut tomorrow at 10, {RUTH}")
    return chat


async def booked(status: str = "confirmed", **more: Any) -> Chat:
    """A conversation with a booking for tomorrow at ten, as the server shows it."""
    chat = await carded()
    chat.confirm(status=status)
    booking = {
        "code": CODE, "service": "cut", "label": "Classic cut", "status": status, "date": "2026-05-12",
        "time": "10:00", "timezone": "America/Chicago", "resource": "Nell", "price": None, **more,
    }  # fmt: skip
    chat.desk.bookings[(CODE, "ruth@adler.example")] = booking
    chat.desk.made.add(CODE)
    return chat


# Two times at once


async def test_of_two_times_that_are_free_both_are_offered() -> None:
    answer = await Chat().say("classic cut tomorrow, 10 am or 2 pm")
    assert [args["when"] for _, args in answer.calls] == ["2026-05-12 10:00", "2026-05-12 14:00"]
    assert "10:00 am or 2:00 pm" in answer.text
    assert answer.expects == ["time"]


async def test_of_two_times_the_free_one_is_taken_and_the_other_not_hidden() -> None:
    answer = await Chat(FrontDesk(taken={"2026-05-12 10:00"})).say("classic cut tomorrow at 10 or 2")
    assert "10:00 am" in answer.text
    assert "2:00 pm is free" in answer.text
    assert answer.expects == ["name", "email"]


async def test_where_neither_of_two_times_is_free_others_are_offered() -> None:
    answer = await Chat(FrontDesk(taken={"2026-05-12 10:00", "2026-05-12 14:00"})).say("classic cut tomorrow 10 or 2")
    assert "May 12 at 10:00 am or 2:00 pm" in answer.text
    assert answer.choices


async def test_each_of_two_times_may_have_its_own_day() -> None:
    answer = await Chat().say("classic cut on thursday at 10 or saturday at 2")
    assert [args["when"] for _, args in answer.calls] == ["2026-05-14 10:00", "2026-05-16 14:00"]
    assert answer.expects == ["slot"]


async def test_the_same_time_on_either_of_two_days_is_looked_for_on_both() -> None:
    answer = await Chat().say("classic cut on thursday 3pm or friday 3pm")
    assert [args["when"] for _, args in answer.calls] == ["2026-05-14 15:00", "2026-05-15 15:00"]


@pytest.mark.parametrize(
    ("said", "time"),
    [("2", "14:00"), ("the second", "14:00"), ("10 please", "10:00"), ("either", "10:00"), ("11 then", "11:00")],
)
async def test_one_of_two_times_can_be_chosen_in_any_way(said: str, time: str) -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10 or 2")
    answer = await chat.say(f"{said}")
    assert answer.args(FIND)["when"] == f"2026-05-12 {time}"
    assert answer.expects == ["name", "email"]


async def test_the_other_one_of_two_can_still_be_had() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10 or 2")
    await chat.say("10")
    answer = await chat.say("no, the other one")
    assert answer.args(FIND)["when"] == "2026-05-12 14:00"


async def test_a_booking_can_be_moved_to_either_of_two_times() -> None:
    chat = await booked()
    chat.desk.taken.add("2026-05-13 11:00")
    answer = await chat.say("move my appointment to wednesday at 11 or 3")
    assert answer.args("propose_reschedule")["start"] == "2026-05-13T15:00"
    assert answer.expects == ["confirm"]


# The card that waits for a yes


@pytest.mark.parametrize("said", ["Perfect!", "fine", "nice", "great, thanks"])
async def test_a_kind_word_to_the_card_is_answered_with_how_to_confirm_it(said: str) -> None:
    answer = await (await carded()).say(said)
    assert answer.tools == []
    assert ("7301" in answer.text, "Confirm" in answer.text, "yes, book it" in answer.text) == (True, True, True)
    assert "Classic cut" not in answer.text
    assert "classic cut" not in answer.text
    assert answer.expects == ["confirm"]


async def test_where_a_typed_yes_does_not_count_the_button_is_named() -> None:
    answer = await (await carded()).say("yes, book it")
    assert "7301" in answer.text
    assert '"yes' not in answer.text


async def test_a_kind_word_to_a_cancellation_says_how_to_go_on() -> None:
    chat = await booked()
    await chat.say("cancel my appointment")
    answer = await chat.say("perfect")
    assert '"yes, cancel it"' in answer.text
    assert answer.expects == ["confirm"]


# What somebody gets and owes


async def test_what_is_in_a_package_is_told_with_its_time_and_price() -> None:
    answer = await Chat(FrontDesk(services=[TRIM, CUT, SHAVE, SPA])).say("What's included in the gentleman?")
    for part in ("classic cut, beard trim and hot towel shave", "1 hour 45 minutes", "$110.00"):
        assert part in answer.text
    assert FIND not in answer.tools


async def test_what_belongs_to_a_service_is_what_its_business_writes_of_it() -> None:
    answer = await Chat(FrontDesk(services=[TRIM, CUT, TATTOO])).say("what is included in the tattoo?")
    assert "Small ones, by hand." in answer.text


@pytest.mark.parametrize(("service", "words"), [("the gentleman", "$110.00 is due"), ("tattoo", "deposit of $50.00")])
async def test_money_in_advance_is_told_with_the_times_and_only_once(service: str, words: str) -> None:
    chat = Chat(FrontDesk(services=[TRIM, SPA, TATTOO]))
    answers = [await chat.say(said) for said in (f"{service} tomorrow", "10 am", RUTH)]
    assert ["in advance" in each.text or "deposit" in each.text for each in answers] == [True, False, False]
    assert words.split(" ")[-1] in answers[0].text


async def test_money_in_advance_is_told_before_a_name_is_asked_for() -> None:
    answer = await Chat(FrontDesk(services=[TRIM, TATTOO])).say("tattoo tomorrow at 10")
    assert "$50.00" in answer.text
    assert answer.expects == ["name", "email"]


async def test_whether_a_deposit_is_needed_is_answered() -> None:
    answer = await Chat(FrontDesk(services=[TRIM, TATTOO])).say("do I need to pay a deposit for the tattoo?")
    assert "deposit of $50.00" in answer.text


# How it stands


@pytest.mark.parametrize("said", ["is it booked?", "did my payment go through?", "i just paid", "how do i pay?"])
async def test_a_booking_that_waits_for_its_money_is_said_to_wait(said: str) -> None:
    due = {"amount": 5200, "currency": "USD"}
    chat = await booked("pending_payment", due=due, holdExpiresAt="2026-05-11T15:05:00+00:00")
    answer = await chat.say(said)
    assert answer.calls == [(LOOK, {"code": CODE, "email": None})]
    assert "$52.00" in answer.text
    assert "10:05 am" in answer.text


async def test_a_booking_that_stands_is_said_to_stand() -> None:
    answer = await (await booked(paidAt="2026-05-11T14:00:00+00:00")).say("did my payment go through?")
    assert "classic cut on Tuesday, May 12 at 10:00 am" in answer.text
    assert "left to pay" in answer.text


async def test_a_time_that_was_let_go_is_not_said_to_be_kept() -> None:
    chat = await booked("pending_payment")
    chat.desk.bookings.clear()
    answer = await chat.say("is it booked?")
    assert "free again" in answer.text


async def test_before_the_yes_nothing_is_said_to_be_booked() -> None:
    answer = await (await carded()).say("is it booked?")
    assert "10:00 am" in answer.text
    assert answer.text.startswith(("Not yet", "Not so far"))


# Second thoughts


@pytest.mark.parametrize("said", ["hm no wait", "oh wait", "actually", "hold on, no", "oops"])
async def test_second_thoughts_after_a_receipt_are_asked_about(said: str) -> None:
    answer = await (await booked()).say(said)
    assert answer.choices == ["Move it to another time", "Cancel it", "No, thanks"]
    assert not answer.fallback


@pytest.mark.parametrize(("said", "tool"), [("Cancel it", "propose_cancel"), ("3 pm", "propose_reschedule")])
async def test_what_second_thoughts_lead_to_is_about_the_booking(said: str, tool: str) -> None:
    chat = await booked()
    await chat.say("hm no wait")
    assert (await chat.say(said)).tools[-1] == tool


async def test_another_day_is_looked_for_after_second_thoughts() -> None:
    chat = await booked()
    await chat.say("oops")
    answer = await chat.say("another day please")
    assert answer.expects == ["new_date", "new_time"]
    assert not answer.fallback


async def test_second_thoughts_at_the_card_ask_what_to_change() -> None:
    answer = await (await carded()).say("hm no wait")
    assert answer.choices == ["Another time", "Another day", "Another service", "No, thanks"]


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (["i want to book"], "beard trim"),
        (["classic cut"], "day"),
        (["classic cut tomorrow"], "9:00 am"),
        (["classic cut tomorrow at 10"], "email address"),
        ([f"classic cut tomorrow at 10, {RUTH}"], "7301"),
        (["cancel my appointment"], "BK-"),
    ],
)
async def test_what_was_asked_is_put_differently_on_request(before: list[str], words: str) -> None:
    chat = Chat()
    asked = [await chat.say(each) for each in before][-1]
    answer = await chat.say("what do you mean?")
    assert words in answer.text
    assert answer.text != asked.text
    assert (sorted(answer.expects), answer.fallback) == (sorted(asked.expects), False)


@pytest.mark.parametrize(
    ("asked", "said", "day"),
    [
        ("wednesday", "No, the other Wednesday", "2026-05-20"),
        ("wednesday", "the wednesday after", "2026-05-20"),
        ("may 20", "the other wednesday", "2026-05-13"),
        ("wednesday", "not this wednesday, the next one", "2026-05-20"),
    ],
)
async def test_the_other_one_of_two_weekdays_corrects_the_date(asked: str, said: str, day: str) -> None:
    chat = Chat()
    await chat.say(f"classic cut {asked}")
    assert (await chat.say(said)).args(FIND)["when"] == day


@pytest.mark.parametrize("said", ["screw this", "this is a waste of time", "you are useless"])
async def test_a_harsh_word_is_met_with_help_and_nothing_is_lost(said: str) -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow")
    answer = await chat.say(said)
    assert "312-555-0188" in answer.text
    assert "Talk to a person" in answer.choices
    assert (await chat.say("10 am")).expects == ["name", "email"]


# Whose it is, and what leaving costs


async def test_a_name_opens_no_booking_and_an_address_gets_six_digits() -> None:
    chat = Chat()
    answer = await chat.say("what did I book? I'm Anna")
    assert "name" in answer.text
    assert answer.expects == ["code", "email"]
    assert (await chat.say("anna@adler.example")).calls == [(LOOK, {"code": None, "email": "anna@adler.example"})]


async def test_what_cancelling_costs_is_answered_by_the_rules() -> None:
    chat = Chat(FrontDesk(faq={"cost": "A cut is $52.00."}))
    await chat.say("classic cut tomorrow")
    answer = await chat.say("whatever. cost to cancel?")
    assert "Free cancellation until the day before." in answer.text
    assert "$52.00" not in answer.text
    assert answer.expects == ["time"]


async def test_cancelling_what_is_not_arranged_yet_lets_it_go() -> None:
    chat = await booked()
    await chat.say("and a beard trim on friday")
    answer = await chat.say("cancel it")
    assert "propose_cancel" not in answer.tools
    assert answer.expects == ["anything_else"]


async def test_a_new_wish_after_forget_it_counts() -> None:
    chat = Chat()
    await chat.say("classic cut on friday at 10")
    assert (await chat.say("forget it, classic cut tomorrow 11")).args(FIND)["when"] == "2026-05-12 11:00"


async def test_what_is_held_too_often_is_said_as_it_is() -> None:
    words = "There are two times held under that email address already."
    answer = await Chat(FrontDesk(blocked=words)).say(f"classic cut tomorrow at 10, {RUTH}")
    assert words in answer.text
    assert "Another day" in answer.choices


# Other languages


@pytest.mark.parametrize(
    ("said", "language", "words"),
    [
        ("Guten Tag, ich brauche morgen einen Termin", "de", "Englisch"),
        ("¿Cuánto cuesta un corte de pelo?", "es", "inglés"),
        ("Je voudrais prendre rendez-vous pour samedi", "fr", "anglais"),
        ("haben Sie heute noch was frei", "de", "Englisch"),
    ],
)
async def test_another_language_is_answered_in_it_once_and_with_choices(said: str, language: str, words: str) -> None:
    assert detect(said) == language
    answer = await Chat().say(said)
    assert words in answer.text
    assert "Book an appointment" in answer.choices


@pytest.mark.parametrize(
    "said",
    [
        "classic cut tomorrow",
        "hola, a cut please",
        "Maria de la Cruz",
        "no",
        "merci!",
        "me",
        "ok danke",
        "un cut on may 3",
    ],
)
def test_english_with_a_foreign_word_in_it_is_english(said: str) -> None:
    assert detect(said) is None


async def test_a_name_told_in_another_language_is_taken() -> None:
    chat = Chat()
    await chat.say("classic cut tomorrow at 10")
    assert (await chat.say("me llamo Ana Lopez")).expects == ["email"]


async def test_which_language_is_spoken_is_said() -> None:
    assert "English" in (await Chat().say("do you speak spanish?")).text

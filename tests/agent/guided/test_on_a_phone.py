"""How people write on a phone: short, in capitals or with none, and not always kindly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handled.agent.models.guided.language import language
from handled.agent.models.guided.names import written
from tests.agent.guided.front_desk import ALBUM, CUT, Chat, FrontDesk, service
from tests.agent.guided.test_own_bookings import PERSON, told
from tests.agent.guided.test_own_bookings import desk as own_desk

DAY = "2026-05-12"  # the day after that of the talk, a Tuesday
HAIR = [
    service("haircut", "Haircut", description="Wash and cut for every kind of hair."),
    service("full-color", "Full color", description="For all your hair."),
    service("color-talk", "Color consultation", description="With a test of the hair."),
]


async def begun(*said: str, desk: FrontDesk | None = None) -> Chat:
    chat = Chat(desk)
    for each in said:
        await chat.say(each)
    return chat


@pytest.mark.parametrize("said", ["MOVE IT TO 4", "can u change it to 4?", "make it 4"])
async def test_another_hour_is_taken_however_it_is_put(said: str) -> None:
    chat = await begun("a classic cut tomorrow at 3pm")
    assert (await chat.say(said)).args("find_slots")["when"] == f"{DAY} 16:00"


async def test_a_wish_to_move_what_is_not_booked_yet_is_asked_about() -> None:
    chat = await begun("a classic cut tomorrow at 3pm")
    answer = await chat.say("can i move it")
    assert not answer.fallback
    assert "can't" not in answer.text
    assert "Another time" in answer.choices


@pytest.mark.parametrize("said", ["tues", "no tues", "tuesday", "hmm tue"])
async def test_a_short_weekday_is_the_one_in_the_week_that_is_talked_of(said: str) -> None:
    chat = await begun("a classic cut", "next week")
    assert "2026-05-19" in (await chat.say(said)).args("find_slots")["when"]


async def test_a_short_monday_is_not_french() -> None:
    chat = await begun("a classic cut")
    assert (await chat.say("mon")).tools == ["find_slots"]


@pytest.mark.parametrize(
    "said", ["any1 free 4 a classic cut 2day", "classic cut, u free today?", "classic cut 2DAY pls"]
)
async def test_figures_stand_for_words(said: str) -> None:
    answer = await Chat().say(said)
    assert answer.args("find_slots")["when"] == "2026-05-11"


async def test_a_hold_on_names_in_capitals_and_beside_their_address() -> None:
    chat = await begun("a classic cut tomorrow at 3pm", "IVY NORTH IVY@NORTH.EXAMPLE")
    assert chat.desk.proposals == 1
    chat = await begun("a classic cut tomorrow")
    answer = await chat.say("ivy north ivy@north.example, 3pm")
    assert answer.args("propose_booking")["name"] == "Ivy North"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("JOHN SMITH", "John Smith"), ("ANNE-MARIE O'NEIL", "Anne-Marie O'Neil"), ("JT", "JT"), ("McKay", "McKay")],
)
def test_a_name_in_capitals_is_written_as_names_are(name: str, meant: str) -> None:
    assert written(name, language("en")) == meant


@pytest.mark.parametrize("said", ["k bye", "bye", "ok bye then"])
async def test_a_goodbye_is_no_name(said: str) -> None:
    chat = await begun("a classic cut tomorrow at 3pm", "ivy@north.example")
    answer = await chat.say(said)
    assert "propose_booking" not in answer.tools


@pytest.mark.parametrize("said", ["nah im good bye", "nvm", "nm, bye"])
async def test_who_leaves_is_let_go(said: str) -> None:
    chat = await begun("a classic cut tomorrow")
    answer = await chat.say(said)
    assert answer.tools == []
    assert answer.expects == ["anything_else"]


async def test_never_mind_keeps_what_was_to_be_cancelled() -> None:
    answer = await told("cancel my shave", PERSON, "nvm", at=own_desk())
    assert not answer.fallback
    assert answer.expects == ["anything_else"]


async def test_the_same_time_is_seen_on_the_day_that_is_offered_instead() -> None:
    full = {f"2026-05-20 {hour:02d}:{minute:02d}" for hour in range(9, 17) for minute in (0, 30)}
    taken = own_desk(taken=full)
    chat = await begun(f"move my booking {PERSON}", "to the 20th", desk=taken)
    answer = await chat.say("same time")
    assert answer.args("propose_reschedule")["start"] == "2026-05-21T15:30"


@pytest.mark.parametrize("said", ["👍", "ok", "OK COOL", "great", "k"])
async def test_a_nod_after_the_booking_is_no_new_wish(said: str) -> None:
    chat = await begun("a classic cut tomorrow at 3pm", "Ivy North, ivy@north.example")
    chat.confirm()
    await chat.say("thanks")
    answer = await chat.say(said)
    assert answer.expects == ["anything_else"]
    assert "?" not in answer.text


async def test_what_is_owed_for_the_booking_is_told() -> None:
    chat = await begun("a classic cut tomorrow at 3pm", "Ivy North, ivy@north.example")
    code = "BK-TUV789"
    chat.desk.bookings[code, "ivy@north.example"] = {
        "code": code, "status": "confirmed", "service": "cut", "date": DAY, "time": "15:00", "resource": "Nell",
    }  # fmt: skip
    chat.desk.made.add(code)
    chat.confirm()
    answer = await chat.say("how much do i owe")
    assert "$52.00" in answer.text


async def test_the_word_for_the_whole_trade_is_a_wish_for_one_of_its_services() -> None:
    answer = await Chat(FrontDesk(services=HAIR, faq={"hair": "We do weddings, too."})).say("hair")
    assert answer.expects == ["service"]
    assert "weddings" not in answer.text


async def test_a_word_only_begun_does_not_stand_beside_one_that_was_said() -> None:
    answer = await Chat(FrontDesk(services=HAIR)).say("wanna color my hair red")
    assert answer.choices[:2] == ["Full color", "Color consultation"]


@pytest.mark.parametrize("said", ["this is killing me", "omg this is taking forever", "it's so slow"])
async def test_a_groan_is_heard_as_one(said: str) -> None:
    chat = await begun("a classic cut")
    answer = await chat.say(said)
    assert not answer.fallback
    assert answer.expects == ["date"]


@pytest.mark.parametrize("said", ["wat", "WUT?", "huh??", "wot"])
async def test_what_was_not_understood_is_said_in_other_words(said: str) -> None:
    chat = await begun("a classic cut")
    answer = await chat.say(said)
    assert not answer.fallback
    assert "tomorrow" in answer.text


async def test_no_to_what_was_not_understood_is_no_goodbye() -> None:
    chat = await begun("flurb wibble zonk")
    answer = await chat.say("no")
    assert not answer.resolved
    assert answer.choices


async def test_a_complaint_is_offered_a_person() -> None:
    answer = await Chat().say("this is bullshit i want my money back now")
    assert "Talk to a person" in answer.choices
    assert "person" in answer.text or "somebody" in answer.text
    assert "free time" not in answer.text


@pytest.mark.parametrize("said", ["find my bookings", "i lost my code"])
async def test_own_bookings_are_looked_for_although_a_new_one_was_begun(said: str) -> None:
    chat = await begun("book")
    answer = await chat.say(said)
    assert answer.expects in (["code", "email"], ["email"])


@pytest.mark.parametrize("said", ["I FEEL LIKE SHIT", "everything is too much", "can i see someone"])
async def test_a_practice_answers_kindly_and_offers_a_time(said: str) -> None:
    desk = FrontDesk(services=[service("first", "First talk")])
    desk.business = lambda: {**FrontDesk.business(desk), "pack": "therapy"}  # type: ignore[method-assign]
    answer = await Chat(desk).say(said)
    assert not answer.fallback
    assert answer.expects == ["date"]


async def test_a_long_letter_keeps_who_wrote_it() -> None:
    letter = (
        "Hello there, I hope you are all well over there! A friend of mine has been coming to you for years and always "
        "looks wonderful, and after a good deal of thinking I would like to come and see you, too. "
        * 3
        + "Could I have a classic cut tomorrow at 3pm? Best wishes, Ivy North (ivy@north.example)"
    )
    assert 600 < len(letter) < 1200
    answer = await Chat().say(letter)
    proposed = answer.args("propose_booking")
    assert (proposed["service"], proposed["email"]) == ("cut", "ivy@north.example")


async def test_the_choice_made_before_may_be_changed_on_the_card() -> None:
    asks = {**CUT, "intake": ["Would you like to meet in person or online?"]}
    chat = await begun("a classic cut tomorrow at 3pm", "Ivy North, ivy@north.example", "online",
                       desk=replace(FrontDesk(), services=[asks, ALBUM]))  # fmt: skip
    answer = await chat.say("no, in person")
    assert answer.args("propose_booking")["answers"][0]["answer"] == "In person"
    assert answer.expects == ["confirm"]


async def test_thanks_for_nothing_are_no_thanks() -> None:
    answer = await Chat().say("thanks for nothing")
    assert not answer.resolved
    assert "Talk to a person" in answer.choices


@pytest.mark.parametrize("said", ["😡😡😡", "😭", "🙄🙄"])
async def test_an_angry_face_is_not_told_to_take_its_time(said: str) -> None:
    chat = await begun("a classic cut")
    answer = await chat.say(said)
    assert answer.expects == ["date"]
    assert "rush" not in answer.text
    assert "whenever" not in answer.text


async def test_after_words_that_code_answered_no_booking_has_begun() -> None:
    desk = FrontDesk(services=[service("first", "First talk")])
    desk.business = lambda: {**FrontDesk.business(desk), "pack": "therapy"}  # type: ignore[method-assign]
    chat = Chat(desk)
    chat.somebody_said("i feel so hopeless", "I'm really sorry. Please call your local emergency number.")
    answer = await chat.say("ok")
    assert answer.expects == ["anything_else"]
    assert "day" not in answer.text

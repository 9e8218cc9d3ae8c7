"""What is heard in one utterance: names, addresses, codes, services, and what is wanted."""

from __future__ import annotations

from datetime import date, time

import pytest

from handled.agent.models.guided.dates import query, read_when
from handled.agent.models.guided.history import Business, Service
from handled.agent.models.guided.language import language
from handled.agent.models.guided.people import read_person
from handled.agent.models.guided.services import hear_service
from tests.agent.guided.front_desk import NOW

EN = language("en")
NOBODY: frozenset[str] = frozenset()
SALON = Business(
    services=(
        Service("w-cut", "Women's haircut"),
        Service("m-cut", "Men's haircut"),
        Service("colour", "Colour & gloss"),
        Service("peel", "Fruit peel", description="A gentle treatment for tired skin."),
        Service("lash", "Lash lift with tint"),
    )
)


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        ("My name is Ada Quist", "", "Ada Quist"),
        ("sure, it's ada quist.", "name", "Ada Quist"),
        ("I'm Ada, and I'd like a peel", "", "Ada"),
        ("I'm looking for a peel", "", None),
        ("i'm fine with that", "name", None),
        ("Ada Quist, ada@quist.example", "", "Ada Quist"),
        ("for my sister Vera tomorrow", "", "Vera"),
        ("for Thursday", "", None),
        ("put it under Quist", "", "Quist"),
        ("April Summers", "name", "April Summers"),
        ("Ada & Tom", "name", "Ada & Tom"),
        ("what?", "name", None),
        ("Zoë Ångström", "name", "Zoë Ångström"),
    ],
)
def test_a_name_is_heard(text: str, asked: str, name: str | None) -> None:
    assert read_person(text, EN, frozenset({asked}), NOBODY).name == name


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("you can write to ada@quist.example.", "ada@quist.example"),
        ("<Ada.Q+chat@mail.quist.example>", "Ada.Q+chat@mail.quist.example"),
        ("ada at quist dot com", "ada@quist.com"),
        ("ada (at) quist.org", "ada@quist.org"),
        ("ada dot quist at gmail", "ada.quist@gmail.com"),
        ("Ada, ada underscore q at quist dot co dot uk", "ada_q@quist.co.uk"),
        ("my email is ada dash q at quist.example", "ada-q@quist.example"),
        # Whether there is a dot between them, nobody knows.
        ("ada quist at gmail dot com", None),
        ("ada.q at hotmail", None),
        ("my email is @quist.example", None),
        ("I'll be there at quist.com", None),
        ("I'm there at noon. Can we talk?", None),
    ],
)
def test_an_email_address_is_heard(text: str, email: str | None) -> None:
    assert read_person(text, EN, frozenset({"email"}), NOBODY).email == email


@pytest.mark.parametrize(
    ("text", "asked", "code"),
    [
        ("BK-K7M2PX", "", "BK-K7M2PX"),
        ("bk k7m 2px please", "", "BK-K7M2PX"),
        ("it's k7m2px", "code", "BK-K7M2PX"),
        ("K7M 2PX", "code", "BK-K7M2PX"),
        ("please find it", "code", None),
    ],
)
def test_a_confirmation_code_is_heard(text: str, asked: str, code: str | None) -> None:
    assert read_person(text, EN, frozenset({asked}), NOBODY).code == code


@pytest.mark.parametrize(
    ("text", "phone"),
    [("call me on +1 (312) 555-0175", "+1 (312) 555-0175"), ("on 2026-05-12 at 10:00", None), ("at 10:30", None)],
)
def test_a_phone_number_is_heard(text: str, phone: str | None) -> None:
    assert read_person(text, EN, NOBODY, NOBODY).phone == phone


@pytest.mark.parametrize(
    ("text", "service", "candidates"),
    [
        ("a women's hair cut please", "w-cut", ()),
        ("just a haircut", None, ("w-cut", "m-cut")),
        ("something with color", "colour", ()),
        ("the fruit peal", "peel", ()),
        ("not the peel, the lash lift", "lash", ()),
        ("something for my skin", "peel", ()),
        ("a car wash", None, ()),
    ],
)
def test_a_service_is_heard(text: str, service: str | None, candidates: tuple[str, ...]) -> None:
    heard = hear_service(text, SALON, EN)
    assert heard.service == service
    assert set(heard.candidates) == set(candidates)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("wednesday at 3 pm", "2026-05-13 15:00"),
        ("Good afternoon! Do you have thursday?", "2026-05-14"),
        ("I can't do tuesday. How about friday at noon?", "2026-05-15 12:00"),
        ("I work at 9, but maybe 5pm on friday?", "2026-05-15 17:00"),
        ("this weekend", "2026-05-16 to 2026-05-17"),
        ("friday after 4 pm", "2026-05-15 after 16:00"),
        ("4ish", None),
    ],
)
def test_a_wish_for_a_time_becomes_what_the_tool_reads(text: str, when: str | None) -> None:
    assert query(read_when(text, NOW, EN, "en_US")) == when


@pytest.mark.parametrize(("text", "offered", "expected"), [("8", "20:00", "20:00"), ("at 8", "08:00", "08:00")])
def test_the_times_on_the_table_decide_between_morning_and_evening(text: str, offered: str, expected: str) -> None:
    heard = read_when(text, NOW, EN, "en_US", [time.fromisoformat(offered)])
    assert heard.time == time.fromisoformat(expected)


def test_a_weekday_named_on_that_weekday_is_today_while_it_is_early() -> None:
    assert read_when("monday at 3pm", NOW, EN, "en_US").date == date(2026, 5, 11)
    assert read_when("monday at 8 am", NOW, EN, "en_US").date == date(2026, 5, 18)

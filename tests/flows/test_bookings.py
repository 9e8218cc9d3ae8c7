"""Every kind of service, booked in a chat; and what became of bookings, told to whom they belong."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.settings import Settings
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.faults.scripted_model import Asked, Say, installed

MONDAY = at("2026-03-02T09:00:00-05:00")

HOUSE = """
slug: house
name: The Invented House
contact_email: owner@house.example
timezone: America/New_York
locale: en_US
currency: USD
hours: {monday-saturday: 09:00-18:00, sunday: 00:00-06:00}
resources:
  - {key: ada, name: Ada}
  - {key: bo, name: Bo, hours: {monday-saturday: 12:00-18:00}}
exceptions:
  - {dates: 2026-03-05, closed: true, label: Stocktaking}
  - {dates: 2026-03-06, hours: "10:00-12:00", label: Short Friday}
  - {dates: 2026-03-07, closed: true, label: Ada is away, resource: ada}
services:
  - {key: massage, name: Massage, duration: 60 min, price: "80.00", step: 60 min}
  - {key: wedding, name: Wedding, kind: whole_day, price: on request, resources: [ada], notice: 2 days, horizon: 1 year}
  - {key: yoga, name: Yoga, duration: 60 min, price: "15.00", step: 60 min, capacity: 3, resources: [bo]}
  - key: peeling
    name: Peeling
    duration: 30 min
    price: "40.00"
    step: 15 min
    buffer_before: 15 min
    buffer_after: 30 min
    resources: [ada]
  - {key: consultation, name: Consultation, duration: 30 min, price: "0.00", notice: 24 h, horizon: 10 days}
"""


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def house(engine: AsyncEngine) -> TenantHandle:
    return await import_tenant(engine, HOUSE)


async def ask(server: Running, tenant: TenantHandle, words: str, name: str = "Kim Lee") -> tuple[Customer, Json]:
    """Somebody new asks for something; their conversation and what it answered."""
    async with Customer.of(server.url, tenant.key) as customer:
        await customer.start()
        address = name.lower().replace(" ", ".")
        return customer, await customer.say(f"{words}, my name is {name}, {address}@example.com")


async def book(server: Running, tenant: TenantHandle, words: str, name: str = "Kim Lee") -> Json:
    """Somebody new books something, by pressing the button."""
    async with Customer.of(server.url, tenant.key) as customer:
        await customer.start()
        address = name.lower().replace(" ", ".")
        done = await customer.say(f"{words}, my name is {name}, {address}@example.com")
        assert done["proposal"], done
        return (await customer.confirm(done["proposal"]))["booking"]


async def free(server: Running, tenant: TenantHandle, service: str, first: str, last: str, **who: str) -> list[str]:
    """The starts that the calendar of a page would show, as local moments; with names where there is a choice."""
    async with Customer.of(server.url, tenant.key) as customer:
        query = "&".join(f"{key}={value}" for key, value in {"from": first, "to": last, **who}.items())
        answer = await customer.get(f"/availability?service={service}&{query}")
        assert answer.status_code == 200, answer.text
        return [f"{each['date']}T{each['time']}" if each["time"] else each["date"] for each in answer.json()["slots"]]


def refused(done: Json, reason: str) -> list[Json]:
    """The alternatives of a time that cannot be had for this reason."""
    assert done["proposal"] is None, done
    assert done["availability"] is not None, done
    assert (done["availability"]["available"], done["availability"]["reason"]) == (False, reason), done
    assert len(done["availability"]["alternatives"]) == 3
    return done["availability"]["alternatives"]


# --- kinds of services


async def test_a_whole_day_is_booked_by_its_date_and_has_no_clock(server: Running, house: TenantHandle) -> None:
    _, done = await ask(server, house, "I want to book a wedding on March 20th")
    preview = done["proposal"]["preview"]
    assert (preview["date"], preview["time"], preview["price"]) == ("2026-03-20", None, None)
    assert any("all day" in line for line in preview["lines"])
    assert "On request" in preview["lines"]
    booking = await book(server, house, "wedding on March 21st")
    assert (booking["date"], booking["time"], booking["wholeDay"]) == ("2026-03-21", None, True)
    assert booking["startsAt"] == "2026-03-21T00:00:00-04:00"
    assert booking["endsAt"] == "2026-03-22T00:00:00-04:00"


async def test_a_booked_day_is_gone_for_everything_that_its_person_does(server: Running, house: TenantHandle) -> None:
    await book(server, house, "wedding on March 20th")
    assert "2026-03-20" not in await free(server, house, "wedding", "2026-03-16", "2026-03-21")
    assert await free(server, house, "peeling", "2026-03-20", "2026-03-20") == []
    _, done = await ask(server, house, "wedding on March 20th", "Lou Roe")
    assert "2026-03-20" not in {each["date"] for each in refused(done, "taken")}


async def test_the_day_of_clock_change_is_a_whole_day_of_23_hours(server: Running, house: TenantHandle) -> None:
    booking = await book(server, house, "wedding on March 8th")
    assert booking["durationMinutes"] == 23 * 60
    assert (booking["startsAt"], booking["endsAt"]) == ("2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00")


async def test_a_class_fills_to_its_last_seat_and_the_next_one_is_turned_away(
    server: Running, house: TenantHandle, owner_url: str
) -> None:
    for name in ("Ann Lee", "Ben Lee", "Cyd Lee"):
        assert "2026-03-03T14:00" in await free(server, house, "yoga", "2026-03-03", "2026-03-03")
        booking = await book(server, house, "yoga on Tuesday at 2pm", name)
        assert booking["time"] == "14:00"
    assert "2026-03-03T14:00" not in await free(server, house, "yoga", "2026-03-03", "2026-03-03")
    _, done = await ask(server, house, "yoga on Tuesday at 2pm", "Dee Lee")
    assert {each["time"] for each in refused(done, "taken")} & {"13:00", "15:00"}
    assert len(ledger.confirmed_bookings(owner_url)) == 3
    assert ledger.double_bookings(owner_url) == []


async def test_seats_of_a_class_that_are_only_held_are_not_sold_twice(
    server: Running, house: TenantHandle, owner_url: str
) -> None:
    names = [f"{first} Lee" for first in ("Ann", "Ben", "Cyd", "Dee", "Eve")]
    asked = await asyncio.gather(*(ask(server, house, "yoga on Tuesday at 2pm", name) for name in names))
    assert sum(done["proposal"] is not None for _, done in asked) == 3
    assert len(ledger.live_bookings(owner_url)) == 3


async def test_buffers_keep_their_distance_from_neighbours_and_cost_the_customer_nothing(
    server: Running, house: TenantHandle
) -> None:
    booking = await book(server, house, "peeling on Tuesday at 11am")
    assert (booking["durationMinutes"], booking["time"]) == (30, "11:00")
    starts = await free(server, house, "peeling", "2026-03-03", "2026-03-03")
    # 10:45 to 12:00 is occupied; another one needs a quarter of an hour before and half an hour after itself.
    around = [each[11:] for each in starts if "09:30" <= each[11:] <= "12:30"]
    assert around == ["09:30", "09:45", "12:15", "12:30"]
    _, done = await ask(server, house, "peeling on Tuesday at 10:30am", "Lou Roe")
    refused(done, "taken")


# --- when


async def test_what_needs_notice_cannot_be_had_at_once(server: Running, house: TenantHandle) -> None:
    _, done = await ask(server, house, "consultation today at 3pm")
    offered = refused(done, "notice")
    assert all(f"{each['date']}T{each['time']}" >= "2026-03-03T09:00" for each in offered)
    # The clock has run on since nine.
    assert (await free(server, house, "consultation", "2026-03-02", "2026-03-04"))[0] == "2026-03-03T09:15"
    _, later = await ask(server, house, "consultation on Tuesday at 3pm", "Lou Roe")
    assert later["proposal"]


async def test_beyond_the_horizon_nothing_is_sold(server: Running, house: TenantHandle) -> None:
    _, done = await ask(server, house, "consultation on March 20th at 3pm")
    refused(done, "horizon")
    starts = await free(server, house, "consultation", "2026-03-02", "2026-03-31")
    assert max(starts) < "2026-03-13"
    assert max(starts) >= "2026-03-11"


async def test_what_is_past_is_not_sold(server: Running, house: TenantHandle) -> None:
    clock.start_at(at("2026-03-03T13:10:00-05:00"))
    assert (await free(server, house, "massage", "2026-03-01", "2026-03-03"))[0] == "2026-03-03T14:00"
    _, done = await ask(server, house, "massage today at 10am")
    assert done["proposal"] is None


async def test_exceptions_close_shorten_and_concern_one_person_alone(server: Running, house: TenantHandle) -> None:
    assert await free(server, house, "massage", "2026-03-05", "2026-03-05") == []
    assert await free(server, house, "massage", "2026-03-06", "2026-03-06", resource="ada") == [
        "2026-03-06T10:00",
        "2026-03-06T11:00",
    ]
    assert await free(server, house, "peeling", "2026-03-07", "2026-03-07") == []
    assert "2026-03-07T12:00" in await free(server, house, "massage", "2026-03-07", "2026-03-07")
    _, done = await ask(server, house, "massage on Thursday at 3pm")
    refused(done, "closed")


async def test_on_the_night_of_clock_change_the_hour_that_does_not_exist_is_not_sold(
    server: Running, house: TenantHandle
) -> None:
    starts = await free(server, house, "massage", "2026-03-08", "2026-03-08", resource="ada")
    assert [each[11:] for each in starts] == ["00:00", "01:00", "03:00", "04:00", "05:00"]
    booking = await book(server, house, "massage with Ada on March 8th at 3am")
    assert booking["startsAt"] == "2026-03-08T03:00:00-04:00"
    assert booking["durationMinutes"] == 60


async def test_the_hour_before_the_clock_changes_ends_when_it_is_over(server: Running, house: TenantHandle) -> None:
    booking = await book(server, house, "massage with Ada on March 8th at 1am")
    assert (booking["startsAt"], booking["endsAt"]) == ("2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00")


# --- with whom


async def test_whoever_was_asked_for_is_who_it_is_with(server: Running, house: TenantHandle) -> None:
    booking = await book(server, house, "massage with Bo on Tuesday at 3pm")
    assert booking["resource"] == "Bo"
    _, done = await ask(server, house, "massage with Bo on Tuesday at 3pm", "Lou Roe")
    refused(done, "taken")
    other = await book(server, house, "massage with Ada on Tuesday at 3pm", "Lou Roe")
    assert other["resource"] == "Ada"


async def test_who_does_not_mind_gets_whoever_is_free(server: Running, house: TenantHandle) -> None:
    with_whom = [
        (await book(server, house, "massage on Tuesday at 3pm", name))["resource"] for name in ("Kim Lee", "Lou Roe")
    ]
    assert sorted(with_whom) == ["Ada", "Bo"]
    _, done = await ask(server, house, "massage on Tuesday at 3pm", "Max Poe")
    refused(done, "taken")


async def test_somebody_who_does_not_work_then_is_not_offered_then(server: Running, house: TenantHandle) -> None:
    _, done = await ask(server, house, "massage with Bo on Tuesday at 10am")
    assert done["proposal"] is None
    assert "2026-03-03T10:00" not in await free(server, house, "massage", "2026-03-03", "2026-03-03", resource="bo")
    assert (await book(server, house, "massage on Tuesday at 10am", "Lou Roe"))["resource"] == "Ada"


# --- what a conversation shows of its bookings


async def test_a_conversation_lists_what_was_booked_in_it_and_nothing_else(
    server: Running, studio: TenantHandle, customer: Customer
) -> None:
    assert (await customer.snapshot())["bookings"] == []
    done = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    assert (await customer.snapshot())["bookings"] == [], "a hold is not a booking"
    first = (await customer.confirm(done["proposal"]))["booking"]
    done = await customer.say("another haircut on Friday at 10am please, for Kim Lee, kim@example.com")
    second = (await customer.confirm(done["proposal"]))["booking"]
    await book(server, studio, "haircut on Saturday at 10am", "Kim Lee")
    assert (await customer.snapshot())["bookings"] == [first, second]


# --- finding a booking again


Finds = list[Json]


def finding(code: str, email: str, seen: Finds) -> Any:
    """A model that looks for this booking and keeps what it was told."""

    def script(asked: Asked) -> Say:
        if asked.returns:
            seen.extend(json.loads(str(each.content)) for each in asked.returns)
            return Say(["Let me see."])
        return Say([], [("find_booking", {"code": code, "email": email})])

    return script


async def looked_for(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, tenant: TenantHandle, code: str, email: str
) -> tuple[list[Any], list[Json]]:
    """What the model is told of a booking, and the events that the customer's page gets."""
    seen: Finds = []
    _, scripted = installed(monkeypatch, settings, finding(code, email, seen))
    async with running(scripted) as server, Customer.of(server.url, tenant.key) as customer:
        await customer.start()
        # How text is cut into chunks is a matter of timing; `done` has all of it.
        asked = await customer.stream("where is my booking?")
        events = [event for _, event in asked if event["type"] != "chunk"]
    for event in events:
        for name in ("turnId", "messageId", "userMessageId"):
            event.pop(name, None)
    return seen, events


@pytest.mark.parametrize("form", ["{}", "{lower}", "bk {spaced}", " {tail} ", "BK-{dotted}", "{lower_tail}", "#{}"])
async def test_a_code_is_understood_however_it_is_typed(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, form: str
) -> None:
    async with running(settings) as server:
        booking = await book(server, studio, "haircut on Tuesday at 3pm")
    tail = booking["code"][3:]
    typed = form.format(
        booking["code"],
        lower=booking["code"].lower(),
        spaced=f"{tail[:3]} {tail[3:]}".lower(),
        tail=tail,
        dotted=".".join(tail),
        lower_tail=tail.lower(),
    )
    [found], events = await looked_for(monkeypatch, settings, studio, typed, " Kim.Lee@Example.com ")
    assert found["found"] is True
    assert found["booking"]["code"] == booking["code"]
    [shown] = [each["cards"][0]["booking"] for each in events if each["type"] == "cards"]
    # Each server has a port of its own; the signed path is the same.
    booking["manageUrl"], shown["manageUrl"] = (each["manageUrl"].rpartition("/b/")[2] for each in (booking, shown))
    assert booking == {name: shown[name] for name in booking}


@pytest.mark.parametrize(
    ("code", "email"),
    [
        ("BK-222222", "kim.lee@example.com"),
        ("", "nobody@example.com"),
        ("BK-00OO11", "kim.lee@example.com"),
        ("{theirs}", "lou.roe@example.com"),
        ("{held}", "max.poe@example.com"),
        ("' or 1=1 --", "' or 1=1 --"),
        ("BK-%", "%"),
    ],
    ids=["another code", "no code", "no such code", "another business's", "a hold", "SQL", "a wildcard"],
)
async def test_whatever_is_wrong_about_a_code_or_an_address_the_answer_is_one_and_the_same(
    monkeypatch: pytest.MonkeyPatch,
    engine: AsyncEngine,
    settings: Settings,
    studio: TenantHandle,
    code: str,
    email: str,
) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    async with running(settings) as server:
        mine = await book(server, studio, "haircut on Tuesday at 3pm")
        theirs = await book(server, other, "haircut on Tuesday at 3pm", "Lou Roe")
        _, done = await ask(server, studio, "haircut on Friday at 3pm", "Max Poe")
        assert done["proposal"]
    held = ledger.rows(settings.database_url or "", "select code from bookings where status = 'held'")[0]["code"]
    told, events = await looked_for(monkeypatch, settings, studio, mine["code"], "lou.roe@example.com")
    assert told == [{"found": False}]
    typed = code.format(theirs=theirs["code"], held=held)
    assert await looked_for(monkeypatch, settings, studio, typed, email) == (told, events)


async def test_without_an_address_nobody_learns_whether_a_code_exists(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    async with running(settings) as server:
        booking = await book(server, studio, "haircut on Tuesday at 3pm")
    real = await looked_for(monkeypatch, settings, studio, booking["code"], "")
    assert real == await looked_for(monkeypatch, settings, studio, "BK-222222", "")
    assert booking["bookingId"] not in str(real)


async def test_somebody_who_knows_code_and_address_is_told_in_another_conversation(
    server: Running, studio: TenantHandle
) -> None:
    booking = await book(server, studio, "haircut on Tuesday at 3pm")
    async with Customer.of(server.url, studio.key) as later:
        await later.start()
        done = await later.say(f"when is my booking {booking['code'].lower()}? my email is kim.lee@example.com")
        assert any(each["kind"] == "booking" for each in done["cards"]), done
        assert "3:00 pm" in done["message"] or "Tuesday" in done["message"]
        nothing = await later.say(f"and my booking {booking['code']} for someone.else@example.com?")
        assert not any(each["kind"] == "booking" for each in nothing["cards"]), nothing


async def test_a_hold_ends_with_its_proposal_and_leaves_a_trail(
    customer: Customer, owner_url: str, studio: TenantHandle
) -> None:
    done = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    await customer.reject(done["proposal"])
    done = await customer.say("haircut on Tuesday at 4pm, I am Kim Lee, kim@example.com")
    await customer.confirm(done["proposal"])
    clock.start_at(MONDAY + timedelta(minutes=1))
    trail = ledger.rows(owner_url, "select actor, action from audit_entries order by created_at, id")
    assert [(each["actor"], each["action"]) for each in trail] == [
        ("agent", "held"),
        ("system", "declined"),
        ("agent", "held"),
        ("customer", "confirmed"),
    ]

"""The business's own systems: bookings seen, made, corrected, moved and cancelled."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.office import Office, mails, new_key, wanted
from tests.waiting import until

MONDAY = at("2026-03-02T09:00:00-05:00")


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


def actions(seen: Json) -> list[tuple[str, str]]:
    return [(each["actor"], each["action"]) for each in seen["audit"]]


async def pay(office: Office, booking: Json) -> Json:
    """The customer pays in the sandbox; the booking as it then stands."""
    page = (await office.http.post(booking["payUrl"])).headers["location"]
    assert (await office.http.post(f"{page}/pay")).status_code == 303

    async def confirmed() -> Json | None:
        seen = await office.do("GET", f"/bookings/{booking['bookingId']}")
        return seen if seen["status"] == "confirmed" else None

    return await until(confirmed, within=30, what="the booking is confirmed")


# --- making and seeing


async def test_a_booking_made_by_staff_is_confirmed_told_and_audited(office: Office, owner_url: str) -> None:
    made = await office.book("2026-03-03T15:00", notes="Brings a photo")
    assert made["code"].startswith("BK-")
    assert {name: made[name] for name in ("status", "source", "service", "date", "time", "notes", "due")} == {
        "status": "confirmed",
        "source": "API",
        "service": "haircut",
        "date": "2026-03-03",
        "time": "15:00",
        "notes": "Brings a photo",
        "due": None,
    }
    assert made["customer"] == {"name": "Kim Lee", "email": "kim@example.com", "phone": "+14155550124"}
    assert actions(made) == [("staff", "confirmed")]
    assert mails(owner_url) == ["booking_confirmed", "new_booking"]
    assert await office.do("GET", f"/bookings/{made['bookingId']}") == made
    assert ledger.value(owner_url, "select count(*) from occupancies where expires_at is null") == 1


async def test_a_moment_with_an_offset_is_the_same_moment(office: Office) -> None:
    made = await office.book("2026-03-03T20:00:00Z")
    assert (made["date"], made["time"]) == ("2026-03-03", "15:00")


async def test_what_a_customer_booked_in_the_chat_is_seen_too(office: Office, server: Running, studio: Any) -> None:
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        done = await customer.say("haircut tomorrow at 3pm, I am Kim Lee, kim@example.com")
        assert (await office.do("GET", "/bookings"))["bookings"] == []
        held = (await office.do("GET", "/bookings?status=held"))["bookings"]
        assert [each["status"] for each in held] == ["held"]
        receipt = await customer.confirm(done["proposal"])
    (seen,) = (await office.do("GET", "/bookings"))["bookings"]
    assert (seen["code"], seen["source"]) == (receipt["booking"]["code"], "CHATBOT")


async def test_bookings_come_page_by_page_each_once(office: Office) -> None:
    starts = [f"2026-03-03T{hour:02}:00" for hour in range(9, 16)]
    for start in reversed(starts):
        await office.book(start)
    seen: list[str] = []
    path = "/bookings?limit=3"
    for expected in (3, 3, 1):
        page = await office.do("GET", path)
        assert len(page["bookings"]) == expected
        seen += [f"{each['date']}T{each['time']}" for each in page["bookings"]]
        path = f"/bookings?limit=3&cursor={page['nextCursor']}"
    assert seen == starts
    assert page["nextCursor"] is None


async def test_bookings_are_found_by_date_state_person_address_and_code(salon: Office) -> None:
    one = await salon.book("2026-03-03T10:00", resource="mia")
    two = await salon.book("2026-03-04T10:00", resource="tom", customer={"name": "Bo", "email": "bo@example.com"})
    late = await salon.book("2026-03-04T17:15", resource="mia")
    await salon.do("POST", f"/bookings/{late['bookingId']}/cancel")
    found = {
        "from=2026-03-04": [two, late],
        "to=2026-03-03": [one],
        "from=2026-03-03&to=2026-03-04&status=confirmed": [one, two],
        "status=cancelled&status=no_show": [late],
        "resource=tom": [two],
        "email=BO@example.com": [two],
        f"code={one['code'].lower().replace('-', ' ')}": [one],
        "code=nonsense": [],
        "email=nobody%00@example.com": [],
        "to=9999-12-31": [one, two, late],
    }
    for query, expected in found.items():
        page = await salon.do("GET", f"/bookings?{query}")
        assert [each["code"] for each in page["bookings"]] == [each["code"] for each in expected], query


# --- who may ask


async def test_without_a_valid_secret_key_there_is_one_answer(
    office: Office, studio: TenantHandle, server: Running
) -> None:
    made = await office.book("2026-03-03T15:00")
    answers: list[Any] = []
    for header in (None, f"Bearer {studio.key}", "Bearer sk_" + "x" * 32, office.key, f"Basic {office.key}", "Bearer"):
        for path in ("/bookings", f"/bookings/{made['bookingId']}"):
            headers = {} if header is None else {"Authorization": header}
            answer = await office.http.get(f"/v1/tenant{path}", headers=headers)
            answers.append((answer.status_code, answer.json()))
    answers.append(await Office(office.http, office.key + "x").refused("GET", "/bookings"))
    assert all(each == answers[0] for each in answers)
    assert (answers[0][0], answers[0][1]["error"]) == (401, "unauthorized")


async def test_a_secret_key_does_not_open_the_customers_side(office: Office) -> None:
    answer = await office.http.get("/v1/public/services", headers={"X-Tenant-Key": office.key})
    assert answer.status_code == 401


async def test_calls_are_counted_for_each_business_apart_from_its_customers(
    settings: Any, studio: TenantHandle, engine: AsyncEngine
) -> None:
    key = await new_key(engine, studio)
    strict = settings.model_copy(update={"limit_tenant": "2/minute"})
    async with running(strict) as server, Office.of(server.url, key) as office:
        assert [(await office.ask("GET", "/bookings")).status_code for _ in range(3)] == [200, 200, 429]
        customers = await office.http.get("/v1/public/services", headers={"X-Tenant-Key": studio.key})
        assert customers.status_code == 200


# --- what is refused


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service": "shave"}, "service"),
        ({"start": "soon"}, "start"),
        ({"start": "2026-03-03"}, "start"),
        ({"start": "2026-03-08T02:30"}, "start"),
        ({"start": "2026-03-03T15:00:30"}, "start"),
        ({"start": "0001-01-01T00:00"}, "start"),
        ({"start": "9999-12-31T23:59-12:00"}, "start"),
        ({"resource": "nobody"}, "resource"),
        ({"customer": {"name": " ", "email": "kim@example.com"}}, "customer.name"),
        ({"customer": {"name": "Kim", "email": "kim at example"}}, "customer.email"),
        ({"customer": {"name": "Kim", "email": "kim@example.com", "phone": "12"}}, "customer.phone"),
    ],
)
async def test_a_field_that_cannot_be_meant_is_named(office: Office, owner_url: str, changes: Json, field: str) -> None:
    status, body = await office.refused("POST", "/bookings", wanted("2026-03-03T15:00") | changes)
    assert (status, body["error"], list(body["fields"])) == (422, "invalid", [field])
    assert ledger.value(owner_url, "select count(*) from bookings") == 0


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-03-08T15:00", "closed"),
        ("2026-03-02T08:00", "past"),
        ("2026-12-01T15:00", "horizon"),
        ("2026-03-03T17:45", "closed"),
    ],
)
async def test_a_time_that_is_not_open_is_refused_by_its_rule(office: Office, start: str, reason: str) -> None:
    status, body = await office.refused("POST", "/bookings", wanted(start))
    assert (status, body["error"], body["reason"]) == (422, "not_bookable", reason)
    assert body["fields"] == {"start": body["message"]}
    assert len(body["alternatives"]) == 3


async def test_a_time_that_is_taken_is_a_conflict_with_alternatives(office: Office) -> None:
    await office.book("2026-03-03T15:00")
    status, body = await office.refused("POST", "/bookings", wanted("2026-03-03T15:15"))
    assert (status, body["error"]) == (409, "slot_taken")
    assert [each["time"] for each in body["alternatives"]] == ["14:15", "15:45", "16:00"]


async def test_fields_that_we_do_not_know_are_refused(office: Office) -> None:
    status, body = await office.refused("POST", "/bookings", wanted("2026-03-03T15:00", force=True))
    assert (status, body["error"], list(body["fields"])) == (400, "malformed", ["force"])


async def test_queries_that_make_no_sense_are_malformed(office: Office) -> None:
    for query in (
        "limit=0",
        "limit=1000",
        "from=yesterday",
        "status=lost",
        "cursor=abc",
        "cursor=MjAyNg==",
        "cursor=é",
    ):
        status, body = await office.refused("GET", f"/bookings?{query}")
        assert (status, body["error"]) == (400, "malformed"), query
        assert list(body["fields"]) and query.startswith(next(iter(body["fields"])).split(".")[0]), body
    assert (await office.refused("GET", "/bookings?resource=nobody"))[0] == 422


async def test_two_at_once_for_one_slot_are_one_booking(office: Office, owner_url: str) -> None:
    answers = await asyncio.gather(*(office.ask("POST", "/bookings", wanted("2026-03-03T15:00")) for _ in range(6)))
    assert Counter(each.status_code for each in answers) == {201: 1, 409: 5}
    assert ledger.value(owner_url, "select count(*) from bookings") == 1


# --- payment


async def test_by_rule_it_waits_for_its_money_and_is_confirmed_by_it(salon: Office, owner_url: str) -> None:
    made = await salon.book("2026-03-03T15:00", payment="by_rule")
    assert (made["status"], made["due"]["amount"], made["balance"]["amount"]) == ("pending_payment", 4500, 0)
    assert mails(owner_url) == ["payment_awaited"]
    paid = await pay(salon, made)
    assert (paid["balance"]["amount"], paid["payUrl"]) == (4500, None)
    assert [(each["status"], each["amount"]["amount"]) for each in paid["payments"]] == [("paid", 4500)]


async def test_unless_asked_for_nothing_is_paid_in_advance(salon: Office) -> None:
    made = await salon.book("2026-03-03T15:00")
    assert (made["status"], made["due"], made["payments"]) == ("confirmed", None, [])


@pytest.mark.parametrize(("refund", "back"), [("policy", 2250), ("full", 4500), ("none", 0)])
async def test_staff_say_what_goes_back_of_what_was_paid(salon: Office, owner_url: str, refund: str, back: int) -> None:
    # Six hours before: by the policy half of it is due.
    paid = await pay(salon, await salon.book("2026-03-02T15:00", payment="by_rule"))
    gone = await salon.do("POST", f"/bookings/{paid['bookingId']}/cancel", {"refund": refund})
    assert gone["status"] == "cancelled"
    assert [each["amount"]["amount"] for each in gone["refunds"]] == ([back] if back else [])
    assert (gone["balance"]["amount"], gone["fee"]["amount"]) == (4500 - back, 4500 - back)
    assert {"booking_cancelled", "cancellation_notice"} <= set(mails(owner_url))
    assert ledger.value(owner_url, "select count(*) from occupancies") == 0


# --- changing


async def test_cancelling_without_a_body_is_by_the_policy_and_only_once(office: Office, owner_url: str) -> None:
    made = await office.book("2026-03-03T15:00")
    path = f"/bookings/{made['bookingId']}/cancel"
    gone = await office.do("POST", path)
    assert actions(gone) == [("staff", "confirmed"), ("staff", "cancelled")]
    status, body = await office.refused("POST", path)
    assert (status, body["error"]) == (409, "not_cancellable")
    assert mails(owner_url).count("booking_cancelled") == 1
    assert (await office.book("2026-03-03T15:00"))["status"] == "confirmed"


async def test_staff_move_beyond_the_customers_terms_but_not_over_others(salon: Office, owner_url: str) -> None:
    made = await salon.book("2026-03-02T15:00", resource="mia")  # moves: 0, and within the last day
    await salon.book("2026-03-02T16:00", resource="mia")
    path = f"/bookings/{made['bookingId']}/reschedule"
    status, body = await salon.refused("POST", path, {"start": "2026-03-02T16:00", "resource": "mia"})
    assert (status, body["error"]) == (409, "slot_taken")
    for hour in ("15:15", "16:00"):  # over its own old time; then with somebody else
        moved = await salon.do("POST", path, {"start": f"2026-03-02T{hour}"})
        assert moved["time"] == hour
    assert (moved["code"], moved["moves"], moved["resourceKeys"]) == (made["code"], 2, ["tom"])
    assert actions(moved)[-1] == ("staff", "moved")
    assert {"booking_moved", "move_notice"} <= set(mails(owner_url))
    assert ledger.value(owner_url, "select count(*) from occupancies") == 2
    assert (await salon.refused("POST", path, {"start": "2026-03-02T16:00"}))[1]["error"] == "same_time"
    assert (await salon.refused("POST", path, {"start": "2026-03-08T16:00"}))[1]["error"] == "not_bookable"
    assert (await salon.refused("POST", path, {"start": "x"}))[1]["fields"].keys() == {"start"}


async def test_only_what_has_begun_was_missed_or_took_place(office: Office) -> None:
    made = await office.book("2026-03-02T10:00")
    path = f"/bookings/{made['bookingId']}"
    assert (await office.refused("POST", f"{path}/no-show"))[1]["error"] == "not_over"
    clock.start_at(MONDAY + timedelta(hours=1, minutes=10))
    missed = await office.do("POST", f"{path}/no-show")
    assert (missed["status"], actions(missed)[-1]) == ("no_show", ("staff", "no_show"))
    assert (await office.do("POST", f"{path}/complete"))["status"] == "completed"
    assert (await office.refused("POST", f"{path}/cancel"))[1]["error"] == "not_cancellable"


async def test_notes_name_and_phone_are_corrected_and_the_rest_stays(office: Office) -> None:
    made = await office.book("2026-03-03T15:00", notes="Window seat")
    path = f"/bookings/{made['bookingId']}"
    named = await office.do("PATCH", path, {"customer": {"name": "  Kim   Li "}})
    assert (named["customer"]["name"], named["customer"]["phone"], named["notes"]) == (
        "Kim Li",
        "+14155550124",
        "Window seat",
    )
    cleared = await office.do("PATCH", path, {"notes": None, "customer": {"phone": ""}})
    assert (cleared["customer"]["phone"], cleared["notes"]) == (None, None)
    assert [each["details"] for each in cleared["audit"] if each["action"] == "corrected"] == [
        {"fields": ["customer_name"]},
        {"fields": ["customer_phone", "notes"]},
    ]
    assert len((await office.do("PATCH", path, {}))["audit"]) == len(cleared["audit"])
    assert (await office.refused("PATCH", path, {"customer": {"name": ""}}))[1]["fields"].keys() == {"customer.name"}
    assert (await office.refused("PATCH", path, {"customer": {"email": "x@example.com"}}))[0] == 400

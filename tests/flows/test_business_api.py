"""The business's own systems: bookings seen, made, corrected, moved, cancelled, with each write happening once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import idempotency
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.office import Office, new_key, wanted

MONDAY = at("2026-03-02T09:00:00-05:00")
SALON = (
    STUDIO.replace("slug: studio", "slug: salon")
    .replace("services:\n", "resources:\n  - {key: mia, name: Mia}\n  - {key: tom, name: Tom}\nservices:\n", 1)
    .replace("fee_percent: 50}", "fee_percent: 50, moves: 0}\n    payment: full", 1)
)


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def office(server: Running, studio: TenantHandle, engine: AsyncEngine) -> AsyncIterator[Office]:
    async with Office.of(server.url, await new_key(engine, studio)) as somebody:
        yield somebody


@pytest.fixture
async def salon(server: Running, engine: AsyncEngine) -> AsyncIterator[Office]:
    """Two stylists; haircuts are paid in advance, may not be moved by customers, and cost half when cancelled late."""
    tenant = await import_tenant(engine, SALON)
    async with Office.of(server.url, await new_key(engine, tenant)) as somebody:
        yield somebody


def mails(owner_url: str) -> list[str]:
    found = ledger.rows(owner_url, "select kind from notifications where status <> 'withdrawn' order by kind")
    return [each["kind"] for each in found]


def actions(seen: Json) -> list[tuple[str, str]]:
    return [(each["actor"], each["action"]) for each in seen["audit"]]


async def pay(office: Office, booking: Json) -> Json:
    """The customer pays in the sandbox; the booking as it then stands."""
    page = (await office.http.post(booking["payUrl"])).headers["location"]
    assert (await office.http.post(f"{page}/pay")).status_code == 303
    async with asyncio.timeout(30):
        while True:
            seen = await office.do("GET", f"/bookings/{booking['bookingId']}")
            if seen["status"] == "confirmed":
                return seen
            await asyncio.sleep(0.05)


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


# --- once


async def test_a_write_that_is_sent_again_gets_the_first_answer_and_has_no_second_effect(
    office: Office, owner_url: str
) -> None:
    asked = wanted("2026-03-03T15:00")
    first, again = [await office.ask("POST", "/bookings", asked, once="order-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert len(mails(owner_url)) == 2
    # The answer of then, whatever has become of it since.
    await office.do("POST", f"/bookings/{first.json()['bookingId']}/cancel", once="cancel-1")
    assert (await office.ask("POST", "/bookings", asked, once="order-1")).json() == first.json()
    await office.do("POST", f"/bookings/{first.json()['bookingId']}/cancel", once="cancel-1")
    assert ledger.value(owner_url, "select count(*) from bookings") == 1


async def test_the_same_write_many_times_at_once_has_one_effect(office: Office, owner_url: str) -> None:
    asked = wanted("2026-03-03T15:00")
    answers = await asyncio.gather(*(office.ask("POST", "/bookings", asked, once="order-1") for _ in range(8)))
    assert [each.status_code for each in answers] == [201] * 8
    assert all(each.json() == answers[0].json() for each in answers)
    assert ledger.value(owner_url, "select count(*) from bookings") == 1
    assert mails(owner_url) == ["booking_confirmed", "new_booking"]


async def test_a_key_that_was_used_for_something_else_is_refused(office: Office, owner_url: str) -> None:
    made = await office.book("2026-03-03T15:00", once="order-1")
    for method, path, body in (
        ("POST", "/bookings", wanted("2026-03-03T16:00")),
        ("POST", "/bookings", wanted("2026-03-03T15:00", notes="x")),
        ("POST", f"/bookings/{made['bookingId']}/cancel", None),
        ("PATCH", f"/bookings/{made['bookingId']}", {"notes": "x"}),
        ("POST", f"/bookings/{made['bookingId']}/reschedule", {"start": "2026-03-03T16:00"}),
    ):
        status, answer = await office.refused(method, path, body, once="order-1")
        assert (status, answer["error"]) == (422, "idempotency_key_reused"), path
    assert ledger.value(owner_url, "select count(*) from audit_entries") == 1


async def test_a_refusal_is_remembered_too_and_a_malformed_request_is_not(office: Office) -> None:
    other = await office.book("2026-03-03T15:00")
    asked = wanted("2026-03-03T15:00")
    assert (await office.refused("POST", "/bookings", asked | {"force": 1}, once="order-2"))[0] == 400
    first = await office.refused("POST", "/bookings", asked, once="order-2")
    assert first[1]["error"] == "slot_taken"
    await office.do("POST", f"/bookings/{other['bookingId']}/cancel")
    assert await office.refused("POST", "/bookings", asked, once="order-2") == first
    assert (await office.book("2026-03-03T15:00", once="order-3"))["status"] == "confirmed"


async def test_a_write_that_broke_down_may_be_sent_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power is out")

    with monkeypatch.context() as patched:
        patched.setattr("handled.tenants.idempotency.remember", broken)
        assert (await office.refused("POST", "/bookings", wanted("2026-03-03T15:00"), once="order-1"))[0] == 500
    assert (await office.do("GET", "/bookings"))["bookings"] == []
    assert (await office.book("2026-03-03T15:00", once="order-1"))["status"] == "confirmed"


async def test_keys_are_kept_for_a_day_and_then_forgotten(
    office: Office, studio: TenantHandle, engine: AsyncEngine, owner_url: str
) -> None:
    await office.book("2026-03-03T15:00", once="order-1")
    clock.start_at(MONDAY + timedelta(hours=23, minutes=59))
    assert (await office.refused("POST", "/bookings", wanted("2026-03-03T16:00"), once="order-1"))[0] == 422
    clock.start_at(MONDAY + timedelta(hours=24, minutes=1))
    await office.book("2026-03-03T16:00", once="order-1")
    await office.book("2026-03-03T17:00", once="order-2")
    clock.start_at(MONDAY + timedelta(hours=49))
    async with tenant_session(engine, studio.id) as session:
        assert await idempotency.forget_old(session, studio.id) == 2
    assert ledger.value(owner_url, "select count(*) from idempotent_requests") == 0


async def test_a_key_belongs_to_one_business(office: Office, salon: Office) -> None:
    one = await office.book("2026-03-03T15:00", once="order-1")
    two = await salon.book("2026-03-03T15:00", once="order-1")
    assert one["bookingId"] != two["bookingId"]


async def test_a_key_that_is_none_is_malformed(office: Office) -> None:
    answer = await office.http.post(
        "/v1/tenant/bookings",
        json=wanted("2026-03-03T15:00"),
        headers={"Authorization": f"Bearer {office.key}", "Idempotency-Key": "x" * 201},
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["idempotency-key"])


async def test_every_route_says_in_openapi_what_it_needs_and_answers(server: Running) -> None:
    async with httpx2.AsyncClient(base_url=server.url) as http:
        described = (await http.get("/openapi.json")).json()
    routes = {path: each for path, each in described["paths"].items() if path.startswith("/v1/tenant/")}
    assert len(routes) == 6
    assert described["components"]["securitySchemes"]["SecretKey"]["scheme"] == "bearer"
    for operations in routes.values():
        for method, operation in operations.items():
            assert operation["security"] == [{"SecretKey": []}]
            assert {"401", "404", "422", "429"} <= operation["responses"].keys()
            named = {each["name"] for each in operation.get("parameters", [])}
            assert ("idempotency-key" in named) == (method != "get")

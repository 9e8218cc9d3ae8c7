"""The signed link in every mail: seeing, moving and cancelling a booking with it."""

from __future__ import annotations

from typing import Any

import httpx2
import icalendar
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.settings import Settings
from handled.tenants import links
from tests.conftest import STUDIO, TenantHandle, at, import_tenant, running
from tests.customers import Json, refusal, refused
from tests.faults import ledger
from tests.http_client import http_client
from tests.managed import FRIDAY_NOON, Managed, booked, changed, later


def audit(owner_url: str) -> list[tuple[str, str]]:
    found = ledger.rows(owner_url, "select actor, action from audit_entries order by created_at, id")
    return [(each["actor"], each["action"]) for each in found]


def mails(owner_url: str, kind: str) -> list[str]:
    query = "select recipient from notifications where kind = %(kind)s order by created_at"
    return [each["recipient"] for each in ledger.rows(owner_url, query, kind=kind)]


def event_in(answer: httpx2.Response) -> Any:
    [event] = icalendar.Calendar.from_ical(answer.text).walk("VEVENT")
    return event


# --- seeing it


async def test_the_link_alone_shows_the_booking_and_what_can_be_done(mine: Managed) -> None:
    seen = await mine.seen()
    assert seen["booking"]["code"] == mine.booking.code
    assert (seen["booking"]["date"], seen["booking"]["time"]) == ("2026-03-04", "15:00")
    assert seen["business"]["name"] == "Test Studio"
    assert seen["cancel"]["allowed"] and seen["cancel"]["fee"] is None
    assert seen["cancel"]["policy"] == "Free until Tuesday, March 3 at 3:00 pm; after that 50 % of the price."
    assert seen["move"]["allowed"]
    assert (seen["payments"], seen["refunds"], seen["payUrl"]) == ([], [], None)
    assert seen["calendarUrl"].endswith(f"{mine.path}/calendar.ics")


async def test_looking_changes_nothing_however_often(mine: Managed, owner_url: str) -> None:
    before = ledger.rows(owner_url, "select * from bookings"), audit(owner_url)
    for path in ("", "/cancel", "/move", f"/move/confirm?start={FRIDAY_NOON}"):
        assert (await mine.http.get(f"/b/{mine.token}{path}")).status_code == 200
    assert (await mine.get("/availability", **{"from": "2026-03-04", "to": "2026-03-06"})).status_code == 200
    assert (await mine.get("/calendar.ics")).status_code == 200
    assert (ledger.rows(owner_url, "select * from bookings"), audit(owner_url)) == before
    assert ledger.value(owner_url, "select count(*) from occupancies") == 1


async def test_the_calendar_entry_is_the_one_of_the_mails(mine: Managed) -> None:
    answer = await mine.get("/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert mine.booking.code in answer.headers["content-disposition"]
    event = event_in(answer)
    assert str(event["uid"]) == f"{mine.booking.id}@handled"
    assert event["dtstart"].dt == at("2026-03-04T15:00-05:00")


def forged(mine: Managed, other: Managed) -> dict[str, str]:
    own = mine.business
    sign = links.sign
    return {
        "cut short": mine.token[:-1],
        "cut in half": mine.token[:33],
        "changed": ("A" if mine.token[40] != "A" else "B").join((mine.token[:40], mine.token[41:])),
        "for paying": sign(own.link_key, own.id, mine.booking.id, "pay"),
        "for ratings": sign(own.link_key, own.id, mine.booking.id, "refuse"),
        "by another business": sign(other.business.link_key, own.id, mine.booking.id, "manage"),
        "of another business's booking": sign(own.link_key, own.id, other.booking.id, "manage"),
        "of no business": sign(own.link_key, other.booking.id, mine.booking.id, "manage"),
        "without a key": sign(b"", own.id, mine.booking.id, "manage"),
        "no token": "nope",
        "not even letters": "%F0%9F%92%87",
    }


async def test_forged_links_get_the_one_answer_everywhere(mine: Managed, engine: AsyncEngine, owner_url: str) -> None:
    tenant = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: rival"))
    other = await booked(mine.http, engine, tenant, email="lou@example.com")
    before = ledger.rows(owner_url, "select * from bookings order by id")
    quote = (await mine.seen())["cancel"]["quoteHash"]
    words: list[Any] = []
    for what, token in forged(mine, other).items():
        api = f"/v1/public/bookings/{token}"
        answers = [
            await mine.http.get(api),
            await mine.http.get(f"{api}/calendar.ics"),
            await mine.http.get(f"{api}/availability?from=2026-03-04&to=2026-03-06"),
            await mine.http.post(f"{api}/cancel", json={"quoteHash": quote}),
            await mine.http.post(f"{api}/reschedule", json={"start": FRIDAY_NOON}),
            await mine.http.get(f"/b/{token}"),
            await mine.http.get(f"/b/{token}/cancel"),
            await mine.http.get(f"/b/{token}/move"),
            await mine.http.get(f"/b/{token}/move/confirm?start={FRIDAY_NOON}"),
            await mine.http.post(f"/b/{token}/cancel", data={"quote": quote}),
            await mine.http.post(f"/b/{token}/move", data={"start": FRIDAY_NOON}),
        ]
        if what != "for ratings":
            answers.append(await mine.http.post(f"/refuse/{token}"))
        assert {each.status_code for each in answers} == {404}, what
        words += [each.json() for each in answers]
    assert all(each == words[0] for each in words)
    assert ledger.rows(owner_url, "select * from bookings order by id") == before
    assert ledger.value(owner_url, "select count(*) from mail_refusals") == 0


async def test_changing_the_key_makes_every_link_worthless(mine: Managed, settings: Settings, owner_url: str) -> None:
    ledger.change(owner_url, "update tenants set link_key = '\\x00', version = version + 1")
    async with running(settings) as fresh, http_client(base_url=fresh.url) as http:
        assert refusal(await http.get(mine.path)) == (404, "not_found")


async def test_a_hold_is_nobodys_booking_yet(mine: Managed) -> None:
    await changed(mine, status="held")
    assert refusal(await mine.get()) == (404, "not_found")


async def test_looking_with_links_is_limited(mine: Managed, settings: Settings) -> None:
    tight = settings.model_copy(update={"limit_lookup": "3/minute"})
    async with running(tight) as server, http_client(base_url=server.url) as http:
        for path in (mine.path, f"/b/{mine.token}", "/v1/public/bookings/nope"):
            await http.get(path)
        answer = await http.get(mine.path)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0


# --- cancelling


async def test_cancelling_in_time_costs_nothing_and_tells_both_sides(mine: Managed, owner_url: str) -> None:
    answer = await mine.cancel()
    assert answer.status_code == 200, answer.text
    assert answer.json()["receipt"]["kind"] == "cancelled"
    assert "Cancelling costs nothing." in answer.json()["receipt"]["lines"]
    assert answer.json()["booking"]["status"] == "cancelled"
    assert audit(owner_url)[-1] == ("customer", "cancelled")
    assert mails(owner_url, "booking_cancelled") == ["kim@example.com"]
    assert mails(owner_url, "cancellation_notice") == ["owner@studio.example"]
    assert ledger.value(owner_url, "select count(*) from occupancies") == 0


async def test_cancelling_twice_is_refused_and_sends_nothing_again(mine: Managed, owner_url: str) -> None:
    quote = (await mine.seen())["cancel"]["quoteHash"]
    assert (await mine.post("/cancel", quoteHash=quote)).status_code == 200
    assert "already" in refused(await mine.post("/cancel", quoteHash=quote), 409, "not_cancellable")["message"]
    seen = await mine.seen()
    assert (seen["booking"]["status"], seen["cancel"]["reason"]) == ("cancelled", "not_cancellable")
    assert seen["move"]["reason"] == "not_movable"
    assert len(mails(owner_url, "booking_cancelled")) == 1


async def test_cancelling_needs_the_terms_that_were_shown(mine: Managed) -> None:
    for shown in ({}, {"quoteHash": None}, {"quoteHash": "0" * 64}, {"quoteHash": ""}):
        body = refused(await mine.post("/cancel", **shown), 409, "quote_changed")
        assert body["quote"] == (await mine.seen())["cancel"]
    assert (await mine.seen())["booking"]["status"] == "confirmed"


async def test_a_fee_that_has_begun_since_the_page_was_opened_is_shown_first(mine: Managed, owner_url: str) -> None:
    await mine.pay(4500)
    shown = (await mine.seen())["cancel"]
    assert (shown["fee"], shown["refund"]["amount"]) == (None, 4500)
    later(hours=31)
    body = refused(await mine.post("/cancel", quoteHash=shown["quoteHash"]), 409, "quote_changed")
    assert (body["quote"]["fee"]["amount"], body["quote"]["refund"]["amount"]) == (2250, 2250)
    assert mails(owner_url, "booking_cancelled") == []
    answer = await mine.post("/cancel", quoteHash=body["quote"]["quoteHash"])
    assert answer.status_code == 200
    assert "You get back: $22.50" in answer.json()["receipt"]["lines"]
    assert [(each["amount_minor"], each["status"]) for each in ledger.rows(owner_url, "select * from refunds")] == [
        (2250, "queued")
    ]
    seen = await mine.seen()
    assert [each["amount"]["amount"] for each in seen["refunds"]] == [2250]
    assert seen["balance"]["amount"] == 2250


async def test_cancelling_in_time_gives_everything_back(mine: Managed, owner_url: str) -> None:
    await mine.pay(4500)
    assert (await mine.cancel()).status_code == 200
    assert ledger.value(owner_url, "select sum(amount_minor)::int from refunds") == 4500


@pytest.mark.parametrize("status", ["completed", "no_show", "cancelled", "expired"])
async def test_what_has_ended_is_shown_and_cannot_be_changed(mine: Managed, status: str) -> None:
    await changed(mine, status=status)
    seen = await mine.seen()
    assert (seen["cancel"]["allowed"], seen["move"]["allowed"]) == (False, False)
    assert refusal(await mine.post("/cancel", quoteHash="x")) == (409, "not_cancellable")
    assert refusal(await mine.move(FRIDAY_NOON)) == (409, "not_movable")
    slots = await mine.get("/availability", **{"from": "2026-03-04", "to": "2026-03-06"})
    assert (slots.status_code, slots.json()["slots"]) == (200, [])


async def test_what_has_begun_cannot_be_changed(mine: Managed) -> None:
    clock.start_at(at("2026-03-04T15:01:00-05:00"))
    assert refusal(await mine.post("/cancel", quoteHash="x")) == (409, "not_cancellable")
    assert refusal(await mine.move(FRIDAY_NOON)) == (409, "not_movable")
    assert "has begun" in (await mine.http.get(f"/b/{mine.token}")).text


# --- moving


async def test_moving_keeps_code_and_identity_and_tells_both_sides(mine: Managed, owner_url: str) -> None:
    answer = await mine.move(FRIDAY_NOON)
    assert answer.status_code == 200, answer.text
    booking = answer.json()["booking"]
    assert (booking["code"], booking["date"], booking["time"]) == (mine.booking.code, "2026-03-06", "12:00")
    assert answer.json()["receipt"]["kind"] == "moved"
    assert audit(owner_url)[-1] == ("customer", "moved")
    assert mails(owner_url, "booking_moved") == ["kim@example.com"]
    assert mails(owner_url, "move_notice") == ["owner@studio.example"]
    assert ledger.half_taken(owner_url) == [] == ledger.double_bookings(owner_url)
    event = event_in(await mine.get("/calendar.ics"))
    assert (int(event["sequence"]), event["dtstart"].dt) == (1, at("2026-03-06T12:00-05:00"))


async def test_a_moment_with_an_offset_means_that_moment(mine: Managed) -> None:
    answer = await mine.move("2026-03-06T17:00:00Z")
    assert answer.json()["booking"]["time"] == "12:00"


async def test_its_own_place_does_not_stand_in_its_way(mine: Managed) -> None:
    assert (await mine.move("2026-03-04T15:30")).json()["booking"]["time"] == "15:30"


async def test_the_same_time_is_no_move(mine: Managed) -> None:
    assert refusal(await mine.move("2026-03-04T15:00")) == (422, "same_time")


async def test_a_taken_time_is_refused_with_others(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await booked(mine.http, engine, studio, "2026-03-06T12:00-05:00", email="lou@example.com")
    body = refused(await mine.move(FRIDAY_NOON), 409, "slot_taken")
    assert len(body["alternatives"]) == 3
    assert "lou" not in str(body).lower()
    assert (await mine.seen())["booking"]["time"] == "15:00"
    assert ledger.half_taken(owner_url) == []


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("2026-03-08T12:00", "closed"),
        ("2026-03-06T21:00", "closed"),
        ("2026-03-01T12:00", "past"),
        ("2026-03-02T08:00", "past"),
        ("2026-08-03T12:00", "horizon"),
    ],
)
async def test_a_time_that_the_business_does_not_offer_is_refused_with_the_reason(
    mine: Managed, start: str, reason: str, owner_url: str
) -> None:
    body = refused(await mine.move(start), 422, "not_bookable")
    assert (body["reason"], len(body["alternatives"])) == (reason, 3)
    assert ledger.value(owner_url, "select count(*) from occupancies") == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"start": "soon"},
        {"start": "2026-03-06"},
        {"start": "2026-02-30T10:00"},
        {"start": "2026-03-08T02:30"},
        {"start": "9999-12-31T23:59+14:00"},
        {"start": FRIDAY_NOON, "resource": "nobody"},
    ],
)
async def test_what_is_no_time_is_malformed_and_the_field_is_named(mine: Managed, body: Json) -> None:
    answer = refused(await mine.post("/reschedule", **body), 400, "malformed")
    assert set(answer["fields"]) <= {"start", "resource"} and answer["fields"]


async def test_a_price_that_has_changed_is_shown_before_it_is_moved(mine: Managed, engine: AsyncEngine) -> None:
    await import_tenant(engine, STUDIO.replace('"45.00"', '"60.00"'))
    body = refused(await mine.move(FRIDAY_NOON), 409, "quote_changed")
    assert body["quote"]["lines"][0] == "The price is now $60.00: $15.00 more."
    answer = await mine.move(FRIDAY_NOON, quoteHash=body["quote"]["quoteHash"])
    assert answer.json()["booking"]["price"]["amount"] == 6000


async def test_too_late_to_move_says_so_and_by_which_rule(mine: Managed) -> None:
    later(hours=31)
    seen = await mine.seen()
    assert seen["move"]["reason"] == "too_late_to_move"
    assert "50 % of the price" in refused(await mine.move(FRIDAY_NOON), 422, "too_late_to_move")["message"]


async def test_the_picker_has_free_times_without_its_own(mine: Managed) -> None:
    answer = await mine.get("/availability", **{"from": "2026-03-04", "to": "2026-03-04"})
    times = [each["time"] for each in answer.json()["slots"]]
    assert "14:30" in times and "15:15" in times and "15:00" not in times
    assert refusal(await mine.get("/availability", **{"from": "2026-03-04", "to": "2026-01-01"})) == (422, "bad_range")

"""One booking in the dashboard: moved, cancelled, its money given back; by two at once, and with old forms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import Running, TenantHandle, at
from tests.dashboard.desk import Browser
from tests.dashboard.forms import hidden, submit
from tests.faults import ledger
from tests.managed import Managed, booked, changed, later
from tests.office import mails

MONDAY = at("2026-03-02T09:00:00-05:00")


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def kims(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> Managed:
    """Kim's haircut on Wednesday at three, as the owner sees it."""
    return await booked(owner.http, engine, studio)


@pytest.fixture
async def colleague(server: Running, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Browser]:
    """Another owner, at another browser."""
    async with Browser.of(server.url) as browser:
        await browser.log_in(engine, studio.id, "pia@studio.example", "Pia Partner", "owner")
        yield browser


def place(kims: Managed) -> str:
    return f"/dashboard/bookings/{kims.booking.id}"


def status_of(owner_url: str) -> str:
    return ledger.value(owner_url, "select status from bookings")


def trail(owner_url: str) -> list[tuple[str, str, Any]]:
    found = ledger.rows(
        owner_url, "select actor, action, details ->> 'name' as name from audit_entries order by created_at, id"
    )
    return [(each["actor"], each["action"], each["name"]) for each in found]


def did(owner_url: str) -> list[tuple[str, str]]:
    return [
        (each["action"], each["name"])
        for each in ledger.rows(owner_url, "select action, name from staff_actions order by created_at, id")
    ]


# --- looking


async def test_the_page_says_what_there_is_to_know(owner: Browser, kims: Managed) -> None:
    await kims.pay(4500)
    await changed(kims, notes="Likes tea", intake=[{"question": "Allergies?", "answer": "Cats"}])
    page = await owner.page(place(kims))
    for expected in (
        "Haircut",
        kims.booking.code,
        "Kim Lee",
        "kim@example.com",
        "Likes tea",
        "Allergies?",
        "Cats",
        "$45.00",
        "The business booked it, through your own system",
        "By your own system",
    ):
        assert expected in page, expected


async def test_the_customers_other_bookings_are_a_click_away(owner: Browser, kims: Managed) -> None:
    assert 'href="/dashboard/bookings/list?q=kim%40example.com"' in await owner.page(place(kims))


# --- cancelling


async def test_cancelling_by_the_policy_gives_back_what_was_announced(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    await kims.pay(4500)
    later(hours=31)  # 23 hours before: half of it is kept
    page = await owner.page(place(kims))
    assert "By its policy $22.50 goes back, less a fee of $22.50" in page
    done = await submit(owner, page, f"{place(kims)}/cancel", refund="policy")
    assert done.status_code == 200 and "Cancelled. The customer has been written to." in done.text
    assert status_of(owner_url) == "cancelled"
    assert ledger.rows(owner_url, "select amount_minor, reason from refunds") == [
        {"amount_minor": 2250, "reason": "cancelled"}
    ]
    assert ("staff", "cancelled", "Olga Owner") in trail(owner_url)
    assert did(owner_url) == [("booking.cancel", "Olga Owner")]
    assert "booking_cancelled" in mails(owner_url)
    assert "Olga Owner cancelled it" in done.text


async def test_an_owner_may_give_back_something_else_and_says_why(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    await kims.pay(4500)
    action = f"{place(kims)}/cancel"
    page = await owner.page(place(kims))
    for amount, reason, expected in (
        ("30", "", "Say why"),
        ("thirty", "We were ill", "is not an amount of money"),
        ("-1", "We were ill", "is not an amount of money"),
        ("45.01", "We were ill", "That is more than was paid."),
        ("30", "x" * 301, "300 characters at most"),
    ):
        wrong = await submit(owner, page, action, refund="other", amount=amount, reason=reason)
        assert wrong.status_code == 422 and expected in wrong.text, (amount, reason)
        assert f'value="{amount}"' in wrong.text
        assert status_of(owner_url) == "confirmed"
    done = await submit(owner, page, action, refund="other", amount="30", reason="We were ill")
    assert done.status_code == 200 and "We were ill" in done.text
    assert ledger.value(owner_url, "select amount_minor from refunds") == 3000


async def test_staff_cancel_by_the_policy_only(
    staff_member: Browser, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    kims = await booked(staff_member.http, engine, studio)
    await kims.pay(4500)
    page = await staff_member.page(place(kims))
    assert "Something else" not in page and "Give money back" not in page
    action = f"{place(kims)}/cancel"
    refused = await submit(staff_member, page, action, refund="other", amount="45", reason="Because")
    assert refused.status_code == 403
    assert (await staff_member.post(f"{place(kims)}/refund", {"amount": "45", "reason": "x"})).status_code == 403
    assert status_of(owner_url) == "confirmed" and ledger.rows(owner_url, "select * from refunds") == []
    assert (await submit(staff_member, page, action)).status_code == 200
    assert status_of(owner_url) == "cancelled"


async def test_what_was_cancelled_by_mistake_can_be_booked_again(owner: Browser, kims: Managed, owner_url: str) -> None:
    page = await owner.page(place(kims))
    done = await submit(owner, page, f"{place(kims)}/cancel")
    again = done.text.split('href="/dashboard/bookings/new?')[1].split('"')[0].replace("&amp;", "&")
    form = await owner.page(f"/dashboard/bookings/new?{again}")
    assert 'value="Kim Lee"' in form and 'value="kim@example.com"' in form and "3:00 pm" in form
    back = await submit(owner, form, "/dashboard/bookings/new", name="Kim Lee", email="kim@example.com")
    assert back.status_code == 200 and "Booked." in back.text
    assert ledger.rows(owner_url, "select status from bookings order by created_at") == [
        {"status": "cancelled"},
        {"status": "confirmed"},
    ]


# --- money


async def test_money_goes_back_while_the_booking_stands(owner: Browser, kims: Managed, owner_url: str) -> None:
    await kims.pay(4500)
    action = f"{place(kims)}/refund"
    page = await owner.page(place(kims))
    for amount in ("0", "45.01", "", "1e3"):
        wrong = await submit(owner, page, action, refund="other", amount=amount, reason="Sorry")
        assert wrong.status_code == 422, amount
    done = await submit(owner, page, action, refund="other", amount="10", reason="Sorry")
    assert "The money is on its way back." in done.text and "$35.00" in done.text
    assert "Olga Owner gave money back</bdi>: $10.00" in done.text
    assert status_of(owner_url) == "confirmed"
    too_much = await submit(owner, done.text, action, refund="other", amount="40", reason="Sorry")
    assert too_much.status_code == 422 and "No more than $35.00" in too_much.text
    assert ledger.value(owner_url, "select sum(amount_minor) from refunds") == 1000
    [told] = ledger.rows(owner_url, "select recipient, payload from notifications where kind = 'refund_made'")
    assert (told["recipient"], told["payload"]["refund_text"]) == ("kim@example.com", "$10.00")
    assert told["payload"]["stands"] is True


async def test_of_three_decimals_only_what_a_card_can_be_given_goes_back(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    await kims.pay(4500)
    for table in ("bookings", "payments"):
        ledger.change(owner_url, f"update {table} set currency = 'KWD'")
    ledger.change(owner_url, "update bookings set price_minor = 4530")
    action, page = f"{place(kims)}/refund", await owner.page(place(kims))
    wrong = await submit(owner, page, action, refund="other", amount="1.005", reason="Sorry")
    assert wrong.status_code == 422 and "end in 0" in wrong.text
    later(hours=31)
    page = await owner.page(place(kims))
    assert (await submit(owner, page, action, refund="policy")).status_code == 200
    assert ledger.value(owner_url, "select amount_minor from refunds") == 2240  # half of 4.530 is 2.265


async def test_by_the_policy_as_much_goes_back_as_cancelling_would_give(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    await kims.pay(4500)
    later(hours=31)
    page = await owner.page(place(kims))
    assert (await submit(owner, page, f"{place(kims)}/refund", refund="policy")).status_code == 200
    assert ledger.value(owner_url, "select amount_minor from refunds") == 2250


# --- how it ended, and small things


async def test_who_did_not_come_is_noted_once_it_has_begun(owner: Browser, kims: Managed, owner_url: str) -> None:
    early = await owner.page(place(kims))
    assert "Did not come" not in early
    refused = await owner.post(f"{place(kims)}/no-show", hidden(early, f"{place(kims)}/cancel"))
    assert refused.status_code == 409 and status_of(owner_url) == "confirmed"
    later(hours=55)
    page = await owner.page(place(kims))
    done = await submit(owner, page, f"{place(kims)}/no-show")
    assert "did not come" in done.text and status_of(owner_url) == "no_show"
    assert "Olga Owner said that the customer did not come" in done.text
    back = await submit(owner, done.text, f"{place(kims)}/complete")
    assert "Noted: it took place." in back.text
    assert status_of(owner_url) == "completed"


async def test_the_confirmation_is_sent_again_to_the_customer_alone(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    page = await owner.page(place(kims))
    done = await submit(owner, page, f"{place(kims)}/resend")
    assert "Sent again." in done.text
    assert mails(owner_url) == ["booking_confirmed", "booking_confirmed", "new_booking"]


async def test_details_are_corrected_and_what_is_wrong_is_said_beside_them(
    owner: Browser, kims: Managed, owner_url: str
) -> None:
    action = f"{place(kims)}/correct"
    page = await owner.page(place(kims))
    wrong = await submit(owner, page, action, name="", phone="12", notes="n" * 1001)
    assert wrong.status_code == 422 and wrong.text.count('class="problem"') == 3
    assert 'id="phone" name="phone" type="tel" value="12"' in wrong.text
    done = await submit(owner, page, action, name="Kim Leeds", phone="415 555 0124", notes="Tea")
    assert done.status_code == 200 and "Kim Leeds" in done.text and "+14155550124" in done.text
    assert did(owner_url) == [("booking.correct", "Olga Owner")]


# --- moving


async def test_moving_takes_a_day_a_time_and_a_yes(owner: Browser, kims: Managed, owner_url: str) -> None:
    pick = await owner.page(f"{place(kims)}/move?day=2026-03-05")
    assert "Thursday, March 5" in pick and "10:00 am" in pick
    start = "2026-03-05T10:00-05:00"
    confirm = (await owner.http.get(f"{place(kims)}/move/confirm", params={"start": start})).text
    assert "To Thursday, March 5 at 10:00 am" in confirm and status_of(owner_url) == "confirmed"
    done = await submit(owner, confirm, f"{place(kims)}/move")
    assert "Moved. The customer has been written to." in done.text
    assert ledger.value(owner_url, "select starts_at from bookings") == at("2026-03-05T10:00:00-05:00")
    assert ("staff", "moved", "Olga Owner") in trail(owner_url)
    assert "booking_moved" in mails(owner_url)
    assert ledger.half_taken(owner_url) == []


async def test_a_time_that_is_taken_meanwhile_leads_back_to_the_free_ones(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, kims: Managed, owner_url: str
) -> None:
    confirm = (await owner.http.get(f"{place(kims)}/move/confirm?start=2026-03-05T10:00")).text
    await booked(owner.http, engine, studio, "2026-03-05T10:00-05:00")
    answer = await submit(owner, confirm, f"{place(kims)}/move")
    assert answer.status_code == 409 and "already taken" in answer.text and "10:45 am" in answer.text
    assert ledger.double_bookings(owner_url) == []


async def test_times_that_make_no_sense_are_refused_with_a_sentence(owner: Browser, kims: Managed) -> None:
    for start in ("", "soon", "2026-03-08T02:30", "2026-03-05T03:00", "2020-01-01T10:00", "9999-12-31T10:00"):
        answer = await owner.http.get(f"{place(kims)}/move/confirm", params={"start": start})
        assert answer.status_code in (409, 422) and 'role="alert"' in answer.text, start


# --- twice, stale, and two at once


async def test_the_same_form_sent_twice_happens_once(owner: Browser, kims: Managed, owner_url: str) -> None:
    await kims.pay(4500)
    page = await owner.page(place(kims))
    for _ in range(2):
        done = await submit(owner, page, f"{place(kims)}/refund", refund="other", amount="10", reason="Sorry")
        assert done.status_code == 200
    assert ledger.value(owner_url, "select count(*) from refunds") == 1
    assert ledger.value(owner_url, "select count(*) from notifications where kind = 'refund_made'") == 1


async def test_an_old_form_changes_nothing_and_shows_who_was_there_before(
    owner: Browser, colleague: Browser, kims: Managed, owner_url: str
) -> None:
    old = await owner.page(place(kims))
    other = await colleague.page(place(kims))
    await submit(colleague, other, f"{place(kims)}/correct", name="Kim Leeds", phone="", notes="")
    answer = await submit(owner, old, f"{place(kims)}/cancel")
    assert answer.status_code == 409
    assert "Changed meanwhile: Pia Partner corrected the customer" in answer.text
    assert "Kim Leeds" in answer.text and "9:0" in answer.text
    assert status_of(owner_url) == "confirmed"
    assert (await submit(owner, answer.text, f"{place(kims)}/cancel")).status_code == 200
    assert status_of(owner_url) == "cancelled"


async def test_of_two_who_change_it_at_once_one_wins_and_the_other_sees_whom(
    owner: Browser, colleague: Browser, kims: Managed, owner_url: str
) -> None:
    mine = await owner.page(place(kims))
    theirs = (await colleague.http.get(f"{place(kims)}/move/confirm?start=2026-03-05T10:00")).text
    answers = await asyncio.gather(
        submit(owner, mine, f"{place(kims)}/cancel"), submit(colleague, theirs, f"{place(kims)}/move")
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    lost = next(each.text for each in answers if each.status_code == 409)
    winner = "Olga Owner cancelled it" if status_of(owner_url) == "cancelled" else "Pia Partner moved it"
    assert f"Changed meanwhile: {winner}" in lost
    assert len([each for each in trail(owner_url) if each[1] in ("cancelled", "moved")]) == 1
    assert ledger.half_taken(owner_url) == []


async def test_another_sites_page_cannot_cancel(owner: Browser, kims: Managed, owner_url: str) -> None:
    page = await owner.page(place(kims))
    fields = hidden(page, f"{place(kims)}/cancel")
    answer = await owner.post(f"{place(kims)}/cancel", fields, **{"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and status_of(owner_url) == "confirmed"

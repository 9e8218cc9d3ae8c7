"""What a customer thinks of it, told through the link in a mail."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import jobs
from handled.bookings.facts import rate_path
from handled.conversations.messages import not_found
from handled.customers import refusals
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import links
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.customers import Customer, Json, refusal
from tests.faults import ledger
from tests.managed import Managed, booked, changed
from tests.opinions import MONDAY, RATINGS, given, leave, receipt

AFTERWARDS = at("2026-03-04T16:00:00-05:00")
MAILS = "select recipient, once_key from notifications where kind in ('rating_request', 'conversation_rating')"


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.start_at(MONDAY)


async def complete(engine: AsyncEngine, owner_url: str) -> None:
    """The job, unless the server's own worker was faster."""
    await jobs.complete(engine)
    query = "select count(*) from bookings where status = 'confirmed' and ends_at <= %(now)s"
    assert ledger.value(owner_url, query, now=clock.now()) == 0


def page_of(managed: Managed) -> str:
    return rate_path(managed.business, managed.booking)


def form_of(html: str) -> Json:
    """What a browser would send of the form as it stands."""
    chosen = re.search(r'name="stars" value="(\d)" required checked', html)
    comment = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", html, re.DOTALL)
    assert comment is not None
    return {"stars": chosen[1] if chosen else None, "comment": comment[1]}


async def test_the_appointment_is_over_and_its_customer_is_asked_once(mine: Managed, owner_url: str) -> None:
    clock.start_at(AFTERWARDS)
    for _ in range(2):
        await complete(mine.engine, owner_url)
    assert ledger.rows(owner_url, MAILS) == [{"recipient": "kim@example.com", "once_key": f"rating:{mine.booking.id}"}]


async def test_two_workers_ask_once(mine: Managed, owner_url: str) -> None:
    clock.start_at(AFTERWARDS)
    await asyncio.gather(*(jobs.complete(mine.engine) for _ in range(5)))
    assert ledger.value(owner_url, "select count(*) from notifications where kind = 'rating_request'") == 1


async def test_who_booked_in_a_chat_is_asked_once_for_the_whole_of_it(
    customer: Customer, engine: AsyncEngine, owner_url: str
) -> None:
    for when in ("Tuesday at 3pm", "Wednesday at 3pm"):
        done = await customer.say(f"haircut on {when}, I am Kim Lee, kim@example.com")
        await customer.confirm(done["proposal"])
    # They have proven the address: their mail is free of caps, and the end of the talk leaves the asking to this mail.
    ledger.change(owner_url, "update conversations set verified_email = 'kim@example.com'")
    await leave(customer)
    assert ledger.rows(owner_url, MAILS) == []
    clock.start_at(AFTERWARDS)
    await complete(engine, owner_url)
    assert ledger.rows(owner_url, MAILS) == [
        {"recipient": "kim@example.com", "once_key": f"rating:{customer.session_id}"}
    ]


async def test_who_has_rated_in_the_chat_gets_no_mail(customer: Customer, engine: AsyncEngine, owner_url: str) -> None:
    await receipt(customer)
    await given(customer, "RATING", rating=5)
    clock.start_at(AFTERWARDS)
    await complete(engine, owner_url)
    assert ledger.rows(owner_url, MAILS) == []


@pytest.mark.parametrize("case", ["imported", "refused", "long ago", "not wanted by the business"])
async def test_these_are_not_asked_by_mail(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str, case: str
) -> None:
    if case == "imported":
        await changed(mine, source="IMPORT")
    if case == "refused":
        async with tenant_session(engine, studio.id) as session:
            await refusals.refuse_ratings(session, studio.id, "kim@example.com")
    if case == "not wanted by the business":
        await import_tenant(engine, STUDIO.replace("slug: studio", "slug: studio\nratings: {mail: false}"))
    # Last: the server's own job looks by the clock as well.
    clock.start_at(at("2026-03-12T16:00:00-04:00") if case == "long ago" else AFTERWARDS)
    await complete(engine, owner_url)
    assert ledger.rows(owner_url, MAILS) == []


async def test_the_link_chooses_a_star_and_stores_nothing(mine: Managed, owner_url: str) -> None:
    for stars in (*"12345", "0", "6", "five", ""):
        answer = await mine.http.get(page_of(mine), params={"stars": stars})
        assert answer.status_code == 200
        assert form_of(answer.text)["stars"] == (stars if stars in tuple("12345") else None)
        assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
        assert "<script" not in answer.text
    assert (await mine.http.head(page_of(mine))).status_code == 405
    assert ledger.rows(owner_url, RATINGS) == []


async def test_the_form_stores_it_and_changes_it_later(mine: Managed, owner_url: str) -> None:
    page = await mine.http.get(page_of(mine), params={"stars": "4"})
    sent = await mine.http.post(page_of(mine), data=form_of(page.text) | {"comment": "<b>Lovely</b>"})
    assert (sent.status_code, sent.headers["location"]) == (303, f"{page_of(mine)}?done=1")
    assert ledger.rows(owner_url, RATINGS) == [{"rating": 4, "comment": "<b>Lovely</b>"}]
    thanks = (await mine.http.get(sent.headers["location"])).text
    assert "Thank you" in thanks and "4 of 5: Good" in thanks and "&lt;b&gt;Lovely" in thanks and "<b>" not in thanks
    again = form_of((await mine.http.get(page_of(mine))).text)
    assert again == {"stars": "4", "comment": "&lt;b&gt;Lovely&lt;/b&gt;"}
    assert form_of((await mine.http.get(page_of(mine), params={"stars": "2"})).text)["stars"] == "2"
    await mine.http.post(page_of(mine), data={"stars": "2", "comment": ""})
    assert ledger.rows(owner_url, RATINGS) == [{"rating": 2, "comment": None}]
    assert ledger.value(owner_url, "select count(*) from ratings where booking_id is not null") == 1


async def test_a_rating_by_mail_is_the_one_of_the_chat(customer: Customer, mine: Managed, owner_url: str) -> None:
    await given(customer, "RATING", rating=2, comment="Hm.")
    ledger.change(owner_url, "update bookings set conversation_id = %(id)s", id=customer.session_id)
    assert form_of((await mine.http.get(page_of(mine))).text) == {"stars": "2", "comment": "Hm."}
    await mine.http.post(page_of(mine), data={"stars": "5", "comment": "Better."})
    assert (await customer.snapshot())["feedback"]["rating"] == {"rating": 5, "comment": "Better."}
    assert ledger.rows(owner_url, RATINGS) == [{"rating": 5, "comment": "Better."}]


async def test_a_conversation_without_a_booking_has_its_own_link(
    customer: Customer, mine: Managed, owner_url: str
) -> None:
    await customer.say("Is there parking?")
    ledger.change(owner_url, "update conversations set verified_email = 'kim@example.com'")
    await leave(customer)
    query = "select payload from notifications where kind = 'conversation_rating'"
    mail = ledger.value(owner_url, query)
    page = await mine.http.get(mail["rate_path"], params={"stars": "5"})
    assert "Your chat" in page.text
    await mine.http.post(mail["rate_path"], data=form_of(page.text))
    assert (await customer.snapshot())["feedback"]["rating"] == {"rating": 5, "comment": None}
    assert (await mine.http.post(mail["refuse_path"])).status_code == 200
    assert ledger.value(owner_url, "select email from mail_refusals") == "kim@example.com"


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"stars": "0"}, "from one to five"),
        ({"stars": "6"}, "from one to five"),
        ({"stars": "five", "comment": "Good."}, "from one to five"),
        ({}, "from one to five"),
        ({"stars": "5", "comment": "x" * 501}, "longer than 500"),
    ],
)
async def test_a_form_that_cannot_be_stored_says_why_and_keeps_what_was_typed(
    mine: Managed, owner_url: str, form: Json, sentence: str
) -> None:
    answer = await mine.http.post(page_of(mine), data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text and sentence in answer.text
    assert form_of(answer.text)["comment"] == form.get("comment", "")
    assert ledger.rows(owner_url, RATINGS) == []


async def test_only_the_genuine_link_and_our_own_page_may_rate(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    other = await booked(mine.http, engine, studio, "2026-03-05T15:00-05:00", email="lee@example.com")
    key, tenant_id, booking_id = mine.business.link_key, mine.business.id, mine.booking.id
    for token in (
        mine.token,
        links.sign(b"another key", tenant_id, booking_id, "rate"),
        links.sign(key, other.business.id, uuid4(), "rate"),
        links.sign(key, tenant_id, booking_id, "refuse"),
        "nonsense",
    ):
        for answer in (
            await mine.http.get(f"/rate/{token}"),
            await mine.http.post(f"/rate/{token}", data={"stars": "5"}),
        ):
            assert (answer.status_code, answer.json()) == (404, not_found().body())
    foreign = await mine.http.post(page_of(mine), data={"stars": "5"}, headers={"Origin": "https://elsewhere.example"})
    assert refusal(foreign) == (403, "origin_not_allowed")
    assert ledger.rows(owner_url, RATINGS) == []


async def test_many_forms_at_once_are_one_rating(mine: Managed, owner_url: str) -> None:
    await asyncio.gather(*(mine.http.post(page_of(mine), data={"stars": str(1 + n % 5)}) for n in range(20)))
    assert ledger.value(owner_url, "select count(*) from ratings") == 1


async def test_a_therapists_page_does_not_say_what_it_was(mine: Managed, owner_url: str) -> None:
    assert "Haircut" in (await mine.http.get(page_of(mine))).text
    ledger.change(owner_url, "update tenants set pack = 'therapy', version = version + 1")
    page = (await mine.http.get(page_of(mine))).text
    assert "Haircut" not in page and "Your appointment" in page

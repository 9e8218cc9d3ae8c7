"""Moving a booking whose price has changed since: what is shown, done, said and sent is one and the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit import clock
from handled.proposals.actions import by_staff
from handled.proposals.lifecycle import confirm
from handled.proposals.proposing import propose_reschedule
from handled.tables import Proposal
from tests.conftest import STUDIO, TenantHandle, at, import_tenant
from tests.customers import Json, refused
from tests.faults import ledger
from tests.managed import FRIDAY_NOON, Managed, booked, changed

CHEAPER, DEARER = (STUDIO.replace('price: "45.00"', f'price: "{price}"') for price in ("40.00", "60.00"))


@pytest.fixture
async def paid(mine: Managed) -> Managed:
    """Its $45.00 have been paid in advance."""
    await changed(mine, payment_rule="full", due_minor=4500)
    await mine.pay(4500)
    return mine


def refunds(owner_url: str) -> list[int]:
    return [each["amount_minor"] for each in ledger.rows(owner_url, "select amount_minor from refunds")]


def mail(owner_url: str, kind: str) -> Json:
    return ledger.value(owner_url, "select payload from notifications where kind = %(kind)s", kind=kind)


async def test_by_its_link_the_refund_is_shown_made_and_told(
    paid: Managed, engine: AsyncEngine, owner_url: str
) -> None:
    await import_tenant(engine, CHEAPER)
    terms = (await paid.seen())["move"]
    assert terms["refund"] == {"amount": 500, "currency": "USD"}
    assert "You get back: $5.00" in terms["lines"]
    page = await paid.http.get(f"/b/{paid.token}/move/confirm?start={FRIDAY_NOON}")
    assert "You get back: $5.00" in page.text
    moved = await paid.move(FRIDAY_NOON, quoteHash=terms["quoteHash"])
    assert moved.status_code == 200, moved.text
    assert "You get back: $5.00" in moved.json()["receipt"]["lines"]
    assert refunds(owner_url) == [500]
    assert mail(owner_url, "booking_moved")["refund_text"] == "$5.00"
    assert mail(owner_url, "move_notice")["refund_text"] == "$5.00"


async def test_a_refund_that_has_changed_since_it_was_shown_is_not_made(
    paid: Managed, engine: AsyncEngine, owner_url: str
) -> None:
    await import_tenant(engine, CHEAPER)
    shown = (await paid.seen())["move"]["quoteHash"]
    await paid.pay(1000)
    quote = refused(await paid.move(FRIDAY_NOON, quoteHash=shown), 409, "quote_changed")["quote"]
    assert (quote["refund"]["amount"], refunds(owner_url)) == (1500, [])


async def test_what_became_dearer_says_what_is_to_be_paid(paid: Managed, engine: AsyncEngine, owner_url: str) -> None:
    await import_tenant(engine, DEARER)
    terms = (await paid.seen())["move"]
    assert "To pay: $15.00" in terms["lines"]
    moved = await paid.move(FRIDAY_NOON, quoteHash=terms["quoteHash"])
    assert "To pay: $15.00" in moved.json()["receipt"]["lines"]
    assert ledger.value(owner_url, "select amount_minor from payments where purpose = 'difference'") == 1500
    assert mail(owner_url, "booking_moved")["due_text"] == "$15.00"


async def test_one_that_waits_for_its_payment_keeps_the_price_it_is_asked_for(
    mine: Managed, engine: AsyncEngine, owner_url: str
) -> None:
    waiting = {"status": "pending_payment", "payment_rule": "full", "due_minor": 4500}
    await changed(mine, **waiting, hold_expires_at=clock.now() + timedelta(minutes=30))
    await import_tenant(engine, DEARER)
    terms = (await mine.seen())["move"]
    assert "Moving costs nothing; the price stays $45.00." in terms["lines"]
    moved = await mine.move(FRIDAY_NOON, quoteHash=terms["quoteHash"])
    assert moved.status_code == 200, moved.text
    assert moved.json()["booking"]["price"] == moved.json()["booking"]["due"] == {"amount": 4500, "currency": "USD"}
    assert mail(owner_url, "payment_awaited")["due_text"] == "$45.00"


async def proposed(
    paid: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str, start: str = FRIDAY_NOON
) -> Proposal:
    """The card in a conversation, as the agent's tool makes it."""
    conversation = ledger.value(
        owner_url,
        "insert into conversations (tenant_id, id, token_hash, channel, locale, last_activity_at, created_at)"
        " values (%(tenant)s, gen_random_uuid(), 'x', 'widget', 'en', now(), now()) returning id",
        tenant=studio.id,
    )
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        card = await propose_reschedule(session, business, conversation, paid.booking, at(f"{start}-05:00"), None)
        assert isinstance(card, Proposal)
        return card


async def test_the_card_shows_the_refund_and_confirming_it_makes_that_one(
    paid: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    await import_tenant(engine, CHEAPER)
    card = await proposed(paid, engine, studio, owner_url)
    assert card.preview["refund"] == {"amount": 500, "currency": "USD"}
    assert "You get back: $5.00" in card.preview["lines"]
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        done = await confirm(session, business, card.conversation_id, card.id, code=card.code)
    answer: Json = getattr(done, "answer")  # noqa: B009  either answer has a shape of its own
    assert "$5.00 is on its way back to you." in answer["message"]
    assert refunds(owner_url) == [500]


async def test_the_card_quotes_the_rule_of_the_new_time(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    card = await proposed(mine, engine, studio, owner_url)
    rule = "Free until Thursday, March 5 at 12:00 pm; after that 50 % of the price."
    assert card.preview["policy"] == rule
    assert rule in card.preview["lines"]
    page = await mine.http.get(f"/b/{mine.token}/move/confirm?start={FRIDAY_NOON}")
    assert rule in page.text
    assert "March 3" not in page.text


async def test_a_change_is_audited_with_where_it_came_from(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    ours, *others = [await booked(mine.http, engine, studio, f"2026-03-05T{hour}:00-05:00") for hour in (10, 11)]
    chat = (await proposed(ours, engine, studio, owner_url)).conversation_id
    ledger.change(owner_url, "update bookings set conversation_id = %(chat)s", chat=chat)
    assert (await mine.move("2026-03-04T16:00")).status_code == 200
    assert (await mine.cancel()).status_code == 200
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        await by_staff.cancel_now(session, business, others[0].booking, "policy")
    found = ledger.rows(
        owner_url,
        "select actor, action, conversation_id, details->>'source' as source from audit_entries"
        " where action in ('moved', 'cancelled') order by created_at, id",
    )
    assert [tuple(each.values()) for each in found] == [
        ("customer", "moved", None, "LINK"),
        ("customer", "cancelled", None, "LINK"),
        ("staff", "cancelled", None, "API"),
    ]


async def test_a_change_in_a_chat_is_audited_with_that_chat(
    mine: Managed, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    card = await proposed(mine, engine, studio, owner_url)
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        await confirm(session, business, card.conversation_id, card.id, code=card.code)
    [entry] = ledger.rows(owner_url, "select * from audit_entries where action = 'moved'")
    assert (entry["actor"], entry["conversation_id"]) == ("customer", card.conversation_id)
    assert "source" not in entry["details"]

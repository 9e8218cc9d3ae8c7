"""Who is told what about a booking, with which links, and what the calendar makes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from icalendar import Calendar
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.bookings import notify
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit import clock
from handled.notifications.messages import (
    BookingConfirmed,
    Notification,
    PaymentAwaited,
    RatingRequest,
    from_json,
)
from handled.notifications.render import render
from handled.tables import Booking, MailRefusal
from handled.tenants import links
from tests.conftest import TenantHandle, at
from tests.faults import ledger

NOW = at("2026-03-02T14:00:00-05:00")


@dataclass(frozen=True)
class Desk:
    """The studio, and a booking of Kim Lee's for the day after."""

    engine: AsyncEngine
    owner_url: str
    business: Business
    booking: Booking

    def session(self) -> AbstractAsyncContextManager[AsyncSession]:
        return tenant_session(self.engine, self.business.id)

    def told(self) -> dict[str, Notification]:
        """What is queued, by kind."""
        query = "select kind, payload from notifications where status = 'queued'"
        return {each["kind"]: from_json(each["payload"]) for each in ledger.rows(self.owner_url, query)}

    def states(self) -> dict[str, str]:
        rows = ledger.rows(self.owner_url, "select kind, status from notifications")
        return {each["kind"]: each["status"] for each in rows}

    def charge(self, amount_minor: int) -> None:
        """Money that the gateway has confirmed."""
        payment, tenant = uuid4(), self.business.id
        ledger.change(
            self.owner_url,
            "insert into payments (tenant_id, id, booking_id, purpose, status, amount_minor, currency, created_at)"
            " values (%(tenant)s, %(payment)s, %(booking)s, 'booking', 'paid', %(amount)s, 'USD', now())",
            tenant=tenant, payment=payment, booking=self.booking.id, amount=amount_minor,
        )  # fmt: skip
        ledger.change(
            self.owner_url,
            "insert into ledger_entries (tenant_id, id, payment_id, booking_id, kind, amount_minor, currency,"
            " reference, created_at) values (%(tenant)s, %(id)s, %(payment)s, %(booking)s, 'charge', %(amount)s, 'USD',"
            " 'pi_1', now())",
            tenant=tenant, id=uuid4(), payment=payment, booking=self.booking.id, amount=amount_minor,
        )  # fmt: skip


@pytest.fixture
async def desk(engine: AsyncEngine, studio: TenantHandle, owner_url: str) -> AsyncIterator[Desk]:
    clock.start_at(NOW)
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
        haircut = business.services[0]
        booking = Booking(
            tenant_id=studio.id,
            id=uuid4(),
            code="BK-7F3K2Q",
            status="confirmed",
            source="CHATBOT",
            service_id=haircut.id,
            resource_id=haircut.resources[0].id,
            starts_at=at("2026-03-03T15:00:00-05:00"),
            ends_at=at("2026-03-03T15:45:00-05:00"),
            whole_day=False,
            customer_name="Kim Lee",
            customer_email="kim@example.com",
            price_minor=4500,
            currency="USD",
            payment_rule="none",
            policy=haircut.cancellation,
            sequence=0,
            due_minor=0,
            moves=0,
            confirmed_at=NOW,
        )
        session.add(booking)
    yield Desk(engine, owner_url, business, booking)


def mail_text(message: Notification) -> str:
    mail = render(message, uuid4(), from_address="desk@mail.example", mail_domain="mail.example")
    assert mail.reply_to_address == "owner@studio.example"
    return mail.text


def event(message: Notification) -> tuple[str, Any]:
    """The method of its calendar object and the appointment in it."""
    calendar = Calendar.from_ical(getattr(message, "invite").content)  # noqa: B009  not every kind has one
    [found] = calendar.walk("VEVENT")
    return str(calendar["method"]), found


async def test_a_booking_that_stands_is_told_to_both(desk: Desk) -> None:
    async with desk.session() as session:
        assert await notify.notify_confirmed(session, desk.business, desk.booking) == "queued"
    told = desk.told()
    assert set(told) == {"booking_confirmed", "new_booking"}
    assert "Source: Chat on your website" in mail_text(told["new_booking"])
    assert "Paid" not in mail_text(told["booking_confirmed"])
    assert event(told["booking_confirmed"])[0] == "REQUEST"
    assert event(told["new_booking"])[0] == "PUBLISH"


async def test_the_manage_link_is_signed_for_this_booking(desk: Desk) -> None:
    async with desk.session() as session:
        await notify.notify_confirmed(session, desk.business, desk.booking)
    message = desk.told()["booking_confirmed"]
    assert isinstance(message, BookingConfirmed)
    link = links.read((message.booking.manage_path or "").removeprefix("/b/"))
    assert link is not None and links.is_genuine(link, desk.business.link_key)
    assert (link.purpose, link.subject_id) == ("manage", desk.booking.id)
    assert f"http://127.0.0.1:8000{message.booking.manage_path}\n" in mail_text(message)


async def test_what_was_paid_and_what_is_left_is_in_the_confirmation(desk: Desk) -> None:
    desk.booking.payment_rule, desk.booking.due_minor = "deposit", 2000
    desk.charge(2000)
    async with desk.session() as session:
        await notify.notify_confirmed(session, desk.business, desk.booking)
    for message in desk.told().values():
        assert "Paid: $20.00" in mail_text(message)
        assert "Due on site: $25.00" in mail_text(message)


async def test_a_hold_tells_the_customer_alone_until_when_and_where_to_pay(desk: Desk) -> None:
    desk.booking.status, desk.booking.confirmed_at, desk.booking.due_minor = "pending_payment", None, 2000
    desk.booking.hold_expires_at = NOW + timedelta(minutes=32)
    async with desk.session() as session:
        await notify.notify_held(session, desk.business, desk.booking)
    [(kind, message)] = desk.told().items()
    assert (kind, getattr(message, "invite", None)) == ("payment_awaited", None)
    text = mail_text(message)
    assert "Held for you until 2:32 pm" in text and "2:32 pm (Eastern Time)" in text
    assert "To pay now: $20.00" in text and "Due on site: $25.00" in text
    assert isinstance(message, PaymentAwaited)
    link = links.read(message.pay_path.removeprefix("/pay/"))
    assert link is not None and (link.purpose, link.subject_id) == ("pay", desk.booking.id)


async def test_paid_at_last_the_unsent_request_for_money_is_withdrawn(desk: Desk) -> None:
    desk.booking.due_minor, desk.booking.hold_expires_at = 2000, NOW + timedelta(minutes=32)
    async with desk.session() as session:
        await notify.notify_held(session, desk.business, desk.booking)
        await notify.notify_confirmed(session, desk.business, desk.booking)
    assert desk.states() == {"payment_awaited": "withdrawn", "booking_confirmed": "queued", "new_booking": "queued"}


async def test_a_later_payment_is_told_alone(desk: Desk) -> None:
    desk.charge(4500)
    async with desk.session() as session:
        await notify.notify_paid(session, desk.business, desk.booking, 1500)
    [message] = desk.told().values()
    assert "We have received your payment of $15.00." in mail_text(message)
    assert "Due on site" not in mail_text(message)


async def test_moved_and_cancelled_it_stays_one_event_with_a_growing_number(desk: Desk) -> None:
    booking, events = desk.booking, list[tuple[str, Any]]()
    for step in ("confirmed", "moved", "cancelled"):
        async with desk.session() as session:
            if step == "confirmed":
                await notify.notify_confirmed(session, desk.business, booking)
            elif step == "moved":
                before, booking.starts_at = booking.starts_at, booking.starts_at + timedelta(days=1)
                booking.ends_at, booking.sequence, booking.changed_at = before + timedelta(days=1, minutes=45), 1, NOW
                await notify.notify_moved(session, desk.business, booking, before=before)
            else:
                booking.sequence, booking.cancelled_at = 2, NOW + timedelta(hours=1)
                await notify.notify_cancelled(
                    session, desk.business, booking, refund_minor=0, fee_minor=0, by="customer"
                )
        events.append(event(desk.told()[f"booking_{step}"]))
    assert [method for method, _ in events] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({str(each["uid"]) for _, each in events}) == 1
    assert [each["sequence"] for _, each in events] == [0, 1, 2]
    assert [each["status"] for _, each in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1][1]["dtstart"].dt == at("2026-03-04T15:00:00-05:00")
    assert events[1][1]["dtstamp"].dt == NOW
    assert events[2][1]["dtstamp"].dt == NOW + timedelta(hours=1)
    assert (event(desk.told()["cancellation_notice"])[1]["status"]) == "CANCELLED"
    assert event(desk.told()["move_notice"])[1]["sequence"] == 1


async def test_a_move_says_from_when_to_when_and_what_it_changes(desk: Desk) -> None:
    before = desk.booking.starts_at - timedelta(days=1)
    async with desk.session() as session:
        await notify.notify_moved(
            session, desk.business, desk.booking, before=before, by="staff", due_minor=1500, refund_minor=0
        )
    customer, business = mail_text(desk.told()["booking_moved"]), mail_text(desk.told()["move_notice"])
    for text in (customer, business):
        assert "(before: Monday, March 2, 2026, 3:00 pm – 3:45 pm)" in text
        assert "Tuesday, March 3, 2026\n3:00 pm – 3:45 pm (Eastern Time)" in text
        assert "Still to pay: $15.00" in text
    assert "Test Studio had to move it." in customer and "/pay/" in customer


async def test_what_waits_for_its_first_money_moves_without_an_invite(desk: Desk) -> None:
    desk.booking.status, desk.booking.confirmed_at, desk.booking.due_minor = "pending_payment", None, 2000
    desk.booking.hold_expires_at = NOW + timedelta(minutes=32)
    async with desk.session() as session:
        await notify.notify_moved(session, desk.business, desk.booking, before=NOW)
    assert list(desk.told()) == ["payment_awaited"]


@pytest.mark.parametrize("by", ["customer", "staff", "system"])
async def test_a_cancellation_names_refund_and_fee_to_both(desk: Desk, by: str) -> None:
    async with desk.session() as session:
        await notify.notify_cancelled(session, desk.business, desk.booking, refund_minor=2250, fee_minor=2250, by=by)
    for kind in ("booking_cancelled", "cancellation_notice"):
        assert "Refund: $22.50" in mail_text(desk.told()[kind])
        assert "Cancellation fee: $22.50" in mail_text(desk.told()[kind])
    assert ("as you asked" in mail_text(desk.told()["booking_cancelled"])) == (by == "customer")


async def test_a_cancelled_hold_was_in_no_calendar_and_the_business_never_heard_of_it(desk: Desk) -> None:
    desk.booking.confirmed_at = None
    async with desk.session() as session:
        await notify.notify_cancelled(session, desk.business, desk.booking, refund_minor=0, fee_minor=0, by="customer")
    [(kind, message)] = desk.told().items()
    assert (kind, getattr(message, "invite")) == ("booking_cancelled", None)  # noqa: B009


async def test_an_expired_hold_offers_to_look_again_and_withdraws_its_request_for_money(desk: Desk) -> None:
    desk.booking.due_minor, desk.booking.hold_expires_at = 2000, NOW + timedelta(minutes=32)
    async with desk.session() as session:
        await notify.notify_held(session, desk.business, desk.booking)
        await notify.notify_expired(session, desk.business, desk.booking)
    assert desk.states() == {"payment_awaited": "withdrawn", "booking_expired": "queued"}
    assert "Shall we look again?\nhttp://127.0.0.1:8000/c/studio\n" in mail_text(desk.told()["booking_expired"])


@pytest.mark.parametrize("change", ["cancelled", "moved"])
async def test_a_reminder_that_waits_goes_with_what_it_was_about(desk: Desk, change: str) -> None:
    async with desk.session() as session:
        await notify.notify_reminder(session, desk.business, desk.booking, 120)
        if change == "moved":
            await notify.notify_moved(session, desk.business, desk.booking, before=desk.booking.starts_at)
        else:
            await notify.notify_cancelled(
                session, desk.business, desk.booking, refund_minor=0, fee_minor=0, by="customer"
            )
    assert desk.states()["reminder"] == "withdrawn"
    assert desk.states()[f"booking_{change}"] == "queued"


async def test_each_reminder_goes_out_once_and_the_jobs_that_look_for_due_ones_know(desk: Desk) -> None:
    desk.booking.confirmed_at = NOW - timedelta(days=5)
    ledger.change(desk.owner_url, "update bookings set confirmed_at = confirmed_at - interval '5 days'")
    clock.start_at(at("2026-03-02T15:30:00-05:00"))
    assert due(desk) == [1440]
    async with desk.session() as session:
        assert await notify.notify_reminder(session, desk.business, desk.booking, 1440) == "queued"
        assert await notify.notify_reminder(session, desk.business, desk.booking, 1440) == "known"
    assert due(desk) == []
    clock.start_at(at("2026-03-03T13:30:00-05:00"))
    assert due(desk) == [120]


def due(desk: Desk) -> list[int]:
    query = "select minutes from due_reminders(%(now)s, 10)"
    return [each["minutes"] for each in ledger.rows(desk.owner_url, query, now=clock.now())]


async def test_a_rating_is_asked_for_once_and_never_of_somebody_who_refused(desk: Desk) -> None:
    async with desk.session() as session:
        assert await notify.notify_rating(session, desk.business, desk.booking) == "queued"
        assert await notify.notify_rating(session, desk.business, desk.booking) == "known"
        session.add(MailRefusal(tenant_id=desk.business.id, email="kim@example.com", kind="ratings"))
        await session.flush()
        desk.booking.id = uuid4()
        assert await notify.notify_rating(session, desk.business, desk.booking) == "withheld"
    message = desk.told()["rating_request"]
    assert isinstance(message, RatingRequest)
    for path, purpose in ((message.rate_path, "rate"), (message.refuse_path, "refuse")):
        link = links.read(path.rpartition("/")[2])
        assert link is not None and link.purpose == purpose and links.is_genuine(link, desk.business.link_key)


async def test_late_money_and_a_failed_refund_are_explained(desk: Desk) -> None:
    async with desk.session() as session:
        await notify.notify_late_refund(session, desk.business, desk.booking, refund_minor=2000)
        await notify.notify_refund_failed(session, desk.business, desk.booking, refund_minor=2000)
    assert "Refund: $20.00" in mail_text(desk.told()["late_payment_refunded"])
    assert "did not accept the $20.00" in mail_text(desk.told()["refund_failed"])


@pytest.mark.parametrize(("status", "stands"), [("confirmed", True), ("no_show", False), ("cancelled", False)])
async def test_of_money_given_back_it_is_said_what_becomes_of_the_booking(
    desk: Desk, status: str, stands: bool
) -> None:
    desk.booking.status = status
    async with desk.session() as session:
        await notify.notify_refund(session, desk.business, desk.booking, refund_minor=1000)
    mail = mail_text(desk.told()["refund_made"])
    assert "gives you $10.00 back." in mail and "Refund: $10.00" in mail
    assert ("stays as it is" in mail) is stands


async def test_a_payment_problem_is_told_to_the_business_once(desk: Desk) -> None:
    async with desk.session() as session:
        fates = [
            await notify.notify_problem(session, desk.business, desk.booking, "Please look.", reference="re_1")
            for _ in range(2)
        ]
    assert fates == ["queued", "known"]
    assert ledger.value(desk.owner_url, "select recipient from notifications") == "owner@studio.example"


async def test_a_code_is_mailed_with_its_minutes(desk: Desk) -> None:
    async with desk.session() as session:
        await notify.notify_code(
            session, desk.business, "kim@example.com", "482193", clock.now() + timedelta(minutes=10)
        )
    text = mail_text(desk.told()["one_time_code"])
    assert "One-time code: 482193\n(It works once, for 10 minutes.)" in text


async def test_a_therapists_mails_name_no_service(desk: Desk) -> None:
    discreet = replace(desk.business, pack="therapy")
    desk.booking.notes = "about my sleep"
    async with desk.session() as session:
        await notify.notify_confirmed(session, discreet, desk.booking)
        await notify.notify_reminder(session, discreet, desk.booking, 120)
        await notify.notify_moved(session, discreet, desk.booking, before=desk.booking.starts_at)
        await notify.notify_late_refund(session, discreet, desk.booking, refund_minor=100)
    rows = ledger.rows(desk.owner_url, "select payload from notifications")
    assert len(rows) == 6
    for each in rows:
        message = from_json(each["payload"])
        said = mail_text(message) + str(getattr(getattr(message, "invite", None), "content", ""))
        assert "Haircut" not in said and "sleep" not in said

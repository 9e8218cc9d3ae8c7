"""The business's own look at its bookings: found by many marks, page by page, and one with all that happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import codes
from handled.bookings.queries import VISIBLE
from handled.bookings.view import price_view
from handled.kit.cursors import read_cursor, write_cursor
from handled.payments import ledger
from handled.tables import AuditEntry, Booking, Payment, Refund

ON_CALENDAR = ("pending_payment", "confirmed", "completed", "no_show")
# No appointment lasts longer than its day; what began before midnight may last into the next.
_LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Marks:
    """What the bookings wanted have in common; None is no condition. Those that begin from `since` on and before
    `until`. Without `statuses`, all but holds and what ran out. `text` is looked for in codes, names and addresses."""

    since: datetime | None = None
    until: datetime | None = None
    statuses: Sequence[str] = ()
    resource_id: UUID | None = None
    email: str | None = None
    code: str | None = None
    service_id: UUID | None = None
    text: str | None = None


async def find_page(
    session: AsyncSession, tenant_id: UUID, marks: Marks, cursor: str | None, limit: int
) -> tuple[Sequence[Booking], str | None]:
    """Up to `limit` bookings by their start, after those of the page that gave `cursor`, and the cursor of the next
    page, None when there is none. Raises HandledError `malformed` for a cursor that is not ours."""
    statement = (
        select(Booking)
        .where(Booking.tenant_id == tenant_id, *_conditions(marks))
        .order_by(Booking.starts_at, Booking.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        statement = statement.where(tuple_(Booking.starts_at, Booking.id) > tuple_(*read_cursor(cursor)))
    found = (await session.scalars(statement)).all()
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], write_cursor(last.starts_at, last.id) if last else None


def _conditions(marks: Marks) -> list[Any]:
    conditions: list[Any] = [Booking.status.in_(marks.statuses or VISIBLE)]
    if marks.since is not None:
        conditions.append(Booking.starts_at >= marks.since)
    if marks.until is not None:
        conditions.append(Booking.starts_at < marks.until)
    if marks.resource_id is not None:
        conditions.append(
            or_(Booking.resource_id == marks.resource_id, Booking.part_resource_ids.any_() == marks.resource_id)
        )
    if marks.email is not None:
        conditions.append(Booking.customer_email == marks.email.strip().lower())
    if marks.code is not None:
        conditions.append(Booking.code == (codes.read_code(marks.code) or ""))
    if marks.service_id is not None:
        conditions.append(Booking.service_id == marks.service_id)
    if marks.text:
        conditions.append(_mentions(marks.text.replace("\0", "").strip()))
    return conditions


def _mentions(wanted: str) -> Any:
    named = (Booking.code, Booking.customer_name, Booking.customer_email, Booking.customer_phone)
    spelled = codes.read_code(wanted)
    return or_(
        *(each.icontains(wanted, autoescape=True) for each in named), *([Booking.code == spelled] if spelled else [])
    )


async def list_during(
    session: AsyncSession, tenant_id: UUID, since: datetime, until: datetime, resource_id: UUID | None = None
) -> Sequence[Booking]:
    """What a calendar shows between these moments, in order of time: what stands, waits for its money, or took place
    without its customer. What is on at `since` is among it."""
    marks = Marks(since=since - _LONGEST, until=until, statuses=ON_CALENDAR, resource_id=resource_id)
    statement = (
        select(Booking)
        .where(Booking.tenant_id == tenant_id, Booking.ends_at > since, *_conditions(marks))
        .order_by(Booking.starts_at, Booking.id)
    )
    return (await session.scalars(statement)).all()


async def history_view(session: AsyncSession, booking: Booking) -> dict[str, Any]:
    """In wire form: who did what to the booking, what was asked and paid for it, what went back."""
    audit = await session.scalars(_of(AuditEntry, booking))
    payments = await session.scalars(_of(Payment, booking))
    refunds = await session.scalars(_of(Refund, booking))
    return {
        "balance": price_view(await ledger.balance(session, booking.tenant_id, booking.id), booking.currency),
        "audit": [
            {"at": each.created_at, "actor": each.actor, "action": each.action, "details": each.details}
            for each in audit
        ],
        "payments": [
            {
                "paymentId": str(each.id),
                "purpose": each.purpose,
                "status": each.status,
                "amount": price_view(each.amount_minor, each.currency),
                "askedAt": each.created_at,
                "paidAt": each.paid_at,
            }
            for each in payments
        ],
        "refunds": [
            {
                "refundId": str(each.id),
                "paymentId": str(each.payment_id),
                "status": each.status,
                "amount": price_view(each.amount_minor, each.currency),
                "reason": each.reason,
                "queuedAt": each.created_at,
                "settledAt": each.settled_at,
            }
            for each in refunds
        ],
    }


def _of(table: Any, booking: Booking) -> Any:
    return (
        select(table)
        .where(table.tenant_id == booking.tenant_id, table.booking_id == booking.id)
        .order_by(table.created_at, table.id)
        .execution_options(populate_existing=True)
    )

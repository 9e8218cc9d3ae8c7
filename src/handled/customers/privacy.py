"""What is known of a customer, given to them or erased: everywhere, by the tags of `tables.personal`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.customers.mentions import blank_mentions
from handled.customers.subject import Subject, email_of, subject_of
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Base, Booking, Customer, Erasure
from handled.tables.personal import PERSONAL, Personal

# Looking for mentions goes through everything that was ever said to the business.
_PATIENCE = text("set local statement_timeout = '5min'")


async def find_customer(session: AsyncSession, tenant_id: UUID, email: str) -> Customer:
    """The customer with this address. Raises HandledError `not_found`."""
    by_email = select(Customer).where(Customer.tenant_id == tenant_id, text("lower(email) = :email"))
    customer = await session.scalar(by_email, {"email": email.replace("\0", "").strip().lower()})
    if customer is None:
        raise HandledError("not_found", "There is no customer with that address.", 404)
    return customer


async def export(session: AsyncSession, tenant_id: UUID, who: UUID | str) -> dict[str, Any]:
    """Everything that is known of a customer (an id, or an address: also of somebody who only wrote), as JSON:
    `{"email", "exported_at", "tables": {table: [row]}}`. Raises HandledError `not_found`."""
    subject = await _subject(session, tenant_id, who)
    tables = {
        name: await _rows(session, subject, Base.metadata.tables[name], personal) for name, personal in PERSONAL.items()
    }
    if not any(tables.values()):
        raise HandledError("not_found", "Nothing is known here of that address.", 404)
    return {
        "email": subject.email,
        "exported_at": clock.now(),
        "tables": {name: rows for name, rows in tables.items() if rows},
    }


async def erase(
    session: AsyncSession, tenant_id: UUID, who: UUID | str, *, by: str, force: bool = False
) -> dict[str, Any]:
    """Erase a customer (an id, or an address) everywhere, in the caller's transaction. Bookings and money stay, without
    a word of whom they were for. Returns `{"erased_at", "counts": {table: rows}}`, which is kept as well.

    Raises HandledError `not_found`; `upcoming_bookings` (409) while an appointment is to come, unless with `force`: it
    stays then, and nobody can be told of it any more; `payment_under_way` (409) while one waits for its money.
    """
    subject = await _subject(session, tenant_id, who)
    await _nothing_is_to_come(session, subject, force=force)
    counts = {
        name: await apply(session, Base.metadata.tables[name], personal, personal.found, subject.known(), tenant_id)
        for name, personal in PERSONAL.items()
    }
    if not any(counts.values()):
        raise HandledError("not_found", "Nothing is known here of that address.", 404)
    for name, count in (await blank_mentions(session, subject)).items():
        counts[name] += count
    counts = {name: count for name, count in counts.items() if count}
    now = clock.now()
    session.add(
        Erasure(
            tenant_id=tenant_id,
            id=ids.new_id(),
            subject_hash=subject.subject_hash,
            erased_by=by,
            counts=counts,
            created_at=now,
        )
    )
    await session.flush()
    session.expire_all()  # what was loaded before says what is no longer there
    return {"erased_at": now, "counts": counts}


async def apply(
    session: AsyncSession,
    table: Table,
    personal: Personal,
    condition: str,
    known: dict[str, Any],
    tenant_id: UUID,
    *,
    is_old: bool = False,
) -> int:
    """Erase the personal columns of the rows for which `condition` holds, or the rows. Returns how many."""
    values: dict[str, Any] = {
        name: text(sql) for name, sql in {**personal.columns, **personal.beside}.items() if sql is not None
    }
    where = (table.c.tenant_id == tenant_id, text(condition))
    if personal.goes_when_old if is_old else personal.goes:
        return _count(await session.execute(delete(table).where(*where), known))
    if not values:
        return 0
    return _count(await session.execute(update(table).where(*where).values(values), known))


def _count(result: Any) -> int:
    return result.rowcount


async def _subject(session: AsyncSession, tenant_id: UUID, who: UUID | str) -> Subject:
    email = who if isinstance(who, str) else await email_of(session, tenant_id, who)
    if not email.strip() or "\0" in email:
        raise HandledError("not_found", "Nothing is known here of that address.", 404)
    await session.execute(_PATIENCE)
    return await subject_of(session, tenant_id, email)


async def _rows(session: AsyncSession, subject: Subject, table: Table, personal: Personal) -> list[dict[str, Any]]:
    shown = [column for column in table.columns if column.name not in personal.hidden]
    statement = select(*shown).where(table.c.tenant_id == subject.tenant_id, text(personal.found))
    return [dict(row) for row in (await session.execute(statement, subject.known())).mappings()]


async def _nothing_is_to_come(session: AsyncSession, subject: Subject, *, force: bool) -> None:
    statement = select(Booking.code, Booking.status).where(
        Booking.tenant_id == subject.tenant_id,
        Booking.id.in_(subject.bookings),
        Booking.status.in_(("pending_payment", "confirmed")),
        Booking.ends_at > clock.now(),
    )
    coming = (await session.execute(statement.order_by(Booking.starts_at).with_for_update())).all()
    codes = ", ".join(each.code for each in coming)
    if any(each.status == "pending_payment" for each in coming):
        message = f"A payment is under way ({codes}). Cancel the booking, or try again when it is paid or has run out."
        raise HandledError("payment_under_way", message, 409)
    if coming and not force:
        message = f"There are appointments to come ({codes}). Cancel them first, or erase with force: they stay then."
        raise HandledError("upcoming_bookings", message, 409)

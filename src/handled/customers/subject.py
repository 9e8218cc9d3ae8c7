"""Whose data are meant: a person is an email address, and what can be found by it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from handled.customers import attempts
from handled.kit.errors import HandledError
from handled.tables import Booking, Customer, Tenant

# A conversation is theirs when they proved the address there, booked with it, left it, or typed it; unless it is
# somebody else's as well, who proved another address or booked with one. Then `shared`.
_CONVERSATIONS = text("""
select c.id, (c.verified_email is null or lower(c.verified_email) = :email) and not exists (
    select from bookings b where b.tenant_id = c.tenant_id and b.conversation_id = c.id
      and lower(b.customer_email) <> :email and b.status <> 'expired') as is_theirs
from conversations c
where c.tenant_id = :tenant and (lower(c.verified_email) = :email
  or c.id in (select b.conversation_id from bookings b where b.tenant_id = :tenant and lower(b.customer_email) = :email)
  or c.id in (select e.conversation_id from escalations e where e.tenant_id = :tenant
    and lower(e.customer_email) = :email)
  or c.id in (select m.conversation_id from messages m where m.tenant_id = :tenant and m.role = 'customer'
    and lower(m.content) like '%' || cast(:pattern as text) || '%'))
""")
_ESCALATIONS = text("""
select id from escalations where tenant_id = :tenant
  and (conversation_id = any(cast(:conversations as uuid[])) or lower(customer_email) = :email)
""")
_CHECKOUTS = text("""
select id from sandbox_checkouts where tenant_id = :tenant
  and cast("order" -> 'metadata' ->> 'booking_id' as uuid) = any(cast(:bookings as uuid[]))
""")


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, as far as one business knows them. `email` is lower case; `names` and `phones` are those that they
    gave. `shared` conversations are other people's too. `subject_hash` is what the ledger of erasures keeps."""

    tenant_id: UUID
    email: str
    subject_hash: bytes
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    customers: tuple[UUID, ...] = ()
    bookings: tuple[UUID, ...] = ()
    conversations: tuple[UUID, ...] = ()
    shared: tuple[UUID, ...] = ()
    escalations: tuple[UUID, ...] = ()
    checkouts: tuple[UUID, ...] = ()
    subjects: tuple[bytes, ...] = ()

    def known(self) -> dict[str, Any]:
        """The values that the conditions of `tables.personal` ask for."""
        ids = ("customers", "bookings", "conversations", "escalations", "checkouts", "subjects")
        return {"email": self.email, "pattern": _like(self.email), **{name: list(getattr(self, name)) for name in ids}}

    def known_of_shared(self) -> dict[str, Any]:
        """The same for the conversations that are other people's too, and nothing else."""
        return Subject(self.tenant_id, self.email, b"", conversations=self.shared).known()


def in_conversations(tenant_id: UUID, conversations: list[UUID]) -> dict[str, Any]:
    """The values for what belongs to these conversations, whoever had them."""
    nobody = Subject(tenant_id, "", b"", conversations=tuple(conversations))
    return nobody.known() | {"email": None, "pattern": None}


async def email_of(session: AsyncSession, tenant_id: UUID, customer_id: UUID) -> str:
    """The address of a customer. Raises HandledError `not_found`."""
    customer = await session.get(Customer, (tenant_id, customer_id))
    if customer is None:
        raise HandledError("not_found", "There is no such customer.", 404)
    return customer.email


async def subject_of(session: AsyncSession, tenant_id: UUID, email: str) -> Subject:
    """Everything by which the person with this address can be found."""
    address = email.strip().lower()
    tenant = await session.get_one(Tenant, tenant_id)
    hashes = [attempts.subject_hash(tenant.link_key, kind, address) for kind in ("email", "mailbox")]
    found = Subject(tenant_id, address, erased_hash(tenant.link_key, address), subjects=tuple(hashes))
    found = await _with_people(session, found)
    values = {"tenant": tenant_id, **found.known()}
    talks = (await session.execute(_CONVERSATIONS, values)).all()
    found = replace(
        found,
        conversations=tuple(each.id for each in talks if each.is_theirs),
        shared=tuple(each.id for each in talks if not each.is_theirs),
    )
    values = {"tenant": tenant_id, **found.known()}
    return replace(
        found,
        escalations=tuple((await session.scalars(_ESCALATIONS, values)).all()),
        checkouts=tuple((await session.scalars(_CHECKOUTS, values)).all()),
    )


def erased_hash(link_key: bytes, email: str) -> bytes:
    """What the ledger of erasures knows an address by."""
    return hmac.digest(link_key, f"erased:{email.strip().lower()}".encode(), "sha256")


async def _with_people(session: AsyncSession, found: Subject) -> Subject:
    same = "lower({}) = :email"
    customers = select(Customer).where(Customer.tenant_id == found.tenant_id, text(same.format("email")))
    bookings = select(Booking).where(Booking.tenant_id == found.tenant_id, text(same.format("customer_email")))
    people = (await session.scalars(customers, {"email": found.email})).all()
    booked = (await session.scalars(bookings, {"email": found.email})).all()
    return replace(
        found,
        names=frozenset({each.name for each in people} | {each.customer_name for each in booked}),
        phones=frozenset(phone for phone in (*(p.phone for p in people), *(b.customer_phone for b in booked)) if phone),
        customers=tuple(each.id for each in people),
        bookings=tuple(each.id for each in booked),
    )


def _like(written: str) -> str:
    return written.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

"""What a customer asked us to remember, in their words. Only for somebody who has proven their address."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids, text
from handled.kit.errors import HandledError
from handled.tables import Customer, CustomerPreference

MAX_PREFERENCES = 20
MAX_CHARS = 200


async def find_customer(session: AsyncSession, tenant_id: UUID, email: str) -> Customer | None:
    """The customer with this address, for this transaction alone to change what is remembered of them."""
    statement = select(Customer).where(Customer.tenant_id == tenant_id, Customer.email == email)
    return (await session.scalars(statement.with_for_update())).one_or_none()


async def list_remembered(session: AsyncSession, tenant_id: UUID, email: str) -> list[str]:
    """Oldest first."""
    statement = (
        select(CustomerPreference.text)
        .join(
            Customer,
            (Customer.tenant_id == CustomerPreference.tenant_id) & (Customer.id == CustomerPreference.customer_id),
        )
        .where(CustomerPreference.tenant_id == tenant_id, Customer.email == email)
        .order_by(CustomerPreference.created_at, CustomerPreference.id)
    )
    return list((await session.scalars(statement)).all())


async def remember(session: AsyncSession, tenant_id: UUID, email: str, said: str) -> str:
    """Keep it; what is kept already stays as it is. Returns it as it is kept.

    Raises HandledError `not_kept` when it is empty or longer than 200 characters, when there are 20 already, and for
    an address that is nobody's here.
    """
    kept = _cleaned(said)
    customer = await find_customer(session, tenant_id, email)
    if customer is None:
        raise HandledError("not_kept", "There is nobody here yet to remember that of.")
    known = await list_remembered(session, tenant_id, email)
    if kept not in known and len(known) >= MAX_PREFERENCES:
        raise HandledError(
            "not_kept", f"{MAX_PREFERENCES} things are remembered already; one has to be forgotten first."
        )
    row = {"tenant_id": tenant_id, "id": ids.new_id(), "customer_id": customer.id, "text": kept}
    added = insert(CustomerPreference).values(**row, created_at=clock.now())
    await session.execute(added.on_conflict_do_nothing(index_elements=["tenant_id", "customer_id", "text"]))
    return kept


async def forget(session: AsyncSession, tenant_id: UUID, email: str, said: str | None) -> list[str]:
    """Erase what they mean by `said`, or everything. Returns what is gone."""
    customer = await find_customer(session, tenant_id, email)
    if customer is None:
        return []
    known = await list_remembered(session, tenant_id, email)
    gone = known if not (said or "").strip() else [each for each in known if _is_meant(each, said or "")]
    statement = delete(CustomerPreference).where(
        CustomerPreference.tenant_id == tenant_id,
        CustomerPreference.customer_id == customer.id,
        CustomerPreference.text.in_(gone),
    )
    await session.execute(statement)
    return gone


def _cleaned(said: str) -> str:
    try:
        return text.clean_name(said, MAX_CHARS)
    except HandledError:
        raise HandledError(
            "not_kept", f"What is remembered is one readable line of at most {MAX_CHARS} characters."
        ) from None


def _is_meant(kept: str, said: str) -> bool:
    one, other = _plain(kept), _plain(said)
    return bool(other) and (one in other or other in one)


def _plain(said: str) -> str:
    return "".join(each for each in said.casefold() if each.isalnum())

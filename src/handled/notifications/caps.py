"""Nobody can be bombed: what an address that nobody has verified may get in a day, counted in PostgreSQL.

An address is verified at a business when a conversation there has proven to read it, with a one-time code
(`conversations.verified_email`). A link from a mail proves nothing here: the chat shows the same links to whoever
typed the address. Verification ends with the conversation that holds it.

Mail to a verified address, and to the business's own, is free. All else counts, whatever it is about and whichever
business of the installation writes: at most three in 24 hours to one mailbox. Reminders, rating requests and "no
longer held" leave the last of the three for what the customer would miss more: a change, or a code to sign in with.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock
from handled.tables import Conversation, Tenant

DAILY_TO_UNVERIFIED = 3
DAY = timedelta(days=1)
_CAN_WAIT = frozenset(("reminder", "rating_request", "conversation_rating", "booking_expired"))
_DOTLESS = frozenset(("gmail.com", "googlemail.com"))


async def cap_key(session: AsyncSession, tenant_id: UUID, address: str) -> str | None:
    """What mail to `address` counts against; None when it is free."""
    own = exists().where(Tenant.id == tenant_id, Tenant.contact_email == address)
    verified = exists().where(
        Conversation.tenant_id == tenant_id, Conversation.verified_email.in_((address, address.lower()))
    )
    is_free = (await session.execute(select(or_(own, verified)))).scalar_one()
    return None if is_free else mailbox_key(address)


async def is_over(session: AsyncSession, key: str, kind: str) -> bool:
    """Whether a mail of this kind would be one too many today. Until the transaction ends, nobody else counts
    mails to that mailbox."""
    counted = await session.execute(select(func.mails_towards_cap(key, clock.now() - DAY)))
    return counted.scalar_one() >= (DAILY_TO_UNVERIFIED - 1 if kind in _CAN_WAIT else DAILY_TO_UNVERIFIED)


def mailbox_key(address: str) -> str:
    """One spelling for all addresses that end up in the same mailbox: `Anna+salon@Example.com` is
    `anna@example.com`."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"

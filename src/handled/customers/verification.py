"""One-time codes: the customer proves that they read an address by typing six digits that were sent there."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import Conversation, Customer, OneTimeCode

LIFETIME = timedelta(minutes=10)
SENDS, TRIES = 3, 3
# A conversation is somebody's browser: what was proven in it yesterday is proven no more.
PROOF_HOLDS = timedelta(hours=12)

_DIGITS = re.compile(r"\D")


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code for whoever reads `email`. Only to somebody who `is_known` here is it sent."""

    email: str
    digits: str
    expires_at: datetime
    is_known: bool


async def issue(
    session: AsyncSession, tenant_id: UUID, link_key: bytes, conversation_id: UUID, email: str
) -> IssuedCode:
    """Make a code for the address, whether or not somebody with it is known here: nobody is to be told the difference.
    Raises HandledError `too_many_codes` after three in a conversation and hour."""
    conversation = select(Conversation.id).where(
        Conversation.tenant_id == tenant_id, Conversation.id == conversation_id
    )
    await session.execute(conversation.with_for_update())
    recent = select(func.count()).where(
        OneTimeCode.tenant_id == tenant_id,
        OneTimeCode.conversation_id == conversation_id,
        OneTimeCode.created_at > clock.now() - timedelta(hours=1),
    )
    if (await session.execute(recent)).scalar_one() >= SENDS:
        message = "Three codes have been sent already. Please wait an hour, or contact us directly."
        raise HandledError("too_many_codes", message, 429, retryAfter=3600)
    address, digits = email.strip().lower(), f"{secrets.randbelow(1_000_000):06}"
    code_id, expires_at = ids.new_id(), clock.now() + LIFETIME
    session.add(
        OneTimeCode(
            tenant_id=tenant_id,
            id=code_id,
            conversation_id=conversation_id,
            email=address,
            code_hash=_hash(link_key, code_id, digits),
            expires_at=expires_at,
            tries=0,
            created_at=clock.now(),
        )
    )
    await session.flush()
    known = select(Customer.id).where(Customer.tenant_id == tenant_id, Customer.email == address)
    is_known = (await session.execute(known)).scalar_one_or_none() is not None
    return IssuedCode(address, digits, expires_at, is_known)


async def check(
    session: AsyncSession, tenant_id: UUID, link_key: bytes, conversation_id: UUID, typed: str
) -> str | None:
    """The address that the digits prove, or None whatever was wrong. Three tries, once, ten minutes.

    The caller commits either way: a wrong try counts.
    """
    newest = (
        select(OneTimeCode)
        .where(OneTimeCode.tenant_id == tenant_id, OneTimeCode.conversation_id == conversation_id)
        .order_by(OneTimeCode.created_at.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    issued = (await session.execute(newest)).scalar_one_or_none()
    if issued is None or issued.used_at or issued.tries >= TRIES or issued.expires_at <= clock.now():
        return None
    if not hmac.compare_digest(issued.code_hash, _hash(link_key, issued.id, _DIGITS.sub("", typed))):
        issued.tries += 1
        await session.flush()
        return None
    issued.used_at = clock.now()
    await session.flush()
    await prove(session, tenant_id, conversation_id, issued.email)
    return issued.email


async def prove(session: AsyncSession, tenant_id: UUID, conversation_id: UUID, email: str) -> None:
    """Write down that the customer in this conversation reads the address."""
    await session.execute(
        update(Conversation)
        .where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        .values(verified_email=email, verified_at=clock.now())
    )


async def proven_email(session: AsyncSession, tenant_id: UUID, conversation_id: UUID) -> str | None:
    """The address that was proven in this conversation, while the proof holds."""
    statement = select(Conversation.verified_email).where(
        Conversation.tenant_id == tenant_id,
        Conversation.id == conversation_id,
        Conversation.verified_at > clock.now() - PROOF_HOLDS,
    )
    return (await session.execute(statement)).scalar_one_or_none()


def _hash(link_key: bytes, code_id: UUID, digits: str) -> bytes:
    return hmac.digest(link_key, code_id.bytes + digits.encode(), "sha256")

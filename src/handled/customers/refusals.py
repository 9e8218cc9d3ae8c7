"""Mail that somebody does not want from a business: today rating requests alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock
from handled.tables import MailRefusal

_RATINGS = "ratings"


async def refuse_ratings(session: AsyncSession, tenant_id: UUID, email: str) -> None:
    """No more rating requests to this address. Again: nothing more happens."""
    values = {"tenant_id": tenant_id, "email": email.lower(), "kind": _RATINGS, "created_at": clock.now()}
    await session.execute(insert(MailRefusal).values(**values).on_conflict_do_nothing())


async def has_refused(session: AsyncSession, tenant_id: UUID, email: str) -> bool:
    """Whether this address wants no rating requests from the business."""
    refused = exists().where(
        MailRefusal.tenant_id == tenant_id,
        MailRefusal.email.in_((email, email.lower())),
        MailRefusal.kind == _RATINGS,
    )
    return (await session.execute(select(refused))).scalar_one()

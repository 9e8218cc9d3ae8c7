"""Signed links from mails: what a genuine one opens, and the one answer to all others."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tables import Booking
from handled.tenants import links
from handled.tenants.links import Link, Purpose
from handled.web.deps import Desk


def read_link(token: str, purpose: Purpose) -> Link:
    """What the token says, before anybody has checked it. Raises the one `not_found`."""
    link = links.read(token)
    if link is None or link.purpose != purpose:
        raise not_found()
    return link


async def linked(session: AsyncSession, link: Link) -> tuple[Business, Booking]:
    """The booking that a genuine link is about. Raises the one `not_found`."""
    try:
        business = await business_of(session, link.tenant_id)
    except HandledError:
        raise not_found() from None
    booking = await session.get(Booking, (link.tenant_id, link.subject_id))
    if not links.is_genuine(link, business.link_key) or booking is None or booking.status == "held":
        raise not_found()
    return business, booking


@asynccontextmanager
async def following(
    desk: Desk, client: str, token: str, purpose: Purpose
) -> AsyncGenerator[tuple[AsyncSession, Business, Booking]]:
    """One transaction of whoever has the link, with what it is about."""
    await desk.limiter.hit("lookup", client)
    link = read_link(token, purpose)
    async with tenant_session(desk.engine, link.tenant_id) as session:
        business, booking = await linked(session, link)
        await desk.limiter.hit("tenant", str(link.tenant_id))
        yield session, business, booking

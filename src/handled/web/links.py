"""Signed links from mails: what a genuine one opens, and the one answer to all others."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tables import Booking, Conversation
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
    business, subject = await _subject_of(session, link)
    if not isinstance(subject, Booking):
        raise not_found()
    return business, subject


async def _subject_of(session: AsyncSession, link: Link) -> tuple[Business, Booking | Conversation]:
    business = await _signed_by(session, link)
    key = (link.tenant_id, link.subject_id)
    subject = await session.get(Booking, key) or await session.get(Conversation, key)
    is_held = isinstance(subject, Booking) and subject.status == "held"
    if subject is None or is_held:
        raise not_found()
    return business, subject


async def _signed_by(session: AsyncSession, link: Link) -> Business:
    """The business whose link it is. Raises the one `not_found` when it has not signed it."""
    try:
        business = await business_of(session, link.tenant_id)
    except HandledError:
        raise not_found() from None
    if not links.is_genuine(link, business.link_key):
        raise not_found()
    return business


@asynccontextmanager
async def following(
    desk: Desk, client: str, token: str, purpose: Purpose
) -> AsyncGenerator[tuple[AsyncSession, Business, Booking]]:
    """One transaction of whoever has the link, with the booking that it is about."""
    async with following_about(desk, client, token, purpose) as (session, business, subject):
        if not isinstance(subject, Booking):
            raise not_found()
        yield session, business, subject


@asynccontextmanager
async def signed_by(
    desk: Desk, client: str, token: str, purpose: Purpose
) -> AsyncGenerator[tuple[AsyncSession, Business, UUID]]:
    """One transaction of whoever has a genuine link, with the id of what it is about."""
    await desk.limiter.hit("lookup", client)
    link = read_link(token, purpose)
    async with tenant_session(desk.engine, link.tenant_id) as session:
        business = await _signed_by(session, link)
        await desk.limiter.hit("tenant", str(link.tenant_id))
        yield session, business, link.subject_id


@asynccontextmanager
async def following_about(
    desk: Desk, client: str, token: str, purpose: Purpose
) -> AsyncGenerator[tuple[AsyncSession, Business, Booking | Conversation]]:
    """As `following`, for what may be about a booking or about a conversation."""
    await desk.limiter.hit("lookup", client)
    link = read_link(token, purpose)
    async with tenant_session(desk.engine, link.tenant_id) as session:
        business, subject = await _subject_of(session, link)
        await desk.limiter.hit("tenant", str(link.tenant_id))
        yield session, business, subject

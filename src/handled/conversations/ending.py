"""When a conversation is over: settled, left by the customer, or silent for half an hour. Then they are asked how it
was: once on their page, and once by mail where we know that they read it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import and_, exists, or_, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.load import business_of
from handled.conversations import feed
from handled.customers import refusals
from handled.db.session import lookup_session, tenant_session
from handled.kit import clock
from handled.notifications import jobs
from handled.notifications.messages import ConversationRating
from handled.tables import Booking, Conversation, Message, Rating
from handled.tenants import links

By = Literal["resolved", "left", "silence"]

SILENCE = timedelta(minutes=30)
# Nobody is asked about something that was over long before we noticed: the worker had stood still.
FORGOTTEN = timedelta(days=1)

_BATCH = 200
_SILENT = text("select * from silent_conversations(:before, :limit)")


async def end(
    session: AsyncSession,
    tenant_id: UUID,
    conversation_id: UUID,
    by: By,
    *,
    heard: int | None = None,
    silent_since: datetime | None = None,
) -> bool:
    """End the conversation and ask how it was. False when it was over before, or somebody goes on with it: when its
    customer has said something after the position `heard`, or anybody after `silent_since`."""
    statement = (
        select(Conversation)
        .where(Conversation.tenant_id == tenant_id, Conversation.id == conversation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    conversation = (await session.execute(statement)).scalar_one_or_none()
    if conversation is None or conversation.ended_at is not None:
        return False
    if silent_since is not None and conversation.last_activity_at > silent_since:
        return False
    if heard is not None and await _has_said(session, conversation, heard):
        return False
    conversation.ended_at, conversation.ended_by = clock.now(), by
    is_forgotten = by == "silence" and conversation.last_activity_at <= clock.now() - FORGOTTEN
    if not is_forgotten and await _is_to_be_asked(session, conversation):
        conversation.rating_asked_at = conversation.ended_at
        await feed.append(session, tenant_id, conversation_id, {"type": "rating", "ask": True})
        await _ask_by_mail(session, conversation)
    await session.flush()
    return True


def is_asked(conversation: Conversation) -> bool:
    """Whether its present end has asked for a rating."""
    asked, ended = conversation.rating_asked_at, conversation.ended_at
    return asked is not None and ended is not None and asked >= ended


async def is_rated(
    session: AsyncSession, tenant_id: UUID, conversation_id: UUID | None, booking_id: UUID | None = None
) -> bool:
    """Whether a customer has said already how it was."""
    rated = exists().where(
        Rating.tenant_id == tenant_id,
        or_(
            and_(Rating.conversation_id.is_not(None), Rating.conversation_id == conversation_id),
            and_(Rating.booking_id.is_not(None), Rating.booking_id == booking_id),
        ),
    )
    return (await session.execute(select(rated))).scalar_one()


async def end_silent(engine: AsyncEngine) -> int:
    """End the conversations in which nobody says anything any more. Returns how many."""
    before, ended = clock.now() - SILENCE, 0
    async with lookup_session(engine) as session:
        silent = (await session.execute(_SILENT, {"before": before, "limit": _BATCH})).all()
    for row in silent:
        async with tenant_session(engine, row.tenant_id) as session:
            ended += await end(session, row.tenant_id, row.conversation_id, "silence", silent_since=before)
    return ended


async def _has_said(session: AsyncSession, conversation: Conversation, after: int = 0) -> bool:
    said = exists().where(
        Message.tenant_id == conversation.tenant_id,
        Message.conversation_id == conversation.id,
        Message.position > after,
        Message.role == "customer",
    )
    return (await session.execute(select(said))).scalar_one()


async def _is_to_be_asked(session: AsyncSession, conversation: Conversation) -> bool:
    """Who has only opened the chat, and who has rated it before, is not."""
    return await _has_said(session, conversation) and not await is_rated(
        session, conversation.tenant_id, conversation.id
    )


async def _ask_by_mail(session: AsyncSession, conversation: Conversation) -> None:
    """One mail about a conversation. Where it led to an appointment that is still to come, that one's mail asks."""
    business = await business_of(session, conversation.tenant_id)
    email = conversation.verified_email
    if email is None or not business.rating_mail or await refusals.has_refused(session, business.id, email):
        return
    coming = exists().where(
        Booking.tenant_id == business.id,
        Booking.conversation_id == conversation.id,
        Booking.status.in_(("pending_payment", "confirmed")),
    )
    if (await session.execute(select(coming))).scalar_one():
        return
    message = ConversationRating(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
        customer_email=email,
        rate_path=f"/rate/{links.sign(business.link_key, business.id, conversation.id, 'rate')}",
        refuse_path=f"/refuse/{links.sign(business.link_key, business.id, conversation.id, 'refuse')}",
    )
    await jobs.queue(session, business.id, message, once_key=rating_key(conversation.id))


def rating_key(subject_id: UUID) -> str:
    """What a request for a rating is queued under: one for a conversation, or for a booking made without one."""
    return f"rating:{subject_id}"

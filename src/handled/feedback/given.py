"""What customers say of the agent and of a conversation: one thumb for a message, one rating for a conversation.

Each can be given again and replaces what was there. The database keeps them one, whoever comes first.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import exists, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import ending
from handled.conversations.messages import not_found
from handled.kit import clock, ids
from handled.tables import Booking, Conversation, Message, Rating, Thumb

Vote = Literal["THUMBS_UP", "THUMBS_DOWN"]


async def put_thumb(
    session: AsyncSession,
    tenant_id: UUID,
    conversation_id: UUID,
    message_id: UUID,
    vote: Vote,
    comment: str | None = None,
) -> UUID:
    """Store what the customer thinks of a message, and answer the id of that. A `comment` of None leaves the one
    before, an empty one takes it away. Raises `not_found` for what is no message of the agent's in this
    conversation."""
    values = (literal(each) for each in (tenant_id, ids.new_id(), conversation_id, message_id, vote == "THUMBS_UP"))
    message = select(*values, literal(comment or None), literal(clock.now()), literal(clock.now())).where(
        exists().where(
            Message.tenant_id == tenant_id,
            Message.id == message_id,
            Message.conversation_id == conversation_id,
            Message.role == "agent",
        )
    )
    columns = ["tenant_id", "id", "conversation_id", "message_id", "is_up", "comment", "created_at", "updated_at"]
    added = insert(Thumb).from_select(columns, message)
    return await _upsert(session, Thumb, added, "message_id", "is_up", comment)


async def put_rating(
    session: AsyncSession, tenant_id: UUID, conversation_id: UUID, rating: int, comment: str | None = None
) -> UUID:
    """Store how the customer liked the conversation, 1 to 5, and answer the id of that; the `comment` as in
    `put_thumb`."""
    added = _rating(tenant_id, rating, comment, conversation_id=conversation_id)
    return await _upsert(session, Rating, added, "conversation_id", "rating", comment)


async def put_rating_of_booking(
    session: AsyncSession, booking: Booking, rating: int, comment: str | None = None
) -> UUID:
    """As `put_rating` for the conversation that the booking was made in; for the booking itself where there is none,
    or none any more."""
    conversation_id = await _conversation_of(session, booking)
    if conversation_id is not None:
        return await put_rating(session, booking.tenant_id, conversation_id, rating, comment)
    added = _rating(booking.tenant_id, rating, comment, booking_id=booking.id)
    return await _upsert(session, Rating, added, "booking_id", "rating", comment)


async def rating_of(session: AsyncSession, tenant_id: UUID, subject: Booking | Conversation) -> Rating | None:
    """What its customer has said so far."""
    conversation_id = subject.id if isinstance(subject, Conversation) else await _conversation_of(session, subject)
    whose = Rating.booking_id == subject.id if conversation_id is None else Rating.conversation_id == conversation_id
    statement = select(Rating).where(Rating.tenant_id == tenant_id, whose)
    return (await session.execute(statement)).scalar_one_or_none()


async def view_of(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    """The wire object: the conversation's rating, the thumbs by message id, and whether a rating is asked for."""
    rating = await rating_of(session, conversation.tenant_id, conversation)
    thumbs = await session.execute(
        select(Thumb.message_id, Thumb.is_up).where(
            Thumb.tenant_id == conversation.tenant_id, Thumb.conversation_id == conversation.id
        )
    )
    return {
        "rating": {"rating": rating.rating, "comment": rating.comment} if rating else None,
        "thumbs": {str(each.message_id): "THUMBS_UP" if each.is_up else "THUMBS_DOWN" for each in thumbs},
        "ask": rating is None and ending.is_asked(conversation),
    }


def _rating(
    tenant_id: UUID,
    rating: int,
    comment: str | None,
    *,
    conversation_id: UUID | None = None,
    booking_id: UUID | None = None,
) -> Insert:
    return insert(Rating).values(
        tenant_id=tenant_id,
        id=ids.new_id(),
        conversation_id=conversation_id,
        booking_id=booking_id,
        rating=rating,
        comment=comment or None,
        created_at=clock.now(),
        updated_at=clock.now(),
    )


async def _upsert(
    session: AsyncSession,
    table: type[Thumb] | type[Rating],
    added: Insert,
    subject: str,
    opinion: str,
    comment: str | None,
) -> UUID:
    """One row for each `subject`; the `opinion` there is replaced."""
    replaced = (opinion, "updated_at") if comment is None else (opinion, "comment", "updated_at")
    statement = added.on_conflict_do_update(
        index_elements=["tenant_id", subject], set_={each: added.excluded[each] for each in replaced}
    )
    stored = (await session.execute(statement.returning(table.id))).scalar_one_or_none()
    if stored is None:
        raise not_found()
    return stored


async def _conversation_of(session: AsyncSession, booking: Booking) -> UUID | None:
    if booking.conversation_id is None:
        return None
    statement = select(Conversation.id).where(
        Conversation.tenant_id == booking.tenant_id, Conversation.id == booking.conversation_id
    )
    return (await session.execute(statement)).scalar_one_or_none()

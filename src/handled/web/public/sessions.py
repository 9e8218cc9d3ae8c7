"""Opening a conversation, coming back to it, and its live feed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import queries
from handled.bookings.view import linked_view
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.conversations import feed, greeting, messages, turns
from handled.customers import attempts
from handled.feedback import given
from handled.proposals import lifecycle as proposals
from handled.proposals.view import proposal_view
from handled.tables import Conversation
from handled.web import sse
from handled.web.deps import CallerDep
from handled.web.public import event_schemas, schemas
from handled.web.public.described import errors, stream_of

router = APIRouter(tags=["conversation"])


@router.post("/chat/session", status_code=201, response_model=schemas.SessionOut, responses=errors())
async def start_session(asked: schemas.StartSession, caller: CallerDep) -> dict[str, Any]:
    """Open a conversation. The answer's token is the only proof that it is yours."""
    await caller.desk.limiter.hit("chat", "start", caller.client)
    async with caller.session() as session:
        business = await business_of(session, caller.tenant_id)
        conversation, token = await messages.start(
            session,
            caller.tenant_id,
            locale=asked.locale or business.locale,
            timezone=asked.timezone,
            page=asked.page,
            client=attempts.client_hash(business.link_key, caller.client),
        )
        text, choices = greeting.compose(business)
        message = await messages.add(
            session,
            caller.tenant_id,
            conversation.id,
            role="agent",
            content=text,
            shown={"choices": choices},
        )
    return {
        "sessionId": str(conversation.id),
        "sessionToken": token,
        "business": business_view(business),
        "message": messages.message_view_event(message)["message"],
        "choices": choices,
    }


@router.get("/chat/session/{session_id}", response_model=schemas.Snapshot, responses=errors())
async def get_snapshot(session_id: UUID, caller: CallerDep) -> dict[str, Any]:
    """The conversation as it stands. Feed events after `lastEventId` bring it up to date."""
    async with caller.session() as session:
        conversation = await caller.conversation(session, session_id)
        await feed.note_seen(session, caller.tenant_id, conversation.id, conversation.last_event)
        return await snapshot(session, conversation)


async def snapshot(session: AsyncSession, conversation: Conversation) -> dict[str, Any]:
    tenant_id, conversation_id = conversation.tenant_id, conversation.id
    business = await business_of(session, tenant_id)
    said = await messages.list_messages(session, tenant_id, conversation_id)
    pending = await proposals.find_pending(session, tenant_id, conversation_id)
    turn = await turns.running_in(session, tenant_id, conversation_id)
    made = await queries.list_made_in(session, tenant_id, conversation_id)
    return {
        "sessionId": str(conversation_id),
        "business": business_view(business),
        "messages": [messages.message_view_event(each)["message"] for each in said if each.content],
        "proposal": proposal_view(pending) if pending else None,
        "turn": {"turnId": str(turn.id), "messageId": str(turn.reply_id), "status": turn.status} if turn else None,
        "handledBy": conversation.handled_by,
        "staffName": conversation.staff_name,
        "bookings": [linked_view(business, each) for each in made],
        "ended": conversation.ended_at is not None,
        "feedback": await given.view_of(session, conversation),
        "lastEventId": conversation.last_event,
    }


def business_view(business: Business) -> dict[str, Any]:
    return {
        "name": business.name,
        "timezone": business.timezone,
        "locale": business.locale,
        "branding": {
            "color": business.branding.get("color"),
            "logoUrl": business.branding.get("logo_url"),
            "greeting": business.branding.get("greeting"),
        },
    }


@router.get(
    "/chat/session/{session_id}/events",
    responses={**errors(), **stream_of(event_schemas.FEED_EVENTS, "The live feed of the whole conversation")},
    status_code=200,
    response_class=sse.EventStream,
)
async def follow_session(
    session_id: UUID,
    caller: CallerDep,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
) -> sse.EventStream:
    """Everything in the conversation after `Last-Event-ID`, then live."""
    async with caller.session() as session:
        await caller.conversation(session, session_id)
    return sse.EventStream(caller.desk.feeds.follow(caller.tenant_id, session_id, sse.last_event_id(last_event_id)))

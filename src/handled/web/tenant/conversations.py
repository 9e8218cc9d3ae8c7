"""The business's conversations: read, taken over, answered, handed back."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import queries
from handled.bookings.view import booking_view
from handled.catalog.business import Business
from handled.conversations import handoff, inbox, messages
from handled.conversations.inbox import Line
from handled.escalations import desk, view
from handled.tenants.acting import Acting, acting_as
from handled.web.tenant import people as wire
from handled.web.tenant.deps import Act, StaffDep, WritingDep, refusals

router = APIRouter(tags=["business"])


@router.get("/conversations", response_model=wire.ConversationPage, responses=refusals())
async def list_conversations(
    staff: StaffDep,
    handled_by: Annotated[Literal["agent", "staff"] | None, Query(alias="handledBy")] = None,
    status: Literal["open", "ended"] | None = None,
    waiting: bool | None = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Conversations, those that began last first. `waiting`: the customer waits for a person. `q` is looked for in what
    was said, and in names, addresses and booking codes."""
    marks = inbox.Marks(handled_by, status, waiting, q)
    async with staff.session() as (session, business):
        lines, following = await inbox.list_conversations(session, business.id, marks, cursor, limit)
        seen = [await _line_view(session, each) for each in lines]
    return {"conversations": seen, "nextCursor": following}


@router.get("/conversations/{conversation_id}", response_model=wire.ConversationFile, responses=refusals())
async def get_conversation(conversation_id: UUID, staff: StaffDep) -> dict[str, Any]:
    """One conversation, with everything said in it, the bookings made in it, and every time a person was asked for."""
    async with staff.session() as (session, business):
        return await _file(session, business, conversation_id)


@router.post("/conversations/{conversation_id}/takeover", response_model=wire.ConversationFile, responses=refusals(409))
async def take_over(conversation_id: UUID, writing: WritingDep, asked: wire.ByStaff | None = None) -> JSONResponse:
    """Answer the customer yourself: the assistant falls silent at once, even in the middle of a sentence. Without
    `staff` (an email address) it is done in the business's name. 409 `already_taken`, with the name, when somebody else
    was faster."""

    async def change(session: AsyncSession, business: Business, who: Acting) -> None:
        await desk.take_over(session, business.id, conversation_id, who)

    act = _acting(conversation_id, asked, change)
    return await writing.once(["takeover", str(conversation_id), asked and asked.staff], act)


@router.post(
    "/conversations/{conversation_id}/messages",
    status_code=201,
    response_model=wire.ConversationFile,
    responses=refusals(409),
)
async def say(conversation_id: UUID, asked: wire.StaffMessage, writing: WritingDep) -> JSONResponse:
    """Say something to the customer, having taken over. They read it in the chat; if no page of theirs has got it
    within two minutes, by mail."""

    async def change(session: AsyncSession, business: Business, who: Acting) -> None:
        await handoff.say(session, business.id, conversation_id, who, asked.message)

    act = _acting(conversation_id, asked, change)
    return await writing.once(["say", str(conversation_id), asked.staff, asked.message], act, 201)


@router.post("/conversations/{conversation_id}/handback", response_model=wire.ConversationFile, responses=refusals(409))
async def hand_back(conversation_id: UUID, writing: WritingDep, asked: wire.ByStaff | None = None) -> JSONResponse:
    """Let the assistant answer again. It knows what was said meanwhile."""

    async def change(session: AsyncSession, business: Business, who: Acting) -> None:
        await handoff.hand_back(session, business.id, conversation_id, who)

    act = _acting(conversation_id, asked, change)
    return await writing.once(["handback", str(conversation_id), asked and asked.staff], act)


def _acting(conversation_id: UUID, asked: wire.ByStaff | None, change: wire.Change) -> Act:
    async def act(session: AsyncSession, business: Business) -> dict[str, Any]:
        who = await acting_as(session, business.id, business.name, asked.staff if asked else None)
        await change(session, business, who)
        file = await _file(session, business, conversation_id)
        return wire.ConversationFile.model_validate(file).model_dump(mode="json", by_alias=True)

    return act


async def _file(session: AsyncSession, business: Business, conversation_id: UUID) -> dict[str, Any]:
    line = await inbox.find_conversation(session, business.id, conversation_id)
    if line is None:
        raise messages.not_found()
    said = await messages.list_messages(session, business.id, conversation_id)
    made = await queries.list_made_in(session, business.id, conversation_id)
    asked, _ = await view.list_escalations(session, business.id, view.Marks(conversation_id=conversation_id))
    return {
        **await _line_view(session, line),
        "messages": [messages.message_view_event(each)["message"] for each in said if each.content],
        "bookings": [booking_view(business, each) for each in made],
        "escalations": [await view.view_of(session, each) for each in asked],
    }


async def _line_view(session: AsyncSession, line: Line) -> dict[str, Any]:
    conversation = line.conversation
    return {
        "conversationId": str(conversation.id),
        "channel": conversation.channel,
        "handledBy": conversation.handled_by,
        "staffName": conversation.staff_name,
        "takenOverAt": conversation.taken_over_at,
        "startedAt": conversation.created_at,
        "lastActivityAt": conversation.last_activity_at,
        "endedAt": conversation.ended_at,
        "waiting": line.waiting,
        "customer": {"name": line.customer_name, "email": line.customer_email, "isVerified": _is_verified(line)},
        "lastMessage": None
        if line.last is None
        else {"role": line.last.role, "content": line.last.content[:200], "at": line.last.created_at},
        "escalation": await view.view_of(session, line.escalation) if line.escalation else None,
    }


def _is_verified(line: Line) -> bool:
    return line.conversation.verified_email is not None

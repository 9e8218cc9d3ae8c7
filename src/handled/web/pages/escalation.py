"""The link in the mail about a customer who wants a person: read the conversation and answer in it, without a login.

Opening the page changes nothing: mail scanners open links too. Everything works without scripts; with them, what is
said meanwhile appears by itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import queries
from handled.catalog.business import Business
from handled.conversations import handoff, messages
from handled.escalations import desk as people
from handled.escalations import lifecycle, notices
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_date, spoken_time
from handled.tables import Conversation, Escalation, Message, StaffMember
from handled.tenants.acting import Acting, list_active
from handled.web.deps import ClientDep, Desk, DeskDep, check_same_site
from handled.web.links import signed_by
from handled.web.pages.rendering import linked_page

router = APIRouter(include_in_schema=False, prefix="/escalation")

_STATES = {"PENDING": "Nobody has seen to it yet", "ACKNOWLEDGED": "Somebody sees to it", "RESOLVED": "Resolved"}

Act = Callable[[AsyncSession, Business, Escalation, Acting], Awaitable[None]]
# An empty one is the business itself.
As = Annotated[str, Query(alias="as", max_length=40)]
AsField = Annotated[str, Form(alias="as", max_length=40)]


@router.get("/{token}")
async def escalation_page(token: str, desk: DeskDep, client: ClientDep, chosen: As = "") -> HTMLResponse:
    async with _following(desk, client, token) as (session, business, escalation):
        return await _show(session, business, escalation, token, chosen)


@router.get("/{token}/messages")
async def messages_since(
    token: str, desk: DeskDep, client: ClientDep, after: Annotated[int, Query(ge=0)] = 0
) -> JSONResponse:
    """What was said after that position, and how things stand."""
    async with _following(desk, client, token) as (session, business, escalation):
        said = await messages.list_messages(session, business.id, escalation.conversation_id)
        conversation = await session.get_one(Conversation, (business.id, escalation.conversation_id))
        body = {
            "messages": [each for each in _spoken(business, said) if each["position"] > after],
            "state": _state(conversation, escalation),
        }
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


@router.post("/{token}/acknowledge")
async def acknowledge(token: str, request: Request, desk: DeskDep, client: ClientDep, chosen: AsField = "") -> Response:
    async def act(session: AsyncSession, _: Business, escalation: Escalation, who: Acting) -> None:
        await lifecycle.acknowledge(session, escalation, who.id)

    return await _do(request, desk, client, token, chosen, act)


@router.post("/{token}/takeover")
async def take_over(token: str, request: Request, desk: DeskDep, client: ClientDep, chosen: AsField = "") -> Response:
    async def act(session: AsyncSession, business: Business, escalation: Escalation, who: Acting) -> None:
        await people.take_over(session, business.id, escalation.conversation_id, who)

    return await _do(request, desk, client, token, chosen, act)


@router.post("/{token}/reply")
async def reply(
    token: str,
    request: Request,
    desk: DeskDep,
    client: ClientDep,
    chosen: AsField = "",
    message: str = Form("", max_length=60_000),
) -> Response:
    async def act(session: AsyncSession, business: Business, escalation: Escalation, who: Acting) -> None:
        await handoff.say(session, business.id, escalation.conversation_id, who, message)

    return await _do(request, desk, client, token, chosen, act, written=message)


@router.post("/{token}/handback")
async def hand_back(token: str, request: Request, desk: DeskDep, client: ClientDep, chosen: AsField = "") -> Response:
    async def act(session: AsyncSession, business: Business, escalation: Escalation, who: Acting) -> None:
        await handoff.hand_back(session, business.id, escalation.conversation_id, who)

    return await _do(request, desk, client, token, chosen, act)


@router.post("/{token}/resolve")
async def resolve(token: str, request: Request, desk: DeskDep, client: ClientDep, chosen: AsField = "") -> Response:
    async def act(session: AsyncSession, _: Business, escalation: Escalation, __: Acting) -> None:
        await lifecycle.resolve(session, escalation)

    return await _do(request, desk, client, token, chosen, act)


async def _do(
    request: Request, desk: Desk, client: str, token: str, chosen: str, act: Act, *, written: str = ""
) -> Response:
    """Do it and show the page again, or show it with what was wrong and what had been written."""
    await check_same_site(request, desk)
    try:
        async with _following(desk, client, token) as (session, business, escalation):
            who = _acting(business, await list_active(session, business.id), chosen)
            locked = await lifecycle.get(session, business.id, escalation.id)
            await act(session, business, locked, who)
    except HandledError as problem:
        if problem.status in (404, 429):
            raise
        async with _following(desk, client, token) as (session, business, escalation):
            return await _show(session, business, escalation, token, chosen, problem=problem, written=written)
    as_whom = f"?as={who.id}" if who.id else ""
    return RedirectResponse(f"/escalation/{token}{as_whom}#end", 303, {"Cache-Control": "no-store"})


@asynccontextmanager
async def _following(desk: Desk, client: str, token: str) -> AsyncGenerator[tuple[AsyncSession, Business, Escalation]]:
    async with signed_by(desk, client, token, "escalation") as (session, business, escalation_id):
        escalation = await session.get(Escalation, (business.id, escalation_id), populate_existing=True)
        if escalation is None:
            raise messages.not_found()
        yield session, business, escalation


def _acting(business: Business, staff: Sequence[StaffMember], chosen: str) -> Acting:
    """Who acts: one of the staff, by id, or the business itself."""
    member = next((each for each in staff if str(each.id) == chosen), None)
    return Acting(member.id, member.name) if member else Acting(None, business.name)


async def _show(
    session: AsyncSession,
    business: Business,
    escalation: Escalation,
    token: str,
    chosen: str,
    *,
    problem: HandledError | None = None,
    written: str = "",
) -> HTMLResponse:
    conversation = await session.get_one(
        Conversation, (business.id, escalation.conversation_id), populate_existing=True
    )
    staff = await list_active(session, business.id)
    said = await messages.list_messages(session, business.id, conversation.id)
    made = await queries.list_made_in(session, business.id, conversation.id)
    who = _acting(business, staff, chosen)
    assignee = next((each.name for each in staff if each.id == escalation.assigned_to), None)
    return linked_page(
        "escalation.html",
        status=problem.status if problem else 200,
        business=business,
        accent=business.branding.get("color") or "#2f5d50",
        here=f"/escalation/{token}",
        problem=problem,
        escalation=escalation,
        title=notices.who(escalation),
        cause=notices.CAUSES[escalation.cause],
        state=_state(conversation, escalation),
        state_text=_STATES[escalation.status],
        assignee=assignee,
        reasons=[each["reason"] for each in escalation.reasons if each["reason"] != lifecycle.NO_REASON],
        tried=list(notices.tried(said)),
        bookings=[notices.booking_line(business, each) for each in made],
        said=_spoken(business, said),
        asked_at=_moment(business, escalation.created_at),
        staff=staff,
        who=who,
        holder=conversation.staff_name,
        holder_id=conversation.staff_member_id,
        is_holder=_is_holder(conversation, who),
        written=written,
    )


def _is_holder(conversation: Conversation, who: Acting) -> bool:
    same_person: bool = conversation.staff_member_id == who.id
    return conversation.handled_by == "staff" and same_person


def _state(conversation: Conversation, escalation: Escalation) -> str:
    """Changes when somebody else has done something that the page shows."""
    holder: UUID | str = conversation.staff_member_id or "business" if conversation.handled_by == "staff" else "agent"
    return f"{escalation.status}-{escalation.priority}-{holder}-{len(escalation.reasons)}"


def _spoken(business: Business, said: Sequence[Message]) -> list[dict[str, Any]]:
    return [
        {
            "position": each.position,
            "role": each.role,
            "who": notices.speaker(business, each),
            "content": each.content,
            "at": _moment(business, each.created_at),
        }
        for each in said
        if each.content
    ]


def _moment(business: Business, at: Any) -> str:
    local, now = at.astimezone(business.zone), clock.now().astimezone(business.zone)
    time = spoken_time(local.time(), business.locale)
    return time if local.date() == now.date() else f"{spoken_date(local.date(), now.date(), business.locale)}, {time}"

"""What somebody at the business does with a conversation: take it over, answer, hand it back, see to an escalation."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import handoff
from handled.escalations import desk, lifecycle
from handled.escalations.lifecycle import Priority
from handled.kit.errors import HandledError
from handled.kit.text import MAX_MESSAGE_CHARS
from handled.tables import Escalation
from handled.tenants.acting import Acting, list_active
from handled.web.dashboard import inbox_one as one
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.inbox import HOME, Asked, AskedDep, page
from handled.web.dashboard.inbox_words import PRIORITIES
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute, is_partial
from handled.web.dashboard.saved_replies import list_saved

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_SETTLED = HandledError("settled", "That was settled meanwhile. Here it is as it now stands.", 409)

Act = Callable[[AsyncSession, UUID, Acting], Awaitable[None]]


@router.post("/{conversation_id}/takeover")
async def take_over(conversation_id: str, member: MemberDep, request: Request, asked: AskedDep) -> Response:
    async def act(session: AsyncSession, known: UUID, who: Acting) -> None:
        await desk.take_over(session, member.tenant_id, known, who)
        member.record(session, "conversation.take_over", str(known))

    return await _do(request, member, asked, conversation_id, act)


@router.post("/{conversation_id}/reply")
async def reply(
    conversation_id: str,
    member: MemberDep,
    request: Request,
    asked: AskedDep,
    message: str = Form("", max_length=60_000),
    take: bool = Form(False),
) -> Response:
    """Say it to the customer; with `take`, take the conversation over first."""

    async def act(session: AsyncSession, known: UUID, who: Acting) -> None:
        if take:
            await desk.take_over(session, member.tenant_id, known, who)
            member.record(session, "conversation.take_over", str(known))
        await handoff.say(session, member.tenant_id, known, who, message)
        member.record(session, "conversation.reply", str(known))

    if not is_partial(request):
        return await _do(request, member, asked, conversation_id, act, written=message)
    known, problem = one.known_id(conversation_id), None
    try:
        await _act(member, known, act)
    except HandledError as error:
        if error.status not in (409, 422):
            raise
        problem = error
    async with member.session() as session:
        talk = await one.find(session, member, known)
        values = await one.standing(session, member, talk)
        saved = await list_saved(session, member.tenant_id)
    return show(
        request,
        "inbox_composer.html",
        status=problem.status if problem else 200,
        problem=problem and one.stale_words(problem),
        written=message if problem else "",
        saved=saved,
        here_query=asked.query(),
        max_content=MAX_MESSAGE_CHARS,
        **values,
    )


@router.post("/{conversation_id}/handback")
async def hand_back(conversation_id: str, member: MemberDep, request: Request, asked: AskedDep) -> Response:
    async def act(session: AsyncSession, known: UUID, who: Acting) -> None:
        await handoff.hand_back(session, member.tenant_id, known, who)
        member.record(session, "conversation.hand_back", str(known))

    return await _do(request, member, asked, conversation_id, act)


@router.post("/{conversation_id}/acknowledge")
async def acknowledge(conversation_id: str, member: MemberDep, request: Request, asked: AskedDep) -> Response:
    async def act(session: AsyncSession, known: UUID, who: Acting) -> None:
        escalation = await _open(session, member, known)
        await lifecycle.acknowledge(session, escalation, who.id)
        member.record(session, "escalation.acknowledge", str(escalation.id))

    return await _do(request, member, asked, conversation_id, act)


@router.post("/{conversation_id}/resolve")
async def resolve(conversation_id: str, member: MemberDep, request: Request, asked: AskedDep) -> Response:
    """It is settled. A conversation that this person holds goes back to the assistant with it: else nobody would
    answer the customer's next message."""

    async def act(session: AsyncSession, known: UUID, who: Acting) -> None:
        talk = await one.find(session, member, known)
        if talk.holder == "me":
            await handoff.hand_back(session, member.tenant_id, known, who)
        escalation = await _open(session, member, known)
        await lifecycle.resolve(session, escalation)
        member.record(session, "escalation.resolve", str(escalation.id))

    return await _do(request, member, asked, conversation_id, act)


@router.post("/{conversation_id}/escalation")
async def change_escalation(
    conversation_id: str,
    member: MemberDep,
    request: Request,
    asked: AskedDep,
    priority: str = Form("", max_length=40),
    assignee: str = Form("", max_length=40),
) -> Response:
    """How urgent it is, and who sees to it: nobody, when `assignee` is empty."""

    async def act(session: AsyncSession, known: UUID, _: Acting) -> None:
        escalation = await _open(session, member, known)
        if priority not in PRIORITIES:
            raise HandledError("invalid", "Say how urgent it is.", 422)
        staff = {str(each.id): each.id for each in await list_active(session, member.tenant_id)}
        # Who has left meanwhile keeps what is theirs until somebody else is named.
        if assignee and assignee not in staff and assignee != str(escalation.assigned_to):
            raise HandledError("invalid", "Nobody of that name works here any more. Choose somebody else.", 422)
        if assignee != str(escalation.assigned_to or ""):
            await lifecycle.assign(session, escalation, staff.get(assignee))
        await lifecycle.prioritise(session, escalation, cast("Priority", priority))
        details = {"priority": priority, "assigned_to": assignee or None}
        member.record(session, "escalation.change", str(escalation.id), details)

    return await _do(request, member, asked, conversation_id, act)


async def _open(session: AsyncSession, member: Member, conversation_id: UUID) -> Escalation:
    """The open escalation, locked. Raises HandledError `settled` (409) when there is none any more."""
    found = await lifecycle.find_open(session, member.tenant_id, conversation_id)
    if found is None:
        raise _SETTLED
    locked = await lifecycle.get(session, member.tenant_id, found.id)
    if locked.status not in lifecycle.OPEN:
        raise _SETTLED
    return locked


async def _act(member: Member, conversation_id: UUID, act: Act) -> None:
    async with member.session() as session:
        await one.find(session, member, conversation_id)
        await act(session, conversation_id, Acting(member.who.id, member.who.name))


async def _do(
    request: Request, member: Member, asked: Asked, conversation_id: str, act: Act, *, written: str = ""
) -> Response:
    """Do it and show the conversation again, or show it with what was wrong and what had been written."""
    known = one.known_id(conversation_id)
    try:
        await _act(member, known, act)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        return await page(request, member, asked, known, problem=problem, written=written)
    return RedirectResponse(f"{HOME}/{known}{asked.query()}#end", 303, {"Cache-Control": "no-store"})

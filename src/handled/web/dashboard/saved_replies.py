"""What staff say again and again: kept once, put into an answer with one click."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations.messages import not_found
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.kit.text import MAX_MESSAGE_CHARS, clean_message, clean_name
from handled.tables import SavedReply
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

HOME = "/dashboard/inbox/replies"
router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_MAX_TITLE = 80
_MOST = 100
_DONE = {"added": "Saved.", "changed": "Saved.", "removed": "Removed."}


async def list_saved(session: AsyncSession, tenant_id: UUID) -> Sequence[SavedReply]:
    """By title."""
    statement = select(SavedReply).where(SavedReply.tenant_id == tenant_id).order_by(SavedReply.title, SavedReply.id)
    return (await session.scalars(statement)).all()


@router.get("")
async def replies_page(member: MemberDep, request: Request, done: str = "") -> HTMLResponse:
    return await _page(request, member, done=_DONE.get(done))


@router.post("")
async def add(
    member: MemberDep,
    request: Request,
    title: str = Form("", max_length=60_000),
    content: str = Form("", max_length=60_000),
) -> Response:
    try:
        cleaned = _cleaned(title, content)
        async with member.session() as session:
            if len(await list_saved(session, member.tenant_id)) >= _MOST:
                raise _wrong("title", f"There are {_MOST} already. Remove one that nobody needs first.")
            reply = SavedReply(
                tenant_id=member.tenant_id,
                id=ids.new_id(),
                title=cleaned[0],
                content=cleaned[1],
                created_at=clock.now(),
            )
            session.add(reply)
            member.record(session, "saved_reply.add", reply.title)
    except HandledError as problem:
        return await _page(request, member, problem=problem, at="new", typed=(title, content))
    return _back("added")


@router.post("/{reply_id}")
async def change(
    reply_id: UUID,
    member: MemberDep,
    request: Request,
    title: str = Form("", max_length=60_000),
    content: str = Form("", max_length=60_000),
) -> Response:
    async with member.session() as session:
        await _find(session, member, reply_id)
    try:
        cleaned = _cleaned(title, content)
        async with member.session() as session:
            reply = await _find(session, member, reply_id)
            reply.title, reply.content = cleaned
            member.record(session, "saved_reply.change", reply.title)
    except HandledError as problem:
        return await _page(request, member, problem=problem, at=str(reply_id), typed=(title, content))
    return _back("changed")


@router.post("/{reply_id}/remove")
async def remove(reply_id: UUID, member: MemberDep) -> Response:
    """Again: nothing more happens."""
    async with member.session() as session:
        removed = await session.execute(
            delete(SavedReply)
            .where(SavedReply.tenant_id == member.tenant_id, SavedReply.id == reply_id)
            .returning(SavedReply.title)
        )
        title = removed.scalar_one_or_none()
        if title is not None:
            member.record(session, "saved_reply.remove", title)
    return _back("removed")


async def _find(session: AsyncSession, member: Member, reply_id: UUID) -> SavedReply:
    found = await session.get(SavedReply, (member.tenant_id, reply_id))
    if found is None:
        raise not_found()
    return found


async def _page(
    request: Request,
    member: Member,
    *,
    problem: HandledError | None = None,
    at: str = "",
    typed: tuple[str, str] = ("", ""),
    done: str | None = None,
) -> HTMLResponse:
    async with member.session() as session:
        saved = await list_saved(session, member.tenant_id)
    status = problem.status if problem else 200
    values = {"saved": saved, "problem": problem, "at": at, "typed": typed, "done": done}
    return show(request, "inbox_replies.html", status=status, here="inbox", max_content=MAX_MESSAGE_CHARS, **values)


def _cleaned(title: str, content: str) -> tuple[str, str]:
    """Raises HandledError `invalid` with what is wrong with which field."""
    try:
        name = clean_name(title, _MAX_TITLE)
    except HandledError as problem:
        message = "Give it a title to find it by." if not title.strip() else problem.message
        raise _wrong("title", message) from None
    try:
        return name, clean_message(content)
    except HandledError as problem:
        raise _wrong("content", problem.message) from None


def _wrong(field: str, message: str) -> HandledError:
    return HandledError("invalid", message, 422, fields={field: message})


def _back(done: str) -> Response:
    return RedirectResponse(f"{HOME}?done={done}", 303, {"Cache-Control": "no-store"})

"""The inbox: the business's conversations as a list, and one of them beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations import inbox, messages
from handled.conversations.inbox import Marks
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.text import MAX_MESSAGE_CHARS
from handled.web.dashboard import inbox_one as one
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.inbox_words import PRIORITIES
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.saved_replies import list_saved

HOME = "/dashboard/inbox"
router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_PAGE = 30
_FILTERS = {"waiting": "Waiting", "mine": "Mine", "open": "Open", "ended": "Ended", "all": "All"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which conversations the list shows, as the address has it; what cannot be understood is no condition. `show` is
    empty where the address does not say (`_settled`)."""

    show: str
    text: str
    cursor: str | None

    def marks(self, member: Member) -> Marks:
        text = self.text or None
        match self.show:
            case "waiting":
                return Marks(is_escalated=True, text=text)
            case "mine":
                return Marks(of=member.who.id, text=text)
            case "open" | "ended" as status:
                return Marks(status=status, has_begun=True, text=text)
            case _:
                return Marks(has_begun=True, text=text)

    def query(self, **more: str | None) -> str:
        values = {"show": self.show, "q": self.text, **more}
        found = urlencode({name: value for name, value in values.items() if value})
        return f"?{found}" if found else ""


async def get_asked(request: Request) -> Asked:
    values = request.query_params
    shown, text = values.get("show", ""), values.get("q", "").replace("\0", "").strip()[:200]
    return Asked(shown if shown in _FILTERS else "", text, values.get("cursor"))


AskedDep = Annotated[Asked, Depends(get_asked)]


@router.get("")
async def inbox_page(member: MemberDep, request: Request, asked: AskedDep) -> HTMLResponse:
    async with member.session() as session:
        asked = await _settled(session, member, asked)
        listed = await _listed(session, member, asked, None)
    return show(request, "inbox.html", here="inbox", talk=None, **listed)


@router.get("/list")
async def list_part(member: MemberDep, request: Request, asked: AskedDep, seen: str = "", open: str = "") -> Response:
    """The list alone; nothing (204) when it is still as it was `seen`."""
    try:
        chosen = UUID(open)
    except ValueError:
        chosen = None
    async with member.session() as session:
        listed = await _listed(session, member, await _settled(session, member, asked), chosen)
    if listed["version"] == seen:
        return Response(status_code=204)
    return show(request, "inbox_list.html", **listed)


@router.get("/{conversation_id}")
async def conversation_page(
    conversation_id: str, member: MemberDep, request: Request, asked: AskedDep, insert: str = "", all: str = ""
) -> HTMLResponse:
    return await page(request, member, asked, one.known_id(conversation_id), insert=insert, whole=bool(all))


async def page(
    request: Request,
    member: Member,
    asked: Asked,
    conversation_id: UUID,
    *,
    problem: HandledError | None = None,
    written: str = "",
    insert: str = "",
    whole: bool = False,
) -> HTMLResponse:
    """The list and the conversation. After a `problem` what was `written` is still there."""
    async with member.session() as session:
        talk = await one.find(session, member, conversation_id)
        asked = await _settled(session, member, asked)
        # Before the messages: what comes in between is left out by its position.
        after = talk.line.conversation.last_event
        said = await messages.list_messages(session, member.tenant_id, conversation_id)
        shown = said if whole else said[-one.SHOWN :]
        seen = max((each.position for each in said), default=0)
        await inbox.mark_read(session, member.tenant_id, conversation_id, seen)
        values: dict[str, Any] = {
            **await _listed(session, member, asked, conversation_id),
            **await one.standing(session, member, talk),
            "customer": await one.customer(session, member, talk),
            "entries": await one.transcript(session, member, shown, conversation_id),
            "left_out": len(said) - len(shown),
            "saved": await list_saved(session, member.tenant_id),
        }
    chosen = next((each.content for each in values["saved"] if str(each.id) == insert), "")
    return show(
        request,
        "inbox.html",
        status=problem.status if problem else 200,
        here="inbox",
        live_path=_live_path(asked, talk, after, seen),
        problem=problem and one.stale_words(problem),
        written=written or chosen,
        max_content=MAX_MESSAGE_CHARS,
        **values,
    )


def _live_path(asked: Asked, talk: one.Talk, after: int, seen: int) -> str:
    query = asked.query(after=str(after), seen=str(seen), holder=talk.holder)
    return f"{HOME}/{talk.line.conversation.id}/events{query}"


async def _settled(session: AsyncSession, member: Member, asked: Asked) -> Asked:
    """Where the address does not say: those that wait for a person if there are any, else the open ones. A search
    looks in the open ones."""
    if asked.show:
        return asked
    waits = not asked.text and await inbox.count_escalated(session, member.tenant_id) > 0
    return replace(asked, show="waiting" if waits else "open")


async def _listed(session: AsyncSession, member: Member, asked: Asked, chosen: UUID | None) -> dict[str, Any]:
    """What the list shows. `version` names what it says, so that nothing is sent twice."""
    waiting = await inbox.count_escalated(session, member.tenant_id)
    look = (session, member.tenant_id, asked.marks(member))
    try:
        lines, following = await inbox.list_conversations(*look, asked.cursor, _PAGE, "activity")
    except HandledError:
        lines, following = await inbox.list_conversations(*look, None, _PAGE, "activity")
    # How long ago something was is said in minutes.
    stamps = [int(clock.now().timestamp()) // 60, *(_stamp(each) for each in lines)]
    return {
        "lines": lines,
        "chosen": chosen,
        "asked": asked,
        "filters": [
            (name, label, f"{HOME}{Asked(name, asked.text, None).query()}") for name, label in _FILTERS.items()
        ],
        "waiting": waiting,
        "priorities": PRIORITIES,
        "here_query": asked.query(),
        "next_path": f"{HOME}{asked.query(cursor=following)}" if following else None,
        "version": sha256(repr((waiting, stamps, following)).encode()).hexdigest()[:16],
        "poll_query": asked.query(open=str(chosen) if chosen else None),
    }


def _stamp(line: inbox.Line) -> tuple[Any, ...]:
    talk, escalation = line.conversation, line.escalation
    urgency = escalation and (escalation.status, escalation.priority, escalation.assigned_to)
    said = line.last and line.last.id
    return (talk.id, said, line.is_unread, talk.staff_name, talk.ended_at, urgency, line.customer_name)

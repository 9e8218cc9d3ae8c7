"""Times that are blocked: when nothing can be booked with somebody, or with anybody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings import listing
from handled.bookings.view import booking_view
from handled.catalog.business import Business, resource_by_key
from handled.conversations.messages import not_found
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tables import Booking
from handled.tenants import blocks
from handled.web.dashboard.bookings_forms import HOME, Sent, new_token, once, read_date
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

HERE = f"{HOME}/blocks"
router = APIRouter(include_in_schema=False, prefix=HERE, route_class=DashboardRoute)

_MAX_LABEL = 80
_LONGEST = timedelta(days=366)
_LOOK_AGAIN = "Please look at the fields again."


class Typed(BaseModel):
    """The form as it was sent. Without times it is about whole days. `although` booked: they have seen what is."""

    token: str = ""
    resource: str = ""
    first: str = ""
    last: str = ""
    starts: str = ""
    ends: str = ""
    label: str = ""
    although: str = ""


@router.get("")
async def blocks_page(
    member: MemberDep, request: Request, first: str = "", resource: str = "", done: str = ""
) -> HTMLResponse:
    typed = Typed(token=new_token(), first=first[:10], resource=resource[:200])
    return await _page(request, member, typed, done=done)


@router.post("")
async def block_time(member: MemberDep, request: Request, typed: Annotated[Typed, Form()]) -> Response:
    """Block it. What is booked then is shown first, and stays."""
    business = member.business

    async def act(session: AsyncSession) -> str:
        starts, ends, label, resource_id = _meant(business, typed)
        inside = await _inside(session, business, starts, ends, resource_id)
        if inside and not typed.although:
            raise HandledError("booked_then", "There are bookings in that time.", 409)
        await blocks.add(session, business.id, starts, ends, resource_id=resource_id, label=label)
        details = {"from": starts.isoformat(), "to": ends.isoformat(), "label": label, "booked": len(inside)}
        member.record(session, "hours.block", typed.resource or None, details)
        return f"{HERE}?done=blocked"

    try:
        return await once(member, Sent(typed.token), ["block", typed.model_dump(mode="json")], act)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        fresh = typed.model_copy(update={"token": new_token()})
        return await _page(request, member, fresh, problem=problem)


@router.post("/{block_id}/remove")
async def open_again(block_id: str, member: MemberDep) -> Response:
    try:
        known = UUID(block_id)
    except ValueError:
        raise not_found() from None
    async with member.session() as session:
        gone = await blocks.remove(session, member.tenant_id, known)
        details = {"from": gone.starts.isoformat(), "to": gone.ends.isoformat(), "label": gone.label}
        member.record(session, "hours.unblock", str(gone.id), details)
    return RedirectResponse(f"{HERE}?done=opened", 303, {"Cache-Control": "no-store"})


async def _page(
    request: Request, member: Member, typed: Typed, *, problem: HandledError | None = None, done: str = ""
) -> HTMLResponse:
    business = member.business
    today = clock.now().astimezone(business.zone).date()
    async with member.session() as session:
        found = await blocks.find(session, business.id, today)
        inside: list[Booking] = []
        if problem and problem.name == "booked_then":
            starts, ends, _, resource_id = _meant(business, typed)
            inside = await _inside(session, business, starts, ends, resource_id)
    names = {each.id: each.name for each in business.resources}
    return show(
        request,
        "bookings_blocks.html",
        status=problem.status if problem else 200,
        here="bookings",
        view="blocks",
        blocks=found,
        names=names,
        typed=typed,
        today=today,
        problem=problem,
        problems=problem.fields if problem else {},
        inside=[(each, booking_view(business, each)) for each in inside],
        done={"blocked": "Blocked. Nothing can be booked then.", "opened": "Open again."}.get(done),
    )


def _meant(business: Business, typed: Typed) -> tuple[datetime, datetime, str | None, UUID | None]:
    """From when to when, local and without zone, under which label, whose. Raises HandledError `invalid`."""
    problems: dict[str, str] = {}
    first = read_date(typed.first)
    last = read_date(typed.last) if typed.last.strip() else first
    if first is None:
        problems["first"] = "On which day does it begin?"
    if last is None:
        problems["last"] = "On which day does it end?"
    starts, ends = (_time(problems, field, getattr(typed, field)) for field in ("starts", "ends"))
    who = resource_by_key(business, typed.resource) if typed.resource else None
    if typed.resource and who is None:
        problems["resource"] = "There is nobody of that name any more."
    label = typed.label.replace("\0", "").strip()
    if len(label) > _MAX_LABEL:
        problems["label"] = f"A label is {_MAX_LABEL} characters at most."
    if first is None or last is None or problems:
        raise HandledError("invalid", _LOOK_AGAIN, 422, fields=problems)
    opens = datetime.combine(first, starts or time())
    closes = datetime.combine(last, ends) if ends else datetime.combine(last, time()) + timedelta(days=1)
    if opens >= closes:
        problems["ends" if ends else "last"] = "It ends before it begins."
    elif closes - opens > _LONGEST:
        problems["last"] = "A year is the longest that can be blocked at once."
    elif closes <= clock.now().astimezone(business.zone).replace(tzinfo=None):
        problems["last"] = "That is over already."
    if problems:
        raise HandledError("invalid", _LOOK_AGAIN, 422, fields=problems)
    return opens, closes, label or None, who.id if who else None


def _time(problems: dict[str, str], field: str, written: str) -> time | None:
    if not written.strip():
        return None
    try:
        at = time.fromisoformat(written.strip())
    except ValueError:
        problems[field] = "That is not a time of day; write it like 14:30."
        return None
    return at.replace(second=0, microsecond=0, tzinfo=None)


async def _inside(
    session: AsyncSession, business: Business, starts: datetime, ends: datetime, resource_id: UUID | None
) -> list[Booking]:
    """What is booked then."""
    since, until = (each.replace(tzinfo=business.zone) for each in (starts, ends))
    found = await listing.list_during(session, business.id, since, until, resource_id)
    return [each for each in found if each.status in ("confirmed", "pending_payment")]

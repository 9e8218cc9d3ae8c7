"""Moving a booking by its manage link: a day, a time, then what changes, to be confirmed. All of it without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability.offer import Slot
from handled.availability.suggest import distinct_starts
from handled.catalog.business import Business, resource_by_id, resource_by_key, service_by_id
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_date, spoken_time
from handled.kit.when.written import read_moment
from handled.proposals.actions import by_link, reschedule
from handled.proposals.actions.outcome import NotFree
from handled.tables import Booking
from handled.web.deps import ClientDep, DeskDep, check_same_site
from handled.web.links import following
from handled.web.pages.manage import frame, show
from handled.web.pages.rendering import linked_page

router = APIRouter(include_in_schema=False, prefix="/b")

# Two weeks of days fit on a phone without scrolling sideways.
_DAYS = 14


@router.get("/{token}/move")
async def pick_page(
    token: str, desk: DeskDep, client: ClientDep, day: date | None = None, since: date | None = None
) -> HTMLResponse:
    """Free days from `since` on, and the free times of `day`."""
    async with following(desk, client, token, "manage") as (session, business, booking):
        if (refusal := (await by_link.move_terms(session, business, booking)).refusal) is not None:
            return await show(session, business, booking, token, problem=refusal)
        return await _pick(session, business, booking, token, day=day, since=since)


@router.get("/{token}/move/confirm")
async def confirm_page(
    token: str, desk: DeskDep, client: ClientDep, start: str = "", resource: str = ""
) -> HTMLResponse:
    """What moving it there changes."""
    async with following(desk, client, token, "manage") as (session, business, booking):
        try:
            starts_at, resource_id = _asked(business, start, resource)
            target = await reschedule.look(session, business, booking, starts_at, resource_id)
            if isinstance(target, NotFree):
                raise target.as_error()
        except HandledError as problem:
            return await _again(session, business, booking, token, start, problem)
        preview = await reschedule.preview(session, business, booking, target)
        who = resource_by_id(business, target.resource_ids[0])
        return linked_page(
            "manage_move_confirm.html",
            **frame(business, booking, token),
            lines=preview["lines"],
            start=start,
            resource=who.key if who and len(target.resource_ids) == 1 else "",
            quote=(await by_link.move_terms(session, business, booking)).quote_hash,
        )


@router.post("/{token}/move")
async def move(
    token: str,
    request: Request,
    desk: DeskDep,
    client: ClientDep,
    start: str = Form("", max_length=40),
    resource: str = Form("", max_length=200),
    quote: str = Form("", max_length=200),
) -> Response:
    """Move it as it was shown; when that cannot be any more, other times are shown."""
    await check_same_site(request, desk)
    try:
        async with following(desk, client, token, "manage") as (session, business, booking):
            starts_at, resource_id = _asked(business, start, resource)
            done = await by_link.move_now(session, business, booking, starts_at, resource_id, quote)
    except HandledError as problem:
        if problem.status not in (409, 422):
            raise
        async with following(desk, client, token, "manage") as (session, business, booking):
            return await _again(session, business, booking, token, start, problem)
    said = "moved" if done.is_mailed else "moved-unmailed"
    return RedirectResponse(f"/b/{token}?done={said}", 303, {"Cache-Control": "no-store"})


def _asked(business: Business, start: str, resource: str) -> tuple[datetime, Any]:
    """The moment and the resource that a form names. Raises HandledError `not_understood`."""
    try:
        moment = read_moment(start, business.zone)
    except ValueError:
        raise HandledError("not_understood", "Please choose one of these times.", 422) from None
    who = resource_by_key(business, resource) if resource else None
    return moment.at, who.id if who else None


async def _again(
    session: AsyncSession, business: Business, booking: Booking, token: str, start: str, problem: HandledError
) -> HTMLResponse:
    """Other times, and why not that one; the booking's page where it cannot be moved at all."""
    if (refusal := (await by_link.move_terms(session, business, booking)).refusal) is not None:
        return await show(session, business, booking, token, problem=refusal)
    try:
        day = read_moment(start, business.zone).at.date()
    except ValueError:
        day = None
    return await _pick(session, business, booking, token, day=day, since=day, problem=problem)


async def _pick(
    session: AsyncSession,
    business: Business,
    booking: Booking,
    token: str,
    *,
    day: date | None,
    since: date | None,
    problem: HandledError | None = None,
) -> HTMLResponse:
    service = service_by_id(business, booking.service_id)
    assert service is not None  # noqa: S101  move_terms has asked for it
    today = clock.now().astimezone(business.zone).date()
    horizon = today + timedelta(days=service.horizon_days)
    first = max(today, min(since or today, horizon))
    last = min(first + timedelta(days=_DAYS - 1), horizon)
    slots = await by_link.free_slots(session, business, booking, first, last)
    following_day = None
    if not slots and last < horizon:
        later = await by_link.free_slots(session, business, booking, last + timedelta(days=1), horizon)
        following_day = later[0].starts_at.astimezone(business.zone).date() if later else None
    by_day = _by_day(business, slots)
    chosen = day if day in by_day else next(iter(by_day), None)
    return linked_page(
        "manage_move.html",
        status=problem.status if problem else 200,
        **frame(business, booking, token),
        problem=problem,
        days=[_day(token, first, each, by_day, chosen) for each in _dates(first, last)],
        chosen=chosen and spoken_date(chosen, today, business.locale),
        times=[_time(business, booking, token, each) for each in by_day.get(chosen, ())] if chosen else [],
        earlier=_week(token, max(today, first - timedelta(days=_DAYS))) if first > today else None,
        later=_week(token, last + timedelta(days=1)) if last < horizon else None,
        next_free=following_day and {**_week(token, following_day), "said": spoken_date(following_day, today)},
    )


def _dates(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


def _by_day(business: Business, slots: Sequence[Slot]) -> dict[date, list[Slot]]:
    found: dict[date, list[Slot]] = {}
    for slot in distinct_starts(slots):
        found.setdefault(slot.starts_at.astimezone(business.zone).date(), []).append(slot)
    return found


def _day(token: str, first: date, day: date, by_day: dict[date, list[Slot]], chosen: date | None) -> dict[str, Any]:
    query = urlencode({"day": day.isoformat(), "since": first.isoformat()})
    return {
        "date": day,
        "path": f"/b/{token}/move?{query}#times" if day in by_day else None,
        "is_chosen": day == chosen,
    }


def _time(business: Business, booking: Booking, token: str, slot: Slot) -> dict[str, str]:
    local = slot.starts_at.astimezone(business.zone)
    start = local.date().isoformat() if booking.whole_day else local.isoformat(timespec="minutes")
    said = "All day" if booking.whole_day else spoken_time(local.time(), business.locale)
    return {"said": said, "path": f"/b/{token}/move/confirm?{urlencode({'start': start})}"}


def _week(token: str, since: date) -> dict[str, str]:
    return {"path": f"/b/{token}/move?{urlencode({'since': since.isoformat()})}"}

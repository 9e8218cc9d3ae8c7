"""The rating link: how was it, from 1 to 5, with a word if they like. Works without scripts.

Opening the page stores nothing, whatever star the link has chosen: mail scanners open links too.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from handled.catalog.business import Business, service_by_id
from handled.feedback import given
from handled.kit import clock, text
from handled.kit.errors import HandledError
from handled.kit.when.spoken import spoken_date
from handled.notifications.letters.to_customer import STARS
from handled.tables import Booking, Conversation
from handled.web.deps import ClientDep, DeskDep, check_same_site
from handled.web.links import following_about
from handled.web.pages.rendering import linked_page

router = APIRouter(include_in_schema=False, prefix="/rate")

_NO_STARS = HandledError("no_rating", "Please choose from one to five stars.", 422)


@router.get("/{token}")
async def rating_page(token: str, desk: DeskDep, client: ClientDep, stars: str = "", done: str = "") -> HTMLResponse:
    async with following_about(desk, client, token, "rate") as (session, business, subject):
        stored = await given.rating_of(session, business.id, subject)
    rating, comment = (stored.rating, stored.comment or "") if stored else (None, "")
    if done and rating is not None:
        return _page(business, subject, token, chosen=rating, comment=comment, done=True)
    return _page(business, subject, token, chosen=_stars(stars) or rating, comment=comment)


@router.post("/{token}")
async def rate(
    token: str,
    request: Request,
    desk: DeskDep,
    client: ClientDep,
    stars: str = Form("", max_length=20),
    comment: str = Form("", max_length=10_000),
) -> Response:
    """Store it, in place of what was said before."""
    await check_same_site(request, desk)
    async with following_about(desk, client, token, "rate") as (session, business, subject):
        rating = _stars(stars)
        try:
            if rating is None:
                raise _NO_STARS
            cleaned = text.clean_comment(comment)
        except HandledError as problem:
            return _page(business, subject, token, chosen=rating, comment=comment, problem=problem)
        if isinstance(subject, Booking):
            await given.put_rating_of_booking(session, subject, rating, cleaned)
        else:
            await given.put_rating(session, business.id, subject.id, rating, cleaned)
    return RedirectResponse(f"/rate/{token}?done=1", 303, {"Cache-Control": "no-store"})


def _page(
    business: Business,
    subject: Booking | Conversation,
    token: str,
    *,
    chosen: int | None,
    comment: str,
    done: bool = False,
    problem: HandledError | None = None,
) -> HTMLResponse:
    return linked_page(
        "rate.html",
        status=problem.status if problem else 200,
        **_frame(business, subject, token),
        done=done,
        chosen=chosen,
        comment=comment,
        problem=problem,
    )


def _frame(business: Business, subject: Booking | Conversation, token: str) -> dict[str, Any]:
    return {
        "business": business,
        "accent": business.branding.get("color") or "#2f5d50",
        "about": _about(business, subject),
        "meanings": STARS,
        "longest": text.MAX_COMMENT_CHARS,
        "here": f"/rate/{token}",
    }


def _about(business: Business, subject: Booking | Conversation) -> str:
    """What is to be rated. What a therapist's customer came for is nobody's business who looks over their shoulder."""
    moment = subject.starts_at if isinstance(subject, Booking) else subject.created_at
    today = clock.now().astimezone(business.zone).date()
    day = spoken_date(moment.astimezone(business.zone).date(), today, business.locale)
    if isinstance(subject, Conversation):
        return f"Your chat, {day}"
    service = None if business.discreet else service_by_id(business, subject.service_id)
    return f"{service.name if service else 'Your appointment'}, {day}"


def _stars(typed: str) -> int | None:
    return int(typed) if typed in {str(each) for each in STARS} else None

"""Today: what comes next, who waits, how the week goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handled.analytics import report
from handled.bookings import listing
from handled.bookings.listing import Marks
from handled.bookings.view import booking_view
from handled.catalog.business import Business
from handled.conversations import inbox
from handled.kit import clock
from handled.payments import ledger
from handled.tables import Booking, Conversation, StaffMember
from handled.usage import report as usage
from handled.usage.budgets import limits_of
from handled.web.dashboard.bookings_words import STATES, TONES
from handled.web.dashboard.deps import Member, MemberDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute

router = APIRouter(include_in_schema=False, prefix="/dashboard", route_class=DashboardRoute)
# Whoever types the bare address of an installation works here; customers come by links.
door_router = APIRouter(include_in_schema=False)

_SHOWN = 8
_WAITING_SHOWN = 5
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Money:
    """In one currency and minor units: `held` is asked for and awaited now; what came in and went back this week."""

    currency: str
    held: int
    came: int
    went: int


@dataclass(frozen=True, slots=True)
class Budget:
    """What models may use today and how much of it is left, in micro-dollars."""

    limit: int
    left: int

    @property
    def percent_left(self) -> int:
        return max(0, self.left) * 100 // self.limit if self.limit else 0


@dataclass(frozen=True, slots=True)
class Share:
    """In percent, None when nothing is known yet; `change` is in percentage points since last week."""

    percent: int | None
    change: int | None

    @classmethod
    def of(cls, this: float | None, last: float | None) -> Share:
        change = None if this is None or last is None else round(this * 100) - round(last * 100)
        return cls(None if this is None else round(this * 100), change)


@dataclass(frozen=True, slots=True)
class Week:
    """How the present week goes: the share of satisfied customers among the `ratings`, and of the conversations that
    were resolved among those that can be `judged`."""

    satisfied: Share
    ratings: int
    resolved: Share
    judged: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Steps:
    """What a new desk does first, and what of it is done."""

    has_chat: bool
    has_site: bool
    has_team: bool


@door_router.get("/")
async def door() -> RedirectResponse:
    return RedirectResponse("/dashboard", 303)


@router.get("")
async def today_page(member: MemberDep, request: Request) -> HTMLResponse:
    business, now = member.business, clock.now()
    monday = _monday(business)
    async with member.session() as session:
        # What is going on now is still of today.
        marks = Marks(since=now - timedelta(hours=1), statuses=("confirmed", "pending_payment"))
        found, following = await listing.find_page(session, business.id, marks, None, _SHOWN)
        waiting, more = await inbox.list_conversations(
            session, business.id, inbox.Marks(waiting=True), limit=_WAITING_SHOWN
        )
        money = await _money(session, business, monday, now)
        week = await _week(session, business, monday.date())
        budget = await _budget(session, member)
        steps = None if found else await _steps(session, business)
    return show(
        request,
        "today.html",
        here="today",
        bookings=[(each, booking_view(business, each)) for each in found],
        has_more=following is not None,
        waiting=waiting,
        waits_more=more is not None,
        money=money,
        week=week,
        budget=budget,
        steps=steps,
        states=STATES,
        tones=TONES,
    )


def _monday(business: Business) -> datetime:
    today: date = clock.now().astimezone(business.zone).date()
    return datetime.combine(today - timedelta(days=today.weekday()), time(), business.zone)


async def _money(session: AsyncSession, business: Business, since: datetime, until: datetime) -> list[Money]:
    """By currency; of a business that takes none, nothing."""
    awaited = select(Booking.currency, func.sum(Booking.due_minor)).where(
        Booking.tenant_id == business.id, Booking.status == "pending_payment"
    )
    held: dict[str, int] = {
        currency: int(amount) for currency, amount in await session.execute(awaited.group_by(Booking.currency))
    }
    moved = await ledger.moved_between(session, business.id, since, until)
    takes_money = any(each.payment_rule != "none" for each in business.services)
    currencies: list[str] = sorted({*held, *moved, *([business.currency] if takes_money else ())})
    return [Money(each, held.get(each, 0), *moved.get(each, (0, 0))) for each in currencies]


async def _budget(session: AsyncSession, member: Member) -> Budget | None:
    limit = limits_of(member.business.budgets, member.desk.budgets).per_day
    if limit is None:
        return None
    day = await usage.today(session, member.business)
    return Budget(limit, limit - day.spent_micros - day.reserved_micros)


async def _steps(session: AsyncSession, business: Business) -> Steps | None:
    """None once anything was ever booked: then they know their way."""
    of_tenant = Booking.tenant_id == business.id
    if await session.scalar(select(exists().where(of_tenant, Booking.status != "held"))):
        return None
    chats = exists().where(Conversation.tenant_id == business.id)
    people = select(func.count()).where(StaffMember.tenant_id == business.id, StaffMember.active).scalar_subquery()
    has_chat, count = (await session.execute(select(chats, people))).one()
    return Steps(has_chat=has_chat, has_site=bool(business.allowed_origins), has_team=count > 1)


async def _week(session: AsyncSession, business: Business, monday: date) -> Week:
    found = await report.report(session, business, monday - _WEEK, monday + timedelta(days=6), "week")
    last, this = found.periods
    said = report.satisfaction(this)
    return Week(
        satisfied=Share.of(said.share, report.satisfaction(last).share),
        ratings=said.count,
        resolved=Share.of(report.resolution_rate(this), report.resolution_rate(last)),
        judged=report.judged(this),
        conversations=this.of("conversations"),
    )

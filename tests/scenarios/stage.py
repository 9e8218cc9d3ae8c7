"""What a scenario finds when the curtain rises: its business, and the bookings that are already there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.bookings import holds, lifecycle
from handled.bookings.queries import VISIBLE
from handled.bookings.view import booking_view
from handled.catalog.business import Business, service_by_key
from handled.catalog.load import business_of
from handled.customers import identity
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Booking
from handled.tenants.hours import DAYS
from tests.conftest import import_tenant
from tests.scenarios.collected import Scenario
from tests.timetable import wanted

# What the scorer calls the states that it knows.
STATUS = {"confirmed": "CONFIRMED", "pending_payment": "PENDING", "cancelled": "CANCELLED"}


@dataclass(frozen=True)
class Stage:
    """`scenario` is the one to play: confirmation codes in it are those that this installation gave. `key` is the
    business's public key."""

    engine: AsyncEngine
    business: Business
    key: str
    scenario: Scenario

    async def snapshot(self) -> dict[str, Any]:
        """What is stored, as the scorer compares it. A hold is no booking yet, and nothing stores escalations."""
        statement = select(Booking).where(Booking.tenant_id == self.business.id, Booking.status.in_(VISIBLE))
        async with tenant_session(self.engine, self.business.id) as session:
            bookings = (await session.execute(statement.order_by(Booking.code))).scalars().all()
        return {"bookings": [_stored(self.business, each) for each in bookings], "escalations": 0}


async def set_up(engine: AsyncEngine, scenario: Scenario) -> Stage:
    """A business of its own for the scenario, with its existing bookings made by the real functions."""
    handle = await import_tenant(engine, json.dumps(document(scenario)))
    script = json.dumps(scenario)
    async with tenant_session(engine, handle.id) as session:
        business = await business_of(session, handle.id)
        for existing in scenario["existing_bookings"]:
            code = await _book(session, business, existing)
            script = script.replace(existing["code"], code)
    return Stage(engine, business, handle.key, json.loads(script))


def document(scenario: Scenario) -> dict[str, Any]:
    """The scenario's business as an owner would write it down."""
    told = scenario["tenant"]
    return {
        "slug": f"scenario-{uuid4().hex}",
        "name": told["name"],
        "contact_email": "desk@scenario.example",
        "timezone": scenario["clock"]["timezone"],
        "locale": "en_US",
        "currency": "USD",
        "address": ", ".join(each for each in (told["address"], told["city"]) if each) or None,
        "phone": told["phone"],
        "hours": {day: _span(told["hours"].get(str(number))) for number, day in enumerate(DAYS)},
        "exceptions": [
            {"dates": each["date"], "blocked": f"{each['start']}-{each['end']}"} for each in scenario["blocked"]
        ],
        "services": [_service(told, each) for each in told["services"]],
        "faq": [{"q": each["q"], "a": each["a"]} for each in told["faqs"]],
    }


def _span(hours: Sequence[str] | None) -> str:
    return "-".join(hours) if hours else "closed"


def _service(told: dict[str, Any], service: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": service["key"],
        "name": service["name"],
        "description": service["description"],
        "duration": f"{service['duration_min']} min",
        "price": f"{service['price_cents'] / 100:.2f}",
        "step": f"{told['slot_step_min']} min",
        "notice": f"{told['min_notice_min']} min",
        "horizon": f"{told['horizon_days']} days",
    }


async def _book(session: AsyncSession, business: Business, existing: dict[str, Any]) -> str:
    service = service_by_key(business, existing["service"])
    assert service is not None
    assert service.duration_minutes is not None
    starts_at = datetime.fromisoformat(f"{existing['date']}T{existing['time']}").replace(
        tzinfo=ZoneInfo(business.timezone)
    )
    who = existing["customer"]
    asked = wanted(
        service,
        [each.id for each in service.resources],
        starts_at,
        starts_at + timedelta(minutes=service.duration_minutes),
        currency=business.currency,
        payment_rule=service.payment_rule,
        policy=service.cancellation,
        customer_name=who["name"],
        customer_email=who["email"],
        source="CHATBOT",
    )
    booking = await holds.hold(session, business.id, asked, clock.now() + timedelta(minutes=10))
    customer_id: UUID = await identity.find_or_add(
        session, business.id, name=who["name"], email=who["email"], phone=None
    )
    await lifecycle.confirm_hold(session, booking, actor="system", customer_id=customer_id)
    return booking.code


def _stored(business: Business, booking: Booking) -> dict[str, Any]:
    view = booking_view(business, booking)
    return {
        "code": view["code"],
        "service": view["service"],
        "date": view["date"],
        "time": view["time"],
        "status": STATUS.get(view["status"], view["status"].upper()),
        **view["customer"],
    }

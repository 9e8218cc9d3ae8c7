"""Bookings of the demo's past: each took a time that was free, and is over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import Range

from handled.analytics.rollups import midnight
from handled.bookings.codes import ALPHABET
from handled.catalog.business import Business, OfferedService
from handled.cli.demo_talk import Past, Person
from handled.kit import ids
from handled.tables import AuditEntry, Booking, Customer, LedgerEntry, Occupancy, Payment

_TRIES = 60
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """Who is taken from when to when."""

    resource_id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass
class Calendar:
    """What is taken already, by resource."""

    business: Business
    dice: Random
    taken: dict[UUID, list[tuple[datetime, datetime]]] = field(
        default_factory=dict[UUID, list[tuple[datetime, datetime]]]
    )

    def find(self, service: OfferedService, since: datetime, until: datetime) -> Place | None:
        """A free time that begins after `since` and is over before `until`; None when luck finds none."""
        zone, minutes = self.business.zone, service.duration_minutes or 0
        first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        for _ in range(_TRIES):
            day = first + timedelta(days=self.dice.randint(0, max(0, (last - first).days)))
            resource = self.dice.choice(service.resources)
            openings = [each for each in _openings(self.business, resource.id, day) if each[1] - each[0] >= minutes]
            if not openings:
                continue
            opens, closes = self.dice.choice(openings)
            begins = opens + service.step_minutes * self.dice.randint(
                0, (closes - minutes - opens) // service.step_minutes
            )
            starts = midnight(zone, day).replace(hour=begins // 60, minute=begins % 60)
            place = Place(resource.id, starts, starts + timedelta(minutes=minutes))
            if since < starts and place.ends_at < until and self._is_free(service, place):
                return place
        return None

    def take(self, service: OfferedService, place: Place) -> None:
        self.taken.setdefault(place.resource_id, []).append(during(service, place))

    def _is_free(self, service: OfferedService, place: Place) -> bool:
        begins, ends = during(service, place)
        return all(ends <= since or until <= begins for since, until in self.taken.get(place.resource_id, []))


def during(service: OfferedService, place: Place) -> tuple[datetime, datetime]:
    """With what is needed before and after."""
    before, after = service.buffer_before_minutes, service.buffer_after_minutes
    return place.starts_at - timedelta(minutes=before), place.ends_at + timedelta(minutes=after)


def offered(business: Business) -> list[OfferedService]:
    """What one person books at a time of day."""
    return [
        each
        for each in business.services
        if not each.whole_day and each.capacity == 1 and not each.includes and each.resources
    ]


@dataclass
class Made:
    """A booking that somebody has made at `at`, until it is written down with what became of it."""

    past: Past
    service: OfferedService
    person: Person
    talk: UUID
    place: Place
    at: datetime
    code: str
    id: UUID = field(default_factory=ids.new_id)
    status: str = "completed"
    moved_at: datetime | None = None
    cancelled_at: datetime | None = None
    fee: int = 0

    @property
    def due(self) -> int:
        service = self.service
        return {"full": service.price_minor, "deposit": service.deposit_minor}.get(service.payment_rule) or 0

    def write(self, customers: dict[str, UUID]) -> None:
        """The booking and all that belongs to it."""
        self._write_booking(_customer(self.past, customers, self.person, self.at))
        if self.status != "cancelled":
            self._write_occupancy()
        if self.due:
            self._write_money()
        for actor, action, at, details in self._deeds():
            self.past.add(
                AuditEntry,
                booking_id=self.id,
                actor=actor,
                action=action,
                conversation_id=self.talk if actor == "customer" else None,
                details=details,
                created_at=at,
            )

    def _write_booking(self, customer: UUID) -> None:
        service, place = self.service, self.place
        self.past.rows.setdefault(Booking, []).append(
            {
                "tenant_id": self.past.business.id,
                "id": self.id,
                "code": self.code,
                "status": self.status,
                "source": "CHATBOT",
                "service_id": service.id,
                "resource_id": place.resource_id,
                "customer_id": customer,
                "conversation_id": self.talk,
                "starts_at": place.starts_at,
                "ends_at": place.ends_at,
                "whole_day": False,
                "customer_name": self.person.name,
                "customer_email": self.person.email,
                "price_minor": service.price_minor,
                "currency": self.past.business.currency,
                "payment_rule": service.payment_rule,
                "policy": service.cancellation,
                "confirmed_at": self.at,
                "paid_at": self.at if self.due else None,
                "due_minor": self.due,
                "moves": 1 if self.moved_at else 0,
                "sequence": 1 if self.moved_at or self.cancelled_at else 0,
                "changed_at": self.moved_at or self.at,
                "cancelled_at": self.cancelled_at,
                "fee_minor": self.fee if self.cancelled_at else None,
                "created_at": self.at,
            }
        )

    def _write_occupancy(self) -> None:
        begins, ends = during(self.service, self.place)
        self.past.rows.setdefault(Occupancy, []).append(
            {
                "tenant_id": self.past.business.id,
                "booking_id": self.id,
                "is_next": False,
                "part": 0,
                "resource_id": self.place.resource_id,
                "during": Range(begins, ends),
                "session_key": self.id,
                "seat": 1,
                "expires_at": None,
            }
        )

    def _write_money(self) -> None:
        amount: dict[str, Any] = {"amount_minor": self.due, "currency": self.past.business.currency}
        moment = {"created_at": self.at}
        payment = self.past.add(
            Payment, booking_id=self.id, purpose="booking", status="paid", paid_at=self.at, **amount, **moment
        )
        reference = f"demo-{self.id}"
        self.past.add(
            LedgerEntry,
            payment_id=payment,
            booking_id=self.id,
            kind="charge",
            reference=reference,
            **amount,
            **moment,
        )

    def _deeds(self) -> Iterator[tuple[str, str, datetime, dict[str, Any]]]:
        yield "customer", "confirmed", self.at, {}
        if self.moved_at:
            yield "customer", "moved", self.moved_at, {}
        if self.cancelled_at:
            yield "customer", "cancelled", self.cancelled_at, {}
        elif self.status == "no_show":
            yield "staff", "no_show", self.place.ends_at, {"name": self.past.staff_name}
        else:
            yield "system", "completed", self.place.ends_at, {}


def new_code(dice: Random, used: set[str]) -> str:
    """One that nobody has."""
    while (code := "BK-" + "".join(dice.choices(ALPHABET, k=6))) in used:
        pass
    used.add(code)
    return code


def _customer(past: Past, known: dict[str, UUID], person: Person, at: datetime) -> UUID:
    if person.email not in known:
        known[person.email] = past.add(Customer, name=person.name, email=person.email, phone=None, created_at=at)
    return known[person.email]


def _openings(business: Business, resource_id: UUID, day: date) -> list[tuple[int, int]]:
    """When the business is open and this resource is there, in minutes of the day."""
    own = [each for each in business.hours if each.resource_id == resource_id]
    today = [each for each in own if each.weekday == day.weekday()]
    found: list[tuple[int, int]] = []
    for each in business.hours:
        if each.resource_id is None and each.weekday == day.weekday():
            found += (
                [(max(each.opens, mine.opens), min(each.closes, mine.closes)) for mine in today]
                if own
                else [(each.opens, each.closes)]
            )
    return [(opens, closes) for opens, closes in found if opens < closes]

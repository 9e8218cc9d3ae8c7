"""What a line of another system's table means here: which booking it would become, or why it cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from handled.availability.diary import hours_of, offer_of
from handled.availability.exact import Places
from handled.availability.hours import day_start, moment_of
from handled.availability.offer import Calendar
from handled.availability.slots import slots_at
from handled.bookings import places
from handled.bookings.import_file import Line
from handled.bookings.places import Part
from handled.catalog.business import Business, OfferedResource, OfferedService
from handled.kit import clock, ids, text
from handled.kit.errors import HandledError
from handled.kit.when.written import read_moment

Named = TypeVar("Named", OfferedService, OfferedResource)

_LONGEST = {"notes": 1000, "reference": 200, "phone": 100}


class Refused(Exception):
    """Why a line becomes no booking, as a sentence without its beginning."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A booking that a line asks for. `key` is the same whenever the line is imported. `parts` are the places that it
    occupies, none when it is over; `remarks` are what somebody may want to look at."""

    line: int
    key: str
    service: OfferedService
    starts_at: datetime
    ends_at: datetime
    name: str
    email: str
    phone: str | None
    notes: str | None
    resource_id: UUID
    parts: list[Part]
    remarks: list[str] = field(default_factory=list[str])
    id: UUID = field(default_factory=ids.new_id)

    @property
    def is_over(self) -> bool:
        return not self.parts


def plan(business: Business, line: Line) -> Planned:
    """The booking that the line asks for. Raises Refused."""
    values = line.values
    if line.problem:
        raise Refused(line.problem)
    for name, longest in _LONGEST.items():
        if len(values[name]) > longest or "\0" in values[name]:
            raise Refused(f"the {name} is longer than {longest} characters, or no text")
    service = _service(business, values["service"])
    resource = _resource(business, service, values["resource"])
    starts_at, ends_at = _extent(business, service, values["start"])
    name, email = _customer(values)
    phone = text.phone_number(values["phone"], business.locale.partition("_")[2] or None) if values["phone"] else None
    performers = _performers(service, resource)
    found = Places(starts_at, ends_at, [[each.id for each in some] for some in performers])
    is_over = ends_at <= clock.now()
    return Planned(
        line=line.number,
        key=_key(values, service, starts_at, email, resource),
        service=service,
        starts_at=starts_at,
        ends_at=ends_at,
        name=name,
        email=email,
        phone=(phone.number or values["phone"]) if phone else None,
        notes=values["notes"] or None,
        resource_id=performers[0][0].id,
        parts=[] if is_over else places.parts_of(service, found),
        remarks=[]
        if is_over
        else _remarks(business, service, starts_at, {each.id for some in performers for each in some}),
    )


def _service(business: Business, written: str) -> OfferedService:
    found = _named(business.services, written)
    if found is None:
        raise Refused(f"there is no service {written!r}" if written else "the service is missing")
    if not found.resources:
        raise Refused(f"nobody performs {found.key}")
    return found


def _resource(business: Business, service: OfferedService, written: str) -> OfferedResource | None:
    if not written:
        return None
    found = _named(business.resources, written)
    if found is None:
        raise Refused(f"there is no resource {written!r}")
    if found not in service.resources:
        raise Refused(f"{found.key} does not perform {service.key}")
    return found


def _named(offered: Iterable[Named], written: str) -> Named | None:
    """By its key, else by its name."""
    wanted = " ".join(written.split()).casefold()
    some = list(offered)
    return next((each for each in some if each.key == wanted), None) or next(
        (each for each in some if each.name.casefold() == wanted), None
    )


def _extent(business: Business, service: OfferedService, written: str) -> tuple[datetime, datetime]:
    try:
        start = read_moment(written, business.zone)
    except ValueError as problem:
        raise Refused(f"the start {written!r} {problem}") from None
    if service.duration_minutes is None:
        day = start.at.date()
        days = (day, day + timedelta(days=1))
        first, following = (moment_of(day_start(each, business.zone)) for each in days)
        return first, following
    if not start.has_time:
        raise Refused(f"the start {written!r} has no time")
    at = moment_of(int(start.at.timestamp() // 60))
    return at, at + timedelta(minutes=service.duration_minutes)


def _customer(values: dict[str, str]) -> tuple[str, str]:
    try:
        name = text.clean_name(values["name"])
    except HandledError as error:
        raise Refused(_lower(error.message)) from None
    email = text.email_address(values["email"])
    if email.address is None:
        raise Refused(_lower(email.problem or "the email address cannot be read"))
    return name, email.address


def _performers(service: OfferedService, resource: OfferedResource | None) -> list[list[OfferedResource]]:
    """For each part who may perform it: the one that was named where they can, else all who can."""
    some = [list(each.resources) for each in service.includes or (service,)]
    return [[resource] if resource in each else each for each in some]


def _remarks(business: Business, service: OfferedService, starts_at: datetime, performers: set[UUID]) -> list[str]:
    """The business has agreed to it: that it is not open then is only worth a word."""
    offer = replace(offer_of(business, service), step_minutes=1, notice_minutes=0, horizon_days=1)
    hours = hours_of(business)
    calendars = [
        Calendar(each.id, each.key, each.name, hours, hours_of(business, each.id))
        for each in service.resources
        if each.id in performers
    ]
    return [] if slots_at(offer, calendars, starts_at, starts_at) else ["is outside of your opening hours"]


def _key(
    values: dict[str, str], service: OfferedService, starts_at: datetime, email: str, resource: OfferedResource | None
) -> str:
    if values["reference"]:
        return f"reference:{values['reference']}"
    name = " ".join(values["name"].split()).casefold()
    identity = (service.key, f"{starts_at.timestamp():.0f}", email, name, resource.key if resource else "")
    return f"line:{hashlib.sha256(chr(0).join(identity).encode()).hexdigest()}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")

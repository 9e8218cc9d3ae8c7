"""Bookings that exist, in words: one, several, and as choices."""

from __future__ import annotations

from typing import cast

from . import spoken
from .history import Json
from .state import State, date_of, time_of
from .understand import Slot
from .wording import Choice, contact, name_of, say


def listed(state: State) -> str:
    return spoken.listed([described(state, each) for each in state.errand.among[:6]], state.lang.say("or", 0))


def listed_all(state: State) -> str:
    return spoken.listed([described(state, each) for each in state.errand.among[:10]], state.lang.say("and", 0))


def list_choices(state: State) -> tuple[Choice, ...]:
    return tuple(
        Choice(described(state, each), f"{described(state, each)} ({each.get('code')})")
        for each in state.errand.among[:6]
    )


def described(state: State, booking: Json, *, with_zone: bool = False) -> str:
    """Your haircut on Monday, March 2 at 11:00 am with Mia."""
    service = state.business.service(str(booking.get("service") or ""))
    what = name_of(state, service) if service else str(booking.get("label") or booking.get("service") or "")
    when = moment_of(state, booking)
    if with_zone:
        zone = spoken.zone(str(booking.get("timezone") or state.business.timezone), state)
        when = state.lang.say("in_zone", 0, when=when, zone=zone)
    what = state.lang.say("on", 0, what=what, when=when)
    resource = booking.get("resource")
    return state.lang.say("with", 0, what=what, resource=resource) if isinstance(resource, str) and resource else what


def other_service(state: State, booking: Json) -> str:
    """That what was booked stays what it is, where another service was named for it."""
    service = state.business.service(state.reading.heard.service)
    if not service or service.key == booking.get("service"):
        return ""
    return say(state, "other_service_own", service=name_of(state, service), contact=contact(state))


def moment_of(state: State, booking: Json) -> str:
    day = date_of(booking.get("date"))
    return spoken.moment(Slot(day, time_of(booking.get("time"))), state) if day else ""


def object_of(value: object) -> Json:
    return cast("Json", value) if isinstance(value, dict) else {}

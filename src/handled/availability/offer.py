"""What the arithmetic is asked and what it answers: an offer, the calendars of who can perform it, slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from handled.availability.hours import Hours, epoch_minutes


@dataclass(frozen=True, slots=True)
class OfferPart:
    """One service of a package. Its buffers keep others at a distance, not the package's own parts."""

    duration_minutes: int
    resource_ids: tuple[UUID, ...]
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """A service's rules. `duration_minutes` None: whole-day. `capacity` N: N customers share one session.
    `parts` are those of a package, which follow each other without a break; together they take its duration."""

    service_id: UUID
    timezone: str
    duration_minutes: int | None
    step_minutes: int = 15
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    notice_minutes: int = 0
    horizon_days: int = 90
    capacity: int = 1
    parts: tuple[OfferPart, ...] = ()

    def __post_init__(self) -> None:
        duration = 1 if self.duration_minutes is None else self.duration_minutes
        if min(self.step_minutes, self.capacity, duration) < 1:
            raise ValueError("step, capacity and duration are at least 1")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True)
class Busy:
    """Epoch minutes [starts, ends) that are occupied, the booking's own buffers included.

    `session` is (service id, epoch minute at which the appointment starts) where customers share it.
    """

    starts: int
    ends: int
    session: tuple[UUID, int] | None = None
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Calendar:
    """A resource that can perform the service, open where the tenant's `hours` and its own, if any, agree."""

    resource_id: UUID
    key: str
    name: str
    hours: Hours
    own_hours: Hours | None = None
    busy: Sequence[Busy] = ()

    @property
    def layers(self) -> tuple[Hours, ...]:
        return (self.hours,) if self.own_hours is None else (self.hours, self.own_hours)


class Slot(NamedTuple):
    """A free start. A tuple, because thousands are made for one question and nothing is made faster."""

    starts_at: datetime
    ends_at: datetime
    resource_id: UUID
    seats_left: int


def busy_between(
    starts_at: datetime, ends_at: datetime, session: tuple[UUID, int] | None = None, seats: int = 1
) -> Busy:
    """Occupied from `starts_at` to `ends_at` (aware, buffers included), rounded outwards to whole minutes."""
    return Busy(epoch_minutes(starts_at), -int(-ends_at.timestamp() // 60), session, seats)

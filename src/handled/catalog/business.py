"""One tenant and what it offers, as plain data: only what is active, in the owner's order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from handled.tenants.industry import pack_of


@dataclass(frozen=True, slots=True)
class OfferedResource:
    id: UUID
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class OfferedService:
    """`duration_minutes` is None for a whole-day service, `price_minor` None for a price on request.
    `resources` are the active ones that can perform it, in the order in which they are offered. A package has the
    services that it `includes`, which follow each other without a break; it lasts as long as they do together, and its
    `resources` are whoever can perform any of them, those first who can perform them all.
    `intake` is None where it is its pack's; an empty one asks nothing.
    `cancellation` is `{"free_until_minutes", "fee_percent", "fee_minor" or None, "moves" or None}`."""

    id: UUID
    key: str
    name: str
    description: str
    duration_minutes: int | None
    step_minutes: int
    price_minor: int | None
    buffer_before_minutes: int
    buffer_after_minutes: int
    capacity: int
    notice_minutes: int
    horizon_days: int
    payment_rule: str
    deposit_minor: int | None
    cancellation: dict[str, Any]
    intake: tuple[str, ...] | None
    resources: tuple[OfferedResource, ...]
    includes: tuple[OfferedService, ...] = ()

    @property
    def whole_day(self) -> bool:
        return self.duration_minutes is None


@dataclass(frozen=True, slots=True)
class WeeklyOpening:
    """One opening on one weekday (0 = Monday), in minutes from local midnight; of the business when
    `resource_id` is None, else what narrows it for that resource."""

    resource_id: UUID | None
    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class ExceptionDays:
    """Days that differ, both dates included: `closed` without times removes them, with times a part of them;
    `open` replaces the weekly hours."""

    resource_id: UUID | None
    first_date: date
    last_date: date
    kind: str
    opens: int | None
    closes: int | None
    label: str | None


@dataclass(frozen=True, slots=True)
class FaqAnswer:
    id: UUID
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Business:
    """What the agent and the pages need to know about one tenant.

    `locale` is as in `en_US`; `branding` is `{"color", "logo_url", "greeting"}`, each possibly None;
    `exceptions` are those of today and later; `public_key` is the newest valid one. `reminders` are minutes before an
    appointment, `proofs` the actions that ask for more proof than usual, `link_key` signs links in mails. With
    `rating_mail` customers are asked by mail how it was. `budgets` are its own limits on language models
    (`usage.budgets.limits_of`). `texts` is what it words for itself instead of its `pack` (`tenants.industry`).
    """

    id: UUID
    slug: str
    name: str
    tagline: str | None
    contact_email: str
    timezone: str
    locale: str
    currency: str
    address: str | None
    phone: str | None
    website: str | None
    branding: dict[str, Any]
    pack: str
    policies: tuple[str, ...]
    typed_yes: bool
    allowed_origins: tuple[str, ...]
    version: int
    updated_at: datetime
    loaded_at: datetime
    public_key: str | None
    resources: tuple[OfferedResource, ...]
    services: tuple[OfferedService, ...]
    hours: tuple[WeeklyOpening, ...]
    exceptions: tuple[ExceptionDays, ...]
    faq: tuple[FaqAnswer, ...]
    reminders: tuple[int, ...] = ()
    proofs: dict[str, str] = field(default_factory=dict[str, str])
    budgets: dict[str, int | str] = field(default_factory=dict[str, int | str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    stripe_account: str | None = None
    rating_mail: bool = True
    link_key: bytes = field(default=b"", repr=False)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def discreet(self) -> bool:
        """Whether mails and payment pages do not say what they are about."""
        return pack_of(self.pack).discreet


def service_by_key(business: Business, key: str) -> OfferedService | None:
    """The active service of this key."""
    return next((each for each in business.services if each.key == key), None)


def service_by_id(business: Business, service_id: UUID) -> OfferedService | None:
    """The active service of this id."""
    return next((each for each in business.services if each.id == service_id), None)


def resource_by_id(business: Business, resource_id: UUID) -> OfferedResource | None:
    """The active resource of this id."""
    return next((each for each in business.resources if each.id == resource_id), None)


def people_named(business: Business, resource_ids: Iterable[UUID]) -> str | None:
    """Those who perform a booking, by name: "Mia", or "Mia and Tom" for a package that they share. None where the
    business is one resource by itself, and for whoever is no longer there."""
    found = (resource_by_id(business, each) for each in dict.fromkeys(resource_ids))
    names = [each.name for each in found if each]
    if not names or len(business.resources) < 2:
        return None
    return f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]


def resource_by_key(business: Business, key: str) -> OfferedResource | None:
    """The active resource of this key."""
    return next((each for each in business.resources if each.key == key), None)

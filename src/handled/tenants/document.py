"""Everything a tenant is, as one document: the shape of the YAML file, every value in its canonical form.

Lengths of time are minutes, money is minor units, hours are `Opening`s, whatever the owner wrote.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from handled.tenants.budgets import Budgets
from handled.tenants.fields import (
    Color,
    Currency,
    Days,
    Email,
    Key,
    Line,
    LocaleName,
    Minutes,
    Origin,
    Text,
    Timezone,
    Url,
)
from handled.tenants.hours import Interval, Opening, merged, parse_dates, parse_intervals, parse_week
from handled.tenants.offers import PackageEntry, Part, ServiceEntry
from handled.tenants.wording import Texts

Pack = Literal["general", "hair_beauty", "photography", "coaching", "therapy"]


def _week(value: Any) -> tuple[Opening, ...]:
    if not isinstance(value, Mapping):
        raise ValueError("is not a list of days and times; write lines like tuesday-friday: 09:00-18:00")
    return parse_week(cast("Mapping[str, Any]", value))


Week = Annotated[tuple[Opening, ...], BeforeValidator(_week)]
Intervals = Annotated[tuple[Interval, ...], BeforeValidator(parse_intervals), Field(min_length=1)]
Dates = Annotated[tuple[date, date], BeforeValidator(parse_dates)]


class Branding(Part):
    color: Color | None = None
    logo_url: Url | None = None
    greeting: Text | None = None


class ResourceEntry(Part):
    """Who or what a booking occupies. Its own `hours` narrow the business's."""

    key: Key
    name: Line
    hours: Week | None = Field(default=None, min_length=1)
    active: bool = True


class ExceptionEntry(Part):
    """Days that differ, both `dates` included: closed, open at other `hours`, or `blocked` for a part."""

    dates: Dates
    closed: bool = False
    hours: Intervals | None = None
    blocked: Intervals | None = None
    label: Line | None = None
    resource: str | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if [self.closed, self.hours is not None, self.blocked is not None].count(True) != 1:
            raise ValueError("needs exactly one of closed: true, hours and blocked")
        return self


class FaqItem(Part):
    q: Line
    a: Text


class StaffEntry(Part):
    """Somebody who answers customers. Their `email` is who they are, whatever they are called."""

    email: Annotated[Email, AfterValidator(str.lower)]
    name: Line
    role: Literal["owner", "staff"] = "staff"


Step = Literal["code_and_email", "one_time_code"]


class Proofs(Part):
    """How a customer proves that a booking is theirs, before each action on it."""

    view: Step = "code_and_email"
    cancel: Step = "code_and_email"
    reschedule: Step = "code_and_email"


class Ratings(Part):
    """Whether customers are asked by `mail` how it was; the chat asks in any case."""

    mail: bool = True


REMINDERS = (1440, 120)
MIN_RETENTION_DAYS = 7


class TenantDocument(Part):
    """One business. `completed` has filled in what may be left out."""

    slug: Key
    name: Line
    tagline: Line | None = None
    contact_email: Email
    timezone: Timezone
    locale: LocaleName
    currency: Currency
    address: Line | None = None
    phone: Line | None = None
    website: Url | None = None
    branding: Branding = Branding()
    pack: Pack = "general"
    texts: Texts = Texts()
    policies: tuple[Text, ...] = Field(default=(), max_length=50)
    typed_yes: bool = True
    proofs: Proofs = Proofs()
    reminders: tuple[Minutes, ...] = Field(default=REMINDERS, max_length=5)
    ratings: Ratings = Ratings()
    budgets: Budgets = Budgets()
    retention: Days | None = None
    stripe_account: str | None = None
    allowed_origins: tuple[Origin, ...] = Field(default=(), max_length=50)
    staff: tuple[StaffEntry, ...] = Field(default=(), max_length=100)
    resources: tuple[ResourceEntry, ...] = Field(default=(), max_length=100)
    hours: Week
    exceptions: tuple[ExceptionEntry, ...] = Field(default=(), max_length=500)
    services: tuple[ServiceEntry, ...] = Field(default=(), max_length=200)
    packages: tuple[PackageEntry, ...] = Field(default=(), max_length=50)
    faq: tuple[FaqItem, ...] = Field(default=(), max_length=500)

    @field_validator("reminders")
    @classmethod
    def _reminders_in_order(cls, reminders: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 10 <= each <= 30 * 1440 for each in reminders):
            raise ValueError("must lie between 10 min and 30 days before the appointment")
        return tuple(sorted(set(reminders), reverse=True))

    @field_validator("retention")
    @classmethod
    def _kept_for_a_week(cls, days: int | None) -> int | None:
        if days is not None and days < MIN_RETENTION_DAYS:
            raise ValueError(f"must be at least {MIN_RETENTION_DAYS} days: open questions take as long")
        return days

    @field_validator("stripe_account")
    @classmethod
    def _is_an_account(cls, account: str | None) -> str | None:
        if account is not None and not re.fullmatch("acct_[A-Za-z0-9]{1,40}", account):
            raise ValueError("is not an account at Stripe; it reads acct_ and letters and digits")
        return account


MAIN_RESOURCE = "main"


def completed(document: TenantDocument) -> TenantDocument:
    """`document` with its defaults written out: at least one resource, the resources of every service,
    exceptions by date with equal ones joined, staff by address. Two documents that mean the same are equal
    afterwards."""
    resources = document.resources or (ResourceEntry(key=MAIN_RESOURCE, name=document.name),)
    everybody = tuple(each.key for each in resources if each.active)
    services = tuple(
        each if each.resources is not None else each.model_copy(update={"resources": everybody})
        for each in document.services
    )
    staff = tuple(sorted(document.staff, key=lambda each: each.email))
    same = {"staff": staff, "resources": resources, "services": services, "exceptions": joined(document.exceptions)}
    return document.model_copy(update=same)


def joined(exceptions: tuple[ExceptionEntry, ...]) -> tuple[ExceptionEntry, ...]:
    """`exceptions` in order of date; those that differ in their times alone become one."""
    found: dict[tuple[Any, ...], ExceptionEntry] = {}
    for each in exceptions:
        kind = "blocked" if each.blocked else "hours" if each.hours else "closed"
        key = (each.dates, each.resource or "", kind, each.label or "")
        if (same := found.get(key)) and kind != "closed":
            times = merged((*getattr(same, kind), *getattr(each, kind)))
            each = same.model_copy(update={kind: times})
        found[key] = each
    return tuple(found[key] for key in sorted(found))

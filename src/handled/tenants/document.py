"""Everything a tenant is, as one document: the shape of the YAML file, every value in its canonical form.

Lengths of time are minutes, money is minor units, hours are `Opening`s, whatever the owner wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from handled.tenants.fields import (
    Color,
    Currency,
    Days,
    Email,
    Key,
    Line,
    LocaleName,
    Minutes,
    Money,
    Origin,
    Text,
    Timezone,
    Url,
)
from handled.tenants.hours import Interval, Opening, merged, parse_dates, parse_intervals, parse_week

PACKS = ("general", "hair_beauty", "photography", "coaching", "therapy")
Pack = Literal["general", "hair_beauty", "photography", "coaching", "therapy"]

WEEK = 7 * 1440


def _week(value: Any) -> tuple[Opening, ...]:
    if not isinstance(value, Mapping):
        raise ValueError("is not a list of days and times; write lines like tuesday-friday: 09:00-18:00")
    return parse_week(cast("Mapping[str, Any]", value))


Week = Annotated[tuple[Opening, ...], BeforeValidator(_week)]
Intervals = Annotated[tuple[Interval, ...], BeforeValidator(parse_intervals), Field(min_length=1)]
Dates = Annotated[tuple[date, date], BeforeValidator(parse_dates)]
Description = Annotated[Text | Literal[""], BeforeValidator(lambda value: "" if value is None else value)]


class Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )


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


class Cancellation(Part):
    """Free until so many minutes before the start, then a fixed `fee` or `fee_percent` of the price.
    `moves` is how often a booking may be moved; None: as often as one likes."""

    free_until: Minutes = 0
    fee_percent: int = Field(default=0, ge=0, le=100)
    fee: Money = None
    moves: int | None = Field(default=None, ge=0, le=100)

    @field_validator("fee")
    @classmethod
    def _one_kind_of_fee(cls, fee: int | None, info: ValidationInfo) -> int | None:
        if fee is not None and info.data.get("fee_percent"):
            raise ValueError("stands beside fee_percent; give one of the two")
        return fee


class ServiceEntry(Part):
    """Something that can be booked. The fields stand in the order in which they are checked."""

    key: Key
    name: Line
    description: Description = ""
    active: bool = True
    kind: Literal["timed", "whole_day"] = "timed"
    duration: Minutes | None = Field(default=None, gt=0, le=WEEK, validate_default=True)
    price: Money
    step: Minutes = Field(default=15, ge=1, le=1440)
    buffer_before: Minutes = Field(default=0, le=1440)
    buffer_after: Minutes = Field(default=0, le=1440)
    capacity: int = Field(default=1, ge=1, le=1000)
    notice: Minutes = Field(default=0, le=365 * 1440)
    horizon: Days = 90
    payment: Literal["none", "deposit", "full"] = "none"
    deposit: Money = Field(default=None, validate_default=True)
    cancellation: Cancellation = Cancellation()
    resources: tuple[str, ...] | None = None
    intake: tuple[Line, ...] = Field(default=(), max_length=20)

    @field_validator("duration")
    @classmethod
    def _duration_fits_kind(cls, duration: int | None, info: ValidationInfo) -> int | None:
        kind = info.data.get("kind")
        if kind == "timed" and duration is None:
            raise ValueError("is missing; write it as 45 min, or make the service kind: whole_day")
        if kind == "whole_day" and duration is not None:
            raise ValueError("does not go with kind: whole_day, which takes the whole date")
        return duration

    @field_validator("step", "buffer_before", "buffer_after")
    @classmethod
    def _timed_only(cls, minutes: int, info: ValidationInfo) -> int:
        if info.data.get("kind") == "whole_day":
            raise ValueError("does not go with kind: whole_day, which takes the whole date")
        return minutes

    @field_validator("payment")
    @classmethod
    def _payment_has_a_price(cls, payment: str, info: ValidationInfo) -> str:
        if payment != "none" and "price" in info.data and not info.data["price"]:
            raise ValueError("needs a price to be paid")
        return payment

    @field_validator("deposit")
    @classmethod
    def _deposit_fits_payment(cls, deposit: int | None, info: ValidationInfo) -> int | None:
        payment, price = info.data.get("payment"), info.data.get("price")
        if payment == "deposit" and not deposit:
            raise ValueError("is missing: payment is deposit")
        if payment in ("none", "full") and deposit is not None:
            raise ValueError(f"does not go with payment: {payment}")
        if deposit is not None and price is not None and deposit > price:
            raise ValueError("is more than the price")
        return deposit


class FaqItem(Part):
    q: Line
    a: Text


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
    policies: tuple[Text, ...] = Field(default=(), max_length=50)
    typed_yes: bool = True
    allowed_origins: tuple[Origin, ...] = Field(default=(), max_length=50)
    resources: tuple[ResourceEntry, ...] = Field(default=(), max_length=100)
    hours: Week
    exceptions: tuple[ExceptionEntry, ...] = Field(default=(), max_length=500)
    services: tuple[ServiceEntry, ...] = Field(default=(), max_length=200)
    faq: tuple[FaqItem, ...] = Field(default=(), max_length=500)


MAIN_RESOURCE = "main"


def completed(document: TenantDocument) -> TenantDocument:
    """`document` with its defaults written out: at least one resource, the resources of every service,
    exceptions by date with equal ones joined. Two documents that mean the same are equal afterwards."""
    resources = document.resources or (ResourceEntry(key=MAIN_RESOURCE, name=document.name),)
    everybody = tuple(each.key for each in resources if each.active)
    services = tuple(
        each if each.resources is not None else each.model_copy(update={"resources": everybody})
        for each in document.services
    )
    exceptions = joined(document.exceptions)
    return document.model_copy(update={"resources": resources, "services": services, "exceptions": exceptions})


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

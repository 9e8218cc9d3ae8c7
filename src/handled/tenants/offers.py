"""What can be booked, as an owner writes it: services, and packages of them. Part of the document (`document`)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from handled.tenants.fields import Days, Key, Line, Minutes, Money, Text

WEEK = 7 * 1440
MOST_INCLUDED = 10

Description = Annotated[Text | Literal[""], BeforeValidator(lambda value: "" if value is None else value)]


class Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
    )


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


def policy_values(policy: Cancellation) -> dict[str, int | None]:
    """The policy as services keep it and bookings copy it."""
    return {
        "free_until_minutes": policy.free_until,
        "fee_percent": policy.fee_percent,
        "fee_minor": policy.fee,
        "moves": policy.moves,
    }


def _payment_has_a_price(payment: str, info: ValidationInfo) -> str:
    if payment != "none" and "price" in info.data and not info.data["price"]:
        raise ValueError("needs a price to be paid")
    return payment


def _deposit_fits_payment(deposit: int | None, info: ValidationInfo) -> int | None:
    payment, price = info.data.get("payment"), info.data.get("price")
    if payment == "deposit" and not deposit:
        raise ValueError("is missing: payment is deposit")
    if payment in ("none", "full") and deposit is not None:
        raise ValueError(f"does not go with payment: {payment}")
    if deposit is not None and price is not None and deposit > price:
        raise ValueError("is more than the price")
    return deposit


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
    intake: tuple[Line, ...] | None = Field(default=None, max_length=20)

    _payment = field_validator("payment")(_payment_has_a_price)
    _deposit = field_validator("deposit")(_deposit_fits_payment)

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


class PackageEntry(Part):
    """Services that are booked as one, for a price of their own: `includes` has their keys, in the order in which they
    follow each other."""

    key: Key
    name: Line
    description: Description = ""
    active: bool = True
    includes: tuple[str, ...] = Field(max_length=MOST_INCLUDED)
    price: Money
    step: Minutes = Field(default=15, ge=1, le=1440)
    notice: Minutes = Field(default=0, le=365 * 1440)
    horizon: Days = 90
    payment: Literal["none", "deposit", "full"] = "none"
    deposit: Money = Field(default=None, validate_default=True)
    cancellation: Cancellation = Cancellation()
    intake: tuple[Line, ...] | None = Field(default=None, max_length=20)

    _payment = field_validator("payment")(_payment_has_a_price)
    _deposit = field_validator("deposit")(_deposit_fits_payment)

    @field_validator("includes")
    @classmethod
    def _something(cls, includes: tuple[str, ...]) -> tuple[str, ...]:
        if not includes:
            raise ValueError("is empty; name the keys of the services, in their order")
        return includes


def minutes_of(package: PackageEntry, services: tuple[ServiceEntry, ...]) -> int:
    """How long everything that the package includes takes."""
    durations = {each.key: each.duration or 0 for each in services}
    return sum(durations.get(key, 0) for key in package.includes)

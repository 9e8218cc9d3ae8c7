"""What the business's programs ask for, made sense of: keys, local times, customers. Raises HandledErrors that name
the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from handled.bookings.edits import Corrections
from handled.catalog.business import Business, OfferedService, resource_by_key, service_by_key
from handled.kit import text
from handled.kit.errors import HandledError
from handled.kit.when.written import read_moment
from handled.proposals.actions.book import BookingRequest
from handled.web.tenant import schemas

T = TypeVar("T")


def request_of(business: Business, asked: schemas.NewBooking) -> BookingRequest:
    """The booking that is asked for; every problem is named at once."""
    service = service_by_key(business, asked.service)
    problems: dict[str, str] = {}
    if service is None:
        raise refused({"service": "is not the key of a service that can be booked"})
    starts_at = _checked(problems, "start", lambda: start_of(business, service, asked.start))
    resource_id = _checked(problems, "resource", lambda: resource_of(business, service, asked.resource))
    name = _checked(problems, "customer.name", lambda: name_of(asked.customer.name))
    phone = _checked(problems, "customer.phone", lambda: phone_of(business, asked.customer.phone))
    email = text.email_address(asked.customer.email)
    if email.address is None:
        problems["customer.email"] = email.problem or "is not an email address"
    if problems or starts_at is None or name is None or email.address is None:
        raise refused(problems)
    return BookingRequest(service, starts_at, resource_id, name, email.address, phone, notes_of(asked.notes))


def start_of(business: Business, service: OfferedService, written: str) -> datetime:
    """The moment that `start` means. Raises ValueError."""
    start = read_moment(written, business.zone)
    if not start.has_time and not service.whole_day:
        raise ValueError("needs a time, such as 2026-03-02T15:00")
    return start.at


def resource_of(business: Business, service: OfferedService | None, key: str | None) -> UUID | None:
    """The resource of this key; raises ValueError unless it performs the service (any, without one)."""
    if key is None:
        return None
    found = resource_by_key(business, key)
    if found is None:
        raise ValueError("is not the key of a resource")
    if service is not None and found not in service.resources:
        raise ValueError(f"does not perform {service.key}")
    return found.id


def corrections_of(business: Business, asked: schemas.Corrections) -> Corrections:
    """The corrections that are asked for, of the fields that were sent."""
    corrections: Corrections = {}
    problems: dict[str, str] = {}
    if "notes" in asked.model_fields_set:
        corrections["notes"] = notes_of(asked.notes)
    customer = asked.customer or schemas.CustomerCorrections()
    if "name" in customer.model_fields_set:
        corrections["customer_name"] = _checked(problems, "customer.name", lambda: name_of(customer.name)) or ""
    if "phone" in customer.model_fields_set:
        corrections["customer_phone"] = _checked(problems, "customer.phone", lambda: phone_of(business, customer.phone))
    if problems:
        raise refused(problems)
    return corrections


def name_of(written: str) -> str:
    """Raises ValueError for a name that is none."""
    try:
        return text.clean_name(written)
    except HandledError as error:
        raise ValueError(error.message) from None


def phone_of(business: Business, written: str | None) -> str | None:
    """A number without country code is the business's country's. Raises ValueError for what is no number."""
    if written is None or not written.strip():
        return None
    checked = text.phone_number(written, business.locale.partition("_")[2] or None)
    if checked.number is None:
        raise ValueError(checked.problem)
    return checked.number


def notes_of(written: str | None) -> str | None:
    return (written or "").strip() or None


def refused(problems: dict[str, str]) -> HandledError:
    """What was asked for cannot be meant like that."""
    return HandledError("invalid", f"{len(problems)} of the fields cannot be meant like that.", 422, fields=problems)


def _checked(problems: dict[str, str], field: str, read: Callable[[], T]) -> T | None:
    try:
        return read()
    except ValueError as problem:
        problems[field] = str(problem)
        return None

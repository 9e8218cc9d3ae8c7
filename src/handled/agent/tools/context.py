"""What a tool is given, and the business's facts as the model gets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent.shown import Shown
from handled.agent.tools import intake
from handled.bookings.facts import price_text
from handled.bookings.view import price_view
from handled.catalog.business import Business, OfferedService
from handled.catalog.derived import derived
from handled.kit.text import quote_data
from handled.proposals.actions.book import due_of

# What the model has no say in.
_SAID_BY_CODE = ("disclosure", "before_booking", "crisis")


@dataclass(frozen=True, slots=True)
class Context:
    engine: AsyncEngine
    business: Business
    conversation_id: UUID
    shown: Shown


@derived
def business_facts(business: Business) -> str:
    """The facts that open every history, as quoted data. The same until the tenant changes something, so that
    providers can cache it."""
    facts = {
        "name": business.name,
        "timezone": business.timezone,
        "locale": business.locale,
        "currency": business.currency,
        "address": business.address,
        "phone": business.phone,
        "email": business.contact_email,
        "pack": business.pack,
        "services": [service_data(business, each) for each in business.services],
        "faq_topics": [each.question for each in business.faq],
        **({"wording": wording} if (wording := _wording(business)) else {}),
    }
    return quote_data("business", facts)


def _wording(business: Business) -> dict[str, str]:
    """How the business words things itself, as far as a model has a say in it."""
    return {key: text for key, text in business.texts.items() if key not in _SAID_BY_CODE}


def service_data(business: Business, service: OfferedService) -> dict[str, Any]:
    due, asked = due_of(service, business.currency), intake.questions(business, service)
    return {
        "service": service.key,
        "label": service.name,
        "description": service.description,
        "duration_minutes": service.duration_minutes,
        "whole_day": service.whole_day,
        "price": price_view(service.price_minor, business.currency),
        "price_text": price_text(service.price_minor, business.currency, business.locale),
        "resources": [each.name for each in service.resources] if len(service.resources) > 1 else [],
        # Only those that have something to say here say it: every model call pays for the words.
        **({"intake": list(asked)} if asked else {}),
        **({"includes": [each.name for each in service.includes]} if service.includes else {}),
        **({"paid_in_advance": price_text(due, business.currency, business.locale)} if due else {}),
    }

"""Tools that tell about the business."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from handled.agent.tools.context import Context, service_data
from handled.availability.diary import hours_of
from handled.availability.hours import wall_windows
from handled.bookings import policy
from handled.catalog import faq
from handled.catalog.business import Business
from handled.catalog.hours_text import hours_lines, intervals_text
from handled.kit import clock, when
from handled.kit.when import spoken


class ListServices(BaseModel):
    model_config = ConfigDict(extra="forbid")


class BusinessInfo(BaseModel):
    model_config = ConfigDict(extra="forbid")

    about: Literal["hours", "location", "contact", "prices", "policies", "all"] = "all"
    date: str | None = Field(default=None, max_length=200, description="a date in words or ISO, for that day's hours")


class AnswerFaq(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=2000)


async def list_services(context: Context, _: ListServices) -> dict[str, Any]:
    services = [service_data(context.business, each) for each in context.business.services]
    cards = [
        {
            "service": each["service"],
            "label": each["label"],
            "description": _description(each),
            "durationMinutes": each["duration_minutes"],
            "wholeDay": each["whole_day"],
            "price": each["price"],
            "send": each["label"],
        }
        for each in services
    ]
    context.shown.add_card({"kind": "services", "services": cards})
    return {"services": services}


def _description(service: dict[str, Any]) -> str:
    """What the card says below the name; of a package also what is in it."""
    if "includes" not in service:
        return service["description"]
    return f"{service['description']} Includes: {', '.join(service['includes'])}.".strip()


async def business_info(context: Context, asked: BusinessInfo) -> dict[str, Any]:
    business, now = context.business, clock.now()
    today = now.astimezone(business.zone).date()
    info: dict[str, Any] = {
        "name": business.name,
        "address": business.address,
        "phone": business.phone,
        "email": business.contact_email,
        "website": business.website,
        "timezone": business.timezone,
        "open_now": _is_open(business, now),
        "hours": hours_lines(business, business.locale),
        "closures": _closures(business, today),
        "on_date": _on_date(business, asked.date, now),
        "policies": [*business.policies, *_cancellation(business)],
    }
    if asked.about in ("prices", "all"):
        info["services"] = [service_data(business, each) for each in business.services]
    return info


def _cancellation(business: Business) -> list[str]:
    """What each cancellation rule says, once; with the services it is for where they differ."""
    rules: dict[str, list[str]] = {}
    for each in business.services:
        rule = policy.describe(each.cancellation, business.currency, business.locale)
        if rule:
            rules.setdefault(rule, []).append(each.name)
    if len(rules) == 1:
        return list(rules)
    return [f"{', '.join(names)}: {rule}" for rule, names in rules.items()]


def _closures(business: Business, today: date) -> list[dict[str, Any]]:
    return [
        {"date": each.first_date.isoformat(), "to_date": each.last_date.isoformat(), "label": each.label}
        for each in business.exceptions
        if each.kind == "closed"
        and each.opens is None
        and each.resource_id is None
        and today <= each.last_date
        and each.first_date <= today + timedelta(days=120)
    ]


def _on_date(business: Business, words: str | None, now: datetime) -> dict[str, Any] | None:
    meant = when.parse(words, now.astimezone(business.zone), business.locale) if words else None
    day = meant.date if meant else None
    if day is None:
        return None
    open_on = wall_windows(hours_of(business), day)
    return {
        "date": day.isoformat(),
        "weekday": spoken.weekday_name(day, business.locale),
        "open": intervals_text(open_on, business.locale) if open_on else None,
    }


def _is_open(business: Business, now: datetime) -> bool:
    local = now.astimezone(business.zone)
    minute = local.hour * 60 + local.minute
    return any(opens <= minute < closes for opens, closes in wall_windows(hours_of(business), local.date()))


async def answer_faq(context: Context, asked: AnswerFaq) -> dict[str, Any]:
    entries = [faq.FaqEntry(each.question, each.answer) for each in context.business.faq]
    return {
        "answers": [
            {
                "question": each.entry.question,
                "answer": each.entry.answer,
                "score": round(each.score, 3),
            }
            for each in faq.match(asked.question, entries)[:3]
        ]
    }

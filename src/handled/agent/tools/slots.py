"""The tool that finds free times."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from handled.agent.tools.context import Context
from handled.availability import search
from handled.bookings import codes, ownership
from handled.catalog.business import Business, OfferedService, service_by_key
from handled.conversations import messages
from handled.db.calls import TenantReader
from handled.db.session import tenant_session
from handled.kit import clock, when
from handled.kit.errors import HandledError
from handled.kit.when import When, spoken
from handled.proposals.actions.outcome import NotFree


class FindSlots(BaseModel):
    model_config = ConfigDict(extra="forbid")

    service: str = Field(max_length=200, description="the service's key")
    when: str = Field(default="", max_length=500, description="the customer's own words, or ISO")
    resource: str | None = Field(default=None, max_length=200, description="a person's name, if they asked")
    moving: str | None = Field(
        default=None, max_length=200, description="the code of their booking that is to be moved: it is not in its way"
    )


def service_named(business: Business, key: str) -> OfferedService:
    """The service of this key or name. Raises HandledError that lists what there is."""
    wanted = key.strip().casefold()
    by_name = (each for each in business.services if each.name.casefold() == wanted)
    found = service_by_key(business, wanted) or next(by_name, None)
    if found is None:
        known = ", ".join(each.key for each in business.services)
        raise HandledError("unknown_service", f"There is no such service. There are: {known}.")
    return found


def resource_named(service: OfferedService, name: str | None) -> UUID | None:
    """The id of who was asked for. Raises HandledError that lists who performs the service."""
    if not name:
        return None
    wanted = name.strip().casefold()
    for each in service.resources:
        if wanted in (each.key.casefold(), each.name.casefold(), each.name.split()[0].casefold()):
            return each.id
    known = ", ".join(each.name for each in service.resources)
    raise HandledError("unknown_resource", f"Nobody of that name does this. There are: {known}.")


async def find_slots(context: Context, asked: FindSlots) -> dict[str, Any]:
    business = context.business
    service = service_named(business, asked.service)
    resource_id = resource_named(service, asked.resource)
    meant = None
    if asked.when.strip():
        meant = when.parse(asked.when, clock.now().astimezone(business.zone), business.locale)
        if meant is None:
            question = "Which day and time would suit you?"
            return {**_head(business, service, None), "status": "unclear", "slots": [], "question": question}
    found = await search.find(
        TenantReader(context.engine, business.id),
        business,
        service,
        meant,
        resource_id=resource_id,
        conversation_id=context.conversation_id,
        moving=await _moving(context, asked.moving) if asked.moving else None,
    )
    views = [search.slot_view(business, service, slot) for slot in found.slots]
    _show(context, service, meant, found, views)
    return {
        **_head(business, service, meant),
        "status": found.status,
        "reason": found.reason,
        "why": found.why,
        "slots": [{"slot_id": each["slotId"], **_without(each, "slotId")} for each in views],
        "more": found.more,
        "question": found.question,
    }


async def _moving(context: Context, code: str) -> UUID | None:
    """The customer's own open booking of this code. Anybody else's says nothing here, not even that it is there.

    Who has named code and address has been shown the booking, in this turn or an earlier one. That is looked at, so
    that asking for times is no way to guess."""
    wanted = codes.read_code(code)
    now = [each["booking"] for each in context.shown.cards if each["kind"] == "booking"]
    async with tenant_session(context.engine, context.business.id) as session:
        own = await ownership.list_open(session, context.business, context.conversation_id)
        found = next((each.id for each in own if each.code == wanted), None)
        before = await messages.list_cards(session, context.business.id, context.conversation_id, "booking")
    shown = [*now, *(each["booking"] for each in before)]
    return found or next((UUID(each["bookingId"]) for each in shown if each["code"] == wanted), None)


def _head(business: Business, service: OfferedService, meant: When | None) -> dict[str, Any]:
    meant = meant or When()
    window = meant.window or (None, None)
    dates = meant.dates or (meant.date, None)
    return {
        "service": service.key,
        "label": service.name,
        "timezone": business.timezone,
        "asked": {
            "date": dates[0].isoformat() if dates[0] else None,
            "to_date": dates[1].isoformat() if dates[1] else None,
            "time": f"{meant.time:%H:%M}" if meant.time else None,
            "from_time": f"{window[0]:%H:%M}" if window[0] else None,
            "to_time": f"{window[1]:%H:%M}" if window[1] else None,
        },
    }


def _without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


def _show(
    context: Context,
    service: OfferedService,
    meant: When | None,
    found: search.Found,
    views: list[dict[str, Any]],
) -> None:
    if meant and meant.date:
        context.shown.availability = {
            "service": service.key,
            "date": meant.date.isoformat(),
            "time": f"{meant.time:%H:%M}" if meant.time else None,
            "available": found.status in ("free", "options"),
            "reason": found.reason,
            "alternatives": [_without(each, "weekday") for each in views]
            if found.status in ("not_free", "none")
            else [],
        }
    if found.status in ("options", "not_free", "none") and views:
        context.shown.add_card(slots_card(context.business, service, views))


def slots_card(business: Business, service: OfferedService, views: list[dict[str, Any]]) -> dict[str, Any]:
    """Free times grouped by day, each with what is sent when it is chosen."""
    today = clock.now().astimezone(business.zone).date()
    days: dict[str, dict[str, Any]] = {}
    for each in views:
        day = date.fromisoformat(each["date"])
        label = spoken.spoken_date(day, today, business.locale)
        group = days.setdefault(each["date"], {"date": each["date"], "label": label, "slots": []})
        at = spoken.spoken_time(time.fromisoformat(each["time"]), business.locale) if each["time"] else None
        with_whom = f" with {each['resource']}" if each["resource"] else ""
        group["slots"].append(
            {
                "slotId": each["slotId"],
                "time": each["time"],
                "label": at or label,
                "resource": each["resource"],
                "send": (f"{label} at {at}" if at else label) + with_whom,
            }
        )
    return {
        "kind": "slots",
        "service": service.key,
        "label": service.name,
        "timezone": business.timezone,
        "days": list(days.values()),
    }


def local_start(business: Business, start: str, *, whole_day: bool) -> datetime:
    """The moment that a tool was given as local ISO. Raises HandledError for anything else."""
    try:
        moment = datetime.fromisoformat(start)
    except ValueError:
        raise HandledError(
            "bad_start", "`start` must be ISO, such as 2026-03-02T15:00, and exist in the calendar."
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(business.zone)
    if whole_day:
        moment = datetime.combine(moment.date(), time.min)
    return moment.replace(tzinfo=business.zone)


def not_free(context: Context, service: OfferedService, starts_at: datetime, refused: NotFree) -> dict[str, Any]:
    """The result for a time that cannot be had, and what is shown of it."""
    local = starts_at.astimezone(context.business.zone)
    context.shown.availability = {
        "service": service.key,
        "date": local.date().isoformat(),
        "time": None if service.whole_day else f"{local:%H:%M}",
        "available": False,
        "reason": refused.reason,
        "alternatives": refused.slots,
    }
    if refused.slots:
        context.shown.add_card(slots_card(context.business, service, refused.slots))
    return {
        "status": "not_free",
        "reason": refused.reason,
        "why": refused.why,
        "slots": [{"slot_id": each["slotId"], **each} for each in refused.slots],
    }

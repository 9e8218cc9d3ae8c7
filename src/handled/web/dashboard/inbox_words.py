"""A conversation in words, for whoever reads it at the business: what was said, what was shown, who took over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID

from handled.catalog.business import Business
from handled.escalations import notices
from handled.kit import clock, money
from handled.kit.when.spoken import spoken_moment
from handled.tables import Message, Proposal

PRIORITIES = {"HIGH": "urgent", "MEDIUM": "normal", "LOW": "can wait"}
STATES = {"PENDING": "Nobody has seen to it yet", "ACKNOWLEDGED": "Somebody sees to it", "RESOLVED": "Resolved"}
_DECIDED = {
    "pending": "waits for the customer",
    "executed": "confirmed",
    "rejected": "declined",
    "expired": "ran out",
    "failed": "could not be done",
}
_NOTES = {
    "taken_over": "{by} took over",
    "handed_back": "{by} handed back to the assistant",
    "person_asked": "A person was asked for",
    "customer_verified": "The customer has proven their email address",
    "crisis_answered": "The customer may be in danger, and was shown at once where help is",
}
_MOST_DAYS = 3
_MOST_TIMES = 4
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the transcript. A `note` says what happened, everything else what somebody said; `lines` are what
    was shown with it. `opens_day`: the one before was on another day."""

    id: UUID
    position: int
    role: Literal["customer", "agent", "staff", "note"]
    who: str
    content: str
    at: datetime
    lines: tuple[str, ...]
    thumb: str | None
    opens_day: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is to know about messages that is not written in them: proposals by id, thumbs by message id."""

    proposals: Mapping[str, Proposal]
    thumbs: Mapping[str, str]


def entries(business: Business, said: Sequence[Message], beside: Beside, last_day: date | None) -> list[Entry]:
    """The transcript of these messages, after one that ended on `last_day`."""
    found: list[Entry] = []
    for message in said:
        content = message.content if message.role != "system" else _note(message)
        lines = tuple(_shown(business, message, beside))
        if not content and not lines:
            continue
        day = message.created_at.astimezone(business.zone).date()
        found.append(
            Entry(
                message.id,
                message.position,
                "note" if message.role == "system" else _role(message),
                notices.speaker(business, message),
                content,
                message.created_at,
                lines,
                beside.thumbs.get(str(message.id)),
                day != last_day,
            )
        )
        last_day = day
    return found


def _role(message: Message) -> Literal["customer", "agent", "staff"]:
    match message.role:
        case "customer":
            return "customer"
        case "staff":
            return "staff"
        case _:
            return "agent"


def _note(message: Message) -> str:
    for step in message.steps:
        event: dict[str, Any] = step.get("event", {})
        words = _NOTES.get(event.get("event", ""))
        if words:
            return words.format(by=event.get("by", "Somebody"))
    return ""


def _shown(business: Business, message: Message, beside: Beside) -> Iterator[str]:
    for card in message.shown.get("cards", []):
        words = _card(business, card)
        if words:
            yield words
    proposal = beside.proposals.get(str(message.shown.get("proposalId")))
    if proposal is not None:
        yield proposal_words(business, proposal)


def proposal_words(business: Business, proposal: Proposal) -> str:
    """ "Proposed: Book Haircut, Tuesday, March 3 at 3 pm — confirmed"."""
    preview = proposal.preview
    when = _when(business, preview["date"], preview.get("time")) if preview.get("date") else None
    what = f"{preview['title']}, {when}" if when else preview["title"]
    return f"Proposed: {what} — {_DECIDED[proposal.status]}"


def _card(business: Business, card: Mapping[str, Any]) -> str | None:
    match card.get("kind"):
        case "services":
            return f"Showed services: {_some([each['label'] for each in card['services']])}"
        case "slots":
            return f"Offered {_days(card['days'])}"
        case "booking":
            return f"Showed the booking {card['booking']['code']}"
        case "bookings":
            return f"Showed bookings: {_some([_code(each) for each in card['bookings']])}"
        case "receipt":
            receipt = card["receipt"]
            return f"{receipt['title']}: {' · '.join(receipt['lines'])}"
        case "payment":
            return _payment(business, card)
        case _:
            return None


def _payment(business: Business, card: Mapping[str, Any]) -> str:
    amount = card.get("amount")
    said = money.format(amount["amount"], amount["currency"], business.locale) if amount else "the payment"
    match card.get("status"):
        case "paid":
            return f"Paid: {said}"
        case "expired":
            return f"The time to pay {said} has run out"
        case _:
            return f"Asked for {said}"


def _code(card: Mapping[str, Any]) -> str:
    return card["code"] if "code" in card else card["booking"]["code"]


def _some(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _days(days: Sequence[Mapping[str, Any]]) -> str:
    said = [_day(each) for each in days[:_MOST_DAYS]]
    return "; ".join(said) + ("; and more days" if len(days) > _MOST_DAYS else "")


def _day(day: Mapping[str, Any]) -> str:
    times = list(dict.fromkeys(each["label"] for each in day["slots"] if each["time"]))
    return f"{day['label']}, {_some(times, _MOST_TIMES)}" if times else day["label"]


def _when(business: Business, day: str, at: str | None) -> str:
    today = clock.now().astimezone(business.zone).date()
    return spoken_moment(date.fromisoformat(day), time.fromisoformat(at) if at else None, today, business.locale)

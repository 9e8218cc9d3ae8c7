"""Nobody can hold the whole calendar: how much may be held, and not yet booked, at the same time.

What is held is taken from everybody else. A person holds two times at most, a conversation three, and of what a day
offers a tenth may wait for its money (three bookings at least, however short the day is).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handled.availability.diary import hours_of
from handled.availability.hours import windows
from handled.bookings.holds import Wanted
from handled.catalog.business import Business
from handled.db.locks import locking
from handled.db.session import within
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.notifications.caps import mailbox_key

OF_ONE_PERSON, OF_ONE_CONVERSATION, OF_ONE_DAY = 2, 3, 3
_SHARE_OF_A_DAY = 10

# Of all that is held only what may count: in this conversation, by somebody whose address begins alike, and what waits
# for money if this one does. The seats of a class share its time.
_HELD = (
    "select b.customer_email, b.conversation_id, b.due_minor, b.starts_at,"
    " extract(epoch from b.ends_at - b.starts_at) / 60 / greatest(s.capacity, 1)"
    " from bookings b join services s on s.tenant_id = b.tenant_id and s.id = b.service_id"
    " where b.tenant_id = %s and (b.status = 'pending_payment' or b.status = 'held' and b.hold_expires_at > %s)"
    " and (b.conversation_id = %s or b.due_minor > 0 and %s"
    " or replace(split_part(split_part(lower(b.customer_email), '@', 1), '+', 1), '.', '') = %s)"
)

_MESSAGES = {
    "person": (
        "There are two times held under that email address already. Please confirm or pay for one of them, or let it"
        " go, before we hold another."
    ),
    "conversation": (
        "Three times are held in this conversation already. Please pay for one of them, or cancel it, before we hold"
        " another."
    ),
    "day": (
        "A good part of that day is held for people who have not paid yet, so we cannot hold more of it just now."
        " Please try another day, or that one again in half an hour."
    ),
}


class _Held(NamedTuple):
    customer_email: str
    conversation_id: UUID | None
    due_minor: int
    starts_at: datetime
    minutes: Decimal


class TooManyHolds(HandledError):
    """So much is held that nothing more is, for now."""

    def __init__(self, whose: str) -> None:
        super().__init__("too_many_holds", _MESSAGES[whose], 429)


def keys_of(business: Business, wanted: Wanted) -> list[UUID]:
    """What stands for the caps of this hold among the resources to be locked: those of one transaction are locked
    together, or two could wait for each other in a circle."""
    return caps_of(business, wanted.customer_email, wanted.conversation_id, _day(business, wanted))


def caps_of(business: Business, email: str, conversation_id: UUID | None, day: date) -> list[UUID]:
    """See `keys_of`."""
    names = (mailbox_key(email), str(conversation_id), day.isoformat())
    return [UUID(bytes=md5(f"{business.id} {each}".encode(), usedforsecurity=False).digest()) for each in names]


async def check(session: AsyncSession, business: Business, wanted: Wanted) -> None:
    """Raises TooManyHolds when this hold would be one too many. Until the transaction ends, nobody else is counted
    who would be counted with it."""
    resources = [*wanted.resource_ids, *(UUID(each) for part in wanted.parts for each in part["resources"])]
    lock = locking([*resources, *keys_of(business, wanted)])
    mailbox = mailbox_key(wanted.customer_email)
    begins = mailbox.partition("@")[0].partition("+")[0].replace(".", "")
    values = business.id, clock.now(), wanted.conversation_id, wanted.due_minor > 0, begins
    _, rows = await within(session, lock, (_HELD, values))
    held = [_Held(*each) for each in rows]
    if sum(mailbox_key(each.customer_email) == mailbox for each in held) >= OF_ONE_PERSON:
        raise TooManyHolds("person")
    own = wanted.conversation_id
    if own is not None and sum(each.conversation_id == own for each in held) >= OF_ONE_CONVERSATION:
        raise TooManyHolds("conversation")
    if wanted.due_minor and _fills_the_day(business, wanted, held):
        raise TooManyHolds("day")


def _fills_the_day(business: Business, wanted: Wanted, held: Sequence[_Held]) -> bool:
    day = _day(business, wanted)
    waiting = [each for each in held if each.due_minor and each.starts_at.astimezone(business.zone).date() == day]
    if len(waiting) < OF_ONE_DAY:
        return False
    length = (wanted.ends_at - wanted.starts_at) / timedelta(minutes=1) / max(wanted.capacity, 1)
    return sum(float(each.minutes) for each in waiting) + length > _offered(business, day) / _SHARE_OF_A_DAY


def _offered(business: Business, day: date) -> int:
    """Minutes of that day for which somebody could be booked, all resources together."""
    layers = hours_of(business)
    spans = [windows([layers, hours_of(business, each.id)], [day], business.zone) for each in business.resources]
    return sum(window.closes - window.opens for each in spans for window in each)


def _day(business: Business, wanted: Wanted) -> date:
    return wanted.starts_at.astimezone(business.zone).date()

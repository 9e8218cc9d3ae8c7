"""What there is to tell, as plain data: one typed notification per kind.

A notification is complete in itself. It is queued as JSON in the transaction that caused it and rendered
later, so nothing in it is looked up again and a retry says the same thing.

Amounts are ready to read ("$45.00"). Links are paths of ours ("/b/…"), which become addresses when the mail is
rendered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, TypeAdapter

from handled.notifications.facts import BookingFacts, Invite

Actor = Literal["customer", "business", "system"]


@dataclass(frozen=True)
class _Move:
    """It took place at `before`, now it is when the booking says; what is to be paid because of it, or goes back."""

    booking: BookingFacts
    before_starts_at: AwareDatetime
    before_ends_at: AwareDatetime
    invite: Invite | None = None
    by: Actor = "customer"
    due_text: str | None = None
    refund_text: str | None = None


@dataclass(frozen=True)
class _Cancellation:
    """It does not take place: what goes back to the customer, and what it costs them."""

    booking: BookingFacts
    invite: Invite | None = None
    by: Actor = "customer"
    refund_text: str | None = None
    fee_text: str | None = None


@dataclass(frozen=True)
class PaymentAwaited:
    """To the customer: the time is held until `held_until` for whoever pays `due_text`. Not booked yet, hence no
    invite. `rest_text` is what remains to be paid on site."""

    booking: BookingFacts
    due_text: str
    held_until: AwareDatetime
    pay_path: str
    rest_text: str | None = None
    kind: Literal["payment_awaited"] = "payment_awaited"


@dataclass(frozen=True)
class BookingConfirmed:
    """To the customer: the booking stands. With `paid_text` it also says that the money has come; `rest_text` is
    due on site."""

    booking: BookingFacts
    invite: Invite | None = None
    paid_text: str | None = None
    rest_text: str | None = None
    kind: Literal["booking_confirmed"] = "booking_confirmed"


@dataclass(frozen=True)
class PaymentReceived:
    """To the customer: money has come for a booking that stood already. `paid_text` is this payment."""

    booking: BookingFacts
    paid_text: str
    rest_text: str | None = None
    kind: Literal["payment_received"] = "payment_received"


@dataclass(frozen=True)
class BookingMoved(_Move):
    """To the customer. What is dearer is paid at `pay_path`."""

    pay_path: str | None = None
    kind: Literal["booking_moved"] = "booking_moved"


@dataclass(frozen=True)
class BookingCancelled(_Cancellation):
    """To the customer."""

    kind: Literal["booking_cancelled"] = "booking_cancelled"


@dataclass(frozen=True)
class BookingExpired:
    """To the customer: nobody paid in time, the slot is free again."""

    booking: BookingFacts
    kind: Literal["booking_expired"] = "booking_expired"


@dataclass(frozen=True)
class LatePaymentRefunded:
    """To the customer: the money came when the time was gone. All of it goes back, with our apology."""

    booking: BookingFacts
    refund_text: str
    kind: Literal["late_payment_refunded"] = "late_payment_refunded"


@dataclass(frozen=True)
class RefundMade:
    """To the customer: the business gives so much back and cancels nothing. `stands` where the booking is still to
    come."""

    booking: BookingFacts
    refund_text: str
    stands: bool = True
    kind: Literal["refund_made"] = "refund_made"


@dataclass(frozen=True)
class RefundFailed:
    """To the customer: the money that we sent back did not arrive; the business will settle it."""

    booking: BookingFacts
    refund_text: str
    kind: Literal["refund_failed"] = "refund_failed"


@dataclass(frozen=True)
class Reminder:
    """To the customer: soon. `rest_text` is due on site."""

    booking: BookingFacts
    invite: Invite | None = None
    rest_text: str | None = None
    kind: Literal["reminder"] = "reminder"


@dataclass(frozen=True)
class RatingRequest:
    """To the customer, afterwards: 1 to 5? `rate_path` takes a rating, `refuse_path` takes no more such mails."""

    booking: BookingFacts
    rate_path: str
    refuse_path: str
    kind: Literal["rating_request"] = "rating_request"


@dataclass(frozen=True)
class ConversationRating:
    """To the customer, after a conversation that no appointment follows: as `RatingRequest`."""

    tenant_name: str
    tenant_email: str
    customer_email: str
    rate_path: str
    refuse_path: str
    customer_name: str = ""
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["conversation_rating"] = "conversation_rating"


@dataclass(frozen=True)
class OneTimeCode:
    """To whoever reads this address: six digits for the conversation that asked for them. Says nothing about
    anything else. Once the mail is on its way, `forget` takes the code out."""

    tenant_name: str
    tenant_email: str
    customer_email: str
    code: str
    expires_at: AwareDatetime
    minutes: int = 10
    customer_name: str = ""
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["one_time_code"] = "one_time_code"


@dataclass(frozen=True)
class LoginLink:
    """To somebody who works for the business: `login_path` logs them in once. With `invited_by` it is the first they
    hear of it. Once the mail is on its way, `forget` takes the path out."""

    tenant_name: str
    tenant_email: str
    staff_email: str
    staff_name: str
    login_path: str
    expires_at: AwareDatetime
    minutes: int
    invited_by: str | None = None
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["login_link"] = "login_link"


@dataclass(frozen=True)
class Said:
    """A message of a conversation: who said it, as a reader would call them, and what."""

    who: str
    text: str


@dataclass(frozen=True)
class EscalationNotice:
    """To the business: a customer waits for a person. `lead` is a whole sentence, `reasons` are the customer's words,
    `tried` what the assistant did, `bookings` what was booked here, `path` where to answer without logging in. A
    `discreet` one repeats nothing that was said."""

    tenant_name: str
    tenant_email: str
    subject: str
    lead: str
    path: str
    customer_name: str = ""
    customer_email: str = ""
    customer_phone: str | None = None
    reasons: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    tried: tuple[str, ...] = ()
    bookings: tuple[str, ...] = ()
    discreet: bool = False
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["escalation"] = "escalation"


@dataclass(frozen=True)
class StaffReply:
    """To a customer who has left the chat: what staff said there. A `discreet` one repeats nothing of it."""

    tenant_name: str
    tenant_email: str
    customer_email: str
    said: tuple[Said, ...]
    chat_path: str
    customer_name: str = ""
    discreet: bool = False
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["staff_reply"] = "staff_reply"


@dataclass(frozen=True)
class BudgetNotice:
    """To the business: so many `percent` of what its chat's language model may use in a day are used up. The rest is
    ready to read: "Monday, March 2", "$4.02", "$5.00"."""

    tenant_name: str
    tenant_email: str
    percent: int
    day_text: str
    spent_text: str
    limit_text: str
    tenant_address: str | None = None
    tenant_phone: str | None = None
    accent: str | None = None
    kind: Literal["budget_notice"] = "budget_notice"


@dataclass(frozen=True)
class NewBooking:
    """To the business: somebody has booked. `source_text` says where ("Chat on your website")."""

    booking: BookingFacts
    invite: Invite | None = None
    source_text: str | None = None
    paid_text: str | None = None
    rest_text: str | None = None
    kind: Literal["new_booking"] = "new_booking"


@dataclass(frozen=True)
class MoveNotice(_Move):
    """To the business."""

    kind: Literal["move_notice"] = "move_notice"


@dataclass(frozen=True)
class CancellationNotice(_Cancellation):
    """To the business: its time is free, the fee is theirs."""

    kind: Literal["cancellation_notice"] = "cancellation_notice"


@dataclass(frozen=True)
class PaymentProblem:
    """To the business: something about the money of a booking needs a person. `reason` is a whole sentence."""

    booking: BookingFacts
    reason: str
    kind: Literal["payment_problem"] = "payment_problem"


AboutBooking = (
    PaymentAwaited | BookingConfirmed | PaymentReceived | BookingMoved | BookingCancelled | BookingExpired
    | LatePaymentRefunded | RefundMade | RefundFailed | Reminder | RatingRequest
    | NewBooking | MoveNotice | CancellationNotice | PaymentProblem
)  # fmt: skip
OnItsOwn = OneTimeCode | LoginLink | ConversationRating | EscalationNotice | StaffReply | BudgetNotice
Parties = BookingFacts | OnItsOwn
Notification = AboutBooking | OnItsOwn

_notification: TypeAdapter[Notification] = TypeAdapter(Annotated[Notification, Field(discriminator="kind")])


def to_json(notification: Notification) -> dict[str, Any]:
    """The notification as JSON data, its `kind` included."""
    return _notification.dump_python(notification, mode="json")


def from_json(data: dict[str, Any]) -> Notification:
    """The notification `to_json` wrote. Raises pydantic.ValidationError for anything else."""
    return _notification.validate_python(data)


def parties(notification: Notification) -> Parties:
    """Who writes to whom: `tenant_…`, and `customer_…` or `staff_…`."""
    return notification if isinstance(notification, OnItsOwn) else notification.booking


def is_over(notification: Notification, now: datetime) -> bool:
    """Whether it would no longer be true: a code that has run out, a hold that has ended, a reminder of the past."""
    match notification:
        case PaymentAwaited():
            return notification.held_until <= now
        case Reminder():
            return notification.booking.starts_at <= now
        case OneTimeCode() | LoginLink():
            return notification.expires_at <= now
        case _:
            return False


def forget(notification: Notification) -> Notification:
    """The notification as it is kept: without what must not lie around."""
    match notification:
        case OneTimeCode():
            return replace(notification, code="")
        case LoginLink():
            return replace(notification, login_path="")
        case _:
            return notification

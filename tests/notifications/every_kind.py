"""One notification of every kind about the same booking."""

from __future__ import annotations

from datetime import timedelta

from handled.notifications.facts import BookingFacts, Invite
from handled.notifications.messages import (
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingMoved,
    BudgetNotice,
    CancellationNotice,
    ConversationRating,
    EscalationNotice,
    LatePaymentRefunded,
    LoginLink,
    MoveNotice,
    NewBooking,
    Notification,
    OneTimeCode,
    PaymentAwaited,
    PaymentProblem,
    PaymentReceived,
    RatingRequest,
    RefundFailed,
    RefundMade,
    Reminder,
    Said,
    StaffReply,
)

REQUEST = Invite("REQUEST", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n")
CANCEL = Invite("CANCEL", "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n")
PUBLISH = Invite("PUBLISH", "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n")


def every_kind(booking: BookingFacts) -> dict[str, Notification]:
    """By kind; the booking was moved from a day before."""
    before = booking.starts_at - timedelta(days=1), booking.ends_at - timedelta(days=1)
    code = OneTimeCode(
        tenant_name=booking.tenant_name,
        tenant_email=booking.tenant_email,
        tenant_address=booking.tenant_address,
        tenant_phone=booking.tenant_phone,
        accent=booking.accent,
        customer_email=booking.customer_email,
        code="482193",
        expires_at=booking.changed_at + timedelta(minutes=10),
    )
    notifications: tuple[Notification, ...] = (
        PaymentAwaited(booking, "$20.00", booking.changed_at + timedelta(minutes=35), "/pay/paytoken", "$25.00"),
        BookingConfirmed(booking, REQUEST, "$20.00", "$25.00"),
        PaymentReceived(booking, "$20.00", "$25.00"),
        BookingMoved(booking, *before, invite=REQUEST, due_text="$15.00", pay_path="/pay/paytoken"),
        BookingCancelled(booking, CANCEL, "customer", "$20.00", "$25.00"),
        BookingExpired(booking),
        LatePaymentRefunded(booking, "$20.00"),
        RefundMade(booking, "$20.00"),
        RefundFailed(booking, "$20.00"),
        Reminder(booking, REQUEST, "$25.00"),
        RatingRequest(booking, "/rate/ratetoken", "/refuse/refusetoken"),
        ConversationRating(
            tenant_name=booking.tenant_name,
            tenant_email=booking.tenant_email,
            tenant_address=booking.tenant_address,
            tenant_phone=booking.tenant_phone,
            accent=booking.accent,
            customer_email=booking.customer_email,
            rate_path="/rate/ratetoken",
            refuse_path="/refuse/refusetoken",
        ),
        code,
        LoginLink(
            tenant_name=booking.tenant_name,
            tenant_email=booking.tenant_email,
            tenant_address=booking.tenant_address,
            tenant_phone=booking.tenant_phone,
            accent=booking.accent,
            staff_email=booking.customer_email,
            staff_name=booking.customer_name,
            login_path="/dashboard/login/logintoken",
            expires_at=booking.changed_at + timedelta(minutes=15),
            minutes=15,
            invited_by="Olga",
        ),
        StaffReply(
            tenant_name=booking.tenant_name,
            tenant_email=booking.tenant_email,
            tenant_address=booking.tenant_address,
            tenant_phone=booking.tenant_phone,
            accent=booking.accent,
            customer_email=booking.customer_email,
            customer_name=booking.customer_name,
            said=(Said(booking.resource_name or "Mia", "Yes, we do bridal hair."), Said("Mia", "When is it?")),
            chat_path="/c/juniper",
            discreet=booking.discreet,
        ),
        EscalationNotice(
            tenant_name=booking.tenant_name,
            tenant_email=booking.tenant_email,
            tenant_address=booking.tenant_address,
            tenant_phone=booking.tenant_phone,
            accent=booking.accent,
            subject=f"{booking.customer_name} asks for a person",
            lead=f"{booking.customer_name} asked for a person in the chat.",
            path="/escalation/escalationtoken",
            discreet=booking.discreet,
            customer_name=booking.customer_name,
            customer_email=booking.customer_email,
            customer_phone=booking.customer_phone,
            reasons=(booking.notes or "Bridal hair",),
            said=(Said("Customer", booking.notes or "Hello"), Said("Assistant", "One moment.")),
            tried=("Looked for free times",),
            bookings=("Haircut, Tuesday, March 3 at 11:00 am, BK-7F3K2Q",),
        ),
        NewBooking(booking, PUBLISH, "Chat on your website", "$20.00", "$25.00"),
        MoveNotice(booking, *before, invite=PUBLISH, refund_text="$5.00"),
        CancellationNotice(booking, PUBLISH, "customer", "$20.00", "$25.00"),
        BudgetNotice(
            tenant_name=booking.tenant_name,
            tenant_email=booking.tenant_email,
            tenant_address=booking.tenant_address,
            tenant_phone=booking.tenant_phone,
            accent=booking.accent,
            percent=80,
            day_text="Monday, March 2",
            spent_text="$4.02",
            limit_text="$5.00",
        ),
        PaymentProblem(booking, "The bank refused the refund of $20.00: please settle it with Anna Núñez yourself."),
    )
    return {each.kind: each for each in notifications}

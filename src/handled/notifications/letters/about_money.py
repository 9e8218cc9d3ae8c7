"""What customers are told about their payments, and the one-time code."""

from __future__ import annotations

from typing import Any

from handled.notifications.letters import booking_words as words
from handled.notifications.letters.page import Action, CodePanel, Page, Row, Section, letterhead
from handled.notifications.letters.to_customer import ON_SITE, again, code_panel, hello, manage, money_back, page, see
from handled.notifications.messages import (
    LatePaymentRefunded,
    OneTimeCode,
    PaymentAwaited,
    PaymentReceived,
    RefundFailed,
    RefundMade,
)
from handled.notifications.moments import moment_of
from handled.notifications.wording import one_line


def payment_awaited(notification: PaymentAwaited) -> Page:
    booking = notification.booking
    until, zone = words.deadline(booking, notification.held_until)
    due = one_line(notification.due_text, 40)
    money = [
        Row("To pay now", due),
        *words.amount(ON_SITE, notification.rest_text),
        Row("Code", words.code(booking)),
    ]
    return page(
        booking,
        title=f"Held for you until {until}",
        subject=f"Held until {until}: please pay {due} for {words.name(booking)}, {moment_of(booking).short}",
        preheader=f"It is booked once the payment has arrived. Until {until} ({zone}) nobody else can have it.",
        lead=hello(
            booking, f"nobody else can have this time until {until} ({zone}). Once you have paid, it is booked."
        ),
        rows=words.customer_rows(booking, money),
        action=Action(f"Pay {due}", notification.pay_path),
        aside=manage(booking),
        sections=(Section("If you do not pay", (f"At {until} we let go of the time, and you are charged nothing.",)),),
    )


def payment_received(notification: PaymentReceived) -> Page:
    booking = notification.booking
    paid = one_line(notification.paid_text, 40)
    money = [*words.amount("Paid", paid), *words.amount(ON_SITE, notification.rest_text)]
    return page(
        booking,
        title="Payment received",
        subject=f"Payment received: {paid} for {words.name(booking)}, {moment_of(booking).short}",
        lead=hello(booking, f"thank you. We have received your payment of {paid}."),
        rows=words.customer_rows(booking, money),
        code=code_panel(booking),
        action=manage(booking),
    )


def late_payment_refunded(notification: LatePaymentRefunded) -> Page:
    booking = notification.booking
    refund = one_line(notification.refund_text, 40)
    return page(
        booking,
        title="Your money is on its way back",
        subject=f"Refund of {refund}: {words.name(booking)}, {moment_of(booking).short}, could not be booked",
        lead=hello(
            booking, f"your payment of {refund} came when this time was no longer to be had. We are sorry about that."
        ),
        gone=True,
        rows=words.gone_rows(booking, [Row("Refund", refund)]),
        action=again(booking, "Find another time"),
        aside=see(booking),
        sections=money_back(refund),
    )


def refund_made(notification: RefundMade) -> Page:
    booking = notification.booking
    refund = one_line(notification.refund_text, 40)
    gives = hello(booking, f"{letterhead(booking).name} gives you {refund} back.")
    money = [Row("Refund", refund), Row("Code", words.code(booking))]
    usual: dict[str, Any] = {
        "title": "Your money is on its way back",
        "subject": f"Refund of {refund}: {words.name(booking)}, {moment_of(booking).short}",
        "sections": money_back(refund),
    }
    if notification.stands:
        stands = f"{gives} Your {words.noun(booking)} stays as it is."
        return page(booking, lead=stands, rows=words.customer_rows(booking, money), action=manage(booking), **usual)
    rows = (words.when(booking), *words.gone_rows(booking, money))
    return page(booking, lead=gives, moment=None, aside=see(booking), rows=rows, **usual)


def refund_failed(notification: RefundFailed) -> Page:
    booking = notification.booking
    business = letterhead(booking).name
    refund = one_line(notification.refund_text, 40)
    return page(
        booking,
        title="Your refund did not get through",
        subject=f"Your refund of {refund} did not get through",
        lead=hello(
            booking,
            f"your bank or card did not accept the {refund} that we sent back. The money is still yours: {business}"
            " knows about it and will settle it with you.",
        ),
        moment=None,
        aside=see(booking),
        rows=(
            words.when(booking),
            *words.gone_rows(booking, [Row("Refund", refund), Row("Code", words.code(booking))]),
        ),
    )


def one_time_code(notification: OneTimeCode) -> Page:
    business = letterhead(notification)
    return Page(
        subject=f"{notification.code} is your code",
        preheader=f"It works for {notification.minutes} minutes.",
        letterhead=business,
        title="Your code",
        lead=f"Type it into the chat with {business.name} that asked for it.",
        code=CodePanel("One-time code", notification.code, f"It works once, for {notification.minutes} minutes."),
        closing=(
            f"Nobody from {business.name} will ever ask you for it.",
            "Did you not ask for a code? Then somebody may have mistyped their address. You need not do anything.",
        ),
        signed=True,
        why=f"You get this email because somebody gave this address in the chat with {business.name}.",
    )

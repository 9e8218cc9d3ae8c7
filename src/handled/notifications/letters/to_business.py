"""What businesses are told about their bookings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handled.notifications.facts import BookingFacts
from handled.notifications.letters import booking_words as words
from handled.notifications.letters.page import Page, Section, letterhead
from handled.notifications.messages import CancellationNotice, MoveNotice, NewBooking, PaymentProblem
from handled.notifications.moments import moment_of
from handled.notifications.wording import one_line, quoted_lines


def new_booking(notification: NewBooking) -> Page:
    booking = notification.booking
    who = words.customer(booking)
    money = [*words.amount("Paid", notification.paid_text), *words.amount("Due on site", notification.rest_text)]
    return _page(
        booking,
        title=f"New {words.noun(booking)}",
        lead=f"{who} booked {_what(booking)}.",
        rows=words.business_rows(booking, money, notification.source_text),
        sections=tuple(_their_words(booking)),
        closing=(_their_copy(booking),),
    )


def move_notice(notification: MoveNotice) -> Page:
    booking = notification.booking
    who = words.customer(booking)
    money = [*words.amount("Still to pay", notification.due_text), *words.amount("Refund", notification.refund_text)]
    did = (
        f"{who} moved {_what(booking)}."
        if notification.by == "customer"
        else f"{_capital(_what(booking))} for {who} was moved."
    )
    return _page(
        booking,
        title=f"{words.noun(booking).capitalize()} moved",
        lead=did,
        before=words.moment_before(booking, notification.before_starts_at, notification.before_ends_at),
        rows=words.business_rows(booking, money),
        closing=(f"{who} has a mail with the new time. The old one is free again.",),
    )


def cancellation_notice(notification: CancellationNotice) -> Page:
    booking = notification.booking
    who = words.customer(booking)
    money = [
        *words.amount("Cancellation fee", notification.fee_text),
        *words.amount("Refund", notification.refund_text),
    ]
    did = (
        f"{who} cancelled {_what(booking)}."
        if notification.by == "customer"
        else f"{_capital(_what(booking))} for {who} was cancelled."
    )
    return _page(
        booking,
        title=f"{words.noun(booking).capitalize()} cancelled",
        lead=f"{did} The time is free again.",
        gone=True,
        rows=words.business_rows(booking, money),
        closing=(f"{who} has been told.",),
    )


def payment_problem(notification: PaymentProblem) -> Page:
    booking = notification.booking
    return _page(
        booking,
        title="Payment problem",
        lead=one_line(notification.reason, 500),
        moment=None,
        rows=(words.when(booking), *words.business_rows(booking)),
    )


def _page(booking: BookingFacts, *, title: str, **rest: Any) -> Page:
    business, who = letterhead(booking), words.customer(booking)
    usual: dict[str, Any] = {
        "title": title,
        "subject": f"[HANDLED] {words.subject(title, booking, who)}",
        "preheader": words.preheader(booking),
        "letterhead": business,
        "moment": moment_of(booking),
        "why": f"Sent to {business.email} because bookings for {business.name} are announced there. To write to"
        f" {who}, use the address above: a reply to this email stays with you.",
    }
    return Page(**usual | rest)


def _what(booking: BookingFacts) -> str:
    return "an appointment" if booking.discreet else one_line(booking.service_label, 80)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _their_copy(booking: BookingFacts) -> str:
    terms = words.policy(booking)
    copy = f"{words.customer(booking)} has a confirmation with the same code"
    return f"{copy} and these terms: {' '.join(terms)}" if terms else f"{copy}."


def _their_words(booking: BookingFacts) -> Iterator[Section]:
    if booking.discreet:
        return
    if notes := quoted_lines(booking.notes or ""):
        yield Section("What they wrote", tuple(notes), quoted=True)
    for answer in booking.answers:
        if lines := quoted_lines(answer.answer):
            yield Section(one_line(answer.question, 200), tuple(lines), quoted=True)

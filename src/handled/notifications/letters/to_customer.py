"""What customers are told about their bookings."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from handled.kit import clock
from handled.kit.when.spoken import spoken_moment
from handled.notifications.facts import BookingFacts
from handled.notifications.letters import booking_words as words
from handled.notifications.letters.page import Action, CodePanel, Page, Section, letterhead
from handled.notifications.messages import (
    BookingCancelled,
    BookingConfirmed,
    BookingExpired,
    BookingMoved,
    ConversationRating,
    RatingRequest,
    Reminder,
)
from handled.notifications.moments import moment_of
from handled.notifications.wording import one_line

ON_SITE = "Due on site"
STARS = {1: "Poor", 2: "Not so good", 3: "All right", 4: "Good", 5: "Excellent"}
_NO_MORE = "No more mails that ask for a rating"
_INTO_CALENDAR = "The attached invite puts it in your calendar."


def booking_confirmed(notification: BookingConfirmed) -> Page:
    booking = notification.booking
    title = f"Your {words.noun(booking)} is confirmed"
    paid = f"your payment of {one_line(notification.paid_text, 40)} has arrived, and " if notification.paid_text else ""
    opening = f"Payment received, your {words.noun(booking)} is confirmed" if notification.paid_text else title
    return page(
        booking,
        title=title,
        subject=words.subject(opening, booking),
        lead=hello(booking, f"{paid}we look forward to seeing you."),
        rows=words.customer_rows(
            booking, [*words.amount("Paid", notification.paid_text), *words.amount(ON_SITE, notification.rest_text)]
        ),
        code=code_panel(booking),
        action=manage(booking),
        sections=plans_change(booking),
        closing=(_INTO_CALENDAR,) if notification.invite else (),
    )


def booking_moved(notification: BookingMoved) -> Page:
    booking = notification.booking
    title = f"Your {words.noun(booking)} has moved"
    who = (
        f"{letterhead(booking).name} had to move it."
        if notification.by == "business"
        else "as you asked, it has moved."
    )
    due = one_line(notification.due_text, 40) if notification.due_text else None
    money = [*words.amount("Still to pay", due), *words.amount("Refund", notification.refund_text)]
    pay = Action(f"Pay the difference of {due}", notification.pay_path) if due and notification.pay_path else None
    return page(
        booking,
        title=title,
        subject=words.subject(title, booking),
        lead=f"{hello(booking, who)} Here is the new time.",
        before=words.moment_before(booking, notification.before_starts_at, notification.before_ends_at),
        rows=words.customer_rows(booking, money),
        code=code_panel(booking),
        action=pay or manage(booking),
        aside=manage(booking) if pay else None,
        sections=(*money_back(notification.refund_text), *plans_change(booking)),
        closing=("The attached invite moves it in your calendar.",) if notification.invite else (),
    )


def booking_cancelled(notification: BookingCancelled) -> Page:
    booking = notification.booking
    title = f"Your {words.noun(booking)} is cancelled"
    noun = words.noun(booking)
    leads = {
        "customer": hello(booking, f"as you asked, this {noun} is cancelled."),
        "business": f"{hello(booking, letterhead(booking).name)} had to cancel this {noun}. We are sorry.",
        "system": hello(booking, f"this {noun} is cancelled."),
    }
    money = [
        *words.amount("Cancellation fee", notification.fee_text),
        *words.amount("Refund", notification.refund_text),
    ]
    return page(
        booking,
        title=title,
        subject=words.subject(title, booking),
        lead=leads[notification.by],
        gone=True,
        rows=words.gone_rows(booking, money),
        action=again(booking, "Book another time"),
        aside=see(booking),
        sections=money_back(notification.refund_text),
        closing=("The attached file takes it out of your calendar.",) if notification.invite else (),
    )


def booking_expired(notification: BookingExpired) -> Page:
    booking = notification.booking
    return page(
        booking,
        title="Your time is no longer held",
        subject=words.subject("No longer held", booking),
        lead=hello(booking, "no payment reached us in time, so others can have it now. You were charged nothing."),
        gone=True,
        rows=words.gone_rows(booking),
        action=again(booking, "Shall we look again?"),
        aside=see(booking),
    )


def reminder(notification: Reminder) -> Page:
    booking = notification.booking
    zone = ZoneInfo(booking.timezone)
    start, today = booking.starts_at.astimezone(zone), clock.now().astimezone(zone).date()
    at = None if booking.whole_day else start.time()
    when = spoken_moment(start.date(), at, today, booking.locale, near=True)
    short = {0: "today", 1: "tomorrow"}.get((start.date() - today).days, "soon")
    what = "your appointment" if booking.discreet else words.name(booking)
    return page(
        booking,
        title=f"See you {short}",
        subject=f"Reminder: {what}, {when}",
        lead=hello(booking, f"this is a reminder of your {words.noun(booking)} {short}."),
        rows=words.customer_rows(booking, words.amount(ON_SITE, notification.rest_text)),
        code=code_panel(booking),
        action=manage(booking),
        sections=plans_change(booking),
        closing=("The attached invite is for your calendar, should it not be there yet.",)
        if notification.invite
        else (),
    )


def rating_request(notification: RatingRequest) -> Page:
    booking = notification.booking
    business = letterhead(booking).name
    return page(
        booking,
        title="How was it?",
        subject=f"How was your appointment with {business}?",
        lead=hello(booking, f"thank you for coming. One click tells {business} how it went."),
        rows=tuple(words.service_rows(booking)),
        stars=_stars(notification.rate_path),
        aside=see(booking),
        refuse=Action(_NO_MORE, notification.refuse_path),
    )


def conversation_rating(notification: ConversationRating) -> Page:
    business = letterhead(notification)
    return Page(
        subject=f"How was your chat with {business.name}?",
        preheader="From 1 to 5: one click is enough.",
        letterhead=business,
        title="How was it?",
        lead=f"Hello, thank you for writing to us. One click tells {business.name} how the chat went.",
        stars=_stars(notification.rate_path),
        may_reply=True,
        signed=True,
        why=f"You get this email because you confirmed this address in the chat with {business.name}.",
        refuse=Action(_NO_MORE, notification.refuse_path),
    )


def _stars(rate_path: str) -> tuple[Action, ...]:
    return tuple(
        Action(str(stars), f"{rate_path}?stars={stars}", f"{stars} of 5: {meaning}") for stars, meaning in STARS.items()
    )


def page(booking: BookingFacts, **rest: Any) -> Page:
    """A page to the customer about this booking."""
    business = letterhead(booking)
    usual: dict[str, Any] = {
        "letterhead": business,
        "preheader": words.preheader(booking),
        "moment": moment_of(booking),
        "may_reply": True,
        "signed": True,
        "why": f"You get this email because this address was given for {_a(words.noun(booking))} with"
        f" {business.name}. Was it not you? Reply and say so.",
    }
    return Page(**usual | rest)


def hello(booking: BookingFacts, rest: str) -> str:
    """A first sentence that greets the customer."""
    name = words.customer(booking)
    return f"Hello {name}, {rest}" if name else f"Hello, {rest}"


def code_panel(booking: BookingFacts) -> CodePanel:
    """The confirmation code and what it is for."""
    note = f"Have it ready when you ask about your {words.noun(booking)}."
    return CodePanel("Confirmation code", words.code(booking), note)


def manage(booking: BookingFacts) -> Action | None:
    """The link that shows, moves or cancels it."""
    return Action(f"View or change your {words.noun(booking)}", booking.manage_path) if booking.manage_path else None


def see(booking: BookingFacts) -> Action | None:
    """The same link, where there is nothing left to change."""
    return Action(f"See this {words.noun(booking)}", booking.manage_path) if booking.manage_path else None


def again(booking: BookingFacts, text: str) -> Action | None:
    """The link to the conversation in which another time is found."""
    return Action(text, booking.again_path) if booking.again_path else None


def plans_change(booking: BookingFacts) -> tuple[Section, ...]:
    """The terms under which it can be changed."""
    return (Section("If your plans change", words.policy(booking)),)


def money_back(refund_text: str | None) -> tuple[Section, ...]:
    """Where a refund goes and how long it takes."""
    if not refund_text:
        return ()
    on_its_way = f"{one_line(refund_text, 40)} is on its way back to you, the way you paid."
    return (Section("Your money", (f"{on_its_way} Banks take up to ten days to show it.",)),)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"

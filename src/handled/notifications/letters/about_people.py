"""What is mailed when a person is wanted in a chat: to the business that somebody waits, to the customer what was
answered while they were away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handled.notifications.letters.page import Action, Page, Row, Section, letterhead, mailto, tel
from handled.notifications.messages import EscalationNotice, Said, StaffReply
from handled.notifications.wording import one_line, quoted_lines

_LONGEST_REASON = 1200
_LONGEST_LINE = 300
_LONGEST_REPLY = 4000


def escalation(notification: EscalationNotice) -> Page:
    business = letterhead(notification)
    return Page(
        subject=f"[HANDLED] {one_line(notification.subject, 140)}",
        preheader="Answer without logging in: the link is in this mail.",
        letterhead=business,
        title=one_line(notification.subject, 140),
        lead=one_line(notification.lead, 300),
        rows=tuple(_who(notification)),
        action=Action("Open the conversation", notification.path),
        sections=tuple(_summary(notification)),
        closing=("Whoever has this link can read the conversation and answer in it. Please do not pass it on.",),
        why=f"Sent to {business.email} because customers of {business.name} who want a person are announced there."
        " A reply to this email does not reach the customer.",
    )


def _who(notification: EscalationNotice) -> Iterator[Row]:
    yield Row("Customer", one_line(notification.customer_name, 120) or "Not known")
    if email := one_line(notification.customer_email, 320):
        yield Row("Email", email, mailto(email))
    if phone := one_line(notification.customer_phone or "", 40):
        yield Row("Phone", phone, tel(phone))
    for booking in notification.bookings:
        yield Row("Booking", one_line(booking, 200))


def _summary(notification: EscalationNotice) -> Iterator[Section]:
    if notification.discreet:
        return
    reasons = [line for reason in notification.reasons for line in quoted_lines(reason, _LONGEST_REASON)]
    if reasons:
        yield Section("What it is about", tuple(reasons), quoted=True)
    if notification.tried:
        yield Section("What the assistant tried", tuple(one_line(each, 200) for each in notification.tried))
    if notification.said:
        yield Section("The last messages", tuple(_lines(notification.said)), quoted=True)


def _lines(said: Sequence[Said]) -> Iterator[str]:
    for each in said:
        yield f"{one_line(each.who, 80)}: {one_line(each.text, _LONGEST_LINE)}"


def staff_reply(notification: StaffReply) -> Page:
    business = letterhead(notification)
    who = business.name if notification.discreet else one_line(notification.said[0].who, 80)
    name = one_line(notification.customer_name, 120)
    hello = f"Hello {name}, " if name else "Hello, "
    return Page(
        subject=f"{business.name} has answered you",
        preheader=f"{who} answered in the chat with {business.name}.",
        letterhead=business,
        title=f"{who} has answered you",
        lead=f"{hello}you were no longer in the chat when the answer came.",
        sections=() if notification.discreet else tuple(_replies(notification.said)),
        action=Action("Go on in the chat", notification.chat_path),
        may_reply=True,
        signed=True,
        why=f"You get this email because this address was given in the chat with {business.name}. Was it not you? Reply"
        " and say so.",
    )


def _replies(said: Sequence[Said]) -> Iterator[Section]:
    for each in said:
        if lines := quoted_lines(each.text, _LONGEST_REPLY):
            yield Section(one_line(each.who, 80), tuple(lines), quoted=True)

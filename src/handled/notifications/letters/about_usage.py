"""What businesses are told about what their chat's language model uses."""

from __future__ import annotations

from handled.notifications.letters.page import Page, Row, letterhead
from handled.notifications.messages import BudgetNotice
from handled.notifications.wording import one_line

_STILL = "Your customers can ask, book, move and cancel as before; the answers only sound plainer."


def budget_notice(notification: BudgetNotice) -> Page:
    business = letterhead(notification)
    day = one_line(notification.day_text, 80)
    spent, limit = one_line(notification.spent_text, 40), one_line(notification.limit_text, 40)
    if notification.percent >= 100:
        title = "The day's budget is used up"
        lead = (
            f"The chat's language model may use no more on {day}. Until midnight the chat goes on without it. {_STILL}"
        )
    else:
        title = f"{notification.percent} % of the day's budget is used"
        lead = f"When all of it is used up, the chat goes on without its language model until midnight. {_STILL}"
    return Page(
        subject=f"[HANDLED] {title}: {business.name}",
        preheader=f"{spent} of {limit} on {day}",
        letterhead=business,
        title=title,
        lead=lead,
        rows=(Row("Day", day), Row("Used", spent), Row("Budget", limit)),
        closing=("The last tenth is kept for customers who are about to confirm a booking.",),
        why=f"Sent to {business.email} because this is where {business.name} is told about its chat.",
    )

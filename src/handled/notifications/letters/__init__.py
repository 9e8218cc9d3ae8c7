"""What each kind of mail says, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from handled.notifications.letters import about_money, about_people, about_usage, to_business, to_customer, to_staff
from handled.notifications.letters.page import Page


@dataclass(frozen=True)
class Letter:
    """One kind of mail: who gets it, and the page that is made of its notification."""

    audience: Literal["customer", "business", "staff"]
    page: Callable[[Any], Page]


LETTERS: Mapping[str, Letter] = MappingProxyType(
    {
        "payment_awaited": Letter("customer", about_money.payment_awaited),
        "booking_confirmed": Letter("customer", to_customer.booking_confirmed),
        "payment_received": Letter("customer", about_money.payment_received),
        "booking_moved": Letter("customer", to_customer.booking_moved),
        "booking_cancelled": Letter("customer", to_customer.booking_cancelled),
        "booking_expired": Letter("customer", to_customer.booking_expired),
        "late_payment_refunded": Letter("customer", about_money.late_payment_refunded),
        "refund_made": Letter("customer", about_money.refund_made),
        "refund_failed": Letter("customer", about_money.refund_failed),
        "reminder": Letter("customer", to_customer.reminder),
        "rating_request": Letter("customer", to_customer.rating_request),
        "conversation_rating": Letter("customer", to_customer.conversation_rating),
        "one_time_code": Letter("customer", about_money.one_time_code),
        "login_link": Letter("staff", to_staff.login_link),
        "staff_reply": Letter("customer", about_people.staff_reply),
        "escalation": Letter("business", about_people.escalation),
        "budget_notice": Letter("business", about_usage.budget_notice),
        "new_booking": Letter("business", to_business.new_booking),
        "move_notice": Letter("business", to_business.move_notice),
        "cancellation_notice": Letter("business", to_business.cancellation_notice),
        "payment_problem": Letter("business", to_business.payment_problem),
    }
)

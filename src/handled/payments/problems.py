"""Telling the business that something about money needs a person."""

from __future__ import annotations

from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from handled.jobs.queue import enqueue
from handled.tables import Payment

PROBLEM = "bookings.payment_problem"

Problem = Literal[
    "amount_differs",  # other money came than was asked for; it goes back
    "paid_twice",  # more money came than was asked for; the second goes back
    "does_not_fit",  # an event says that money came, and nothing else does
    "refund_failed",  # money that should have gone back did not
    "checkout_refused",  # the gateway will not let this amount be paid
    "dispute",  # the customer's bank is taking the money back
]


async def report(
    session: AsyncSession,
    payment: Payment,
    problem: Problem,
    *,
    reference: str,
    amount_minor: int | None = None,
    currency: str | None = None,
) -> None:
    """Queue the word to the business in the caller's transaction. `reference` is the gateway's id of what it is about,
    the same for the same problem."""
    await enqueue(
        session,
        PROBLEM,
        tenant_id=str(payment.tenant_id),
        booking_id=str(payment.booking_id),
        problem=problem,
        reference=reference,
        amount_minor=payment.amount_minor if amount_minor is None else amount_minor,
        currency=currency or payment.currency,
    )

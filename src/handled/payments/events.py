"""What a gateway tells us: written down once, answered at once, and worked later, in whatever order it came.

Nothing in an event counts before it is compared with the payment that it is about. Where it tells of other money than
was asked for, the gateway itself is asked.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.session import tenant_session
from handled.kit import clock, metrics
from handled.payments import failures, ledger, matching, progress, refunds
from handled.payments.gateways.base import Checkout, Gateway, GatewayEvent, GatewayRefused, GatewayUnavailable, Refund
from handled.payments.problems import report
from handled.payments.progress import Verdict
from handled.tables import Payment, WebhookEvent

logger = logging.getLogger(__name__)

_NO_PAYMENT = Verdict("ignored", "of no payment of ours")
_UNREADABLE = Verdict("failed", "cannot be read")

Told = TypeVar("Told")
Decide = Callable[[AsyncSession], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class _Case:
    """One event at work."""

    engine: AsyncEngine
    gateway: Gateway
    tenant_id: UUID
    event: GatewayEvent

    async def conclude(self, decide: Decide) -> None:
        """Decide and write down what was decided, in one transaction; once, whoever else works on it."""
        async with tenant_session(self.engine, self.tenant_id) as session:
            key = (self.tenant_id, self.gateway.name, self.event.id)
            row = await session.get_one(WebhookEvent, key, with_for_update=True)
            if row.status != "received":
                return
            verdict = await decide(session)
            row.status, row.outcome, row.worked_at = verdict.status, verdict.outcome, clock.now()
        metrics.webhooks.labels(self.gateway.name, verdict.status).inc()
        if verdict.status == "failed":
            logger.error("webhook event %s (%s): %s", self.event.id, self.event.type, verdict.outcome)

    async def payment(self, **about: str | None) -> Payment | None:
        async with tenant_session(self.engine, self.tenant_id) as session:
            return await matching.find_payment(session, self.tenant_id, **about)


async def work(engine: AsyncEngine, gateway: Gateway, tenant_id: UUID, source: str, event_id: str) -> None:
    """Work on one event that was received; on one that is through already, nothing.

    Raises GatewayUnavailable where the gateway has to be asked and cannot be, and whatever else went wrong: the event
    stays received and the reconciler comes back to it, until it has failed too often.
    """
    async with tenant_session(engine, tenant_id) as session:
        row = await session.get(WebhookEvent, (tenant_id, source, event_id))
    if row is None or row.status != "received" or source != gateway.name:
        return
    event = GatewayEvent(row.event_id, row.type, row.account, row.livemode, row.created_at, row.payload)
    case = _Case(engine, gateway, tenant_id, event)
    handler = _HANDLERS.get(event.type)
    if handler is None:
        await case.conclude(_always(Verdict("ignored", "of no kind that matters here")))
        return
    try:
        await handler(case)
    except Exception as problem:
        await failures.count(engine, tenant_id, source, event_id, problem)
        raise


async def _work_checkout(case: _Case) -> None:
    told = _read(case.gateway.checkout_in, case.event)
    if told is None:
        await case.conclude(_always(_UNREADABLE))
        return
    payment = await case.payment(payment_id=told.metadata.get("payment_id"), checkout_id=told.id)
    if payment is None:
        await case.conclude(_always(_NO_PAYMENT))
        return
    wrong = _stranger(case, payment) or matching.misfit(payment, told, ours_live=case.gateway.livemode)
    if wrong is not None:
        await case.conclude(partial(_refuse, payment=payment, told=told, why=wrong))
        return
    truth: Checkout | None = told
    if told.paid and _is_surprising(payment, told):
        truth = await _ask(case.gateway, payment, told)
        if truth is None:
            why = "the gateway itself says otherwise"
            await case.conclude(partial(_refuse, payment=payment, told=told, why=why))
            return

    async def decide(session: AsyncSession) -> Verdict:
        current = await _locked(session, payment)
        if case.event.type == "checkout.session.async_payment_failed":
            return await progress.money_failed(session, current, truth)
        return await progress.checkout_seen(session, current, truth)

    await case.conclude(decide)


def _is_surprising(payment: Payment, told: Checkout) -> bool:
    """Whether it tells of money that nobody waits for: another amount, in another Checkout, or a second time."""
    is_known = payment.payment_intent == (told.payment_intent or told.id)
    is_waited_for = payment.checkout_id == told.id and (payment.status != "paid" or is_known)
    return not is_waited_for or matching.difference(payment, told) is not None


async def _ask(gateway: Gateway, payment: Payment, told: Checkout) -> Checkout | None:
    """The Checkout in the gateway's own words, if it says there too that it is paid and ours."""
    try:
        truth = await gateway.get_checkout(told.id, account=payment.account)
    except GatewayRefused:
        return None
    is_ours = matching.misfit(payment, truth, ours_live=gateway.livemode) is None
    return truth if truth.paid and is_ours else None


async def _refuse(session: AsyncSession, *, payment: Payment, told: Checkout, why: str) -> Verdict:
    """What cannot be about this payment changes nothing; if it tells of money, the business hears of it."""
    if told.paid:
        reference = told.payment_intent or told.id
        await report(
            session,
            payment,
            "does_not_fit",
            reference=reference,
            amount_minor=told.amount_minor,
            currency=told.currency,
        )
    return Verdict("failed", why)


async def _work_refund(case: _Case) -> None:
    told = _read(case.gateway.refund_in, case.event)
    if told is None:
        await case.conclude(_always(_UNREADABLE))
        return
    payment = await case.payment(payment_id=told.metadata.get("payment_id"), payment_intent=told.payment_intent)
    await _take_in_refunds(case, payment, told.payment_intent, [told])


async def _work_charge_refunded(case: _Case) -> None:
    """Names the charge, not the refunds: those the gateway has to tell."""
    payment_intent, metadata = _text(case.event.object.get("payment_intent")), _metadata(case.event)
    payment = await case.payment(payment_id=metadata.get("payment_id"), payment_intent=payment_intent)
    found: Sequence[Refund] = ()
    if payment is not None and payment_intent is not None and _stranger(case, payment) is None:
        found = await case.gateway.list_refunds(payment_intent, account=payment.account)
    await _take_in_refunds(case, payment, payment_intent, found)


async def _take_in_refunds(
    case: _Case, payment: Payment | None, payment_intent: str | None, found: Sequence[Refund]
) -> None:
    if payment is None:
        await case.conclude(_always(_NO_PAYMENT))
        return
    if wrong := _stranger(case, payment):
        await case.conclude(_always(Verdict("failed", wrong)))
        return
    money: Checkout | None = None
    if payment.status != "paid" and payment.checkout_id is not None:
        # It went back before we heard that it had come.
        money = await case.gateway.get_checkout(payment.checkout_id, account=payment.account)

    async def decide(session: AsyncSession) -> Verdict:
        current = await _locked(session, payment)
        if money is not None and matching.misfit(current, money, ours_live=case.gateway.livemode) is None:
            await progress.checkout_seen(session, current, money)
        if payment_intent is None or current.payment_intent != payment_intent:
            return Verdict("failed", "of money that we do not know")
        if any(each.currency != current.currency for each in found):
            return Verdict("failed", f"not in {current.currency}")
        said = [await refunds.seen(session, current, each) for each in found]
        return Verdict("done", ", ".join(dict.fromkeys(said)) or "nothing has gone back")

    await case.conclude(decide)


async def _work_failed_try(case: _Case) -> None:
    """The customer's bank said no; they may try again in the same Checkout."""
    payment = await case.payment(payment_id=_metadata(case.event).get("payment_id"))
    code = _text(case.event.object.get("failure_code")) or "declined"
    await case.conclude(_always(Verdict("done", f"a try failed: {code}") if payment else _NO_PAYMENT))


async def _work_dispute(case: _Case) -> None:
    """The customer's bank is taking the money back; a person has to answer it, at the gateway."""
    payment = await case.payment(payment_intent=_text(case.event.object.get("payment_intent")))
    if payment is None:
        await case.conclude(_always(_NO_PAYMENT))
        return
    if wrong := _stranger(case, payment):
        await case.conclude(_always(Verdict("failed", wrong)))
        return
    reference = _text(case.event.object.get("id")) or case.event.id

    async def decide(session: AsyncSession) -> Verdict:
        await report(session, payment, "dispute", reference=reference)
        return Verdict("done", "the business is told")

    await case.conclude(decide)


_HANDLERS: Mapping[str, Callable[[_Case], Awaitable[None]]] = {
    "checkout.session.completed": _work_checkout,
    "checkout.session.async_payment_succeeded": _work_checkout,
    "checkout.session.async_payment_failed": _work_checkout,
    "checkout.session.expired": _work_checkout,
    "refund.created": _work_refund,
    "refund.updated": _work_refund,
    "refund.failed": _work_refund,
    "charge.refunded": _work_charge_refunded,
    "charge.dispute.created": _work_dispute,
    "payment_intent.payment_failed": _work_failed_try,
}


def _always(verdict: Verdict) -> Decide:
    async def decide(_: AsyncSession) -> Verdict:
        return verdict

    return decide


def _read(reading: Callable[[GatewayEvent], Told | None], event: GatewayEvent) -> Told | None:
    try:
        return reading(event)
    except (GatewayUnavailable, KeyError, TypeError, ValueError):
        return None


def _stranger(case: _Case, payment: Payment) -> str | None:
    event = case.event
    return matching.stranger(payment, event.account, livemode=event.livemode, ours_live=case.gateway.livemode)


async def _locked(session: AsyncSession, payment: Payment) -> Payment:
    payments = await ledger.lock(session, payment.tenant_id, payment.booking_id)
    return next(each for each in payments if each.id == payment.id)


def _metadata(event: GatewayEvent) -> Mapping[str, Any]:
    found = event.object.get("metadata")
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

"""Money on its way back: never more than came, never twice, and never forgotten."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence

import pytest

from handled.bookings import jobs
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.payments import checkout, refunds
from handled.payments.gateways import sandbox_books as books
from handled.payments.gateways.base import GatewayRefused, GatewayUnavailable
from tests.faults import ledger as told
from tests.payments.flaky import flaky
from tests.payments.till import PRICE, Till, later


@pytest.fixture
async def paid(till: Till) -> Till:
    await till.pay()
    return till


def gone(till: Till) -> list[int]:
    """What the gateway has really given back."""
    query = "select amount_minor from sandbox_refunds where status <> 'failed' order by created_at"
    return [each["amount_minor"] for each in told.rows(till.owner_url, query)]


async def test_a_refund_reaches_the_gateway_and_the_ledger(paid: Till) -> None:
    await paid.give_back(2000)
    assert gone(paid) == [2000]
    assert await paid.entries() == [("charge", PRICE), ("refund", -2000)]
    (refund,) = await paid.refunds()
    assert (refund.status, refund.gateway_refund_id is not None) == ("succeeded", True)
    assert await paid.balance() == PRICE - 2000


async def test_what_is_on_its_way_back_is_not_given_back_again(paid: Till) -> None:
    await paid.give_back(2000, send=False)
    assert await paid.balance() == PRICE - 2000
    with pytest.raises(HandledError) as refused:
        await paid.give_back(PRICE - 1999)
    assert refused.value.name == "over_refund"
    assert len(await paid.refunds()) == 1


@pytest.mark.parametrize("amount", [PRICE + 1, 0, -1])
async def test_more_than_was_paid_or_nothing_cannot_go_back(paid: Till, amount: int) -> None:
    with pytest.raises(HandledError):
        await paid.give_back(amount)
    assert (gone(paid), await paid.refunds()) == ([], [])


async def test_what_was_never_paid_cannot_go_back(till: Till) -> None:
    with pytest.raises(HandledError):
        await till.give_back(1)


async def test_many_who_want_the_whole_back_at_once_get_it_once(paid: Till) -> None:
    answers = await asyncio.gather(*(paid.give_back(PRICE) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(each, list) for each in answers) == 1
    assert gone(paid) == [PRICE]
    assert await paid.balance() == 0


async def test_a_job_that_runs_twice_gives_back_once(paid: Till) -> None:
    (queued,) = await paid.give_back(2000, send=False)
    await asyncio.gather(*(refunds.send(paid.engine, paid.gateway, paid.tenant_id, queued.id) for _ in range(4)))
    assert gone(paid) == [2000]
    assert await paid.entries() == [("charge", PRICE), ("refund", -2000)]


async def test_a_refund_is_spread_over_several_payments_the_newest_first(paid: Till) -> None:
    async with tenant_session(paid.engine, paid.tenant_id) as session:
        more = await checkout.ask(session, paid.tenant_id, paid.booking_id, 1000, "USD", purpose="difference")
    first, paid.payment_id = paid.payment_id, more.id
    await paid.pay()
    queued = await paid.give_back(1500)
    assert [(each.payment_id, each.amount_minor) for each in queued] == [(more.id, 1000), (first, 500)]
    assert await paid.balance() == PRICE + 1000 - 1500


@pytest.mark.parametrize("reason", ["timeout", "connection", "server_error", "garbled"])
@pytest.mark.parametrize("done", [False, True], ids=["not done", "done all the same"])
async def test_a_refund_without_an_answer_is_asked_for_again_and_happens_once(
    paid: Till, reason: str, done: bool
) -> None:
    flaky(paid, done_all_the_same=done, refund=GatewayUnavailable(reason))
    await paid.give_back(2000)
    assert [each.status for each in await paid.refunds()] == ["queued"]
    assert await paid.balance() == PRICE - 2000
    later(minutes=2)
    await paid.reconcile()
    assert gone(paid) == [2000]
    assert [each.status for each in await paid.refunds()] == ["succeeded"]


async def test_a_refund_whose_job_was_lost_is_sent_by_the_reconciler(paid: Till) -> None:
    await paid.give_back(2000, send=False)
    later(minutes=2)
    await paid.reconcile()
    assert gone(paid) == [2000]


async def test_a_refused_refund_is_told_to_the_business_and_the_money_stays_in_the_books(paid: Till) -> None:
    flaky(paid, refund=GatewayRefused("insufficient_funds"))
    await paid.give_back(2000)
    (refund,) = await paid.refunds()
    assert (refund.status, refund.last_error) == ("failed", "insufficient_funds")
    assert (paid.problems(), await paid.balance()) == (["refund_failed"], PRICE)


async def test_a_refund_that_the_bank_sends_back_is_two_movements_and_the_business_is_told(paid: Till) -> None:
    await paid.give_back(2000)
    await paid.happens(books.fail_refund)
    await paid.hear_all()
    await paid.hear_all()
    assert sorted(await paid.entries()) == [("charge", PRICE), ("refund", -2000), ("refund_failed", 2000)]
    assert (paid.problems(), await paid.balance()) == (["refund_failed"], PRICE)


async def test_a_failed_refund_heard_of_before_its_success_ends_the_same(paid: Till) -> None:
    await paid.happens(books.refund, amount_minor=2000, idempotency_key="a", metadata={})
    await paid.happens(books.fail_refund)
    await paid.hear(*reversed(await paid.bodies()))
    assert sorted(await paid.entries()) == [("charge", PRICE), ("refund", -2000), ("refund_failed", 2000)]
    assert [each.status for each in await paid.refunds()] == ["failed"]


async def test_what_the_owner_gives_back_at_the_gateway_is_in_the_books(paid: Till) -> None:
    await paid.happens(books.refund, amount_minor=2000, idempotency_key="dashboard", metadata={})
    await paid.hear_all()
    (refund,) = await paid.refunds()
    assert (refund.reason, refund.status, await paid.balance()) == ("outside", "succeeded", PRICE - 2000)
    with pytest.raises(HandledError):
        await paid.give_back(PRICE)


async def test_an_owner_who_was_faster_than_our_refund_is_not_made_to_pay_twice(paid: Till) -> None:
    (queued,) = await paid.give_back(PRICE, send=False)
    await paid.happens(books.refund, amount_minor=PRICE, idempotency_key="dashboard", metadata={})
    await refunds.send(paid.engine, paid.gateway, paid.tenant_id, queued.id)
    assert gone(paid) == [PRICE]
    assert sorted((each.reason, each.status) for each in await paid.refunds()) == [
        ("cancelled", "failed"),
        ("outside", "succeeded"),
    ]
    assert (await paid.balance(), paid.problems()) == (0, []), "nobody is asked to send it another way"


async def _late_for_a_cancelled_booking(till: Till) -> None:
    """Cancelled while it waited for its money, which comes all the same."""
    await till.start()
    told.change(till.owner_url, "update bookings set status = 'cancelled', cancelled_at = now()")
    await till.happens(books.pay)
    await till.hear_all()


async def _send_what_is_queued(till: Till) -> None:
    for each in await till.refunds():
        await refunds.send(till.engine, till.gateway, till.tenant_id, each.id)


_ORDERS = [
    each
    for each in itertools.permutations(("owner", "told", "settled", "sent"))
    if each.index("owner") < each.index("told") and each.index("settled") < each.index("sent")
]


@pytest.mark.parametrize("amount", [2000, PRICE], ids=["a part", "everything"])
@pytest.mark.parametrize("order", _ORDERS, ids="-".join)
async def test_late_money_that_the_owner_gives_back_as_well_goes_back_once(
    till: Till, order: Sequence[str], amount: int
) -> None:
    """The owner gives back at the gateway, we hear of it, we find that the money is late, our refund is sent: in
    whichever order."""
    await _late_for_a_cancelled_booking(till)
    for step in order:
        match step:
            case "owner":
                if left := min(amount, PRICE - sum(gone(till))):
                    await till.happens(books.refund, amount_minor=left, idempotency_key="dashboard", metadata={})
            case "told":
                await till.hear_all()
            case "settled":
                settle = [jobs.settle(till.engine, till.tenant_id, till.payment_id) for _ in range(3)]
                await asyncio.gather(*settle)
            case _:
                await _send_what_is_queued(till)
    await _send_what_is_queued(till)
    await till.hear_all()
    assert sum(gone(till)) == PRICE
    kinds, amounts = zip(*await till.entries(), strict=True)
    assert (kinds.count("charge"), max(amounts), sum(amounts)) == (1, PRICE, 0)
    assert (await till.balance(), till.problems()) == (0, [])
    assert (await till.booking()).status == "cancelled"


async def test_a_refund_of_ours_that_we_hear_of_before_its_answer_is_one_refund(paid: Till) -> None:
    flaky(paid, done_all_the_same=True, refund=GatewayUnavailable("timeout"))
    await paid.give_back(2000)
    await paid.hear_all()
    (refund,) = await paid.refunds()
    assert (refund.reason, refund.status) == ("cancelled", "succeeded")
    assert await paid.balance() == PRICE - 2000


async def test_money_that_was_paid_at_another_gateway_is_left_to_the_business(paid: Till) -> None:
    told.change(paid.owner_url, "update payments set gateway = 'stripe'")
    await paid.give_back(2000)
    (refund,) = await paid.refunds()
    assert (refund.status, refund.last_error, paid.problems()) == ("failed", "paid_elsewhere", ["refund_failed"])


async def test_the_ledger_cannot_be_changed_by_the_application(paid: Till) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    for statement in ("update ledger_entries set amount_minor = 1", "delete from ledger_entries"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with tenant_session(paid.engine, paid.tenant_id) as session:
                await session.execute(text(statement))


async def test_a_pending_refund_is_looked_at_until_it_is_through(paid: Till) -> None:
    await paid.give_back(2000)
    told.change(paid.owner_url, "update refunds set status = 'pending', settled_at = null")
    later(hours=2)
    assert await paid.reconcile() == 1
    assert [each.status for each in await paid.refunds()] == ["succeeded"]

"""A local twin of Stripe that the real library talks to: Checkout Sessions, payments, refunds, signed events.

In a test: `async with running_stripe() as twin:`. As a process of its own: `python -m tests.twins.stripe --help`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.twins import stripe_contract as contract
from tests.twins import stripe_control, stripe_page
from tests.twins.stripe_books import Books
from tests.twins.stripe_customer import Customer
from tests.twins.stripe_failures import ANSWERS, Failure, How
from tests.twins.stripe_ledger import Clock, Ledger
from tests.twins.stripe_rules import Refused
from tests.twins.stripe_webhooks import Webhooks
from tests.twins.wire import Request, Wire, serving

Json = dict[str, Any]

Moment = Literal["before", "done", "answered"]

_KEYS_LAST = 24 * 60 * 60


@dataclass
class Kept:
    """What an idempotency key stands for; `answer` is None while the first request is at work."""

    asked: tuple[str, str]
    at: int
    answer: tuple[int, bytes] | None = None


class StripeTwin:
    """`books` is what it knows, `ledger` what happened, `webhooks` what it tells, `requests` what it was asked;
    `customer` pays. `on_call` is told of each request before it is worked on, before it is answered, and after."""

    def __init__(self, ledger_file: Path | None = None, accounts: tuple[str, ...] = ("acct_studio", "acct_other")):
        self.clock = Clock()
        self.ledger = Ledger(self.clock.now, ledger_file)
        self.webhooks = Webhooks(self.clock, self.ledger)
        self.books = Books(self.clock, self.ledger, self.webhooks.announce)
        self.customer = Customer(self.books)
        self.accounts = accounts
        self.api_key = "sk_test_of_the_local_stripe"
        self.url = ""
        self.requests: list[Request] = []
        self.on_call: Callable[[Moment, str], None] = lambda moment, line: None
        self._failures: list[Failure] = []
        self._keys: dict[tuple[str | None, str], Kept] = {}

    def fail(self, how: How, on: str = "", times: int = 1) -> None:
        """Let the next `times` requests that begin with `on` fail in that way."""
        self._failures.append(Failure(how, on, times))

    def heal(self) -> None:
        """No more failures."""
        self._failures.clear()

    def opened_at(self, url: str) -> None:
        self.url = self.books.base_url = url

    async def answer(self, request: Request, wire: Wire) -> None:
        if request.path.startswith("/c/pay/"):
            await stripe_page.answer(self.customer, request, wire)
            return
        if request.path.startswith("/_control/"):
            await stripe_control.answer(self, request, wire)
            return
        self.requests.append(request)
        self.books.expire_what_is_due()
        line = f"{request.method} {request.path}"
        self.on_call("before", line)
        failure = self._failure_for(line)
        try:
            status, body, replayed = self._worked(request, failure)
        except Refused as refused:
            status, body, replayed = refused.status, json.dumps(refused.body).encode(), False
        self.on_call("done", line)
        await _send(wire, status, body, replayed=replayed, failure=failure)
        self.on_call("answered", line)

    def _failure_for(self, line: str) -> How | None:
        for failure in self._failures:
            if failure.times > 0 and line.startswith(failure.on):
                failure.times -= 1
                return failure.how
        return None

    def _worked(self, request: Request, failure: How | None) -> tuple[int, bytes, bool]:
        if failure in ("hang", "cut"):
            return 0, b"", False
        if failure in ("rate_limit", "unavailable", "conflict"):
            return *_scripted(failure), False
        self._check_key(request)
        account = self._account(request)
        path, _, query = request.path.partition("?")
        form = request.raw.decode() if request.method == "POST" else query
        route = f"{request.method} {path}"
        try:
            work = self._work(route, contract.decode_form(form), account, request.headers.get("idempotency-key"))
        except contract.Invalid as invalid:
            # Not kept under the key: nothing has begun.
            raise Refused(invalid.message, code=invalid.code, param=invalid.param) from None
        key = request.headers.get("idempotency-key") if request.method == "POST" else None
        if key is None:
            return *_outcome(work, failure), False
        return self._once(key, account, (route, form), lambda: _outcome(work, failure))

    def _once(
        self, key: str, account: str | None, asked: tuple[str, str], work: Callable[[], tuple[int, bytes]]
    ) -> tuple[int, bytes, bool]:
        now = self.clock.seconds()
        kept = self._keys.get((account, key))
        if kept is None or now - kept.at >= _KEYS_LAST:
            kept = self._keys[account, key] = Kept(asked, now)
            kept.answer = work()
            return *kept.answer, False
        if kept.asked != asked:
            raise Refused(
                "Keys for idempotent requests can only be used with the same parameters they were first used with.",
                kind="idempotency_error",
            )
        if kept.answer is None:
            raise Refused("This key is in use.", status=409, kind="idempotency_error", code="idempotency_key_in_use")
        return *kept.answer, True

    def _check_key(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            raise Refused("Invalid API Key provided: sk_test_****", status=401)

    def _account(self, request: Request) -> str | None:
        account = request.headers.get("stripe-account")
        if account is not None and account not in self.accounts:
            raise Refused("The provided key does not have access to that account.", status=403, code="account_invalid")
        return account

    def _work(self, route: str, form: Json, account: str | None, key: str | None) -> Callable[[], Json]:
        """What a request does, with its parameters checked. Raises Invalid for those."""
        method, _, path = route.partition(" ")
        match method, path.split("/")[2:]:
            case "POST", ["checkout", "sessions"]:
                params = contract.checked(contract.SessionCreateParams, form)
                return lambda: self.books.create_checkout(params, account, key)
            case "GET", ["checkout", "sessions", checkout_id]:
                contract.checked(contract.SessionRetrieveParams, form)
                return lambda: self.books.get(checkout_id, account, "checkout.session")
            case "POST", ["checkout", "sessions", checkout_id, "expire"]:
                contract.checked(contract.SessionExpireParams, form)
                return lambda: self.books.expire_checkout(checkout_id, account)
            case "GET", ["payment_intents", intent_id]:
                contract.checked(contract.PaymentIntentRetrieveParams, form)
                return lambda: self.books.get(intent_id, account, "payment_intent")
            case "POST", ["refunds"]:
                params = contract.checked(contract.RefundCreateParams, form)
                return lambda: self.books.create_refund(params, account, key)
            case "GET", ["refunds"]:
                params = contract.checked(contract.RefundListParams, form)
                return lambda: self.books.list_refunds(params, account)
            case "GET", ["refunds", refund_id]:
                contract.checked(contract.RefundRetrieveParams, form)
                return lambda: self.books.get(refund_id, account, "refund")
            case _:
                raise Refused(f"Unrecognized request URL ({route}).", status=404)


def _scripted(failure: How) -> tuple[int, bytes]:
    status, error = ANSWERS[failure]
    return status, json.dumps({"error": error}).encode()


def _outcome(work: Callable[[], Json], failure: How | None) -> tuple[int, bytes]:
    if failure in ("error", "card_error"):
        return _scripted(failure)
    try:
        status, body = 200, work()
    except Refused as refused:
        status, body = refused.status, refused.body
    return _scripted(failure) if failure == "error_after" else (status, json.dumps(body).encode())


async def _send(wire: Wire, status: int, body: bytes, *, replayed: bool, failure: How | None) -> None:
    if failure in ("hang", "hang_after"):
        await wire.until_they_leave()
    if failure in ("hang", "hang_after", "cut", "cut_after"):
        wire.cut()
        return
    if failure == "garbage_after":
        status, body = 200, b"<html>Bad gateway</html>"
    head = [
        f"HTTP/1.1 {status} As it is",
        "content-type: application/json",
        f"content-length: {len(body)}",
        "request-id: req_of_the_local_stripe",
    ]
    if replayed:
        head.append("idempotent-replayed: true")
    if status == 500:
        head.append("stripe-should-retry: false")
    whole = "\r\n".join([*head, "", ""]).encode() + body
    wire.writer.write(whole[: -len(body) // 2] if failure == "half_after" else whole)
    await wire.writer.drain()
    if failure == "half_after":
        wire.writer.close()


@asynccontextmanager
async def running_stripe(ledger_file: Path | None = None, *, port: int = 0) -> AsyncGenerator[StripeTwin]:
    """A local Stripe on a free port of this machine, with two connected accounts."""
    twin = StripeTwin(ledger_file)
    postman = asyncio.create_task(twin.webhooks.run())
    try:
        async with serving(twin.answer, port) as url:
            twin.opened_at(url)
            yield twin
    finally:
        postman.cancel()
        await twin.webhooks.close()


if __name__ == "__main__":
    stripe_control.main(running_stripe)

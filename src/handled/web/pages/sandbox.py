"""The sandbox's payment page and its control panel. Not in production, and not when there is Stripe."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit import ids, money, site
from handled.payments.gateways import GatewayRefused, sandbox_json, stripe_json
from handled.payments.gateways import sandbox_books as books
from handled.tables import SandboxCheckout
from handled.web.deps import Desk, DeskDep
from handled.web.pages.rendering import page

router = APIRouter(include_in_schema=False, prefix="/sandbox")


@router.get("/{checkout}")
async def sandbox_page(checkout: str, desk: DeskDep) -> HTMLResponse:
    async with _opened(desk, checkout) as (session, row):
        refunds = await books.list_refunds(session, row)
        events = await books.list_events(session, row)
    answer = page(
        "sandbox.html",
        policy=_policy(),
        row=row,
        order=row.order,
        amount=_said(row, row.amount_minor),
        refunds=[{"said": _said(row, each.amount_minor), "status": each.status} for each in refunds],
        events=events,
        here=f"/sandbox/{checkout}",
        is_open=row.status == "open",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/{checkout}/deliver/{event_id}")
async def deliver(checkout: str, event_id: UUID, desk: DeskDep) -> RedirectResponse:
    async with _opened(desk, checkout) as (session, row):
        event = next((each for each in await books.list_events(session, row) if each.id == event_id), None)
        if event is None:
            raise not_found()
        await books.deliver_again(session, event)
    return _back_to(checkout)


@router.post("/{checkout}/{action}")
async def act(checkout: str, action: str, desk: DeskDep) -> RedirectResponse:
    async with _opened(desk, checkout) as (session, row):
        if action == "leave":
            return RedirectResponse(row.order["cancel_url"], 303)
        if action not in _ACTIONS:
            raise not_found()
        await _ACTIONS[action](session, row)
        leads_back = action in ("pay", "pay-slowly", "pay-late")
        return RedirectResponse(row.order["success_url"], 303) if leads_back else _back_to(checkout)


@asynccontextmanager
async def _opened(desk: Desk, checkout: str) -> AsyncGenerator[tuple[AsyncSession, SandboxCheckout]]:
    """The page in a transaction of its own. Raises the one `not_found`."""
    try:
        tenant_id, row_id = sandbox_json.row_of("cs", checkout)
        async with tenant_session(desk.engine, tenant_id) as session:
            yield session, await books.get(session, tenant_id, row_id, any_account=True)
    except GatewayRefused as refused:
        if refused.reason == "resource_missing":
            raise not_found() from None
        raise


async def _pay_late(session: AsyncSession, row: SandboxCheckout) -> None:
    await books.pay(session, row, late=True)


async def _arrive(session: AsyncSession, row: SandboxCheckout) -> None:
    await books.arrive(session, row, succeeds=True)


async def _fail(session: AsyncSession, row: SandboxCheckout) -> None:
    await books.arrive(session, row, succeeds=False)


async def _refund_half(session: AsyncSession, row: SandboxCheckout) -> None:
    half = stripe_json.chargeable(row.amount_minor // 2, row.currency)
    await books.refund(session, row, half, f"panel-{ids.new_id()}", {})


async def _hold_back(_: AsyncSession, row: SandboxCheckout) -> None:
    row.holds_back = True


async def _let_go(_: AsyncSession, row: SandboxCheckout) -> None:
    row.holds_back = False


async def _deliver_newest_first(session: AsyncSession, row: SandboxCheckout) -> None:
    for event in await books.list_events(session, row):
        if event.deliveries == 0:
            await books.deliver_again(session, event)


_ACTIONS: Mapping[str, Callable[[AsyncSession, SandboxCheckout], Awaitable[None]]] = {
    "pay": books.pay,
    "pay-slowly": books.pay_slowly,
    "pay-late": _pay_late,
    "arrive": _arrive,
    "fail": _fail,
    "decline": books.decline,
    "expire": books.expire,
    "refund-half": _refund_half,
    "fail-refund": books.fail_refund,
    "hold-back": _hold_back,
    "let-go": _let_go,
    "deliver-newest-first": _deliver_newest_first,
}


def _said(row: SandboxCheckout, amount_minor: int) -> str:
    return money.format(amount_minor, row.currency, "en_US")


def _back_to(checkout: str) -> RedirectResponse:
    return RedirectResponse(f"/sandbox/{checkout}", 303)


def _policy() -> str:
    return (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';"
        f" form-action 'self' {site.url('')}"
    )

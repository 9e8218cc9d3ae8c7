"""Telling a business how far the day's budget is used up."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.session import lookup_session, tenant_session
from handled.kit import money
from handled.kit.when.spoken import spoken_date
from handled.notifications import jobs
from handled.notifications.messages import BudgetNotice
from handled.tables import BudgetDay

_TO_TELL = text("select * from budgets_to_tell()")


async def tell(engine: AsyncEngine) -> int:
    """Queue the mails about budgets that are nearly or wholly used up: each day and level once. A day that has come
    to its end at once is told of that alone. Returns how many."""
    async with lookup_session(engine) as session:
        found = (await session.execute(_TO_TELL)).all()
    for row in found:
        async with tenant_session(engine, row.tenant_id) as session:
            await _tell(session, row.tenant_id, row.day)
    return len(found)


async def _tell(session: AsyncSession, tenant_id: UUID, day: date) -> None:
    locked = select(BudgetDay).where(BudgetDay.tenant_id == tenant_id, BudgetDay.day == day).with_for_update()
    budget = (await session.execute(locked)).scalar_one()
    if budget.reached <= budget.told:
        return
    business = await business_of(session, tenant_id)
    once_key = f"budget:{day.isoformat()}:{budget.reached}"
    await jobs.queue(session, tenant_id, _notice(business, budget), once_key=once_key)
    budget.told = budget.reached


def _notice(business: Business, budget: BudgetDay) -> BudgetNotice:
    spent, limit = _amounts(business, budget)
    return BudgetNotice(
        tenant_name=business.name,
        tenant_email=business.contact_email,
        tenant_address=business.address,
        tenant_phone=business.phone,
        accent=business.branding.get("color"),
        percent=budget.reached,
        day_text=spoken_date(budget.day, budget.day, business.locale),
        spent_text=spent,
        limit_text=limit,
    )


def _amounts(business: Business, budget: BudgetDay) -> tuple[str, str]:
    """What was spent and what may be, of whichever of the two limits is nearer."""
    money_share = budget.spent_micros / (budget.limit_micros or float("inf"))
    token_share = budget.unpriced_tokens / (budget.limit_tokens or float("inf"))
    if token_share > money_share:
        return f"{budget.unpriced_tokens:,} tokens", f"{budget.limit_tokens or 0:,} tokens"
    return _dollars(business, budget.spent_micros), _dollars(business, budget.limit_micros or 0)


def _dollars(business: Business, micros: int) -> str:
    return money.format(round(micros / 10_000), "USD", business.locale)

"""Correcting what a booking says about its customer, where nothing about its time or money changes."""

from __future__ import annotations

from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from handled.bookings.lifecycle import By, record
from handled.tables import Booking


class Corrections(TypedDict, total=False):
    """What is to be written instead; what is left out stays."""

    customer_name: str
    customer_phone: str | None
    notes: str | None


async def correct(session: AsyncSession, booking: Booking, corrections: Corrections, *, actor: str | By) -> None:
    """Write the corrections, and which there were into the audit trail. `booking` is locked by the caller."""
    changed = {name: value for name, value in corrections.items() if getattr(booking, name) != value}
    for name, value in changed.items():
        setattr(booking, name, value)
    if changed:
        await record(session, booking, actor=actor, action="corrected", fields=sorted(changed))
    await session.flush()

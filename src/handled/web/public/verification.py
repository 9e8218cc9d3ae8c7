"""One-time codes: the customer proves that they read an address."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from handled.bookings import ownership, proving
from handled.bookings.view import linked_view
from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.customers import attempts, verification
from handled.kit.errors import HandledError
from handled.web.deps import Caller, CallerDep
from handled.web.public import booking_schemas
from handled.web.public.described import errors

router = APIRouter(tags=["verification"])

SENT = "If there is a booking with that address, six digits are on their way to it. They are good for ten minutes."
WRONG = "That code is not right, or no longer good. Please check it, or ask for a new one."


@router.post("/chat/verify", response_model=booking_schemas.CodeSent, responses=errors())
async def send_code(asked: booking_schemas.SendCode, caller: CallerDep) -> dict[str, Any]:
    """Send six digits to the address, if somebody with it is known here. The answer is the same for every address. At
    most three in an hour and conversation."""
    business = await _enter(caller, asked)
    client = attempts.client_hash(business.link_key, caller.client)
    await proving.send_code(caller.desk.engine, business, asked.session_id, asked.email, client=client)
    return {"message": SENT, "expiresInSeconds": round(verification.LIFETIME.total_seconds())}


@router.post("/chat/verify/code", response_model=booking_schemas.Verified, responses=errors())
async def check_code(asked: booking_schemas.CheckCode, caller: CallerDep) -> dict[str, Any]:
    """Prove the address with the digits of the newest code. 403 `wrong_code` whatever was wrong: the digits, the
    address, the fourth try, more than ten minutes."""
    business = await _enter(caller, asked)
    client = attempts.client_hash(business.link_key, caller.client)
    email = await proving.check_code(caller.desk.engine, business, asked.session_id, asked.code, client=client)
    if email is None:
        raise HandledError("wrong_code", WRONG, 403)
    async with caller.session() as session:
        bookings = await ownership.list_own(session, business, asked.session_id)
    return {"email": email, "bookings": [linked_view(business, each) for each in bookings or ()]}


async def _enter(caller: Caller, asked: booking_schemas.SendCode | booking_schemas.CheckCode) -> Business:
    await caller.desk.limiter.hit("lookup", caller.client)
    async with caller.session() as session:
        await caller.conversation(session, asked.session_id)
        return await business_of(session, caller.tenant_id)

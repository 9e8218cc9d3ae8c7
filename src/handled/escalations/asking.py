"""Asking for a person: checked, counted, opened or joined, and answered with what the customer may expect."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.catalog.business import Business
from handled.customers import attempts
from handled.db.calls import look
from handled.db.session import tenant_session
from handled.escalations import answer_time, lifecycle
from handled.escalations.lifecycle import Cause, Wanted
from handled.kit import text
from handled.kit.errors import HandledError
from handled.tables import Escalation

_CLIENT = "select client from conversations where tenant_id = %s and id = %s"
# Nobody can have these happen as often as they like, and a crisis must never find the door closed.
_UNCOUNTED: tuple[Cause, ...] = ("crisis", "failure")


def checked(business: Business, wanted: Wanted) -> Wanted:
    """What was typed, in canonical form; empty contacts are none. Raises HandledError `invalid` with `fields`."""
    problems: dict[str, str] = {}
    reason, email, phone = wanted.reason, (wanted.email or "").strip(), (wanted.phone or "").strip()
    try:
        reason = text.clean_message(reason)
    except HandledError as error:
        problems["reason"] = error.message.replace("message", "reason")
    email_found = text.email_address(email) if email else None
    if email_found and email_found.address is None:
        problems["customerEmail"] = email_found.problem or "not an email address"
    phone_found = text.phone_number(phone, business.locale.partition("_")[2] or None) if phone else None
    if phone_found and phone_found.number is None:
        problems["customerPhone"] = phone_found.problem or "not a phone number"
    if problems:
        raise HandledError("invalid", next(iter(problems.values())), 422, fields=problems)
    return replace(
        wanted,
        reason=reason,
        email=email_found.address if email_found else None,
        phone=phone_found.number if phone_found else None,
    )


async def ask(
    engine: AsyncEngine, business: Business, conversation_id: UUID, wanted: Wanted, *, client: bytes | None = None
) -> Escalation:
    """Open an escalation, or join the open one, which costs nothing. `wanted` has been checked. Without `client`:
    whoever opened the conversation. Raises HandledError `too_many_attempts` for the fourth in an hour."""
    if wanted.cause not in _UNCOUNTED and not await _is_open(engine, business, conversation_id):
        try:
            await _count(engine, business, conversation_id, client)
        except HandledError:
            # Somebody has pressed twice: the first has opened one meanwhile.
            if not await _is_open(engine, business, conversation_id):
                raise
    async with tenant_session(engine, business.id) as session:
        return await lifecycle.open_or_join(session, business, conversation_id, wanted)


def told(business: Business, escalation: Escalation) -> str:
    """What the customer is told: that somebody knows, when an answer comes, and where to."""
    where = "The answer comes here in the chat"
    if escalation.customer_email:
        where = f"{where}, and by email to {escalation.customer_email} if you have left."
    elif escalation.customer_phone:
        where = f"{where}, or we call you."
    else:
        where = f"{where}. Tell me your email address if you would like it by email, too."
    return f"I have told the team. {answer_time.sentence(business)} {where}"


async def _is_open(engine: AsyncEngine, business: Business, conversation_id: UUID) -> bool:
    async with tenant_session(engine, business.id) as session:
        return await lifecycle.find_open(session, business.id, conversation_id) is not None


async def _count(engine: AsyncEngine, business: Business, conversation_id: UUID, client: bytes | None) -> None:
    subjects: dict[attempts.Subject, str] = {"person_conversation": str(conversation_id)}
    if client is None:
        rows = await look(engine, business.id, _CLIENT, business.id, conversation_id)
        client = rows[0][0] if rows else None
    if client is not None:
        subjects["person_client"] = client.hex()
    await attempts.count(engine, business.id, business.link_key, subjects)

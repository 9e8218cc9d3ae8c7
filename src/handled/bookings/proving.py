"""Proving an address with a one-time code, and counting what could be guessed: for routes and the agent's tools."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import notify
from handled.catalog.business import Business
from handled.conversations import messages
from handled.customers import attempts, verification
from handled.db.calls import look
from handled.db.session import tenant_session
from handled.kit import text
from handled.kit.errors import HandledError
from handled.notifications import caps

# The note that the conversation keeps of it.
VERIFIED = "customer_verified"
_CLIENT = "select client from conversations where tenant_id = %s and id = %s"


async def count_guess(
    engine: AsyncEngine,
    business: Business,
    conversation_id: UUID,
    *,
    code: str | None = None,
    email: str | None = None,
    mailbox: str | None = None,
    client: bytes | None = None,
) -> None:
    """Count a look before it is made, whether or not it will find something. Without `client`: whoever opened the
    conversation. Raises HandledError `too_many_attempts`."""
    subjects: dict[attempts.Subject, str] = {"conversation": str(conversation_id), "tenant": str(business.id)}
    if client is None:
        rows = await look(engine, business.id, _CLIENT, business.id, conversation_id)
        client = rows[0][0] if rows else None
    if client is not None:
        subjects["client"] = client.hex()
    if code:
        subjects["code"] = code
    if email:
        subjects["email"] = email
    if mailbox:
        subjects["mailbox"] = mailbox
    await attempts.count(engine, business.id, business.link_key, subjects)


async def send_code(
    engine: AsyncEngine, business: Business, conversation_id: UUID, email: str, *, client: bytes | None = None
) -> str:
    """Send six digits to the address if somebody with it is known here; the address as it was understood.

    Answer and work are the same either way. Raises HandledError `bad_email`, `too_many_attempts`, `too_many_codes`.
    """
    checked = text.email_address(email)
    if checked.address is None:
        problem = {"email": checked.problem or "not an email address"}
        raise HandledError("bad_email", checked.problem or "That is not an email address.", 422, fields=problem)
    address = checked.address.lower()
    mailbox = caps.mailbox_key(address)
    await count_guess(engine, business, conversation_id, mailbox=mailbox, client=client)
    async with tenant_session(engine, business.id) as session:
        issued = await verification.issue(session, business.id, business.link_key, conversation_id, address)
        async with session.begin_nested() as savepoint:
            await notify.notify_code(session, business, issued.email, issued.digits, issued.expires_at)
            if not issued.is_known:
                await savepoint.rollback()
    return address


async def check_code(
    engine: AsyncEngine, business: Business, conversation_id: UUID, typed: str, *, client: bytes | None = None
) -> str | None:
    """The address that the digits prove, or None whatever was wrong. Raises HandledError `too_many_attempts`."""
    await count_guess(engine, business, conversation_id, code=typed, client=client)
    async with tenant_session(engine, business.id) as session:
        email = await verification.check(session, business.id, business.link_key, conversation_id, typed)
        if email is not None:
            await messages.note(session, business.id, conversation_id, {"event": VERIFIED})
        return email

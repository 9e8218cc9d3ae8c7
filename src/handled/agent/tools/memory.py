"""The tool that remembers what a customer asks to be remembered. Tier T1: they read it at once, and may have it
erased by asking."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from handled.agent.tools.context import Context
from handled.customers import memory, verification
from handled.db.session import tenant_session
from handled.kit.errors import HandledError

REMEMBERED = "I'll remember: {text}"
_UNPROVEN = (
    "Nothing is kept of somebody who has not proven their email address in this conversation. find_booking with the"
    " email alone sends six digits there."
)


class RememberPreference(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str | None = Field(default=None, max_length=1000, description="one line, in the customer's words")
    forget: bool = Field(default=False, description="erase it instead; without a text, everything that is remembered")


async def remember_preference(context: Context, asked: RememberPreference) -> dict[str, Any]:
    """Keeps it, or erases it; says what is remembered now."""
    tenant_id = context.business.id
    async with tenant_session(context.engine, tenant_id) as session:
        email = await verification.proven_email(session, tenant_id, context.conversation_id)
        if email is None:
            return {"status": "unproven", "needs": ["one_time_code"], "why": _UNPROVEN}
        try:
            if asked.forget:
                gone = await memory.forget(session, tenant_id, email, asked.text)
                changed: dict[str, Any] = {"status": "forgotten", "forgotten": len(gone)}
            else:
                changed = {
                    "status": "remembered",
                    "text": await memory.remember(session, tenant_id, email, asked.text or ""),
                }
        except HandledError as error:
            return {"status": "not_kept", "why": error.message}
        return {**changed, "remembers": await memory.list_remembered(session, tenant_id, email)}

"""The tool that gets a person. Tier T1: it changes nothing of the customer's, so it needs no confirmation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select

from handled.agent.tools.context import Context
from handled.db.session import tenant_session
from handled.escalations import answer_time, asking
from handled.escalations.lifecycle import NO_REASON, Cause, Wanted
from handled.kit.errors import HandledError
from handled.tables import Message

# After so many messages of the customer's without a result the assistant offers a person.
TURN_CAP = 40
_CAUSES: dict[str, Cause] = {"asked": "words", "stuck": "misunderstanding", "cannot_help": "agent", "crisis": "crisis"}


class EscalateToHuman(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000, description="what the customer wants a person for, in their words")
    why: Literal["asked", "stuck", "cannot_help", "crisis"] = "asked"
    name: str | None = Field(default=None, max_length=120)
    email: str | None = Field(default=None, max_length=500, description="only as the customer gave it")
    phone: str | None = Field(default=None, max_length=100, description="only as the customer gave it")


async def escalate_to_human(context: Context, asked: EscalateToHuman) -> dict[str, Any]:
    """Tells the business that somebody is wanted; says when an answer may come, and what is still missing."""
    business = context.business
    cause = _CAUSES[asked.why]
    if cause == "words" and await _is_long(context):
        cause = "turn_cap"
    try:
        wanted = asking.checked(
            business, Wanted(cause, asked.reason.strip() or NO_REASON, asked.name, asked.email, asked.phone)
        )
    except HandledError as error:
        return {"status": "invalid", "problems": error.fields}
    try:
        escalation = await asking.ask(context.engine, business, context.conversation_id, wanted)
    except HandledError as error:
        return {"status": "too_often", "why": error.message}
    reached = bool(escalation.customer_email or escalation.customer_phone)
    return {
        "status": "told",
        "when": answer_time.sentence(business),
        "answer_comes": ["chat", *(["email"] if escalation.customer_email else [])],
        "needs": [] if reached else ["email"],
        "email": escalation.customer_email,
    }


async def _is_long(context: Context) -> bool:
    said = select(func.count()).where(
        Message.tenant_id == context.business.id,
        Message.conversation_id == context.conversation_id,
        Message.role == "customer",
    )
    async with tenant_session(context.engine, context.business.id) as session:
        return (await session.execute(said)).scalar_one() > TURN_CAP

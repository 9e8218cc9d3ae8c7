"""The customer asks for a person."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from handled.catalog.load import business_of
from handled.customers import attempts
from handled.escalations import asking
from handled.escalations.lifecycle import Wanted
from handled.web.deps import CallerDep
from handled.web.public import schemas
from handled.web.public.described import errors

router = APIRouter(tags=["escalation"])


@router.post("/chat/escalate", status_code=201, response_model=schemas.Escalated, responses=errors())
async def escalate(asked: schemas.Escalate, caller: CallerDep) -> dict[str, Any]:
    """Ask for a person. The business is told at once; `message` says when an answer may come. While one request is
    open, another adds to it. At most three an hour for each client and each conversation; what is refused for what it
    says costs none of them."""
    async with caller.session() as session:
        conversation = await caller.conversation(session, asked.session_id)
        business = await business_of(session, caller.tenant_id)
    typed = Wanted("button", asked.reason, email=asked.customer_email, phone=asked.customer_phone)
    wanted = asking.checked(business, typed)
    client = attempts.client_hash(business.link_key, caller.client)
    escalation = await asking.ask(caller.desk.engine, business, conversation.id, wanted, client=client)
    return {"escalationId": str(escalation.id), "message": asking.told(business, escalation)}

"""The customer's own act on a proposal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select

from handled.catalog.load import business_of
from handled.conversations import messages
from handled.kit.errors import HandledError
from handled.proposals import lifecycle as proposals
from handled.tables import Proposal
from handled.web.deps import CallerDep
from handled.web.public import schemas
from handled.web.public.described import errors

router = APIRouter(tags=["proposals"])


@router.post("/chat/proposals/{proposal_id}/confirm", response_model=schemas.Confirmation, responses=errors(409))
async def confirm(proposal_id: UUID, asked: schemas.ConfirmProposal, caller: CallerDep) -> dict[str, Any]:
    """Execute the proposal. Again: the same answer, and no second effect."""
    if asked.preview_hash is None and asked.code is None:
        problem = {"previewHash": "give this, or the code shown with the proposal"}
        raise HandledError("malformed", "That request could not be understood.", 400, fields=problem)
    await caller.desk.limiter.hit("session", str(asked.session_id), caller.token)
    async with caller.session() as session:
        conversation = await caller.conversation(session, asked.session_id)
        outcome = await proposals.confirm(
            session,
            await business_of(session, caller.tenant_id),
            conversation.id,
            proposal_id,
            preview_hash=asked.preview_hash,
            code=asked.code,
        )
        if isinstance(outcome, proposals.Confirmed) and outcome.first:
            await proposals.say_receipt(session, outcome)
    if isinstance(outcome, proposals.Refused):
        raise outcome.error
    return outcome.answer


@router.post("/chat/proposals/{proposal_id}/reject", status_code=204, responses=errors(409))
async def reject(proposal_id: UUID, asked: schemas.RejectProposal, caller: CallerDep) -> Response:
    """Withdraw the proposal and let go of what it held. Again: nothing more happens."""
    async with caller.session() as session:
        conversation = await caller.conversation(session, asked.session_id)
        statement = select(Proposal).where(
            Proposal.tenant_id == caller.tenant_id,
            Proposal.id == proposal_id,
            Proposal.conversation_id == conversation.id,
        )
        proposal = (await session.execute(statement.with_for_update())).scalar_one_or_none()
        if proposal is None:
            raise messages.not_found()
        if proposal.status == "executed":
            raise HandledError("proposal_executed", "That has already been confirmed.", 409)
        await proposals.reject(session, proposal)
    return Response(status_code=204)

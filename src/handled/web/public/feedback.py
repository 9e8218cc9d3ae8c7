"""What the customer thinks of it, and the end of a conversation that they leave."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from handled.conversations import ending
from handled.feedback import given
from handled.kit import text
from handled.web.deps import CallerDep
from handled.web.public import schemas
from handled.web.public.described import errors

router = APIRouter(tags=["feedback"])


@router.post("/chat/feedback", response_model=schemas.FeedbackGiven, responses=errors())
async def give_feedback(asked: schemas.GiveFeedback, caller: CallerDep) -> dict[str, Any]:
    """Store a thumb for a message of the agent's, or a rating of the conversation, in place of the one before."""
    await caller.desk.limiter.hit("session", str(asked.session_id), caller.token)
    comment = None if asked.comment is None else text.clean_comment(asked.comment)
    async with caller.session() as session:
        conversation = await caller.conversation(session, asked.session_id)
        if asked.feedback_type == "RATING" and asked.rating is not None:
            whose = (caller.tenant_id, conversation.id)
            feedback_id = await given.put_rating(session, *whose, asked.rating, comment)
        else:
            assert asked.message_id and asked.feedback_type != "RATING"  # noqa: S101  its shape says so
            thumb = (asked.message_id, asked.feedback_type)
            feedback_id = await given.put_thumb(session, caller.tenant_id, conversation.id, *thumb, comment)
    return {"feedbackId": str(feedback_id)}


@router.post("/chat/end", status_code=204, responses=errors())
async def end_conversation(asked: schemas.EndConversation, caller: CallerDep) -> Response:
    """The customer leaves. Again: nothing more happens. A new message goes on with the conversation."""
    await caller.desk.limiter.hit("session", str(asked.session_id), caller.token)
    async with caller.session() as session:
        conversation = await caller.conversation(session, asked.session_id)
        await ending.end(session, caller.tenant_id, conversation.id, "left")
    return Response(status_code=204)

"""What Stripe, or the sandbox in its place, tells us."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import APIRouter, Header, Request

from handled.conversations.messages import not_found
from handled.kit import clock, metrics
from handled.payments import inbox
from handled.payments.gateways import SignatureInvalid
from handled.web.deps import DeskDep

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], include_in_schema=False)


@router.post("/stripe")
async def stripe_webhook(
    request: Request, desk: DeskDep, stripe_signature: Annotated[str | None, Header()] = None
) -> dict[str, bool]:
    """Store the event; 200 also for one that is here already or that concerns nobody. 400 unless it is signed."""
    if desk.gateway is None:
        raise not_found()
    try:
        event = desk.gateway.parse_event(await request.body(), stripe_signature, clock.now())
    except SignatureInvalid as invalid:
        metrics.webhooks.labels(desk.gateway.name, "refused").inc()
        logger.warning("a webhook was refused: its signature is %s", invalid.reason)
        raise
    await inbox.receive(desk.engine, desk.gateway.name, event)
    return {"received": True}

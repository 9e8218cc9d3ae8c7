"""`/metrics`: what is counted, and what the database says of jobs and holds at this moment. Not for everybody."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from handled.conversations.messages import not_found
from handled.db.session import lookup_session
from handled.kit import clock, metrics
from handled.kit.errors import HandledError
from handled.web.deps import Desk, DeskDep

router = APIRouter(tags=["operations"], include_in_schema=False)

_PATIENCE_SECONDS = 2
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")
_JOBS = text(
    "select task_name, count(*) filter (where status = 'todo' and coalesce(scheduled_at, now()) <= now()),"
    " count(*) filter (where status = 'failed'),"
    " coalesce(extract(epoch from now() - min(scheduled_at) filter ("
    "where status = 'todo' and scheduled_at <= now())), 0)::float8"
    " from procrastinate_jobs where status in ('todo', 'failed') group by task_name"
)
_WORKERS = text("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '30 seconds'")
_OPEN = text("select what, count from still_open(:now)")


@router.get("/metrics")
async def show_metrics(request: Request, desk: DeskDep) -> Response:
    """For Prometheus, in its text format. With a token, for whoever brings it; without, for this machine alone."""
    _admit(request, desk)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            looked_up = await _look_up(desk)
    except (TimeoutError, SQLAlchemyError, OSError):
        looked_up = [metrics.gauge("handled_database_up", "Whether the database answers", None, {"": 0})]
    return Response(metrics.render(looked_up), media_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _admit(request: Request, desk: Desk) -> None:
    """Raises HandledError: 401 for a wrong token; 404 for a stranger where there is none."""
    if desk.metrics_token is not None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {desk.metrics_token}".encode()):
            raise HandledError("unauthorized", "This needs the token of HANDLED_METRICS_TOKEN.", 401)
        return
    # A proxy on this machine makes everybody look as if they were here.
    if not _is_here(request) or any(name in request.headers for name in _FORWARDED):
        raise not_found()


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


async def _look_up(desk: Desk) -> list[Any]:
    async with lookup_session(desk.engine) as session:
        jobs: list[tuple[Any, ...]] = [tuple(row) for row in await session.execute(_JOBS)]
        workers = await session.scalar(_WORKERS) or 0
        still_open: list[tuple[Any, ...]] = [tuple(row) for row in await session.execute(_OPEN, {"now": clock.now()})]
    found = [
        metrics.gauge("handled_database_up", "Whether the database answers", None, {"": 1}),
        metrics.gauge("handled_workers", "Workers that were heard of lately", None, {"": workers}),
        metrics.gauge("handled_jobs_waiting", "Jobs that are due", "job", {row[0]: row[1] for row in jobs}),
        metrics.gauge("handled_jobs_failed", "Jobs that were given up", "job", {row[0]: row[2] for row in jobs}),
        metrics.gauge(
            "handled_jobs_oldest_seconds", "How late the latest of them is", "job", {row[0]: row[3] for row in jobs}
        ),
        metrics.gauge("handled_open", "What waits for its end", "what", {row[0]: row[1] for row in still_open}),
    ]
    if desk.shared is not None:
        found.append(metrics.gauge("handled_redis_up", "Whether Redis answers", None, {"": int(desk.shared.is_up)}))
    return found

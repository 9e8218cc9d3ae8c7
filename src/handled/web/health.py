"""Whether the process lives, whether it can work, and how well."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from handled.db.session import lookup_session
from handled.web.deps import Desk, DeskDep

router = APIRouter(tags=["operations"])

_WORKERS = text(
    "select exists (select from procrastinate_workers where last_heartbeat > now() - interval '30 seconds')"
)


@router.get("/health")
async def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready", responses={503: {"description": "Not ready"}})
async def ready(desk: DeskDep) -> JSONResponse:
    """Whether requests should come here: the database answers within two seconds, and the process is not stopping.
    `missing` says what it lacks; `degraded` lists what it goes on without, `redis` or `worker`."""
    if desk.wakeups.closing:
        return _not_ready("stopping")
    try:
        async with asyncio.timeout(2), lookup_session(desk.engine) as session:
            has_worker = bool(await session.scalar(_WORKERS))
    except (TimeoutError, SQLAlchemyError, OSError):
        return _not_ready("no database", missing=["database"])
    return JSONResponse({"status": "ready", "degraded": _degraded(desk, has_worker=has_worker)})


def _degraded(desk: Desk, *, has_worker: bool) -> list[str]:
    redis_is_down = desk.shared is not None and not desk.shared.is_up
    return [name for name, is_so in (("redis", redis_is_down), ("worker", not has_worker)) if is_so]


def _not_ready(status: str, **more: object) -> JSONResponse:
    return JSONResponse({"status": status, **more}, 503, {"Retry-After": "5"})

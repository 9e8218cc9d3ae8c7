"""Whether the process lives and whether it can work."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from handled.db.session import lookup_session
from handled.web.deps import DeskDep

router = APIRouter(tags=["operations"])


@router.get("/health")
async def health() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/ready", responses={503: {"description": "Not ready"}})
async def ready(desk: DeskDep) -> JSONResponse:
    """The database answers within two seconds."""
    try:
        async with asyncio.timeout(2), lookup_session(desk.engine) as session:
            await session.execute(text("select 1"))
    except (TimeoutError, SQLAlchemyError, OSError):
        return JSONResponse({"status": "no database"}, 503, {"Retry-After": "5"})
    return JSONResponse({"status": "ready"})

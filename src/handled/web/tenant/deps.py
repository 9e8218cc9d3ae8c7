"""What routes of the business's side are given: the business whose key was shown, and writes that happen once."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tenants import idempotency, secret_keys
from handled.tenants.idempotency import Answer
from handled.web.deps import Desk, DeskDep
from handled.web.public.described import errors

_bearer = HTTPBearer(auto_error=False, scheme_name="SecretKey", description="`sk_…`, from `handled tenant key`")

# Tried again, these may well be answered otherwise.
_NOT_KEPT = (429, 503)

Act = Callable[[AsyncSession, Business], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Staff:
    """A program of the business that has shown a valid secret key."""

    desk: Desk
    tenant_id: UUID

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[tuple[AsyncSession, Business]]:
        """One transaction of this business."""
        async with tenant_session(self.desk.engine, self.tenant_id) as session:
            yield session, await business_of(session, self.tenant_id)


async def get_staff(desk: DeskDep, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Staff:
    """The business of the secret key; 401 without a valid one."""
    tenant_id = await secret_keys.find_tenant(desk.engine, bearer.credentials) if bearer else None
    if tenant_id is None:
        message = "This call needs a secret key of the business: `Authorization: Bearer sk_…`."
        raise HandledError("unauthorized", message, 401)
    # Counted apart from the customers of the same business: neither locks the other out.
    await desk.limiter.hit("tenant", str(tenant_id), "staff")
    return Staff(desk, tenant_id)


StaffDep = Annotated[Staff, Depends(get_staff)]


@dataclass(frozen=True, slots=True)
class Writing:
    """A call that changes something, and the key under which it may be sent again."""

    staff: Staff
    key: str | None

    async def once(self, request: list[Any], act: Act, status: int = 200) -> JSONResponse:
        """Carry `act` out and answer what it returns. The same `request` (as JSON) under the same key is answered
        what it was answered the first time, refusals included."""
        replayed = False
        async with self.staff.session() as (session, business):
            answer = await self._first(session, request)
            if answer is None:
                answer = await _attempt(session, business, act, status)
                if self.key is not None:
                    await idempotency.remember(session, business.id, self.key, answer)
            else:
                replayed = True
        headers = {"Idempotent-Replayed": "true"} if replayed else None
        return JSONResponse(answer.body, answer.status, headers)

    async def _first(self, session: AsyncSession, request: list[Any]) -> Answer | None:
        if self.key is None:
            return None
        return await idempotency.claim(session, self.staff.tenant_id, self.key, *request)


async def _attempt(session: AsyncSession, business: Business, act: Act, status: int) -> Answer:
    try:
        async with session.begin_nested():
            return Answer(status, await act(session, business))
    except HandledError as refused:
        if refused.status in _NOT_KEPT:
            raise
        return Answer(refused.status, refused.body())


async def get_writing(
    staff: StaffDep, idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None
) -> Writing:
    return Writing(staff, idempotency_key)


WritingDep = Annotated[Writing, Depends(get_writing)]


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route of the business's side, for OpenAPI."""
    return {status: described for status, described in errors(*statuses).items() if status != 403}

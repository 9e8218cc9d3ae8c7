"""What routes of the dashboard are given: who is logged in, and their business."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from handled.catalog.business import Business
from handled.catalog.load import business_of
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.tables import StaffAction
from handled.tenants import staff_login
from handled.tenants.staff_login import LoggedIn
from handled.web.deps import Desk, DeskDep

COOKIE = "handled"
_LOGIN_REQUIRED = HandledError("login_required", "Please log in.", 401)
_OWNERS_ONLY = HandledError("owners_only", "Only an owner can do this.", 403)


@dataclass(frozen=True, slots=True)
class Member:
    """A staff member who is logged in. `business` is as it was when the request came."""

    desk: Desk
    who: LoggedIn
    business: Business

    @property
    def tenant_id(self) -> UUID:
        return self.who.tenant_id

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        """One transaction of this business."""
        async with tenant_session(self.desk.engine, self.tenant_id) as session:
            yield session

    def record(
        self, session: AsyncSession, action: str, subject: str | None = None, details: Mapping[str, Any] | None = None
    ) -> None:
        """Write down in the audit trail what they did, in the transaction that does it. `action` is a verb and its
        object with a dot (`escalation.resolve`), `subject` an id or name to find it by."""
        session.add(
            StaffAction(
                tenant_id=self.tenant_id,
                staff_member_id=self.who.id,
                name=self.who.name,
                action=action,
                subject=subject,
                details=dict(details or {}),
            )
        )


def cookie_name(request: Request, desk: Desk) -> str:
    """`__Host-` binds the cookie to this host and to https, where there is https."""
    secure = (desk.public_url or str(request.base_url)).startswith("https://")
    return f"__Host-{COOKIE}" if secure else COOKIE


async def get_member(request: Request, desk: DeskDep) -> Member:
    """Who is logged in. Raises HandledError `login_required`, which sends a browser to log in."""
    token = request.cookies.get(cookie_name(request, desk), "")
    tenant_id = await staff_login.tenant_of_session(desk.engine, token) if token else None
    if tenant_id is None:
        raise _LOGIN_REQUIRED
    async with tenant_session(desk.engine, tenant_id) as session:
        who = await staff_login.find_logged_in(session, tenant_id, token)
        if who is None:
            raise _LOGIN_REQUIRED
        business = await business_of(session, tenant_id)
    member = Member(desk, who, business)
    # What every page of theirs shows.
    request.state.member = member
    return member


MemberDep = Annotated[Member, Depends(get_member)]


async def get_owner(member: MemberDep) -> Member:
    if not member.who.is_owner:
        raise _OWNERS_ONLY
    return member


OwnerDep = Annotated[Member, Depends(get_owner)]

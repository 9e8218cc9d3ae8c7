"""How staff log in: a link by mail that works once, then a session in the database behind a cookie.

Tokens are kept as SHA-256 hashes only. A session ends after two weeks without a visit, when it is logged out, or when
its owner is no longer active.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.db.calls import call
from handled.db.session import lookup_session
from handled.kit import clock, ids
from handled.kit.errors import HandledError
from handled.tables import StaffLink, StaffMember, StaffSession

LINK_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)
SESSION_LIFE = timedelta(days=14)
LINKS_AN_HOUR = 5
# A visit is written down when the last one that was is so long ago.
SEEN_EVERY = timedelta(minutes=5)

_LONGEST_TOKEN = 100
_LONGEST_DEVICE = 120
_WITH_EMAIL = text("select tenant_id, staff_member_id from staff_with_email(:email)")
_OF_LINK = "select tenant_of_staff_link(%s)"
_OF_SESSION = "select tenant_of_staff_session(%s, %s)"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who is using the dashboard. `role` is `owner` or `staff`."""

    tenant_id: UUID
    session_id: UUID
    id: UUID
    name: str
    email: str
    role: str

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"


async def find_by_email(engine: AsyncEngine, email: str) -> list[tuple[UUID, UUID]]:
    """Tenant and staff member ids of everybody active with this address, in any business."""
    async with lookup_session(engine) as session:
        found = await session.execute(_WITH_EMAIL, {"email": email.strip().lower()})
        return [(each.tenant_id, each.staff_member_id) for each in found]


async def new_link(
    session: AsyncSession,
    tenant_id: UUID,
    staff_member_id: UUID,
    *,
    life: timedelta = LINK_LIFE,
    is_limited: bool = True,
) -> str:
    """The token of a link that logs this person in once, for as long as `life`. Raises HandledError `too_many_links`
    after five in an hour where that `is_limited`."""
    now = clock.now()
    if is_limited:
        sent = select(func.count()).where(
            StaffLink.tenant_id == tenant_id,
            StaffLink.staff_member_id == staff_member_id,
            StaffLink.created_at > now - timedelta(hours=1),
        )
        if (await session.execute(sent)).scalar_one() >= LINKS_AN_HOUR:
            raise HandledError("too_many_links", "Too many links were asked for. Please wait an hour.", 429)
    token = ids.new_token(32)
    session.add(
        StaffLink(tenant_id=tenant_id, staff_member_id=staff_member_id, token_hash=_hash(token), expires_at=now + life)
    )
    await session.flush()
    return token


async def tenant_of_link(engine: AsyncEngine, token: str) -> UUID | None:
    found = await call(engine, _OF_LINK, _hash(token))
    return found[0] if found else None


async def find_link(session: AsyncSession, tenant_id: UUID, token: str) -> tuple[StaffLink, StaffMember] | None:
    """A link that still works, locked, and whose it is."""
    found = await session.execute(
        select(StaffLink, StaffMember)
        .join(
            StaffMember, (StaffMember.tenant_id == StaffLink.tenant_id) & (StaffMember.id == StaffLink.staff_member_id)
        )
        .where(
            StaffLink.tenant_id == tenant_id,
            StaffLink.token_hash == _hash(token),
            StaffLink.used_at.is_(None),
            StaffLink.expires_at > clock.now(),
            StaffMember.active,
        )
        .with_for_update(of=StaffLink)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


def use(link: StaffLink) -> None:
    """It has logged somebody in: it does so once."""
    link.used_at = clock.now()


async def log_in(session: AsyncSession, member: StaffMember, device: str) -> str:
    """Begin a session; its token is the cookie's value."""
    now, token = clock.now(), ids.new_token(32)
    session.add(
        StaffSession(
            tenant_id=member.tenant_id,
            staff_member_id=member.id,
            token_hash=_hash(token),
            device=device[:_LONGEST_DEVICE],
            seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
    )
    await session.flush()
    return token


async def tenant_of_session(engine: AsyncEngine, token: str) -> UUID | None:
    """The business of a session that is alive."""
    if len(token) > _LONGEST_TOKEN:
        return None
    found = await call(engine, _OF_SESSION, _hash(token), clock.now())
    return found[0] if found else None


async def find_logged_in(session: AsyncSession, tenant_id: UUID, token: str) -> LoggedIn | None:
    """Whose session it is; the visit is noted now and then."""
    now = clock.now()
    found = await session.execute(
        select(StaffSession, StaffMember)
        .join(
            StaffMember,
            (StaffMember.tenant_id == StaffSession.tenant_id) & (StaffMember.id == StaffSession.staff_member_id),
        )
        .where(
            StaffSession.tenant_id == tenant_id,
            StaffSession.token_hash == _hash(token),
            StaffSession.ended_at.is_(None),
            StaffSession.expires_at > now,
            StaffMember.active,
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    visit, member = row[0], row[1]
    if visit.seen_at <= now - SEEN_EVERY:
        visit.seen_at, visit.expires_at = now, now + SESSION_LIFE
    return LoggedIn(tenant_id, visit.id, member.id, member.name, member.email, member.role)


async def log_out(session: AsyncSession, who: LoggedIn, *, everywhere: bool = False) -> None:
    """End this session, or all of this person's."""
    which = StaffSession.staff_member_id == who.id if everywhere else StaffSession.id == who.session_id
    await session.execute(
        update(StaffSession)
        .where(StaffSession.tenant_id == who.tenant_id, which, StaffSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


async def list_sessions(session: AsyncSession, who: LoggedIn) -> Sequence[StaffSession]:
    """Where this person is logged in, the latest visit first."""
    found = await session.scalars(
        select(StaffSession)
        .where(*_alive(who.tenant_id, who.id), StaffSession.expires_at > clock.now())
        .order_by(StaffSession.seen_at.desc(), StaffSession.id)
    )
    return found.all()


async def end_session(session: AsyncSession, who: LoggedIn, session_id: UUID) -> None:
    """Log another of their browsers out. Raises HandledError `not_found`."""
    ended = await session.scalars(
        update(StaffSession)
        .where(*_alive(who.tenant_id, who.id), StaffSession.id == session_id)
        .values(ended_at=clock.now())
        .returning(StaffSession.id)
    )
    if ended.first() is None:
        raise HandledError("not_found", "There is no such session.", 404)


async def end_others(session: AsyncSession, who: LoggedIn) -> None:
    """Log all of their browsers out but this one."""
    await session.execute(
        update(StaffSession)
        .where(*_alive(who.tenant_id, who.id), StaffSession.id != who.session_id)
        .values(ended_at=clock.now())
    )


async def shut_out(session: AsyncSession, tenant_id: UUID, staff_member_id: UUID) -> None:
    """Neither a session nor a link of theirs opens anything any more, also not when they are back one day."""
    now = clock.now()
    await session.execute(update(StaffSession).where(*_alive(tenant_id, staff_member_id)).values(ended_at=now))
    theirs = (StaffLink.tenant_id == tenant_id, StaffLink.staff_member_id == staff_member_id)
    await session.execute(update(StaffLink).where(*theirs, StaffLink.used_at.is_(None)).values(used_at=now))


def _alive(tenant_id: UUID, staff_member_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        StaffSession.tenant_id == tenant_id,
        StaffSession.staff_member_id == staff_member_id,
        StaffSession.ended_at.is_(None),
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()

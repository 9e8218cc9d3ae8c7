"""What routes are given: the running parts, the tenant, the conversation and its proof."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from handled.catalog.load import business_of
from handled.conversations import messages
from handled.conversations.feed import Feeds
from handled.conversations.turn_events import TurnStreams
from handled.conversations.turns import Opened
from handled.db.session import tenant_session
from handled.kit.errors import HandledError
from handled.kit.wakeups import Wakeups
from handled.payments.gateways import Gateway
from handled.tables import Conversation
from handled.tenants import accounts
from handled.usage.budgets import Limits
from handled.web.limits import Limiter

if TYPE_CHECKING:
    from handled.kit.shared import Shared

FindTenant = Callable[[AsyncEngine, str], Awaitable[UUID | None]]
StartTurn = Callable[[UUID, UUID, Opened | None], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the composition root has put together for the web. `start_turn(tenant_id, turn_id, opened)`
    runs a turn in this process, whatever becomes of the request. `public_url` is the address that customers use,
    where it differs from the one that requests arrive at (behind a proxy). Without a `gateway` nobody can pay.
    `budgets` are the installation's own. In a demo, one click logs in. `shared` is what processes share, if they
    do. Figures are for whoever brings the `metrics_token`; without one, for this machine. `model` is the language
    model's name. Mail leaves by `mail_by` (SMTP, Postmark; None: into the mailbox of this machine) from
    `mail_from`."""

    engine: AsyncEngine
    streams: TurnStreams
    feeds: Feeds
    wakeups: Wakeups
    limiter: Limiter
    start_turn: StartTurn
    runner: int
    mailbox: Path | None
    gateway: Gateway | None
    trusted_proxies: int
    public_url: str | None
    budgets: Limits
    is_demo: bool = False
    shared: Shared | None = None
    metrics_token: str | None = None
    model: str | None = None
    mail_by: str | None = None
    mail_from: str = ""


# Dependencies are coroutines also where they wait for nothing: others would each run in a thread.
async def get_desk(request: Request) -> Desk:
    return request.app.state.desk


DeskDep = Annotated[Desk, Depends(get_desk)]


async def client_address(request: Request, desk: DeskDep) -> str:
    """Who is calling, for limits: the address that the outermost trusted proxy saw."""
    forwarded = [each.strip() for each in request.headers.get("x-forwarded-for", "").split(",")]
    if desk.trusted_proxies and len(forwarded) >= desk.trusted_proxies and forwarded[-desk.trusted_proxies]:
        return forwarded[-desk.trusted_proxies]
    return request.client.host if request.client else "unknown"


ClientDep = Annotated[str, Depends(client_address)]


async def get_tenant_id(
    request: Request,
    desk: DeskDep,
    x_tenant_key: Annotated[str | None, Header(max_length=200)] = None,
) -> UUID:
    """The tenant of the public key; 401 without a valid one."""
    return await _tenant_of(x_tenant_key, desk, accounts.find_by_public_key)


async def _tenant_of(key: str | None, desk: Desk, find: FindTenant) -> UUID:
    tenant_id = await find(desk.engine, key) if key else None
    if tenant_id is None:
        raise no_key()
    await desk.limiter.hit("tenant", str(tenant_id))
    return tenant_id


def no_key() -> HandledError:
    return HandledError("unauthorized", "This call needs the business's public key in X-Tenant-Key.", 401)


TenantDep = Annotated[UUID, Depends(get_tenant_id)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A customer's page that has shown the right key from an allowed origin."""

    desk: Desk
    key: str
    tenant_id: UUID
    client: str
    token: str

    @asynccontextmanager
    async def session(self) -> AsyncGenerator[AsyncSession]:
        async with tenant_session(self.desk.engine, self.tenant_id) as session:
            yield session

    async def conversation(self, session: AsyncSession, session_id: UUID) -> Conversation:
        """The conversation, if the token is its own; else the one `not_found`."""
        return await messages.authenticate(session, self.tenant_id, session_id, self.token)


def _caller_by(find: FindTenant) -> Callable[..., Awaitable[Caller]]:
    async def get_caller(
        request: Request,
        x_tenant_key: Annotated[str | None, Header(max_length=200)] = None,
        x_session_token: Annotated[str | None, Header(max_length=200)] = None,
    ) -> Caller:
        # Called here rather than depended on: each dependency costs as much as all that it does.
        desk = await get_desk(request)
        tenant_id = await _tenant_of(x_tenant_key, desk, find)
        await check_origin(request, desk, tenant_id)
        return Caller(desk, x_tenant_key or "", tenant_id, await client_address(request, desk), x_session_token or "")

    return get_caller


CallerDep = Annotated[Caller, Depends(_caller_by(accounts.find_by_public_key))]
# For who sends a message: a key that was good before is looked at again where the message is stored.
SenderDep = Annotated[Caller, Depends(_caller_by(accounts.recall_by_public_key))]


async def check_same_site(request: Request, desk: Desk) -> None:
    """403 for a form that was sent from somebody else's page.

    Our pages with signed links send no referrer, and browsers then say that the Origin is `null`: where they also say
    from what kind of site the request comes, that decides.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = (None, "null", desk.public_url, f"{request.url.scheme}://{request.url.netloc}")
    if site not in (None, "same-origin", "none") or (site is None and origin not in own):
        raise HandledError("origin_not_allowed", "This can only be sent from our own page.", 403)


async def check_origin(request: Request, desk: Desk, tenant_id: UUID) -> None:
    """403 for a page of a site that the tenant has not allowed. Our own pages and callers without an Origin
    (which are no browsers on another site) pass."""
    origin = request.headers.get("origin")
    if origin is None or origin in (desk.public_url, f"{request.url.scheme}://{request.url.netloc}"):
        return
    async with tenant_session(desk.engine, tenant_id) as session:
        business = await business_of(session, tenant_id)
    if origin not in business.allowed_origins:
        raise HandledError("origin_not_allowed", "This site is not among the business's allowed origins.", 403)

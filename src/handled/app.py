"""The web application: everything that is wired is wired here."""

from __future__ import annotations

import asyncio
import importlib
import logging
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy.ext.asyncio import AsyncEngine

import handled
from handled.adapters import create_gateway, create_limits, create_sender, create_shared
from handled.catalog.load import share_through
from handled.conversations import turns
from handled.conversations.feed import Feeds
from handled.conversations.turn_events import TurnStreams
from handled.db.engine import check_database, create_engine
from handled.db.listen import listen
from handled.db.session import tenant_session
from handled.kit import clock, site, tracing
from handled.kit.tasks import beside
from handled.kit.wakeups import Wakeups
from handled.payments import offered
from handled.settings import Settings
from handled.web import dashboard, errors, health, metrics
from handled.web.deps import Desk
from handled.web.limits import Limiter, Rates
from handled.web.measured import Measured
from handled.web.pages import api_docs, chat, escalation, host, mailbox, manage, move, pay, rate, refuse, sandbox
from handled.web.public import bookings as linked_bookings
from handled.web.public import catalog, described, escalations, feedback, messages, proposals, sessions, verification
from handled.web.tenant import analytics as tenant_analytics
from handled.web.tenant import bookings as tenant_bookings
from handled.web.tenant import config as tenant_config
from handled.web.tenant import conversations as tenant_conversations
from handled.web.tenant import customers as tenant_customers
from handled.web.tenant import escalations as tenant_escalations
from handled.web.tenant import usage as tenant_usage
from handled.web.webhooks import stripe
from handled.worker import WorkerParts, working

if TYPE_CHECKING:
    from handled.agent.runtime import AgentRuntime

logger = logging.getLogger(__name__)

# How long running turns get to finish when the process is asked to stop.
DRAIN_SECONDS = 20.0


class TurnRunner:
    """Runs turns as tasks of the process. The agent's libraries are heavy: they are loaded beside the open
    port, and the first turn waits for them. `when_loaded` is called in the thread that has loaded them."""

    def __init__(
        self,
        settings: Settings,
        engine: AsyncEngine,
        streams: TurnStreams,
        runner: int,
        when_loaded: Callable[[], object],
    ) -> None:
        self._engine = engine
        self._tasks: set[asyncio.Task[None]] = set()
        loading = asyncio.to_thread(_load_agent, settings, engine, streams, runner, when_loaded)
        self._agent = asyncio.create_task(loading)

    async def agent(self) -> AgentRuntime:
        return await asyncio.shield(self._agent)

    def start_turn(self, tenant_id: UUID, turn_id: UUID, opened: turns.Opened | None) -> None:
        # What was known when the message came is old by the time that the libraries are there.
        known = opened if self._agent.done() else None
        self._keep(asyncio.create_task(self._run_turn(tenant_id, turn_id, known)))

    async def take_up(self) -> None:
        """End the turns that nobody runs any more; those that waited for them go on here."""
        agent = await self.agent()
        from handled.agent import turn

        left_behind = await turns.close_orphans(agent.engine, agent.runner, agent.streams.running)
        for tenant_id, conversation_id in left_behind:
            self._keep(asyncio.create_task(turn.run_waiting(agent, tenant_id, conversation_id)))

    async def _run_turn(self, tenant_id: UUID, turn_id: UUID, opened: turns.Opened | None) -> None:
        try:
            agent = await self.agent()
        except Exception:
            # Without its agent this process answers nobody, but whoever asked is told so at once.
            logger.exception("the agent could not be loaded")
            async with tenant_session(self._engine, tenant_id) as session:
                await turns.end_with_error(session, tenant_id, turn_id, turns.INTERRUPTED)
            return
        from handled.agent import turn

        await turn.run_turn(agent, tenant_id, turn_id, opened)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a turn was left behind", exc_info=error)

    async def drain(self) -> None:
        """Let running turns finish; those that cannot are ended with an honest error."""
        self._agent.cancel() if not self._agent.done() else None
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_SECONDS)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._agent.done() and not self._agent.cancelled() and self._agent.exception() is None:
            await self._agent.result().close()


def _load_agent(
    settings: Settings, engine: AsyncEngine, streams: TurnStreams, runner: int, when_loaded: Callable[[], object]
) -> AgentRuntime:
    importlib.import_module("handled.agent.turn")
    from handled.agent.models.guided.model import GuidedModel
    from handled.agent.models.llm import create_model
    from handled.agent.runtime import AgentRuntime

    name = settings.model_name
    primary = create_model(name, api_key=settings.model_key, base_url=settings.model_base_url) if name else None
    when_loaded()
    return AgentRuntime(engine, streams, runner, GuidedModel(), primary, limits=create_limits(settings))


def create_app(settings: Settings) -> FastAPI:
    """The application for one process. `app.state.parts()` opens what it needs while the block runs, and calls
    `when_loaded` when nothing more is going to be loaded."""
    if settings.redis_url is not None:
        importlib.import_module("handled.kit.shared")  # here, in a thread, rather than where it would hold up the loop
    app = FastAPI(
        title="handled",
        version=handled.__version__,
        summary="The front desk of a small business, as software.",
        docs_url=None,  # the library's pages load scripts from elsewhere; ours is web/pages/api_docs
        redoc_url=None,
    )
    app.state.parts = partial(_running, settings, app)
    errors.install(app)
    app.add_middleware(errors.BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["Retry-After"],
        max_age=3600,
    )
    app.add_middleware(Measured)
    for each in (sessions, messages, proposals, feedback, escalations, verification, catalog, linked_bookings):
        app.include_router(each.router, prefix="/v1/public")
    app.include_router(tenant_bookings.router, prefix="/v1/tenant")
    app.include_router(tenant_usage.router, prefix="/v1/tenant")
    app.include_router(tenant_config.router, prefix="/v1/tenant")
    app.include_router(tenant_analytics.router, prefix="/v1/tenant")
    app.include_router(tenant_conversations.router, prefix="/v1/tenant")
    app.include_router(tenant_customers.router, prefix="/v1/tenant")
    app.include_router(tenant_escalations.router, prefix="/v1/tenant")
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(chat.router)
    app.include_router(api_docs.router)
    for each in (pay, manage, move, rate, refuse, escalation):
        app.include_router(each.router)
    app.include_router(stripe.router)
    for each in dashboard.routers(is_demo=settings.environment == "demo"):
        app.include_router(each)
    if settings.environment != "production":
        app.include_router(host.router)
    if settings.environment != "production" and settings.stripe_api_key is None:
        app.include_router(sandbox.router)
    if settings.environment != "production" and settings.smtp_url is None:
        app.include_router(mailbox.router)
    _describe(app)
    return app


@asynccontextmanager
async def _running(
    settings: Settings, app: FastAPI, when_loaded: Callable[[], object] = lambda: None
) -> AsyncGenerator[None]:
    """Raises HandledError when the database cannot be used, or what is configured cannot be."""
    assert settings.database_url is not None  # noqa: S101  the roots see to it
    if settings.now is not None:
        clock.start_at(settings.now)
    site.set_origin(settings.origin)
    engine = create_engine(settings.database_url, pool_size=settings.database_pool)
    wakeups = Wakeups()
    streams, feeds = TurnStreams(engine, wakeups), Feeds(engine, wakeups)
    runner = secrets.randbelow(2**31 - 1) + 1
    sender, mailbox_folder = create_sender(settings)
    gateway = create_gateway(settings, engine)
    offered.set_offered(offered=gateway is not None)
    rates = Rates(settings.limit_chat, settings.limit_session, settings.limit_tenant, settings.limit_lookup)
    async with AsyncExitStack() as stack:
        if settings.otlp_endpoint is not None:
            stop_tracing = await asyncio.to_thread(tracing.set_up, settings.otlp_endpoint, handled.__version__)
            stack.push_async_callback(asyncio.to_thread, stop_tracing)
        stack.push_async_callback(engine.dispose)
        if gateway is not None:
            stack.push_async_callback(gateway.close)
        await check_database(engine)
        listening = asyncio.Event()
        await stack.enter_async_context(beside(listen(settings.database_url, wakeups, runner, listening)))
        async with asyncio.timeout(10):
            await listening.wait()
        shared = create_shared(settings)
        share_through(shared)
        if shared is not None:
            stack.callback(share_through, None)
            await stack.enter_async_context(shared.running(wakeups))
        await stack.enter_async_context(beside(feeds.watch()))
        turn_runner = TurnRunner(settings, engine, streams, runner, when_loaded)
        app.state.desk = Desk(
            engine=engine,
            streams=streams,
            feeds=feeds,
            wakeups=wakeups,
            limiter=Limiter(rates, shared, processes=settings.processes),
            start_turn=turn_runner.start_turn,
            runner=runner,
            mailbox=mailbox_folder,
            gateway=gateway,
            trusted_proxies=settings.trusted_proxies,
            public_url=settings.public_url,
            is_demo=settings.environment == "demo",
            budgets=create_limits(settings),
            shared=shared,
            metrics_token=settings.metrics_token.get_secret_value() if settings.metrics_token else None,
            model=settings.model_name,
            mail_by=settings.mail_by,
            mail_from=settings.mail_from,
        )
        if settings.worker:
            parts = WorkerParts(engine, sender, turn_runner.take_up, settings.mail_from, gateway)
            await stack.enter_async_context(working(settings, parts))
        async with beside(turn_runner.take_up()):
            yield
        await turn_runner.drain()


def _describe(app: FastAPI) -> None:
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = described.add_event_schemas(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

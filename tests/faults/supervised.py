"""A server that is killed again and again, and started anew each time, as an operator's supervisor does it; its
database too, where it has one of its own.

The moments are chosen at the other side: where the local Stripe or the mail server has been asked and before it has
answered, and where the database shows that something has been committed. The program knows nothing of them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import httpx2
import psycopg
from aiosmtpd.smtp import SMTP
from sqlalchemy.exc import DBAPIError

from handled.db.embedded import EmbeddedPostgres
from tests.faults import ledger
from tests.faults.installation import Process, serving
from tests.http_client import http_client
from tests.jobs.shift import end_leases, run_now, wake_workers
from tests.twins.mail_server import ScriptedHandler, hang_up, receiving
from tests.twins.stripe import StripeTwin, running_stripe
from tests.waiting import until

T = TypeVar("T")
PATIENCE_SECONDS = 180  # on a busy machine a server takes 20 s to come back, and it is killed several times
# What is looked at where something does not come to be.
LEFT = (
    "select now(), id, task_name, status, scheduled_at, attempts, worker_id from procrastinate_jobs",
    "select id, last_heartbeat from procrastinate_workers",
    "select id, kind, status, attempts, last_error, leased_until from notifications",
)
# Half a minute later nobody takes the dead worker for a living one.
AFTER_DEATH = "update procrastinate_workers set last_heartbeat = now() - interval '1 hour'"


Victim = Literal["program", "database"]


@dataclass(frozen=True)
class Kill:
    """`stripe`: with the next such request, `before` it is worked on, when it is `done`, or once it is `answered`.
    `mail`: with the next mail, `before` or after it is taken (`done`). `row`: once the query answers more than 0.
    `moment`: so many milliseconds after it was armed. `victim` is what dies."""

    side: Literal["stripe", "mail", "row", "moment"]
    what: str = ""
    when: str = ""
    after_ms: int = 0
    victim: Victim = "program"

    def __str__(self) -> str:
        after = f"{self.after_ms} ms" if self.after_ms else ""
        whom = "(database)" if self.victim == "database" else ""
        return " ".join(filter(None, (self.side, self.what, self.when, after, whom)))


class Post(ScriptedHandler):
    """A mail server that says when it is asked to take a mail, and when it has."""

    def __init__(self) -> None:
        super().__init__()
        self.on_mail: Callable[[str], bool] = lambda moment: False

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.on_mail("before"):
            hang_up(server)
            return "451 nobody hears this"
        answer = await super().handle_DATA(server, session, envelope)
        self.on_mail("done")
        return answer

    def message_ids(self) -> list[tuple[str, str]]:
        """Of every mail that was taken: its Message-ID, and what it is about."""
        return [(str(each["Message-ID"]), str(each["Subject"])) for each in self.mails]


@dataclass
class Supervised:
    """The running server, wherever it listens just now; `kills` are those that struck. `database` is there when it is
    the program's own and may die."""

    owner_url: str
    folder: Path
    stripe: StripeTwin
    post: Post
    settings: dict[str, str]
    database: EmbeddedPostgres | None = None
    kills: list[Kill] = field(default_factory=list)
    armed: list[Kill] = field(default_factory=list)
    _process: Process | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _up: asyncio.Event = field(default_factory=asyncio.Event)
    _down: asyncio.Event = field(default_factory=asyncio.Event)
    _recovery: asyncio.Task[str] | None = None
    _armed_at: float = 0

    def arm(self, *kills: Kill) -> None:
        self.armed.extend(kills)
        self._armed_at = time.monotonic()

    async def persist(self, call: Callable[[httpx2.AsyncClient], Awaitable[httpx2.Response]]) -> httpx2.Response:
        """What a customer does whose page says that something went wrong: again, until it is answered."""

        async def answered() -> httpx2.Response | None:
            await self._up.wait()
            assert self._process is not None
            try:
                async with http_client(base_url=self._process.url, timeout=30) as http:
                    answer = await call(http)
            except httpx2.TransportError:
                return None
            return answer if answer.status_code < 500 else None

        return await until(answered, within=PATIENCE_SECONDS, what="an answer")

    async def until(self, seen: Callable[[], bool], what: str) -> None:
        """Wait for something to come to be, with time running faster for whoever waits to try again."""

        async def come_to_be() -> bool:
            if await self.asked(lambda: asyncio.to_thread(seen)):
                return True
            await self.asked(lambda: asyncio.to_thread(wake_workers, self.owner_url))
            return False

        try:
            await until(come_to_be, within=PATIENCE_SECONDS, what=what)
        except AssertionError:
            left = [ledger.rows(self.owner_url, each) for each in LEFT]
            killed = ", ".join(map(str, self.kills))
            raise AssertionError(f"never came to be: {what}; killed: {killed}; left: {left}") from None

    async def asked(self, question: Callable[[], Awaitable[T]]) -> T:
        """What the database answers, asked again where it died meanwhile."""
        tried: list[asyncio.Task[str] | None] = []
        while True:
            if self._recovery is not None:
                await asyncio.shield(self._recovery)
            tried.append(self._recovery)
            try:
                return await question()
            except (psycopg.OperationalError, DBAPIError):
                # After each death it may meet one connection from before.
                if self._recovery is None or tried.count(self._recovery) > 1:
                    raise

    # --- dying and coming back

    async def live(self) -> None:
        """Start it, and again whenever it has died."""
        while True:
            self._process = await self._running.enter_async_context(
                serving(self.owner_url, self.folder, **self.settings)
            )
            self.stripe.webhooks.url = f"{self._process.url}/v1/webhooks/stripe"
            end_leases(self.owner_url)
            run_now(self.owner_url, "jobs.rescue")
            self._down.clear()
            self._up.set()
            await self._down.wait()
            await self._process.process.wait()
            await self.asked(lambda: asyncio.to_thread(ledger.change, self.owner_url, AFTER_DEATH))

    async def watch(self) -> None:
        """Strike where the database shows a row, or a moment has come."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self.owner_url, autocommit=True) as connection:
                    await self._watch(connection)
            except psycopg.OperationalError:
                if self._recovery is None:
                    raise
                await asyncio.shield(self._recovery)

    async def _watch(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            await asyncio.sleep(0.002)
            for each in list(self.armed):
                if each.side == "moment" and time.monotonic() - self._armed_at > each.after_ms / 1000:
                    self._strike(each)
                if each.side == "row":
                    row = await (await connection.execute(each.what.encode())).fetchone()
                    if row and row[0] and each in self.armed:
                        self._strike(each)

    def on_call(self, moment: str, line: str) -> None:
        for each in list(self.armed):
            if each.side == "stripe" and each.when == moment and line.startswith(each.what):
                self._strike(each)
                return

    def on_mail(self, moment: str) -> bool:
        for each in list(self.armed):
            if each.side == "mail" and each.when == moment:
                return self._strike(each)
        return False

    def _strike(self, kill: Kill) -> bool:
        """Whether the program died. Rather late than never: one that comes while it is down strikes the next time."""
        if not self._up.is_set() or self._process is None or self._process.process.returncode is not None:
            return False
        if self._recovery is not None and not self._recovery.done():
            return False
        self.armed.remove(kill)
        self.kills.append(kill)
        if kill.victim == "database":
            assert self.database is not None
            pull_the_plug(self.database)
            self._recovery = asyncio.create_task(asyncio.to_thread(self.database.start))
            return False
        self._up.clear()
        self._process.process.kill()
        self._down.set()
        return True

    async def close(self) -> None:
        await self._running.aclose()
        if self._recovery is not None:
            await self._recovery


def pull_the_plug(database: EmbeddedPostgres) -> None:
    """As when the machine's memory ran out: no goodbye."""
    os.kill(int((database.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


@asynccontextmanager
async def supervised(
    owner_url: str, folder: Path, database: EmbeddedPostgres | None = None, **settings: str
) -> AsyncGenerator[Supervised]:
    """The program with a local Stripe and a mail server, which outlive it, and so they do `database`."""
    post = Post()
    async with running_stripe(folder / "stripe.jsonl") as stripe, receiving(post) as smtp:
        told = {
            "STRIPE_API_KEY": stripe.api_key,
            "STRIPE_WEBHOOK_SECRET": stripe.webhooks.secret,
            "HANDLED_STRIPE_BASE_URL": stripe.url,
            "SMTP_URL": smtp,
            "HANDLED_MAIL_FROM": "desk@installation.example",
            "HANDLED_PUBLIC_URL": "https://desk.example",  # whichever port it listens on
            **settings,
        }
        one = Supervised(owner_url, folder, stripe, post, told, database)
        stripe.on_call, post.on_mail = one.on_call, one.on_mail
        stripe.webhooks.automatic = True
        tasks = [asyncio.create_task(one.live()), asyncio.create_task(one.watch())]
        try:
            yield one
        finally:
            for each in tasks:
                each.cancel()
            ended = await asyncio.gather(*tasks, return_exceptions=True)
            await one.close()
        for each in ended:
            if isinstance(each, Exception):
                raise each

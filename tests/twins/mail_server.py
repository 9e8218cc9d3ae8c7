"""A real SMTP server on this machine that answers what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP


def hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class ScriptedHandler:
    """Answers each stage of a mail (`mail`, `rcpt`, `data`, `quit`) with what it was given; keeps the mails it
    accepted, and those it was offered."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.accepted: list[tuple[str, list[str], bytes]] = []
        self.offered: list[bytes] = []

    @property
    def mails(self) -> list[EmailMessage]:
        """The accepted ones, read."""
        return [message_from_bytes(each, policy=default) for _, _, each in self.accepted]

    def answer_to(self, stage: str, address: str) -> str | None:
        """The answer at that stage, which may be meant for one address alone (`rcpt:anna@example.com`)."""
        return self.answers.get(f"{stage}:{address}", self.answers.get(stage))

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if "mail" in self.answers:
            return self.answers["mail"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if refused := self.answer_to("rcpt", address):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.offered.append(envelope.content)
        answer = self.answers.get("data", "250 2.0.0 Ok: queued as 4F7Q2")
        if answer == "hang":
            await asyncio.Event().wait()
        if answer == "drop":
            hang_up(server)
            return "250 nobody hears this"
        if answer.startswith("2"):
            self.accepted.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return answer

    async def handle_QUIT(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers.get("quit") == "drop":
            hang_up(server)
        return self.answers.get("quit", "221 Bye")


@asynccontextmanager
async def listening(make_protocol: Callable[[], asyncio.BaseProtocol]) -> AsyncGenerator[int]:
    server = await asyncio.get_running_loop().create_server(make_protocol, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def receiving(handler: ScriptedHandler, **options: Any) -> AsyncGenerator[str]:
    """The server; its SMTP_URL."""
    async with listening(lambda: SMTP(handler, hostname="mx.example", **options)) as port:
        yield f"smtp://127.0.0.1:{port}"

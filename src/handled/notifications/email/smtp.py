"""Mail out by SMTP."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from handled.notifications.email.message import Mail, as_bytes
from handled.notifications.email.sender import PermanentFailure, TemporaryFailure

StartTls = Literal["required", "auto", "never"]

_STARTTLS: dict[str, StartTls] = {
    "required": "required",
    "true": "required",
    "1": "required",
    "auto": "auto",
    "never": "never",
    "false": "never",
    "0": "never",
}
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed over. `starttls` matters only without `tls`: `required` never talks in the clear,
    `auto` encrypts where the server offers it."""

    host: str
    port: int
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    starttls: StartTls = "required"


class SmtpSender:
    """A sender that hands every mail to the server of an SMTP_URL (see `smtp_server`), one connection a mail.
    Certificates are always checked. No answer for `timeout` seconds is a lost connection."""

    def __init__(self, url: str, *, timeout: float = 10) -> None:
        self.server = smtp_server(url)
        self.timeout = timeout

    async def send(self, mail: Mail) -> str:
        """Send `mail` and return what the server called it (its answer to the last line of the mail).

        A 4xx answer, a lost connection, or a server that turns us away before it has heard of the mail raise
        TemporaryFailure; a 5xx answer to the mail itself raises PermanentFailure. When the connection breaks
        after the mail was given and before the answer, nobody can know: that is temporary, and the Message-ID
        is the same next time.
        """
        data = as_bytes(mail)
        client = _client(self.server, self.timeout)
        try:
            await client.connect()
            answer = await _hand_over(client, mail, data)
        except (aiosmtplib.SMTPException, OSError) as problem:
            raise TemporaryFailure(f"{self.server.host}: {_describe(problem)}") from problem
        finally:
            # The mail is delivered or it is not; how the server takes leave changes nothing about that.
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=2)
            client.close()
        return answer


def smtp_server(url: str) -> SmtpServer:
    """The server an SMTP_URL names: `smtp://user:password@host:587?starttls=required|auto|never` or
    `smtps://user:password@host:465`. User and password are percent-encoded.

    Without `starttls`, encryption is required, but for a server on this very machine. Raises ValueError,
    without repeating the password, for anything else.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("SMTP_URL is not a URL like smtp://user:password@host:587") from None
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    options = parse_qs(parts.query, keep_blank_values=True)
    if options.keys() - {"starttls"}:
        raise ValueError(f"SMTP_URL has an option nobody knows: {', '.join(sorted(options.keys() - {'starttls'}))}")
    default = "auto" if parts.hostname in _LOOPBACK else "required"
    wanted = options.get("starttls", [default])[-1].lower()
    if wanted not in _STARTTLS:
        raise ValueError("SMTP_URL: starttls is one of required, auto, never")
    tls = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname,
        port=port or (465 if tls else 587),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        starttls=_STARTTLS[wanted],
    )


def _client(server: SmtpServer, timeout: float) -> aiosmtplib.SMTP:
    start_tls = None if server.starttls == "auto" else server.starttls == "required"
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        use_tls=server.tls,
        start_tls=False if server.tls else start_tls,
        timeout=timeout,
    )


async def _hand_over(client: aiosmtplib.SMTP, mail: Mail, data: bytes) -> str:
    """Raises PermanentFailure for what the server will never take; lets everything else through."""
    options = ["SMTPUTF8"] if mail.needs_utf8 else []
    try:
        _, answer = await client.sendmail(mail.from_address, [mail.to_address], data, mail_options=options)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        raise _failure(refused.recipients[0]) from refused
    except (aiosmtplib.SMTPNotSupported, ValueError) as problem:
        raise PermanentFailure(str(problem)) from problem
    except aiosmtplib.SMTPResponseException as problem:
        raise _failure(problem) from problem
    return answer.strip()[:500] or mail.message_id


def _failure(answer: aiosmtplib.SMTPResponseException) -> PermanentFailure | TemporaryFailure:
    kind = PermanentFailure if 500 <= answer.code <= 599 else TemporaryFailure
    return kind(_describe(answer))


def _describe(problem: Exception) -> str:
    if isinstance(problem, aiosmtplib.SMTPResponseException):
        return f"{problem.code} {problem.message}"[:500]
    return f"{type(problem).__name__}: {problem}"[:500]

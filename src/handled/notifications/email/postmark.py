"""Mail out by Postmark's API."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import httpx2

from handled.notifications.email.message import Mail
from handled.notifications.email.sender import PermanentFailure, TemporaryFailure

URL = "https://api.postmarkapp.com"
# What Postmark says about the mail itself. Whatever else it refuses with 422 is about our account, our sender address
# or our stream: somebody corrects it, and the mail goes out then.
_ABOUT_THE_MAIL = frozenset(
    (
        300,  # an address or a header it cannot take
        402,  # not JSON
        403,  # not the JSON it wants
        406,  # the recipient bounced or complained before
        409,
        411,  # an attachment it does not carry
    )
)


@dataclass(frozen=True)
class PostmarkSender:
    """A sender that hands every mail to Postmark as `stream` of the server that `token` belongs to. `timeout` is for
    a whole request, in seconds."""

    token: str = field(repr=False)
    stream: str = "outbound"
    url: str = URL
    timeout: float = 10

    async def send(self, mail: Mail) -> str:
        """Send `mail` and return Postmark's MessageID for it.

        What Postmark says about the mail itself (an inactive recipient, for one) raises PermanentFailure. All else
        raises TemporaryFailure: too many requests, an error of theirs, no answer in time, and what is wrong with
        our account. When an answer does not arrive nobody can know whether the mail was taken; then the Message-ID is
        the same next time.
        """
        headers = {"X-Postmark-Server-Token": self.token, "Accept": "application/json"}
        try:
            async with asyncio.timeout(self.timeout), httpx2.AsyncClient(timeout=self.timeout) as http:
                answer = await http.post(f"{self.url}/email", headers=headers, json=_body(mail, self.stream))
        except (httpx2.HTTPError, TimeoutError) as problem:
            raise TemporaryFailure(f"Postmark: {type(problem).__name__}: {problem}"[:500]) from problem
        return _message_id(answer)


def _body(mail: Mail, stream: str) -> dict[str, Any]:
    return {
        "From": _mailbox(mail.from_name, mail.from_address),
        "To": _mailbox(mail.to_name, mail.to_address),
        "ReplyTo": _mailbox(mail.reply_to_name, mail.reply_to_address) if mail.reply_to_address else None,
        "Subject": mail.subject,
        "HtmlBody": mail.html,
        "TextBody": mail.text,
        "Headers": [{"Name": name, "Value": value} for name, value in _headers(mail)],
        "Attachments": list(_attachments(mail)),
        "MessageStream": stream,
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "Message-ID", mail.message_id
    # Without it Postmark puts a Message-ID of its own.
    yield "X-PM-KeepID", "true"
    yield from mail.headers.items()


def _attachments(mail: Mail) -> Iterator[dict[str, str]]:
    if mail.ics is not None:
        yield {
            "Name": "invite.ics",
            "Content": b64encode(mail.ics).decode(),
            "ContentType": f"text/calendar; charset=utf-8; method={mail.ics_method}",
        }


def _mailbox(name: str, address: str) -> str:
    """`"Name" <address>`, always quoted: a comma or an @ in a name must not make a second address."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if name else address


def _message_id(answer: httpx2.Response) -> str:
    said = _said(answer)
    if answer.status_code == 200 and said.get("ErrorCode") == 0 and isinstance(said.get("MessageID"), str):
        return said["MessageID"][:200]
    code = said.get("ErrorCode")
    words = f"Postmark: {answer.status_code} {code or ''} {said.get('Message') or ''}".strip()[:500]
    about_the_mail = answer.status_code == 413 or (answer.status_code == 422 and code in _ABOUT_THE_MAIL)
    raise PermanentFailure(words) if about_the_mail else TemporaryFailure(words)


def _said(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return cast(dict[str, Any], said) if isinstance(said, dict) else {}

"""One mail as data, and the RFC 5322 bytes it becomes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Literal

from handled.kit import clock
from handled.notifications.email.headers import mailbox, unstructured

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>")
_LINE_SEPARATORS = frozenset("\u2028\u2029")
_OURS = frozenset(("from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date", "message-id", "mime-version"))
_LONGEST_HEADER = 900
# Addresses in angle brackets: encoded or folded, no mail program would know them again.
_WRITTEN_PLAIN = frozenset(("List-Unsubscribe", "List-Unsubscribe-Post"))


class HeaderRefused(ValueError):
    """A header value could smuggle in something that is not its own."""


@dataclass(frozen=True)
class Mail:
    """Everything one mail is made of. `ics` is a calendar object for one appointment, `ics_method` what a
    calendar shall do with it. `headers` are further single-line headers.

    Raises HeaderRefused when any value bound for a header carries a line break or another control character,
    is overlong, or when an address is not one plain address.
    """

    subject: str
    html: str
    text: str
    to_name: str
    to_address: str
    from_name: str
    from_address: str
    message_id: str
    reply_to_name: str = ""
    reply_to_address: str | None = None
    ics: bytes | None = None
    ics_method: Method = "REQUEST"
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        for name, value in self._header_values():
            _refuse_smuggling(name, value)
        if not _MESSAGE_ID.fullmatch(self.message_id):
            raise HeaderRefused(f"Message-ID is not of the form <id@domain>: {self.message_id[:80]!r}")
        for name, address in (
            ("To", self.to_address),
            ("From", self.from_address),
            ("Reply-To", self.reply_to_address),
        ):
            if address is not None:
                _refuse_odd_address(name, address)

    @property
    def needs_utf8(self) -> bool:
        """Whether an address can only travel over SMTPUTF8 (its part before the @ is not ASCII)."""
        return not all(a.isascii() for a in (self.to_address, self.from_address, self.reply_to_address or ""))

    def _header_values(self) -> Iterator[tuple[str, str]]:
        yield "Subject", self.subject
        yield "To", self.to_name
        yield "To", self.to_address
        yield "From", self.from_name
        yield "From", self.from_address
        yield "Reply-To", self.reply_to_name
        yield "Reply-To", self.reply_to_address or ""
        yield "Message-ID", self.message_id
        for name, value in self.headers.items():
            if not _HEADER_NAME.fullmatch(name) or name.lower() in _OURS or name.lower().startswith("content-"):
                raise HeaderRefused(f"{name[:80]!r} is not a header to add to a mail")
            if name in _WRITTEN_PLAIN and not value.isascii():
                raise HeaderRefused(f"the {name} header takes ASCII alone: {value[:80]!r}")
            yield name, value


def as_bytes(mail: Mail) -> bytes:
    """The mail as it travels: CRLF lines, 7-bit bodies; text and HTML (and the calendar object, so that mail
    programs offer it) as alternatives, the same object once more as `invite.ics`.

    The same mail gives the same bytes each time, but for its Date.
    """
    message = EmailMessage(policy=SMTP.clone(utf8=mail.needs_utf8, refold_source="none"))
    for name, value in _headers(mail):
        message.set_raw(name, value)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    if mail.ics is not None:
        _attach_invite(message, mail.ics, mail.ics_method)
    _fix_boundaries(message, mail.message_id)
    return message.as_bytes()


def _attach_invite(message: EmailMessage, ics: bytes, method: Method) -> None:
    message.add_alternative(ics.decode(), subtype="calendar", params={"method": method}, cte="base64")
    # Were the attachment text/calendar as well, Outlook would offer the appointment twice.
    message.add_attachment(ics, maintype="application", subtype="ics", filename="invite.ics")


def _fix_boundaries(message: EmailMessage, message_id: str) -> None:
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"={sha256(f'{number}{message_id}'.encode()).hexdigest()[:32]}=")


def _headers(mail: Mail) -> Iterator[tuple[str, str]]:
    yield "From", mailbox(mail.from_name, mail.from_address)
    yield "To", mailbox(mail.to_name, mail.to_address)
    if mail.reply_to_address is not None:
        yield "Reply-To", mailbox(mail.reply_to_name, mail.reply_to_address)
    yield "Subject", unstructured(mail.subject)
    yield "Date", format_datetime(clock.now())
    yield "Message-ID", mail.message_id
    for name, value in mail.headers.items():
        yield name, value if name in _WRITTEN_PLAIN else unstructured(value)


def _refuse_smuggling(name: str, value: str) -> None:
    if any(unicodedata.category(c) in ("Cc", "Cs") or c in _LINE_SEPARATORS for c in value):
        raise HeaderRefused(f"the {name} header may hold no line break or control character: {value[:80]!r}")
    if len(value) > _LONGEST_HEADER:
        raise HeaderRefused(f"the {name} header is {len(value)} characters long")


def _refuse_odd_address(name: str, address: str) -> None:
    local, at, domain = address.rpartition("@")
    odd = any(c.isspace() or c in '<>,;:()[]"\\' for c in address)
    if not (at and local and domain) or odd or "@" in local or not domain.isascii():
        raise HeaderRefused(f"the {name} header needs one plain address: {address[:80]!r}")

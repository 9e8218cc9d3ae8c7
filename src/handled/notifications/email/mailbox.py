"""The local mailbox: every mail as a file in a folder, byte for byte what SMTP would have carried."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path

from handled.kit import clock
from handled.notifications.email.message import Mail, as_bytes
from handled.notifications.email.sender import TemporaryFailure
from handled.notifications.wording import one_line

# For the mail's own HTML, shown in a frame: its styles, no scripts, nothing fetched from anywhere.
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,127}")
_SHORT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_LONGEST_SHOWN = 2000
_SUFFIX = ".eml"


@dataclass(frozen=True)
class MailSummary:
    """A mail as a line in a list. `id` names it in its folder; `sent_at` is its Date, in UTC, or when it came
    in."""

    id: str
    sender: str
    recipient: str
    subject: str
    sent_at: datetime


@dataclass(frozen=True)
class Attachment:
    """A part of a mail that is not its text: `invite.ics`, for one."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class StoredMail:
    """A mail taken apart. `headers` in their order, decoded; `text`, `html` are empty where the mail has
    none; `source` is the file."""

    summary: MailSummary
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    source: bytes


@dataclass(frozen=True)
class MailboxSender:
    """A sender whose mail stays here, in `folder`. A mail with a Message-ID that is already there is not
    stored again."""

    folder: Path

    async def send(self, mail: Mail) -> str:
        """Store `mail` and return its id in the folder. Raises TemporaryFailure when it cannot be written."""
        try:
            return await asyncio.to_thread(store, self.folder, mail)
        except OSError as problem:
            raise TemporaryFailure(f"{self.folder}: {problem}") from problem


def store(folder: Path, mail: Mail) -> str:
    """Write `mail` into `folder` (made if absent) and return its id. It is there as a whole or not at all,
    and once, whoever else writes the same one meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    mail_id = _id_for(mail.message_id)
    target = folder / (mail_id + _SUFFIX)
    if target.exists():
        return mail_id
    handle, draft = tempfile.mkstemp(dir=folder, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(as_bytes(mail))
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(target)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    return mail_id


def list_mails(folder: Path, recipient: str | None = None, limit: int = 200) -> list[MailSummary]:
    """The newest mails, newest first; with `recipient`, those whose To contains it, in any case."""
    wanted = (recipient or "").strip().casefold()
    found: list[MailSummary] = []
    for path in _newest_first(folder):
        summary = _summary(path.stem, _parse(path.read_bytes(), headers_only=True), _written_at(path))
        if wanted in summary.recipient.casefold():
            found.append(summary)
        if len(found) == limit:
            break
    return found


def read_mail(folder: Path, mail_id: str) -> StoredMail | None:
    """The mail of that id, or None. Broken mail is shown as far as it can be read."""
    path = folder / (mail_id + _SUFFIX)
    if not _ID.fullmatch(mail_id) or not path.is_file():
        return None
    source = path.read_bytes()
    message = _parse(source)
    return StoredMail(
        summary=_summary(mail_id, message, _written_at(path)),
        headers=tuple((name, _decoded_header(value)) for name, value in message.items()),
        text=_body(message, "text/plain"),
        html=_body(message, "text/html"),
        attachments=tuple(_attachments(message)),
        source=source,
    )


def forget_old(folder: Path, age: timedelta) -> int:
    """Remove the mails that came in longer ago than `age`. Returns how many."""
    before = clock.machine_now() - age
    old = [path for path in _newest_first(folder) if _written_at(path) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _id_for(message_id: str) -> str:
    local = message_id.strip("<>").partition("@")[0]
    digest = sha256(message_id.encode()).hexdigest()
    return f"{local}-{digest[:8]}" if _SHORT_ID.fullmatch(local) else digest


def _newest_first(folder: Path) -> list[Path]:
    paths = [path for path in folder.glob(f"*{_SUFFIX}") if _ID.fullmatch(path.stem)] if folder.is_dir() else []
    return sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _parse(source: bytes, *, headers_only: bool = False) -> Message:
    # The older reading of mail takes whatever is there; the newer one raises at malformed headers.
    return (BytesHeaderParser() if headers_only else BytesParser()).parsebytes(source)


def _summary(mail_id: str, message: Message, written_at: datetime) -> MailSummary:
    return MailSummary(
        id=mail_id,
        sender=_decoded_header(message["From"]),
        recipient=_decoded_header(message["To"]),
        subject=_decoded_header(message["Subject"]),
        sent_at=_date(message) or written_at,
    )


def _date(message: Message) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _decoded_header(value: object) -> str:
    raw = "" if value is None else str(value)
    try:
        return one_line(str(make_header(decode_header(raw))), _LONGEST_SHOWN)
    except (MessageError, LookupError, ValueError):
        return one_line(raw, _LONGEST_SHOWN)


def _body(message: Message, content_type: str) -> str:
    for part in message.walk():
        if part.get_content_type() == content_type and part.get_content_disposition() != "attachment":
            return _decoded_text(part)
    return ""


def _decoded_text(part: Message) -> str:
    content = _content(part)
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _attachments(message: Message) -> Iterator[Attachment]:
    for part in message.walk():
        if part.get_content_disposition() == "attachment" and not part.is_multipart():
            name = one_line(part.get_filename() or "attachment", 100).replace("/", "_").replace("\\", "_")
            yield Attachment(name=name, content_type=part.get_content_type(), content=_content(part))


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""

"""The local mailbox: what goes in comes out, once, whatever is wrong with it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handled.notifications.email import Mail, TemporaryFailure, as_bytes
from handled.notifications.email import mailbox as mailbox_module
from handled.notifications.email.mailbox import MailboxSender, list_mails, read_mail, store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def numbered(confirmed: Mail) -> Callable[..., Mail]:
    def numbered(number: int, **changes: str) -> Mail:
        return replace(confirmed, message_id=f"<{number}@mail.example>", **changes)

    return numbered


def put(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(content)


async def test_a_stored_mail_is_what_smtp_would_have_carried(
    folder: Path, confirmed: Mail, start_clock_at: Callable[[datetime], None]
) -> None:
    start_clock_at(datetime(2026, 3, 1, 7, 0, tzinfo=UTC))
    mail_id = await MailboxSender(folder).send(confirmed)
    stored = read_mail(folder, mail_id)
    assert stored is not None
    assert b"Date: Sun, 01 Mar 2026 07:00:00 +0000\r\n" in stored.source
    assert stored.source.split(b"\r\nMessage-ID")[1] == as_bytes(confirmed).split(b"\r\nMessage-ID")[1]


def test_a_mail_is_read_back_in_all_its_parts(folder: Path, confirmed: Mail) -> None:
    stored = read_mail(folder, store(folder, confirmed))
    assert stored is not None
    assert stored.summary.subject == confirmed.subject
    assert stored.summary.recipient == "Anna Núñez <anna@example.com>"
    assert stored.text.replace("\r\n", "\n") == confirmed.text
    assert stored.html.replace("\r\n", "\n").strip() == confirmed.html.strip()
    assert [(a.name, a.content_type, a.content) for a in stored.attachments] == [
        ("invite.ics", "application/ics", confirmed.ics)
    ]
    assert ("Auto-Submitted", "auto-generated") in stored.headers


def test_the_same_message_id_is_stored_once(folder: Path, numbered: Callable[..., Mail]) -> None:
    first = store(folder, numbered(1))
    again = store(folder, numbered(1, subject="Another try"))
    assert again == first
    assert [mail.subject for mail in list_mails(folder)] == [numbered(1).subject]


def test_two_domains_may_use_the_same_number(folder: Path, confirmed: Mail) -> None:
    ids = {store(folder, replace(confirmed, message_id=f"<1@{domain}>")) for domain in ("a.example", "b.example")}
    assert len(list_mails(folder)) == len(ids) == 2


async def test_many_at_once_are_all_there_and_none_twice(folder: Path, numbered: Callable[..., Mail]) -> None:
    mailbox = MailboxSender(folder)
    await asyncio.gather(*(mailbox.send(numbered(n % 10)) for n in range(40)))
    assert len(list_mails(folder)) == 10
    assert [path.name for path in folder.iterdir() if path.suffix != ".eml"] == []


async def test_a_failure_while_writing_leaves_nothing_and_is_temporary(
    folder: Path, confirmed: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mailbox_module.os, "fsync", full_disk)
    with pytest.raises(TemporaryFailure, match="No space"):
        await MailboxSender(folder).send(confirmed)
    assert list(folder.iterdir()) == []


def test_the_newest_comes_first_and_the_list_ends_somewhere(folder: Path, numbered: Callable[..., Mail]) -> None:
    for number in range(5):
        mail_id = store(folder, numbered(number, subject=f"Number {number}"))
        os.utime(folder / f"{mail_id}.eml", (number, number))
    assert [mail.subject for mail in list_mails(folder, limit=3)] == ["Number 4", "Number 3", "Number 2"]


def test_searching_by_recipient_ignores_case_and_takes_a_part(folder: Path, numbered: Callable[..., Mail]) -> None:
    store(folder, numbered(1))
    store(folder, numbered(2, to_address="ben@example.com", to_name="Ben"))
    assert [mail.recipient for mail in list_mails(folder, " BEN@ ")] == ["Ben <ben@example.com>"]
    assert len(list_mails(folder, "example.com")) == 2
    assert list_mails(folder, "carla@") == []


def test_a_folder_that_is_not_there_is_an_empty_mailbox(folder: Path) -> None:
    assert list_mails(folder) == []
    assert read_mail(folder, "1") is None


@pytest.mark.parametrize(
    "mail_id", ["../secret", "..", ".", "", "a/../secret", "/etc/passwd", ".draft-1", "a\x00b", "nothing"]
)
def test_an_id_cannot_leave_the_folder(folder: Path, mail_id: str) -> None:
    folder.mkdir()
    (folder.parent / "secret.eml").write_bytes(b"Subject: secret\r\n\r\n")
    (folder / ".draft-1.eml").write_bytes(b"Subject: half\r\n\r\n")
    assert read_mail(folder, mail_id) is None
    assert list_mails(folder) == []


BROKEN = {
    "nothing at all": b"",
    "no headers": b"just some words",
    "binary": bytes(range(256)) * 20,
    "unknown charset": b"Subject: =?elvish?q?x?=\r\nContent-Type: text/plain; charset=elvish\r\n\r\nq\xe4pla",
    "broken base64": b"Subject: =?utf-8?b?%%%?=\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    "raw bytes in headers": b"From: \xff <a@b>\r\nTo: \xc3\xa4\r\nDate: soon\r\n\r\nx",
    "unclosed": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>",
    "impossible date": b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nx",
    "bare addresses": b"To: <<<>>>,,@@\r\nReply-To: (((\r\n\r\nx",
    "strange attachment": b'Content-Disposition: attachment; filename="../../x\\y"\r\n\r\nx',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_broken_mail_is_listed_and_shown_as_far_as_it_goes(folder: Path, content: bytes) -> None:
    put(folder, "broken", content)
    [summary] = list_mails(folder)
    stored = read_mail(folder, "broken")
    assert stored is not None
    assert stored.summary == summary
    assert stored.source == content
    assert summary.sent_at.tzinfo is not None
    assert all("/" not in attachment.name and "\\" not in attachment.name for attachment in stored.attachments)

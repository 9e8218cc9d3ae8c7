"""Mail handed to a real SMTP server that answers what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from handled.notifications.email import Mail, PermanentFailure, TemporaryFailure, as_bytes
from handled.notifications.email.smtp import SmtpSender, SmtpServer, smtp_server
from tests.twins.mail_server import ScriptedHandler, hang_up, listening, receiving


@asynccontextmanager
async def smtp(handler: ScriptedHandler, **options: Any) -> AsyncGenerator[SmtpSender]:
    async with receiving(handler, **options) as url:
        yield SmtpSender(url, timeout=5)


async def test_an_accepted_mail_arrives_byte_for_byte_and_gives_the_servers_word_for_it(
    confirmed: Mail,
) -> None:
    handler = ScriptedHandler()
    async with smtp(handler) as sender:
        assert await sender.send(confirmed) == "2.0.0 Ok: queued as 4F7Q2"
    [(sender, recipients, content)] = handler.accepted
    assert (sender, recipients) == ("bookings@mail.example", ["anna@example.com"])
    assert without_date(content) == without_date(as_bytes(confirmed))


def without_date(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\r\n") if not line.startswith(b"Date: ")]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("answer", ["421 4.3.2 going down", "450 4.2.1 greylisted", "451 4.3.0 later", "452 full"])
async def test_a_4xx_answer_is_temporary(confirmed: Mail, stage: str, answer: str) -> None:
    async with smtp(ScriptedHandler(**{stage: answer})) as sender:
        with pytest.raises(TemporaryFailure, match=answer[:3]):
            await sender.send(confirmed)


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "552 5.3.4 too big", "554 5.7.1 spam"])
async def test_a_5xx_answer_to_the_mail_is_permanent(confirmed: Mail, stage: str, answer: str) -> None:
    async with smtp(ScriptedHandler(**{stage: answer})) as sender:
        with pytest.raises(PermanentFailure, match=answer):
            await sender.send(confirmed)


async def test_a_connection_lost_before_the_answer_is_temporary(confirmed: Mail) -> None:
    async with smtp(ScriptedHandler(data="drop")) as sender:
        with pytest.raises(TemporaryFailure):
            await sender.send(confirmed)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
async def test_a_connection_lost_before_the_mail_was_given_is_temporary(confirmed: Mail, stage: str) -> None:
    async def gone(server: SMTP, *rest: object) -> str:
        hang_up(server)
        return "250 nobody hears this"

    handler = ScriptedHandler()
    setattr(handler, f"handle_{stage}", gone)
    async with smtp(handler) as sender:
        with pytest.raises(TemporaryFailure):
            await sender.send(confirmed)
    assert handler.offered == []


async def test_one_refused_recipient_among_several_mails_stops_none_of_the_others(confirmed: Mail) -> None:
    addresses = ["anna@example.com", "gone@example.com", "greylisted@example.com", "bob@example.com"]
    refusals = {"rcpt:gone@example.com": "550 5.1.1 no", "rcpt:greylisted@example.com": "450 4.2.1 later"}
    handler = ScriptedHandler(**refusals)
    async with smtp(handler) as sender:
        mails = [replace(confirmed, to_address=each) for each in addresses]
        outcomes = await asyncio.gather(*map(sender.send, mails), return_exceptions=True)
    assert [type(each) for each in outcomes] == [str, PermanentFailure, TemporaryFailure, str]
    assert sorted(recipients[0] for _, recipients, _ in handler.accepted) == ["anna@example.com", "bob@example.com"]


@pytest.mark.parametrize("goodbye", ["drop", "554 no", "421 no"])
async def test_a_bad_goodbye_does_not_make_a_delivered_mail_undelivered(confirmed: Mail, goodbye: str) -> None:
    handler = ScriptedHandler(quit=goodbye)
    async with smtp(handler) as sender:
        assert await sender.send(confirmed) == "2.0.0 Ok: queued as 4F7Q2"
    assert len(handler.accepted) == 1


async def test_nobody_listening_is_temporary(confirmed: Mail) -> None:
    async with smtp(ScriptedHandler()) as sender:
        pass
    with pytest.raises(TemporaryFailure, match=r"127\.0\.0\.1"):
        await sender.send(confirmed)


@pytest.mark.parametrize("greeting", [b"554 5.7.1 we do not know you\r\n", b"421 busy\r\n", b"", b"HTTP/1.1 400\r\n"])
async def test_a_server_that_turns_us_away_at_the_door_is_temporary(confirmed: Mail, greeting: bytes) -> None:
    class Doorman(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.Transport)
            transport.write(greeting)
            transport.close()

    async with listening(Doorman) as port:
        with pytest.raises(TemporaryFailure):
            await SmtpSender(f"smtp://127.0.0.1:{port}?starttls=never").send(confirmed)


async def test_a_server_that_never_speaks_is_given_up_as_temporary(confirmed: Mail) -> None:
    async with listening(asyncio.Protocol) as port:
        with pytest.raises(TemporaryFailure, match="Timeout"):
            await SmtpSender(f"smtp://127.0.0.1:{port}?starttls=never", timeout=0.2).send(confirmed)


# The password travels in the clear here, on this machine; aiosmtpd warns of it.
in_the_clear = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def password_is(expected: bytes) -> Callable[..., AuthResult]:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=isinstance(data, LoginPassword) and data.password == expected, handled=False)

    return check


@in_the_clear
async def test_a_user_with_the_right_password_gets_through(confirmed: Mail) -> None:
    handler = ScriptedHandler()
    async with smtp(
        handler, authenticator=password_is(b"p@ss/word"), auth_required=True, auth_require_tls=False
    ) as sender:
        url = f"smtp://desk:p%40ss%2Fword@127.0.0.1:{sender.server.port}?starttls=never"
        await SmtpSender(url).send(confirmed)
    assert len(handler.accepted) == 1


@in_the_clear
async def test_a_wrong_password_is_our_mistake_and_not_the_mails_so_it_is_temporary(confirmed: Mail) -> None:
    async with smtp(
        ScriptedHandler(), authenticator=password_is(b"right"), auth_required=True, auth_require_tls=False
    ) as sender:
        with pytest.raises(TemporaryFailure, match="535") as caught:
            await SmtpSender(f"smtp://desk:wrong@127.0.0.1:{sender.server.port}").send(confirmed)
    assert "wrong" not in str(caught.value)


async def test_required_encryption_never_falls_back_to_the_clear(confirmed: Mail) -> None:
    handler = ScriptedHandler()
    async with smtp(handler) as sender:
        with pytest.raises(TemporaryFailure):
            await SmtpSender(f"smtp://127.0.0.1:{sender.server.port}?starttls=required").send(confirmed)
    assert handler.accepted == []


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it(confirmed: Mail) -> None:
    mail = replace(confirmed, to_address="añа@example.com")
    modern, old = ScriptedHandler(), ScriptedHandler()
    async with smtp(modern, enable_SMTPUTF8=True) as sender:
        await sender.send(mail)
    assert modern.accepted[0][1] == ["añа@example.com"]
    async with smtp(old) as sender:
        with pytest.raises(PermanentFailure, match="SMTPUTF8"):
            await sender.send(mail)
    assert old.accepted == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mx.example", SmtpServer("mx.example", 587)),
        ("smtp://mx.example:25?starttls=auto", SmtpServer("mx.example", 25, starttls="auto")),
        ("smtp://mx.example?starttls=false", SmtpServer("mx.example", 587, starttls="never")),
        ("smtp://localhost:1025", SmtpServer("localhost", 1025, starttls="auto")),
        ("smtps://u:p%3A@mx.example", SmtpServer("mx.example", 465, "u", "p:", tls=True)),
        ("smtp://u%40x.example:p@mx.example:2525", SmtpServer("mx.example", 2525, "u@x.example", "p")),
    ],
)
def test_a_url_names_a_server(url: str, expected: SmtpServer) -> None:
    assert smtp_server(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "mx.example:587",
        "http://mx.example",
        "smtp://",
        "smtp://u:secret@mx.example:port",
        "smtp://u:secret@mx.example:99999",
        "smtp://u:secret@mx.example?starttls=perhaps",
        "smtp://u:secret@mx.example?tls=1",
    ],
)
def test_a_url_that_names_none_is_refused_without_repeating_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as caught:
        smtp_server(url)
    assert "secret" not in str(caught.value)


def test_a_server_does_not_show_its_password() -> None:
    assert "secret" not in repr(smtp_server("smtp://u:secret@mx.example"))

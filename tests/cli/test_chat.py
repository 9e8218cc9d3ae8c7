"""`handled chat`: a booking in a terminal, through the API that everybody uses."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from handled.kit import clock
from tests.cli.command import HANDLED, Ran
from tests.cli.terminal import CTRL_C, CTRL_D, terminal
from tests.conftest import Running, TenantHandle, at
from tests.faults import ledger
from tests.faults.installation import environment

REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


async def piped(folder: Path, *arguments: str, typed: str = "") -> Ran:
    process = await asyncio.create_subprocess_exec(
        *HANDLED,
        "chat",
        *arguments,
        cwd=folder,
        env=environment("", folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await process.communicate(typed.encode())
    assert b"Traceback" not in said + complaint, complaint.decode()
    return Ran(process.returncode or 0, said.decode(), complaint.decode())


async def test_a_booking_can_be_made_by_pipe(
    server: Running, studio: TenantHandle, owner_url: str, tmp_path: Path
) -> None:
    ran = await piped(tmp_path, "studio", "--url", server.url, typed=f"{REQUEST}\n\nyes please\n")
    assert (ran.status, ran.complaint) == (0, "")
    assert "Test Studio" in ran.said
    preview = ran.said.split("To confirm: yes, or ")
    assert len(preview) == 2
    assert "For Kim Lee, kim@example.com" in preview[0]
    [booking] = ledger.confirmed_bookings(owner_url)
    assert booking["code"] in preview[1]


async def test_a_booking_can_be_made_in_a_terminal_by_its_code(
    server: Running, studio: TenantHandle, owner_url: str, tmp_path: Path
) -> None:
    command = (*HANDLED, "chat", "--url", server.url, "--key", studio.key)
    async with terminal(*command, folder=tmp_path, environment=environment("", tmp_path)) as screen:
        await screen.until("> ")
        screen.press(f"{REQUEST}\n")
        shown = await screen.until("> ", times=2)
        code = re.search(r"To confirm: yes, or (\d{4})", shown)
        assert code, shown
        screen.press(f"{code[1]}\n")
        shown = await screen.until("> ", times=3)
        screen.press(CTRL_D)
        assert await screen.ended() == 0
    [booking] = ledger.confirmed_bookings(owner_url)
    assert booking["code"] in shown


async def test_ctrl_c_ends_the_chat_at_once(server: Running, studio: TenantHandle, tmp_path: Path) -> None:
    command = (*HANDLED, "chat", "studio", "--url", server.url)
    async with terminal(*command, folder=tmp_path, environment=environment("", tmp_path)) as screen:
        await screen.until("> ")
        screen.press(CTRL_C)
        assert await screen.ended() != 0
        assert "Traceback" not in screen.shown


async def test_where_no_server_is_it_says_so(tmp_path: Path) -> None:
    ran = await piped(tmp_path, "studio", "--url", "http://127.0.0.1:1")
    assert (ran.status, ran.said) == (1, "")
    assert ran.complaint.startswith("There is no server at http://127.0.0.1:1")
    assert "handled serve" in ran.complaint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "There is no business 'nobody' at that server."),
        ([], "Say which business"),
        (["--key", "pk_" + "x" * 24], "needs the business's public key"),
    ],
)
async def test_whom_it_cannot_talk_to_it_says_so(
    server: Running, studio: TenantHandle, tmp_path: Path, arguments: list[str], words: str
) -> None:
    ran = await piped(tmp_path, *arguments, "--url", server.url)
    assert (ran.status, ran.said) == (1, "")
    assert words in ran.complaint


async def test_a_message_that_is_refused_is_said_so_and_the_chat_goes_on(
    server: Running, studio: TenantHandle, tmp_path: Path
) -> None:
    ran = await piped(tmp_path, "studio", "--url", server.url, typed=f"{'x' * 2001}\nwhen are you open?\n")
    assert ran.status == 0, ran
    assert "2000" in ran.said or "2,000" in ran.said
    assert "9:00 am" in ran.said

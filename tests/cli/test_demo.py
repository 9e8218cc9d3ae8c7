"""`handled demo`: everything with one command, kept between runs, and gone with Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import weakref
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import httpx2
import pytest

from handled.cli.demo import _free_port, interruptible
from handled.kit.errors import HandledError
from tests.cli.command import HANDLED, handled
from tests.cli.terminal import CTRL_C, Terminal, terminal
from tests.customers import Customer
from tests.faults.installation import environment
from tests.http_client import http_client


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncGenerator[tuple[Terminal, dict[str, str]]]:
    """The demo in a terminal, and the addresses that it shows: name → URL."""
    told = environment("", folder)
    del told["DATABASE_URL"]
    async with terminal(*HANDLED, "demo", *options, folder=folder, environment=told) as screen:
        shown = await screen.until("Ctrl-C stops everything.")
        addresses = dict(re.findall(r"^  (\S.*?)  +(http://\S+)$", shown, re.MULTILINE))
        yield screen, addresses


@contextmanager
def taken(port: int) -> Generator[None]:
    """That port is somebody's: ours, or whose it was already."""
    try:
        server = socket.create_server(("127.0.0.1", port))
    except OSError:
        yield
        return
    with server:
        yield


async def stop(screen: Terminal, folder: Path) -> None:
    screen.press(CTRL_C)
    assert await screen.ended() == 0, screen.shown
    assert "Stopped. The data is kept" in screen.shown
    assert "Traceback" not in screen.shown
    assert left_behind(folder) == []


def left_behind(folder: Path) -> list[str]:
    """The processes that have to do with this folder."""
    found: list[str] = []
    for process in Path("/proc").iterdir():
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except (OSError, ValueError):
            continue
        if process.name.isdigit() and str(folder).encode() in told:
            found.append(told.split(b"\0")[0].decode())
    return found


def key_in(page: str) -> str:
    found = re.search(r"pk_[A-Za-z0-9_-]+", page)
    assert found, page
    return found[0]


async def test_the_demo_shows_its_addresses_and_keeps_what_was_booked_until_it_starts_over(folder: Path) -> None:
    with taken(8000):
        async with demo(folder) as (screen, addresses):
            assert len(addresses) == 6, screen.shown
            assert not any(":8000" in each for each in addresses.values())
            assert "the guided model" in screen.shown
            chat = next(each for each in addresses.values() if "/c/" in each)
            url = chat.partition("/c/")[0]
            async with http_client(timeout=30, follow_redirects=True) as http:
                pages = {name: await http.get(each) for name, each in addresses.items()}
            assert {each.status_code for each in pages.values()} == {200}, pages
            async with Customer.of(url, key_in((httpx2.get(chat)).text)) as customer:
                await customer.start()
                await customer.say("when are you open?")
                said = (await customer.snapshot())["messages"]
            await stop(screen, folder)
    async with demo(folder) as (screen, addresses):
        url = addresses["Mailbox"].removesuffix("/mailbox")
        async with Customer.of(url, customer.key) as back:
            back.session_id, back.token = customer.session_id, customer.token
            assert (await back.snapshot())["messages"] == said
        await stop(screen, folder)
    async with demo(folder, "--fresh") as (screen, addresses):
        url = addresses["Mailbox"].removesuffix("/mailbox")
        async with Customer.of(url, customer.key) as back:
            back.session_id, back.token = customer.session_id, customer.token
            answer = await back.get(f"/chat/session/{back.session_id}")
            assert answer.status_code in (401, 404), answer.text
        await stop(screen, folder)


async def test_ctrl_c_leaves_nothing_running_also_while_the_demo_is_starting(folder: Path) -> None:
    told = environment("", folder)
    del told["DATABASE_URL"]
    async with terminal(*HANDLED, "demo", folder=folder, environment=told) as screen:
        await screen.until("Starting the database")
        screen.press(CTRL_C)
        await screen.ended()
        assert "Traceback" not in screen.shown
        assert left_behind(folder) == []
    async with demo(folder) as (screen, addresses):
        assert addresses
        await stop(screen, folder)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_ctrl_c_that_comes_while_something_is_cleared_away_is_not_lost() -> None:
    class Thing:
        pass

    with interruptible() as look:
        look()
        thing = Thing()
        watching = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGINT))
        del thing
        assert watching() is None
        with pytest.raises(KeyboardInterrupt):
            look()


def test_the_next_free_port_is_taken_and_never_one_that_somebody_has() -> None:
    with closing(_free_port("127.0.0.1", None)) as first, closing(_free_port("127.0.0.1", None)) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
    assert ports[0] < ports[1]
    assert all(8000 <= each < 8100 for each in ports)


def test_a_port_that_was_asked_for_and_is_taken_is_said_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = handled(tmp_path, "demo", "--port", str(port))
    assert (ran.status, ran.said) == (1, "")
    assert ran.complaint.startswith(f"Port {port} on 127.0.0.1 is in use. Stop what runs there, or choose another")


def test_a_port_that_was_bound_and_given_up_can_be_had_again() -> None:
    with closing(_free_port("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(HandledError, match="in use"):
            _free_port("127.0.0.1", port)
    with closing(_free_port("127.0.0.1", port)) as again:
        assert again.getsockname()[1] == port


def test_the_demo_does_not_run_in_production(tmp_path: Path) -> None:
    safe = {
        "HANDLED_ENVIRONMENT": "production",
        "HANDLED_PUBLIC_URL": "https://desk.business.test",
        "HANDLED_MAIL_FROM": "desk@business.test",
        "SMTP_URL": "smtps://mx.business.test",
    }
    ran = handled(tmp_path, "demo", database="postgresql://desk@127.0.0.1:1/handled", **safe)
    assert (ran.status, ran.said) == (1, "")
    assert "HANDLED_ENVIRONMENT=production" in ran.complaint


def test_starting_over_never_empties_a_database_that_is_not_the_demos_own(owner_url: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "demo", "--fresh", database=owner_url)
    assert (ran.status, ran.said) == (1, "")
    assert "DATABASE_URL names one of yours" in ran.complaint

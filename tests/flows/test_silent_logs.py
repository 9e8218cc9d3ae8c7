"""A whole journey, and what the logs say of it: nothing of the customer, no key, no link."""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit.log import set_up
from handled.notifications.email import mailbox
from tests.conftest import Running
from tests.faults import ledger
from tests.privacy.canary import CODE, EMAIL, MARKS, NAME, Canary, hatched


@pytest.fixture
async def canary(
    server: Running, engine: AsyncEngine, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Canary]:
    async with hatched(server, engine, owner_url, monkeypatch) as somebody:
        yield somebody


@pytest.fixture
def logging_again() -> Iterator[None]:
    """Logging is what it was, whatever the test set up."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


def listening(monkeypatch: pytest.MonkeyPatch, *, as_json: bool = True) -> io.StringIO:
    """Where everything goes that is logged from now on, of every request too."""
    heard = io.StringIO()
    monkeypatch.setattr(sys, "stderr", heard)
    set_up(json=as_json)
    return heard


async def a_life_with_accidents(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns the secrets that were part of it."""
    await canary.lives()
    links = re.findall(r"/(?:b|pay|rate|refuse|escalation)/([\w-]{20,})", dump_of_mails(canary))
    for each in ("/b/", "/rate/", "/escalation/", "/dashboard/login/", "/pay/"):
        await canary.chat.http.get(f"{each}{links[0]}?who={EMAIL}")
    await canary.office.ask("GET", f"/bookings?email={EMAIL}")

    async def fails(*_: object, **__: object) -> None:
        raise ValueError(f"could not understand {NAME} <{EMAIL}>")

    monkeypatch.setattr("handled.customers.privacy.find_customer", fails)
    # The test's own client gets what a real one would get.
    assert (await canary.office.ask("GET", f"/customers?email={EMAIL}")).status_code == 500
    broken = "create function fail() returns trigger language plpgsql as $$ begin raise '%% is here', new::text; end $$"
    ledger.change(canary.owner_url, broken.replace("%%", "%"))
    ledger.change(
        canary.owner_url, "create trigger fail before insert on messages for each row execute function fail()"
    )
    assert (await canary.chat.try_say(f"I'm {NAME}, {EMAIL}, and my quokka")).status_code == 500
    return [canary.chat.token, canary.office.key, CODE, *links]


def dump_of_mails(canary: Canary) -> str:
    mails = canary.server.settings.data_dir / "mailbox"
    found = (mailbox.read_mail(mails, each.id) for each in mailbox.list_mails(mails))
    return "\n".join(each.text for each in found if each)


@pytest.mark.usefixtures("logging_again")
@pytest.mark.parametrize("as_json", [True, False])
async def test_a_whole_journey_leaves_nothing_of_the_customer_in_the_logs(
    canary: Canary, monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> None:
    heard = listening(monkeypatch, as_json=as_json)
    secrets = await a_life_with_accidents(canary, monkeypatch)
    lines = heard.getvalue().splitlines()
    assert len(secrets) > 5
    said = [line for line in lines for mark in MARKS if mark in line.lower()]
    assert said == []
    assert [line for line in lines for secret in secrets if re.search(rf"\b{re.escape(secret)}", line)] == []
    assert any("/v1/tenant/bookings?…" in line for line in lines), "requests are logged"
    assert any("ValueError" in line for line in lines)
    assert any("RaiseException" in line for line in lines)
    if as_json:
        assert all({"at", "level", "logger", "message"} <= json.loads(line).keys() for line in lines)


@pytest.mark.usefixtures("logging_again")
async def test_with_another_format_the_same_journey_gives_her_away(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: what listens here would hear her."""
    heard = listening(monkeypatch)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(logging.Formatter("%(message)s"))
    await canary.office.ask("GET", f"/bookings?email={EMAIL}")
    assert "zephyrine" in heard.getvalue().lower()

"""Every link of the dashboard leads somewhere, for those who are shown it."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import TenantHandle, at
from tests.dashboard.desk import Browser
from tests.managed import booked

_SAME = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|(?<==)[^&]+")
_LINK = re.compile(r'<a [^>]*href="([^"]+)"')


@pytest.fixture(autouse=True)
def wednesday_morning() -> None:
    clock.start_at(at("2026-03-04T09:00:00-05:00"))


async def walk(browser: Browser) -> dict[str, int]:
    """The status of one page of each kind that can be reached by links alone."""
    found: dict[str, int] = {}
    kinds: set[str] = set()
    waiting = ["/dashboard"]
    while waiting:
        here = waiting.pop(0).partition("#")[0]
        kind = _SAME.sub("#", here)
        if kind in kinds:
            continue
        kinds.add(kind)
        answer = await browser.get(here)
        found[here] = answer.status_code
        if answer.headers["content-type"].startswith("text/html"):
            links = [urljoin(here, html.unescape(each)) for each in _LINK.findall(answer.text)]
            waiting += [each for each in links if each.startswith("/dashboard")]
    return found


async def test_no_link_leads_nowhere(
    owner: Browser, staff_member: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await booked(owner.http, engine, studio, "2026-03-05T15:00-05:00")
    for browser in (owner, staff_member):
        found = await walk(browser)
        assert {path: status for path, status in found.items() if status != 200} == {}
        assert len(found) > 20

"""The forms of a page, as a browser would send them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx2

from tests.dashboard.desk import Browser

_FORM = re.compile(r'<form[^>]*action="([^"]*)".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def hidden(page: str, action: str) -> dict[str, str]:
    """What the page's form to this address sends beside what is typed."""
    for found in _FORM.finditer(page):
        if unescape(found[1]) == action:
            return {name: unescape(value) for name, value in _HIDDEN.findall(found[0])}
    raise AssertionError(f"no form to {action}: {[each[1] for each in _FORM.finditer(page)]}")


async def submit(browser: Browser, page: str, action: str, **typed: Any) -> httpx2.Response:
    """Fill in the page's form to `action` and send it."""
    return await browser.post(action, hidden(page, action) | typed)

"""What a browser would send of a form as it stands on the page: everything that is typed, ticked and picked in it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import httpx2

from tests.dashboard.desk import Browser

Fields = dict[str, Any]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self.open: Fields | None = None
        self.select = self.area = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.open = {}
            self.forms.append((given.get("action") or "", self.open))
        elif self.open is None:
            return
        elif tag == "input":
            kind = given.get("type") or "text"
            if kind not in ("checkbox", "radio") or "checked" in given:
                self._put(name, value, several=kind == "checkbox")
        elif tag == "select":
            self.select = name
            if name == "includes":
                self.open.setdefault(name, [])
        elif tag == "option" and "selected" in given:
            self._put(self.select, value, several=self.select == "includes")
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "textarea" and self.open is not None:
            self._put(self.area, self.text, several=self.area == "policies")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.text += data

    def _put(self, name: str, value: str, *, several: bool) -> None:
        assert self.open is not None
        if several:
            self.open.setdefault(name, []).append(value)
        else:
            self.open[name] = value


def sheet(html: str, action: str = "") -> Fields:
    """The fields of the page's form to `action` (to the page itself: "")."""
    reader = _Reader()
    reader.feed(html)
    found = [fields for to, fields in reader.forms if to == action and ("version" in fields or action)]
    assert found, [to for to, _ in reader.forms]
    return found[0]


async def fill_in(browser: Browser, path: str, **typed: Any) -> httpx2.Response:
    """Open the page, change these fields of its own form, and send it."""
    return await browser.post(path, sheet(await browser.page(path)) | typed)


async def press(browser: Browser, page: str, action: str, **typed: Any) -> httpx2.Response:
    """Open the page and send its form to `action`."""
    return await browser.post(action, sheet(await browser.page(page), action) | typed)

"""Hostile text through the real chat: it is shown, and nothing else comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.visiting import DESKTOP, Look, say, visiting
from tests.conftest import Running, TenantHandle

ADVERSARIAL = Path(__file__).parents[3] / "shared/data/evals/adversarial_dev.jsonl"

HOSTILE = [
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    "<svg/onload=window.broken=1><iframe src=https://elsewhere.example></iframe>",
    "</p></div></handled-chat><style>*{display:none}</style>",
    "[click me](javascript:window.broken=1) and [me](data:text/html,<script>window.broken=1</script>)",
    "![pixel](https://elsewhere.example/pixel.png) [a](https://elsewhere.example)",
    "**bold **_it_** [x](https://elsewhere.example/(a)) ***",
    "[one [two](https://elsewhere.example) three](javascript:alert(1))",
    "\u202eתור בבקשה\u202c مرحبا \u2066<b>\u2069",
    "👩‍👩‍👧‍👦" * 40,
    "z" + "\u0301" * 200,
    "a" * 2000,
    "{{7*7}} ${window.broken=1} {n} {time}",
    "javascript:window.broken=1 //elsewhere.example \\\\elsewhere.example",
]


async def nothing_came_of_it(page: Page, elsewhere: list[str]) -> bool:
    assert await page.evaluate("window.broken") is None
    assert elsewhere == []
    inside = "document.querySelector('handled-chat').shadowRoot"
    assert await page.evaluate(f"{inside}.querySelectorAll('script, iframe, style, object, embed').length") == 0
    links = await page.evaluate(f"Array.from({inside}.querySelectorAll('a'), (a) => a.protocol)")
    return set(links) <= {"http:", "https:", "mailto:", "tel:"}


async def saying(page: Page, server: Running, lines: list[str]) -> list[str]:
    """Has the agent answer with each line what the customer said; returns requests to other origins."""
    elsewhere: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(server.url) else elsewhere.append(request.url))
    waiting = list(lines)

    async def echo(route: Route) -> None:
        line, number = waiting.pop(0), len(lines) - len(waiting)
        turn = {"turnId": f"t{number}", "messageId": f"m{number}"}
        shown = {"kind": "services", "services": [{"label": line, "description": line, "send": line, "price": None}]}
        facts = {
            "date": "2026-03-02",
            "time": "11:00",
            "timezone": line,
            "status": line,
            "startsAt": "",
            "service": line,
        }
        booking = {"kind": "booking", "booking": {"bookingId": f"b{number}", "code": line, "label": line, **facts}}
        done = {"type": "done", "message": line, "cards": [shown, booking], **turn}
        choices = {"choices": [{"label": line, "send": line}], "expects": []}
        events = [{"type": "turn", **turn}, {"type": "chunk", "content": line}, done | choices]
        body = "".join(f"id: {at}\ndata: {json.dumps(each)}\n\n" for at, each in enumerate(events, 1))
        await route.fulfill(status=200, content_type="text/event-stream", body=body)

    await page.route("**/chat/message/stream", echo)
    await page.goto(f"{server.url}/c/studio")
    await expect(page.get_by_text("Hi, welcome to Test Studio").first).to_be_visible()
    for number, line in enumerate(lines, 1):
        await say(page, line)
        await expect(page.get_by_label("Helpful", exact=True)).to_have_count(number + 1)
    return elsewhere


async def test_hostile_text_is_only_text(chromium: Browser, server: Running, studio: TenantHandle, look: Look) -> None:
    async with visiting(chromium, look) as page:
        elsewhere = await saying(page, server, HOSTILE)
        assert await nothing_came_of_it(page, elsewhere)
        await expect(page.get_by_text("<script>window.broken = 1</script>").first).to_be_attached()
        assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        log = page.get_by_role("log")
        assert await log.evaluate("(log) => log.scrollWidth <= log.clientWidth")


@pytest.mark.skipif(not ADVERSARIAL.exists(), reason="the shared adversarial set is not here")
async def test_nothing_comes_of_the_adversarial_set(chromium: Browser, server: Running, studio: TenantHandle) -> None:
    rows = [json.loads(line) for line in ADVERSARIAL.read_text().splitlines()]
    lines = [text for row in rows if (text := row["text"].strip()[:2000])]
    async with visiting(chromium, DESKTOP) as page:
        elsewhere = await saying(page, server, lines)
        assert await nothing_came_of_it(page, elsewhere)

"""Chromium: Debian's, or whatever HANDLED_CHROMIUM names; a page in it, and pictures of what it shows."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.visiting import LOOKS, Look, visiting

# The first turn of a process waits for the agent to be loaded, which a busy machine takes its time for.
expect.set_options(timeout=30_000)

Shoot = Callable[[Page, str], Awaitable[None]]

_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = os.environ.get("HANDLED_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium here: install it or let HANDLED_CHROMIUM name one")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(params=LOOKS.values(), ids=list(LOOKS))
def look(request: pytest.FixtureRequest) -> Look:
    return request.param


@pytest.fixture
async def page(chromium: Browser, look: Look) -> AsyncIterator[Page]:
    async with visiting(chromium, look) as page:
        yield page


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Shoot:
    """Saves what a page shows as `name-{width}-{theme}.png` where `--screenshots` says; without it, does nothing."""
    folder: Path | None = request.config.getoption("--screenshots")

    async def shoot(page: Page, name: str) -> None:
        if folder is None:
            return
        folder.mkdir(parents=True, exist_ok=True)
        size, dark = page.viewport_size, await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        for width, height in ((390, 844), (768, 1024), (1280, 800)):
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            for theme in ("light", "dark"):
                await page.emulate_media(color_scheme=theme)
                picture = folder / f"{name}-{width}-{theme}.png"
                await page.screenshot(path=picture, full_page=True, animations="disabled")
        await page.emulate_media(color_scheme="dark" if dark else "light")
        if size is not None:
            await page.set_viewport_size(size)

    return shoot

"""The inbox in Chromium: a customer in the chat, staff in the inbox, both live."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, Page, Request, expect
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import messages
from handled.db.session import tenant_session
from handled.kit import clock
from handled.settings import Settings
from handled.tenants import staff, staff_login
from tests.browser.conftest import Shoot
from tests.browser.visiting import DESKTOP, PHONE, Look, axe, chatting, fits, say, visiting
from tests.conftest import Running, TenantHandle, at, running
from tests.customers import Customer
from tests.flows.conftest import API_KEY, MONDAY_MORNING
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Text, says

pytestmark = pytest.mark.usefixtures("studio")

INBOX = "/dashboard/inbox"
ADVERSARIAL = Path(__file__).parents[3] / "shared/data/evals/adversarial_dev.jsonl"
# Our own tricks: markup, Markdown, addresses that load by themselves, our own markers, direction marks.
TRICKS = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    '<svg onload="window.hit = 1"><use href="//elsewhere.example/a.svg#x"/></svg>',
    "![now](https://elsewhere.example/pixel.png) [then](javascript:window.hit=1)",
    "</p></li></ol><iframe srcdoc='<script>parent.hit = 1</script>'></iframe>",
    "<hx-partial hx-target='#standing'><b hx-get='https://elsewhere.example/' hx-trigger='load'></b></hx-partial>",
    "<div hx-on:load='window.hit = 1' hx-get='//elsewhere.example/' hx-trigger='load'>look</div>",
    "data: <b>1</b>\n\nid: 99999\nevent: close\ndata: gone",
    "<style>@import url(//elsewhere.example/a.css)</style><link rel=stylesheet href=//elsewhere.example/b.css>",
    "<form action='//elsewhere.example/'><button id='take-over'>Take over</button></form>",
    "&lt;script&gt;window.hit = 1&lt;/script&gt; &#60;script&#62;",
    "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "{{ constructor.constructor('window.hit = 1')() }} ${window.hit = 1}",
    "a" * 1900,
)


@asynccontextmanager
async def inbox(
    chromium: Browser,
    server: Running,
    engine: AsyncEngine,
    studio: TenantHandle,
    look: Look = DESKTOP,
    name: str = "Olga Owner",
) -> AsyncGenerator[Page]:
    """The inbox of somebody at the studio who is logged in."""
    email = f"{name.split()[0].lower()}@studio.example"
    async with tenant_session(engine, studio.id) as session:
        member = await staff.put_member(session, studio.id, email, name, "owner")
        token = await staff_login.new_link(session, studio.id, member.id, is_limited=False)
    async with visiting(chromium, look) as page:
        await page.goto(f"{server.url}/dashboard/login/{token}?next={INBOX}")
        await page.get_by_role("button", name="Log in").click()
        await page.wait_for_url(f"**{INBOX}")
        yield page
        assert await fits(page)


async def fill(engine: AsyncEngine, studio: TenantHandle, contents: tuple[str, ...]) -> UUID:
    """A conversation in which a customer has said all that."""
    async with tenant_session(engine, studio.id) as session:
        talk, _ = await messages.start(session, studio.id, locale="en", timezone=None, page=None)
        for content in contents:
            await messages.add(session, studio.id, talk.id, role="customer", content=content)
    return talk.id


@pytest.mark.parametrize("look", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_customer_and_staff_see_each_others_words_without_reloading(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, look: Look, shoot: Shoot
) -> None:
    clock.start_at(at("2026-03-02T09:30:00-05:00"))
    async with chatting(chromium, server) as chat, inbox(chromium, server, engine, studio, look) as desk:
        await say(chat, "Can I talk to a human about bridal hair?")
        # It comes by itself.
        row = desk.locator(".line-of")
        await expect(row.get_by_text("wants a person")).to_be_visible()
        assert await axe(desk)
        await shoot(desk, "inbox")
        await row.click()
        await expect(desk.get_by_role("log").get_by_text("Can I talk to a human about bridal hair?")).to_be_visible()
        await desk.get_by_role("button", name="Take over").click()
        await expect(desk.get_by_role("heading", name="You answer")).to_be_visible()
        box = desk.get_by_label("Answer as Olga Owner")
        await box.fill("Hello, Olga here.")
        await box.press("Shift+Enter")
        await box.type("When is the wedding?")
        await box.press("Enter")
        await expect(desk.get_by_role("log").get_by_text("When is the wedding?")).to_be_visible()
        await expect(box).to_have_value("")
        await expect(box).to_be_focused()
        await expect(chat.get_by_role("log").get_by_text("When is the wedding?")).to_be_visible()
        await say(chat, "In June <img src=x onerror=alert(1)>")
        await expect(desk.get_by_role("log").get_by_text("In June <img src=x onerror=alert(1)>")).to_be_visible()
        assert await axe(desk)
        await shoot(desk, "inbox-conversation")
        await desk.get_by_role("button", name="Hand back to the assistant").click()
        await expect(desk.get_by_role("heading", name="The assistant answers")).to_be_visible()
        await desk.get_by_role("button", name="Resolve").click()
        await expect(desk.get_by_text("Resolved")).to_be_visible()
        await say(chat, "When are you open?")
        answer = desk.get_by_role("log").get_by_text(re.compile("We're open|Our hours"))
        await expect(answer).to_be_visible()
        await expect(desk.locator("#draft .words")).to_have_count(0)


async def test_the_answer_appears_as_it_is_made_and_stops_when_somebody_takes_over(
    chromium: Browser, settings: Settings, engine: AsyncEngine, studio: TenantHandle
) -> None:
    reply = says(Text("We do haircuts, and we do colours. And here is what nobody shall ever read.", piece=39))
    reply = reply.then("wait", 4)
    assert reply.trouble
    async with ClaudeTwin.running() as claude:
        claude.always(reply)
        model: dict[str, object] = {
            "model": "anthropic:claude-haiku-4-5",
            "model_base_url": claude.url,
            "anthropic_api_key": SecretStr(API_KEY),
            "now": at(MONDAY_MORNING),
        }
        async with running(settings.model_copy(update=model)) as server, Customer.of(server.url, studio.key) as kim:
            await kim.start()
            async with inbox(chromium, server, engine, studio) as desk:
                await desk.goto(f"{server.url}{INBOX}/{kim.session_id}")
                asking = asyncio.create_task(kim.stream("What do you have?"))
                draft = desk.locator("#draft .words")
                await expect(draft).to_have_text("We do haircuts, and we do colours.")
                await desk.get_by_role("button", name="Take over").click()
                await expect(desk.get_by_role("heading", name="You answer")).to_be_visible()
                await expect(draft).to_have_count(0)
                await expect(desk.get_by_role("log").get_by_text("We do haircuts, and we do")).to_be_visible()
                events = await asking
                assert events[-1][1]["handledBy"] == "staff"
                reply.trouble.go_on.set()


async def test_what_is_being_written_survives_a_hand_back_elsewhere(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, customer: Customer
) -> None:
    await customer.say("Hello")
    async with inbox(chromium, server, engine, studio) as desk:
        await desk.goto(f"{server.url}{INBOX}/{customer.session_id}")
        await desk.get_by_role("button", name="Take over").click()
        await desk.get_by_label("Answer as Olga Owner").fill("We could do Saturday")
        other = await desk.context.new_page()
        await other.goto(f"{server.url}{INBOX}/{customer.session_id}")
        await other.get_by_role("button", name="Hand back to the assistant").click()
        await expect(desk.get_by_text("handed back to the assistant meanwhile")).to_be_visible()
        await expect(desk.get_by_label("Answer as Olga Owner")).to_have_value("We could do Saturday")
        await desk.get_by_role("button", name="Take over and send").click()
        await expect(desk.get_by_role("log").get_by_text("We could do Saturday")).to_be_visible()


async def test_of_two_staff_the_second_sees_who_took_over(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, customer: Customer
) -> None:
    await customer.say("Hello")
    async with (
        inbox(chromium, server, engine, studio) as first,
        inbox(chromium, server, engine, studio, PHONE, "Sam Staff") as second,
    ):
        for each in (first, second):
            await each.goto(f"{server.url}{INBOX}/{customer.session_id}")
        await first.get_by_role("button", name="Take over").click()
        await expect(second.get_by_role("heading", name="Olga Owner answers")).to_be_visible()
        await expect(second.get_by_role("button", name="Take over")).to_have_count(0)


async def test_keys_lead_through_the_inbox_and_are_letters_while_typing(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, shoot: Shoot
) -> None:
    for words in ("First", "Second"):
        await fill(engine, studio, ("Hello", f"{words} one"))
    async with inbox(chromium, server, engine, studio) as desk:
        await desk.keyboard.press("j")
        await desk.keyboard.press("j")
        await desk.keyboard.press("k")
        await desk.keyboard.press("Enter")
        await expect(desk.get_by_role("log").get_by_text("Second one")).to_be_visible()
        await desk.keyboard.press("?")
        dialog = desk.get_by_role("dialog")
        await expect(dialog).to_be_visible()
        assert await axe(desk)
        await shoot(desk, "inbox-keys")
        await desk.keyboard.press("t")
        await desk.keyboard.press("Escape")
        await expect(dialog).to_be_hidden()
        await desk.keyboard.press("t")
        await expect(desk.get_by_role("heading", name="You answer")).to_be_visible()
        await desk.keyboard.press("r")
        box = desk.get_by_label("Answer as Olga Owner")
        await expect(box).to_be_focused()
        await desk.keyboard.type("the jar? /khet")
        await expect(box).to_have_value("the jar? /khet")
        await box.fill("")
        await desk.keyboard.press("Escape")
        await desk.keyboard.press("/")
        await expect(desk.get_by_role("searchbox")).to_be_focused()
        await desk.keyboard.press("Escape")
        await desk.keyboard.press("h")
        await expect(desk.get_by_role("heading", name="The assistant answers")).to_be_visible()
        # They can be turned off.
        await desk.keyboard.press("?")
        await dialog.get_by_label("Use single keys in this browser").uncheck()
        await dialog.get_by_role("button", name="Close").click()
        await desk.keyboard.press("t")
        await expect(desk.get_by_role("heading", name="The assistant answers")).to_be_visible()


async def test_a_saved_reply_goes_where_the_cursor_is(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, customer: Customer, shoot: Shoot
) -> None:
    await customer.say("Where can I park?")
    async with inbox(chromium, server, engine, studio) as desk:
        await desk.get_by_role("link", name="Saved replies").click()
        await desk.get_by_label("Title").last.fill("Parking")
        await desk.get_by_label("What it says").last.fill("Behind the house, free for two hours.")
        await desk.get_by_role("button", name="Add").click()
        await expect(desk.get_by_text("Saved.")).to_be_visible()
        assert await axe(desk)
        await shoot(desk, "inbox-replies")
        await desk.goto(f"{server.url}{INBOX}/{customer.session_id}")
        await desk.get_by_role("button", name="Take over").click()
        box = desk.get_by_label("Answer as Olga Owner")
        await box.fill("Hello! ")
        await desk.locator("summary", has_text="Saved replies").click()
        await desk.locator(".menu-list").get_by_role("link", name="Parking").click()
        await expect(box).to_have_value("Hello! Behind the house, free for two hours.")
        await box.press("Enter")
        await expect(desk.get_by_role("log").get_by_text("Hello! Behind the house")).to_be_visible()


async def test_without_scripts_the_inbox_works(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle, customer: Customer
) -> None:
    await customer.say("Hello")
    async with inbox(chromium, server, engine, studio, PHONE | {"java_script_enabled": False}) as desk:
        await desk.locator(".line-of").click()
        await desk.get_by_role("button", name="Take over").click()
        await desk.get_by_label("Answer as Olga Owner").fill("Good morning")
        await desk.get_by_role("button", name="Send").click()
        await expect(desk.get_by_role("log").get_by_text("Good morning")).to_be_visible()
        await desk.get_by_role("button", name="Hand back to the assistant").click()
        await expect(desk.get_by_role("heading", name="The assistant answers")).to_be_visible()
        await desk.get_by_role("link", name="Inbox").first.click()
        await expect(desk.locator(".line-of")).to_be_visible()


async def harm_of(
    desk: Page, server: Running, engine: AsyncEngine, studio: TenantHandle, words: list[str]
) -> dict[str, Any]:
    """Show them when they were said before, and as they come: what stands there, what ran, who else was asked."""
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((server.url, "data:")):
            elsewhere.append(request.url)

    desk.context.on("request", note)
    talk = await fill(engine, studio, tuple(words))
    await desk.goto(f"{server.url}{INBOX}/{talk}?all=1")
    bubbles = desk.locator("#said .words")
    await expect(bubbles).to_have_count(len(words))
    async with tenant_session(engine, studio.id) as session:
        for content in words:
            await messages.add(session, studio.id, talk, role="customer", content=content)
    await expect(bubbles).to_have_count(2 * len(words))
    shown: list[str] = await bubbles.evaluate_all("all => all.map(each => each.textContent)")
    inside = "#said .words *, #said script, #said [onerror], #draft *, .line-of .last :not(b)"
    return {
        "words": [each.replace("\r\n", "\n") for each in shown],
        "elements": await desk.locator(inside).count(),
        "ran": await desk.evaluate("window.hit"),
        "elsewhere": elsewhere,
    }


def only(words: list[str]) -> dict[str, Any]:
    """No harm: each of them twice, as text, and nothing else."""
    said = [each.replace("\r\n", "\n") for each in words * 2]
    return {"words": said, "elements": 0, "ran": None, "elsewhere": []}


async def test_no_trick_of_ours_is_more_than_text(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    async with inbox(chromium, server, engine, studio) as desk:
        assert await harm_of(desk, server, engine, studio, list(TRICKS)) == only(list(TRICKS))


async def test_no_adversarial_message_is_more_than_text(
    chromium: Browser, server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    if not ADVERSARIAL.exists():
        pytest.skip("the adversarial development set is not beside the project")
    words = [json.loads(line)["text"] for line in ADVERSARIAL.read_text(encoding="utf-8").splitlines()]
    async with inbox(chromium, server, engine, studio) as desk:
        assert await harm_of(desk, server, engine, studio, words) == only(words)

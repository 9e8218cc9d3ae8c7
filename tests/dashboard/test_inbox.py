"""The inbox over HTTP: who is listed, what one conversation shows, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import feed, inbox, messages
from handled.conversations.inbox import Marks
from handled.db.session import tenant_session
from handled.escalations import lifecycle
from handled.kit import clock
from handled.tables import Conversation
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.dashboard.desk import Browser
from tests.faults import ledger

pytestmark = pytest.mark.usefixtures("studio")

INBOX = "/dashboard/inbox"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1)) **bold** ![x](https://elsewhere.example/x.png)",
    "\u05e9\u05dc\u05d5\u05dd \u202e txt.exe",
    "</bdi></li></ol><hx-partial hx-target='#standing'>gone</hx-partial>",
    "{{ 7 * 7 }} ${7*7} <%= 7 %>",
    "x" * 1990,
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 " * 100,
)


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:30:00-05:00"))


@pytest.fixture
async def asking(customer: Customer) -> Customer:
    """A customer who has asked for a person."""
    asked = {"sessionId": customer.session_id, "reason": "Bridal hair for six"}
    answer = await customer.post("/chat/escalate", asked | {"customerEmail": "nora@example.com"})
    assert answer.status_code in (200, 201), answer.text
    return customer


@pytest.fixture
async def other_browser(server: Running, engine: AsyncEngine) -> AsyncIterator[tuple[Browser, TenantHandle]]:
    """Somebody of another business."""
    handle = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: elsewhere"))
    async with Browser.of(server.url) as browser:
        await browser.log_in(engine, handle.id, "boss@elsewhere.example", "Bo Boss", "owner")
        yield browser, handle


class Markup(HTMLParser):
    """Every element of a page, and every address that it names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_inert(page: str) -> None:
    """Nothing in it but our own scripts, and no address but ours."""
    markup = Markup()
    markup.feed(page)
    for tag, attributes in markup.found:
        assert tag not in ("img", "iframe", "object", "hx-partial", "template"), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        for name in ("href", "src", "action", "formaction"):
            written = attributes.get(name) or "/"
            assert written.startswith(("/", "#", "mailto:", "tel:")) and not written.startswith("//"), (tag, written)
        assert tag != "script" or (attributes["src"] or "").startswith("/dashboard/static/")


def path_of(customer: Customer) -> str:
    return f"{INBOX}/{customer.session_id}"


def said_in(page: str) -> str:
    return page[page.index('id="said"') : page.index('id="draft"')]


async def test_an_empty_inbox_says_where_conversations_come_from(owner: Browser) -> None:
    assert "Nobody is chatting right now" in await owner.page(INBOX)
    assert "Nobody waits for a person" in await owner.page(f"{INBOX}?show=waiting")
    assert "You hold no conversation" in await owner.page(f"{INBOX}?show=mine")


async def test_who_only_opened_the_chat_is_not_listed(owner: Browser, customer: Customer) -> None:
    assert customer.session_id not in await owner.page(INBOX)
    await customer.say("Hello there")
    assert customer.session_id in await owner.page(INBOX)


def current(page: str) -> str:
    """The name of the list that is shown."""
    [name] = re.findall(rf'href="{INBOX}\?show=(\w+)[^"]*" aria-current="page"', page)
    return name


async def test_it_opens_on_those_who_wait_and_else_on_the_open_ones(
    owner: Browser, customer: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await customer.say("Hello there")
    page = await owner.page(INBOX)
    assert current(page) == "open" and f'href="{path_of(customer)}?show=open"' in page
    await customer.post("/chat/escalate", {"sessionId": customer.session_id, "reason": "Bridal hair for six"})
    page = await owner.page(INBOX)
    assert current(page) == "waiting" and f'href="{path_of(customer)}?show=waiting"' in page
    assert "/list?show=waiting&" in page.replace("&amp;", "&")
    for chosen in ("open", "mine", "ended", "all"):
        assert current(await owner.page(f"{INBOX}?show={chosen}")) == chosen
    assert current(await owner.page(f"{INBOX}?q=hello")) == "open"
    async with tenant_session(engine, studio.id) as session:
        asked = await lifecycle.find_open(session, studio.id, UUID(customer.session_id))
        assert asked is not None
        await lifecycle.resolve(session, asked)
    assert current(await owner.page(INBOX)) == "open"


async def test_a_row_says_who_what_and_that_a_person_is_wanted(owner: Browser, asking: Customer) -> None:
    await asking.say("Do you do updos?")
    page = await owner.page(f"{INBOX}?show=waiting")
    assert "nora@example.com" in page and "wants a person" in page and "not read yet" in page


async def test_reading_a_conversation_takes_its_mark_away_until_somebody_says_more(
    owner: Browser, staff_member: Browser, customer: Customer
) -> None:
    await customer.say("Do you do updos?")
    assert "not read yet" in await owner.page(INBOX)
    await owner.page(path_of(customer))
    assert "not read yet" not in await staff_member.page(INBOX)
    await customer.say("And balayage?")
    assert "not read yet" in await staff_member.page(INBOX)


async def test_filters_divide_conversations(owner: Browser, asking: Customer) -> None:
    async def shows(name: str) -> bool:
        return asking.session_id in await owner.page(f"{INBOX}?show={name}")

    assert [await shows(each) for each in ("waiting", "mine", "open", "ended", "all")] == [
        True,
        False,
        True,
        False,
        True,
    ]
    await owner.post(f"{path_of(asking)}/takeover")
    assert await shows("mine")
    await owner.post(f"{path_of(asking)}/resolve")
    await asking.post("/chat/end", {"sessionId": asking.session_id})
    assert [await shows(each) for each in ("waiting", "mine", "open", "ended", "all")] == [
        False,
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize("words", ["updos", "NORA@example", "100% no"])
async def test_words_names_and_addresses_are_found(owner: Browser, asking: Customer, words: str) -> None:
    await asking.say("Do you do updos? 100% not sure")
    page = await owner.page(f"{INBOX}?q={words.replace('%', '%25').replace(' ', '+')}")
    assert asking.session_id in page
    assert asking.session_id not in await owner.page(f"{INBOX}?q=wedding-cake")


async def test_older_conversations_are_on_the_next_pages(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    async with tenant_session(engine, studio.id) as session:
        for number in range(65):
            talk, _ = await messages.start(session, studio.id, locale="en", timezone=None, page=None)
            for content in ("Hello", f"I am number {number}."):
                await messages.add(session, studio.id, talk.id, role="customer", content=content)
    page, found = await owner.page(f"{INBOX}?show=all"), list[str]()
    for _ in range(5):
        found += re.findall(r'id="c-([\w-]+)"', page)
        older = re.search(r'href="([^"]+)" rel="next"', page)
        if older is None:
            break
        page = await owner.page(older[1].replace("&amp;", "&"))
    assert len(found) == len(set(found)) == 65


async def test_of_ten_thousand_conversations_the_newest_are_found_without_looking_at_all(
    engine: AsyncEngine, owner_url: str, studio: TenantHandle
) -> None:
    ledger.change(
        owner_url,
        "insert into conversations (tenant_id, id, token_hash, channel, locale, last_message,"
        " last_activity_at, created_at) select id, gen_random_uuid(), '', 'web', 'en', 2,"
        " now() - n * interval '1 min', now() - n * interval '1 min'"
        " from tenants, generate_series(1, 10000) n",
    )
    ledger.change(owner_url, "analyze conversations")
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        asked.append((statement, values))

    async with tenant_session(engine, studio.id) as session:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
        found, _ = await inbox.list_conversations(session, studio.id, Marks(has_begun=True), None, 30, "activity")
        event.remove(engine.sync_engine, "before_cursor_execute", note)
        statement, values = asked[-1]
        connection = await session.connection()
        plan = "\n".join(row[0] for row in await connection.exec_driver_sql(f"explain {statement}", values))
    assert len(found) == 30
    assert "ix_conversations_activity" in plan and "Seq Scan on conversations" not in plan


async def test_a_cursor_that_is_none_of_ours_begins_at_the_beginning(owner: Browser, customer: Customer) -> None:
    await customer.say("Hello there")
    assert customer.session_id in await owner.page(f"{INBOX}?cursor=nonsense")


async def test_the_list_is_sent_only_when_it_is_another_one(owner: Browser, customer: Customer) -> None:
    await customer.say("Hello there")
    page = await owner.page(INBOX)
    poll = re.search(r'hx-get="([^"]+)"', page)
    assert poll is not None
    path = poll[1].replace("&amp;", "&")
    assert (await owner.get(path)).status_code == 204
    await customer.say("One more thing")
    assert "One more thing" in (await owner.get(path)).text or "Assistant:" in (await owner.get(path)).text


async def test_the_transcript_says_in_words_what_was_shown_and_booked(owner: Browser, customer: Customer) -> None:
    await customer.say("Do you have time for a haircut tomorrow?")
    done = await customer.say("Haircut tomorrow at 3 pm, I am Nora Quill, nora@example.com")
    while not done["proposal"]:
        assert done["choices"], done
        done = await customer.say(done["choices"][0]["send"])
    page = await owner.page(path_of(customer))
    assert "Offered Tomorrow" in page or "Offered Tuesday" in page
    assert "Proposed: Book" in page and "waits for the customer" in page
    await customer.confirm(done["proposal"])
    page = await owner.page(path_of(customer))
    assert "— confirmed" in page and "Booked: " in page
    assert "find_slots" not in page
    code = re.search(r"BK-\w{6}", page)
    assert code is not None and "/dashboard/bookings/" in page
    assert customer.session_id in await owner.page(f"{INBOX}?q={code[0]}")


async def test_taking_over_answering_and_handing_back_are_one_click_each(owner: Browser, asking: Customer) -> None:
    taken = await owner.post(f"{path_of(asking)}/takeover")
    assert "You answer" in taken.text and "Olga Owner took over" in taken.text and "Somebody sees to it" in taken.text
    answered = await owner.post(f"{path_of(asking)}/reply", {"message": "Hello,\r\nOlga here."})
    assert answered.status_code == 200 and "Hello,\nOlga here." in said_in(answered.text)
    back = await owner.post(f"{path_of(asking)}/handback")
    assert "The assistant answers" in back.text and "Olga Owner handed back" in back.text
    roles = [each["role"] for each in (await asking.snapshot())["messages"]]
    assert roles[-1] == "staff"


async def test_of_two_who_take_over_the_second_sees_who_was_faster(
    owner: Browser, staff_member: Browser, asking: Customer
) -> None:
    assert (await owner.post(f"{path_of(asking)}/takeover")).status_code == 200
    second = await staff_member.post(f"{path_of(asking)}/takeover")
    assert second.status_code == 409
    assert "Olga Owner has taken over" in second.text and "Olga Owner</bdi> answers" in second.text
    refused = await staff_member.post(f"{path_of(asking)}/handback")
    assert refused.status_code == 409


@pytest.mark.parametrize("partial", [{}, {"HX-Request": "true"}], ids=["page", "part"])
async def test_an_answer_after_handing_back_is_kept_in_its_box(
    owner: Browser, asking: Customer, partial: dict[str, str]
) -> None:
    await owner.post(f"{path_of(asking)}/takeover")
    await owner.post(f"{path_of(asking)}/handback")
    stale = await owner.post(f"{path_of(asking)}/reply", {"message": "We could do <six> & more"}, **partial)
    assert stale.status_code == 409
    assert "handed back to the assistant meanwhile" in stale.text
    assert "We could do &lt;six&gt; &amp; more</textarea>" in stale.text and "Take over and send" in stale.text
    sent = await owner.post(f"{path_of(asking)}/reply", {"message": "We could do six", "take": "true"})
    assert sent.status_code == 200 and "You answer" in sent.text and "We could do six" in said_in(sent.text)


async def test_what_is_too_long_to_send_is_kept(owner: Browser, asking: Customer) -> None:
    await owner.post(f"{path_of(asking)}/takeover")
    long = await owner.post(f"{path_of(asking)}/reply", {"message": "y" * 2001})
    assert long.status_code == 422 and "y" * 2001 + "</textarea>" in long.text and "2,000" in long.text
    empty = await owner.post(f"{path_of(asking)}/reply", {"message": "  "})
    assert empty.status_code == 422 and "is empty" in empty.text


async def test_an_escalation_is_given_to_somebody_made_urgent_and_resolved(
    owner: Browser, staff_member: Browser, asking: Customer, owner_url: str
) -> None:
    page = await owner.page(path_of(asking))
    sam = re.search(r'value="([\w-]+)">Sam Staff', page)
    assert sam is not None and "Bridal hair for six" in page
    changed = await owner.post(f"{path_of(asking)}/escalation", {"priority": "HIGH", "assignee": sam[1]})
    assert changed.status_code == 200 and "urgent" in changed.text
    assert asking.session_id in await staff_member.page(f"{INBOX}?show=mine")
    nobody = {"priority": "HIGH", "assignee": str(uuid4())}
    assert (await owner.post(f"{path_of(asking)}/escalation", nobody)).status_code == 422
    strange = {"priority": "SOON", "assignee": ""}
    assert (await owner.post(f"{path_of(asking)}/escalation", strange)).status_code == 422
    resolved = await staff_member.post(f"{path_of(asking)}/resolve")
    assert "Resolved" in resolved.text
    again = await owner.post(f"{path_of(asking)}/resolve")
    assert again.status_code == 409 and "settled meanwhile" in again.text
    actions = [
        each["action"] for each in ledger.rows(owner_url, "select action from staff_actions order by created_at")
    ]
    assert actions == ["escalation.change", "escalation.resolve"]


async def test_resolving_what_i_hold_hands_it_back(owner: Browser, asking: Customer) -> None:
    await owner.post(f"{path_of(asking)}/takeover")
    resolved = await owner.post(f"{path_of(asking)}/resolve")
    assert "The assistant answers" in resolved.text and "Resolved" in resolved.text


@pytest.mark.parametrize("words", HOSTILE)
async def test_nothing_that_anybody_wrote_becomes_markup(
    owner: Browser, customer: Customer, engine: AsyncEngine, studio: TenantHandle, words: str
) -> None:
    answer = await customer.post("/chat/escalate", {"sessionId": customer.session_id, "reason": words})
    assert answer.status_code in (200, 201), answer.text
    async with tenant_session(engine, studio.id) as session:
        escalation = await lifecycle.find_open(session, studio.id, UUID(customer.session_id))
        assert escalation is not None
        escalation.customer_name = escalation.customer_phone = (words * 20)[:10_000]
    await customer.say(words)
    for page in (await owner.page(path_of(customer)), await owner.page(f"{INBOX}?q=%3Cscript%3Ealert(2)%3C/script%3E")):
        assert_inert(page)


@pytest.mark.parametrize("written", ["not-an-id", "00000000-0000-0000-0000-000000000000", "%00"])
async def test_what_is_not_there_is_the_same_for_every_address(owner: Browser, written: str) -> None:
    for answer in (
        await owner.get(f"{INBOX}/{written}"),
        await owner.get(f"{INBOX}/{written}/events"),
        *[await owner.post(f"{INBOX}/{written}/{each}") for each in ("takeover", "reply", "handback", "resolve")],
    ):
        assert answer.status_code == 404, answer.url


async def test_another_business_finds_nothing(
    other_browser: tuple[Browser, TenantHandle], owner: Browser, asking: Customer
) -> None:
    browser, _ = other_browser
    assert (await browser.get(path_of(asking))).status_code == 404
    assert (await browser.get(f"{path_of(asking)}/events")).status_code == 404
    for deed in ("takeover", "reply", "handback", "acknowledge", "resolve", "escalation"):
        assert (await browser.post(f"{path_of(asking)}/{deed}", {"message": "Hi"})).status_code == 404
    assert "The assistant answers" in await owner.page(path_of(asking))


async def test_who_is_not_logged_in_is_sent_to_log_in_and_a_stream_says_so(visitor: Browser, asking: Customer) -> None:
    assert (await visitor.get(path_of(asking))).url.path == "/dashboard/login"
    stream = await visitor.get(f"{path_of(asking)}/events")
    assert stream.headers["content-type"].startswith("text/event-stream") and "Log in again" in stream.text


async def test_that_staff_read_along_is_no_sign_that_the_customer_does(
    server: Running, engine: AsyncEngine, studio: TenantHandle, owner: Browser, asking: Customer
) -> None:
    await owner.post(f"{path_of(asking)}/takeover")
    await owner.post(f"{path_of(asking)}/reply", {"message": "Are you still there?"})
    async with owner.http.stream("GET", f"{path_of(asking)}/events") as stream:
        async for line in stream.aiter_lines():
            if "Are you still there?" in line:
                break
    async with tenant_session(engine, studio.id) as session:
        conversation = await session.get_one(Conversation, (studio.id, UUID(asking.session_id)))
        events = await feed.events_after(session, studio.id, conversation.id, conversation.customer_saw)
    assert any("Are you still there?" in data for _, data in events)


async def test_the_stream_has_what_was_said_and_who_answers(owner: Browser, asking: Customer) -> None:
    async def pieces(until: str) -> str:
        read = ""
        async with owner.http.stream("GET", f"{path_of(asking)}/events?seen=1&holder=agent") as stream:
            async for line in stream.aiter_lines():
                read += line
                if until in line:
                    return read
        return read

    await asking.say("Do you do <b>updos</b>?")
    read = await pieces("updos")
    assert "Do you do &lt;b&gt;updos&lt;/b&gt;?" in read and 'hx-target="#said"' in read
    await owner.post(f"{path_of(asking)}/takeover")
    read = await pieces("reply-form")
    assert "You answer" in read and 'hx-target="#composer"' in read


async def test_saved_replies_are_added_changed_inserted_and_removed(
    owner: Browser, staff_member: Browser, asking: Customer
) -> None:
    added = await owner.post(
        f"{INBOX}/replies", {"title": "Parking <b>", "content": "Behind the house.\r\nIt is free."}
    )
    assert added.status_code == 200 and "Parking &lt;b&gt;" in added.text
    found = re.search(r"replies/([\w-]{36})\"", added.text)
    assert found is not None
    path = f"{INBOX}/replies/{found[1]}"
    changed = await staff_member.post(path, {"title": "Parking", "content": "Behind the house."})
    assert "Behind the house." in changed.text
    await owner.post(f"{path_of(asking)}/takeover")
    inserted = await owner.page(f"{path_of(asking)}?insert={found[1]}")
    assert "Behind the house.</textarea>" in inserted
    wrong = await owner.post(path, {"title": "", "content": "z" * 2001})
    assert wrong.status_code == 422 and "z" * 2001 + "</textarea>" in wrong.text and "aria-invalid" in wrong.text
    assert "None yet" in (await owner.post(f"{path}/remove")).text
    assert (await owner.post(path, {"title": "Parking", "content": "Gone"})).status_code == 404


async def test_another_businesss_saved_replies_are_not_there(
    other_browser: tuple[Browser, TenantHandle], owner: Browser
) -> None:
    browser, _ = other_browser
    added = await owner.post(f"{INBOX}/replies", {"title": "Ours", "content": "Only ours."})
    found = re.search(r"replies/([\w-]{36})\"", added.text)
    assert found is not None
    path = f"{INBOX}/replies/{found[1]}"
    assert (await browser.post(path, {"title": "Theirs", "content": "Now."})).status_code == 404
    await browser.post(f"{path}/remove")
    assert "Ours" in await owner.page(f"{INBOX}/replies") and "Ours" not in await browser.page(f"{INBOX}/replies")


async def test_the_customers_other_bookings_are_shown_once_their_address_is_proven_or_booked_with(
    owner: Browser, customer: Customer, engine: AsyncEngine, studio: TenantHandle
) -> None:
    page = await owner.page(path_of(customer))
    assert "None that we know of" in page and "not known" in page
    async with tenant_session(engine, studio.id) as session:
        conversation = await session.get_one(Conversation, (studio.id, UUID(customer.session_id)))
        conversation.verified_email = "nora@example.com"
    page = await owner.page(path_of(customer))
    assert "nora@example.com" in page and "proven" in page

"""A person takes a conversation over, answers, and hands it back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.conversations import replies
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Conversation, Escalation, Notification
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer, Json, events_of
from tests.flows.conftest import bookings_of, usage_of
from tests.office import Office, new_key
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Text, calls, says
from tests.waiting import until

STAFFED = (
    STUDIO
    + """
staff:
  - {email: mia@studio.example, name: Mia, role: owner}
  - {email: tom@studio.example, name: Tom}
"""
)
MIA, TOM = {"staff": "mia@studio.example"}, {"staff": "Tom@studio.example"}


@pytest.fixture
async def studio(engine: AsyncEngine) -> TenantHandle:
    """The studio, where Mia and Tom answer."""
    return await import_tenant(engine, STAFFED)


@asynccontextmanager
async def opened(server: Running, engine: AsyncEngine, studio: TenantHandle) -> AsyncGenerator[Office]:
    async with Office.of(server.url, await new_key(engine, studio)) as office:
        yield office


@pytest.fixture
async def office(server: Running, engine: AsyncEngine, studio: TenantHandle) -> AsyncIterator[Office]:
    async with opened(server, engine, studio) as office:
        yield office


@pytest.fixture
async def kim(server: Running, studio: TenantHandle) -> AsyncIterator[Customer]:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with Customer.of(server.url, studio.key) as somebody:
        await somebody.start()
        yield somebody


def at_desk(customer: Customer, what: str) -> str:
    return f"/conversations/{customer.session_id}/{what}"


async def wants_a_person(customer: Customer, email: str = "kim@example.com") -> None:
    body = {"sessionId": customer.session_id, "reason": "Help", "customerEmail": email}
    assert (await customer.post("/chat/escalate", body)).status_code == 201


async def feed(customer: Customer, wanted: int = 1, kinds: tuple[str, ...] = ("message", "handoff")) -> list[Json]:
    """The first events of these kinds on the customer's feed."""
    path = f"/v1/public/chat/session/{customer.session_id}/events"
    found: list[Json] = []
    async with asyncio.timeout(20), customer.http.stream("GET", path, headers=customer.headers) as answer:
        async for _, event in events_of(answer):
            if event["type"] in kinds:
                found.append(event)
            if len(found) == wanted:
                return found
    return found


async def replies_mailed(engine: AsyncEngine, studio: TenantHandle) -> list[Json]:
    async with tenant_session(engine, studio.id) as session:
        found = await session.scalars(select(Notification).where(Notification.kind == "staff_reply"))
        return [each.payload for each in found]


async def test_taken_over_the_agent_is_silent_and_the_customer_reads_the_person(kim: Customer, office: Office) -> None:
    await kim.post("/chat/escalate", {"sessionId": kim.session_id, "reason": "A question about colour"})
    taken = await office.do("POST", at_desk(kim, "takeover"), MIA)
    assert (taken["handledBy"], taken["staffName"]) == ("staff", "Mia")
    assert taken["escalation"]["status"] == "ACKNOWLEDGED"
    assert taken["escalation"]["assignedTo"] == {"email": "mia@studio.example", "name": "Mia"}
    done = await kim.say("haircut tomorrow at 3pm")
    assert (done["handledBy"], done["message"]) == ("staff", "")
    said = await office.do("POST", at_desk(kim, "messages"), {**MIA, "message": "Hello, Mia here."})
    assert said["messages"][-1]["content"] == "Hello, Mia here."
    events = await feed(kim, 4)
    assert events[1] == {"type": "handoff", "handledBy": "staff", "name": "Mia"}
    assert [each["message"]["role"] for each in events[2:]] == ["customer", "staff"]
    assert events[3]["message"]["name"] == "Mia"
    seen = await kim.snapshot()
    assert (seen["handledBy"], seen["staffName"]) == ("staff", "Mia")
    assert [each["role"] for each in seen["messages"]] == ["agent", "customer", "staff"]


async def test_of_two_who_take_over_at_once_one_has_it_and_the_other_is_told_who(kim: Customer, office: Office) -> None:
    answers = await asyncio.gather(
        *(office.ask("POST", at_desk(kim, "takeover"), who) for who in (MIA, TOM)),
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    [taken] = [each.json() for each in answers if each.status_code == 200]
    [refused] = [each.json() for each in answers if each.status_code == 409]
    assert (refused["error"], refused["staff"]) == ("already_taken", taken["staffName"])
    other = TOM if taken["staffName"] == "Mia" else MIA
    for what, body in (("messages", {**other, "message": "Me too"}), ("handback", other)):
        assert (await office.refused("POST", at_desk(kim, what), body))[1]["error"] == "already_taken"


async def test_without_a_name_the_business_itself_answers(kim: Customer, office: Office) -> None:
    status, refused = await office.refused("POST", at_desk(kim, "messages"), {"message": "Hello"})
    assert (status, refused["error"]) == (409, "not_taken")
    await office.do("POST", at_desk(kim, "takeover"))
    said = await office.do("POST", at_desk(kim, "messages"), {"message": "Hello"}, once="first")
    again = await office.do("POST", at_desk(kim, "messages"), {"message": "Hello"}, once="first")
    assert said == again
    assert [each["name"] for each in said["messages"] if each["role"] == "staff"] == ["Test Studio"]
    status, refused = await office.refused("POST", at_desk(kim, "takeover"), {"staff": "nobody@studio.example"})
    assert (status, list(refused["fields"])) == (422, ["staff"])
    status, _ = await office.refused("POST", at_desk(kim, "messages"), {"message": " "})
    assert status == 422


async def test_handed_back_the_guided_model_goes_on_from_what_was_said(kim: Customer, office: Office) -> None:
    await office.do("POST", at_desk(kim, "takeover"), MIA)
    await kim.say("I would like a haircut")
    await office.do("POST", at_desk(kim, "messages"), {**MIA, "message": "Sure! Which day would suit you?"})
    back = await office.do("POST", at_desk(kim, "handback"), MIA)
    assert (back["handledBy"], back["staffName"]) == ("agent", None)
    done = await kim.say("tomorrow at 3pm, Kim Lee, kim@example.com")
    assert done["proposal"]["preview"]["service"] == "haircut"
    assert {"type": "handoff", "handledBy": "agent", "name": None} in await feed(kim, 5)


async def test_a_proposal_can_be_confirmed_by_its_button_while_a_person_answers(
    kim: Customer, office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    proposal = (await kim.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"))["proposal"]
    await office.do("POST", at_desk(kim, "takeover"), MIA)
    assert (await kim.say("yes"))["message"] == ""
    assert [each.status for each in await bookings_of(engine, studio)] == ["held"]
    await kim.confirm(proposal)
    assert [each.status for each in await bookings_of(engine, studio)] == ["confirmed"]


async def test_what_no_page_got_is_mailed_once(
    kim: Customer, office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await kim.post(
        "/chat/escalate", {"sessionId": kim.session_id, "reason": "Help", "customerEmail": "kim@example.com"}
    )
    await office.do("POST", at_desk(kim, "takeover"), MIA)
    for text in ("Yes, we do that.", "Shall I book it?"):
        await office.do("POST", at_desk(kim, "messages"), {**MIA, "message": text})
    for _ in range(2):
        await replies.mail_replies(engine, studio.id, UUID(kim.session_id))
    [mail] = await replies_mailed(engine, studio)
    assert [each["text"] for each in mail["said"]] == ["Yes, we do that.", "Shall I book it?"]
    assert mail["customer_email"] == "kim@example.com"


@pytest.mark.parametrize("by", ["feed", "snapshot"])
async def test_what_a_page_got_is_not_mailed(
    kim: Customer, office: Office, engine: AsyncEngine, studio: TenantHandle, by: str
) -> None:
    await kim.post(
        "/chat/escalate", {"sessionId": kim.session_id, "reason": "Help", "customerEmail": "kim@example.com"}
    )
    await office.do("POST", at_desk(kim, "takeover"), MIA)
    await office.do("POST", at_desk(kim, "messages"), {**MIA, "message": "Hello"})
    if by == "snapshot":
        await kim.snapshot()
    else:
        following = asyncio.create_task(feed(kim, 99))

        async def seen() -> bool:
            async with tenant_session(engine, studio.id) as session:
                return (await session.scalars(select(Conversation.customer_saw))).one() > 0

        await until(seen, what="the page has it")
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
    await replies.mail_replies(engine, studio.id, UUID(kim.session_id))
    assert await replies_mailed(engine, studio) == []


async def test_the_inbox_shows_who_waits(kim: Customer, office: Office, server: Running, studio: TenantHandle) -> None:
    async def listed(query: str = "") -> list[str]:
        page = await office.do("GET", f"/conversations{query}")
        return [each["conversationId"] for each in page["conversations"]]

    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        await other.say("Is there parking?")
        assert await listed() == [other.session_id, kim.session_id]
        assert await listed("?waiting=true") == []
        await kim.post(
            "/chat/escalate", {"sessionId": kim.session_id, "reason": "Help", "customerEmail": "kim@x.example"}
        )
        assert await listed("?waiting=true") == [kim.session_id]
        assert await listed("?q=kim%40x") == [kim.session_id]
        assert await listed("?q=PARKING") == [other.session_id]
        await office.do("POST", at_desk(kim, "takeover"), MIA)
        assert await listed("?handledBy=staff") == [kim.session_id]
        assert await listed("?waiting=true") == []
        await kim.say("are you there?")
        assert await listed("?waiting=true") == [kim.session_id]
        first = await office.do("GET", "/conversations?limit=1")
        assert await listed(f"?limit=1&cursor={first['nextCursor']}") == [kim.session_id]
        assert (await office.refused("GET", "/conversations?cursor=nonsense"))[0] == 400


async def test_an_escalation_goes_forward_only(kim: Customer, office: Office) -> None:
    await wants_a_person(kim, "")
    [escalation] = (await office.do("GET", "/escalations?status=PENDING"))["escalations"]
    path = f"/escalations/{escalation['escalationId']}"
    changed = await office.do(
        "PATCH", path, {"status": "ACKNOWLEDGED", "assignedTo": "tom@studio.example", "priority": "LOW"}
    )
    assert (changed["status"], changed["assignedTo"]["name"], changed["priority"]) == ("ACKNOWLEDGED", "Tom", "LOW")
    status, refused = await office.refused("PATCH", path, {"status": "PENDING"})
    assert (status, refused["error"]) == (409, "not_possible")
    assert (await office.do("PATCH", path, {"assignedTo": None}))["assignedTo"] is None
    assert (await office.do("PATCH", path, {"status": "RESOLVED"}))["resolvedAt"] is not None
    assert (await office.do("GET", "/escalations?status=PENDING&status=ACKNOWLEDGED"))["escalations"] == []
    assert (await office.refused("PATCH", path, {"status": "DONE"}))[0] in (400, 422)


async def test_taken_over_in_mid_sentence_claude_stops_at_once(
    anna: Customer,
    claude: ClaudeTwin,
    claude_server: Running,
    engine: AsyncEngine,
    studio: TenantHandle,
) -> None:
    text = "We do haircuts, and we do colours. And here is what nobody shall ever read."
    reply = says(Text(text, piece=39)).then("wait", 4)
    assert reply.trouble
    claude.always(reply)
    seen: list[Json] = []

    async def listen() -> None:
        async with anna.streaming("What do you have?") as answer:
            async for _, event in events_of(answer):
                seen.append(event)

    listening = asyncio.create_task(listen())
    await until(lambda: any(each["type"] == "chunk" for each in seen), what="it speaks")
    async with opened(claude_server, engine, studio) as office:
        file = await office.do("POST", at_desk(anna, "takeover"), MIA)
        async with asyncio.timeout(5):
            await listening
        done = seen[-1]
        said = "".join(each["content"] for each in seen if each["type"] == "chunk")
        assert (done["type"], done["handledBy"]) == ("done", "staff")
        assert done["message"] == said.strip()
        assert "nobody shall" not in said
        reply.trouble.go_on.set()
        await office.do("POST", at_desk(anna, "messages"), {**MIA, "message": "I can tell you: haircuts."})
        await office.do("POST", at_desk(anna, "handback"), MIA)
        claude.always(says("Mia is right, haircuts."))
        await anna.say("Anything else?")
        [*_, told] = claude.bodies
        assert "I can tell you: haircuts." in str(told)
        assert 'data name=\\"staff\\"' in str(told) or 'data name="staff"' in str(told)
        roles = [each["role"] for each in (await anna.snapshot())["messages"]]
    assert [each["role"] for each in file["messages"]] == ["agent", "customer", "agent"]
    assert roles == ["agent", "customer", "agent", "staff", "customer", "agent"]
    assert len(await usage_of(engine, studio)) == 2


async def urgency(engine: AsyncEngine, studio: TenantHandle) -> list[tuple[str, int]]:
    """The priority of each open escalation, with how many reasons it has."""
    async with tenant_session(engine, studio.id) as session:
        found = await session.scalars(select(Escalation).where(Escalation.status != "RESOLVED"))
        return [(each.priority, len(each.reasons)) for each in found]


async def urgent_mails(engine: AsyncEngine, studio: TenantHandle) -> list[str]:
    async with tenant_session(engine, studio.id) as session:
        found = await session.scalars(select(Notification).where(Notification.kind == "escalation"))
        return [each.payload["subject"] for each in found if "may be in danger" in each.payload["subject"]]


async def test_somebody_in_danger_is_shown_help_at_once_also_while_a_person_answers(
    kim: Customer, office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await wants_a_person(kim)
    await office.do("POST", at_desk(kim, "takeover"), MIA)
    asked = {"sessionId": kim.session_id, "message": "I want to die", "clientMessageId": "once"}
    done = (await kim.post("/chat/message", asked)).json()
    assert (done["handledBy"], done["turnId"]) == ("staff", "")
    assert "emergency number" in done["message"] and "told the team" in done["message"]
    # The page did not hear that it had arrived, and sends it again.
    assert (await kim.post("/chat/message", asked)).json() == done
    seen = await kim.snapshot()
    assert (seen["handledBy"], seen["staffName"]) == ("staff", "Mia")
    assert [each["role"] for each in seen["messages"]] == ["agent", "customer", "system"]
    assert seen["messages"][-1]["messageId"] == done["messageId"]
    *_, told = await feed(kim, 4)
    assert (told["message"]["role"], told["message"]["content"]) == ("system", done["message"])
    assert await urgency(engine, studio) == [("HIGH", 2)]
    assert await urgent_mails(engine, studio) == ["Urgent: kim@example.com may be in danger"]
    [(_, streamed)] = await kim.stream("I want to kill myself")
    assert streamed["message"].startswith("I'm really sorry")
    assert (await kim.say("Do you have time tomorrow?"))["message"] == ""
    await office.do("POST", at_desk(kim, "handback"), MIA)
    assert (await kim.say("haircut tomorrow at 3pm, Kim Lee, kim@example.com"))["proposal"]


async def test_nobody_in_danger_is_left_behind_a_turn_that_is_cut(
    anna: Customer, claude: ClaudeTwin, claude_server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.always(says("One moment please, I am looking.").then("wait", 5))
    first = asyncio.create_task(anna.stream("Hello?"))
    await until(lambda: len(claude.bodies) == 1, what="Claude is asked")
    second = asyncio.create_task(anna.stream("I want to die"))

    async def says_so(roles: list[str]) -> bool:
        return [each["role"] for each in (await anna.snapshot())["messages"]] == roles

    await until(lambda: says_so(["agent", "customer", "customer"]), what="the second message is there")
    async with opened(claude_server, engine, studio) as office:
        await office.do("POST", at_desk(anna, "takeover"), MIA)
    async with asyncio.timeout(5):
        await asyncio.gather(first, second)

    async def helped() -> bool:
        return (await anna.snapshot())["messages"][-1]["role"] == "system"

    await until(helped, what="the notice is there")
    assert [priority for priority, _ in await urgency(engine, studio)] == ["HIGH"]


async def test_what_waits_behind_a_turn_that_is_cut_is_left_to_the_person(
    anna: Customer, claude: ClaudeTwin, claude_server: Running, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.always(says("One moment please, I am looking.").then("wait", 5))
    first = asyncio.create_task(anna.stream("Hello?"))
    await until(lambda: len(claude.bodies) == 1, what="Claude is asked")
    second = asyncio.create_task(anna.stream("Are you there?"))

    async def queued() -> bool:
        return len((await anna.snapshot())["messages"]) == 3

    await until(queued, what="the second message is there")
    async with opened(claude_server, engine, studio) as office:
        await office.do("POST", at_desk(anna, "takeover"), MIA)
    async with asyncio.timeout(5):
        ended = [(await each)[-1][1] for each in (first, second)]
    assert [(each["type"], each["handledBy"]) for each in ended] == [("done", "staff")] * 2
    assert ended[1]["message"] == ""
    assert len(claude.bodies) == 1


async def test_claude_gets_a_person_when_asked(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    claude.will(
        says(calls("escalate_to_human", {"reason": "wants to talk about bridal hair", "email": "anna@example.com"})),
        says("I have told the team: somebody should answer within half an hour."),
    )
    await anna.say("Please let me talk to a person about bridal hair. anna@example.com")
    result = str(claude.bodies[-1])
    assert "within half an hour" in result
    async with tenant_session(engine, studio.id) as session:
        [mail] = await session.scalars(select(Notification).where(Notification.kind == "escalation"))
    assert mail.payload["reasons"] == ["wants to talk about bridal hair"]

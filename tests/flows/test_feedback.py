"""What a customer thinks of it, told in the chat; and how a conversation ends."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from handled.conversations.messages import not_found
from handled.kit import clock
from tests.conftest import Running, TenantHandle, at
from tests.customers import Customer, Json, events_of, refusal
from tests.faults import ledger
from tests.flows.test_claude_books import FOUND, OFFERED
from tests.jobs.shift import has_run
from tests.opinions import MONDAY, RATINGS, give, given, leave, receipt
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import says


@pytest.fixture(autouse=True)
def monday() -> None:
    clock.start_at(MONDAY)


async def feed_of(customer: Customer) -> list[Json]:
    """What the conversation's feed holds by now."""
    last = (await customer.snapshot())["lastEventId"]
    path = f"/v1/public/chat/session/{customer.session_id}/events"
    async with customer.http.stream("GET", path, headers=customer.headers | {"Last-Event-ID": "0"}) as answer:
        found: list[Json] = []
        async for number, event in events_of(answer):
            found.append(event)
            if number == last:
                break
    return found


def asked(events: list[Json]) -> list[Json]:
    return [event for event in events if event["type"] == "rating"]


async def test_a_thumb_for_a_reply_is_stored_changed_and_shown_again(customer: Customer) -> None:
    reply = await customer.say("Is there parking?")
    first = await given(customer, "THUMBS_UP", messageId=reply["messageId"])
    greeting = (await customer.snapshot())["messages"][0]["messageId"]
    await given(customer, "THUMBS_UP", messageId=greeting)
    assert await given(customer, "THUMBS_DOWN", messageId=reply["messageId"], comment="There is none.") == first
    feedback = (await customer.snapshot())["feedback"]
    assert feedback == {
        "rating": None,
        "thumbs": {reply["messageId"]: "THUMBS_DOWN", greeting: "THUMBS_UP"},
        "ask": False,
    }


async def test_a_rating_is_stored_changed_and_shown_again(customer: Customer, owner_url: str) -> None:
    first = await given(customer, "RATING", rating=3, comment="  Slow,\r\nbut kind. ")
    assert await given(customer, "RATING", rating=5) == first
    assert (await customer.snapshot())["feedback"]["rating"] == {"rating": 5, "comment": "Slow,\nbut kind."}
    assert await given(customer, "RATING", rating=5, comment="x" * 500) == first
    assert ledger.rows(owner_url, RATINGS) == [{"rating": 5, "comment": "x" * 500}]


async def test_many_clicks_at_once_are_one_opinion(customer: Customer, owner_url: str) -> None:
    reply = await customer.say("Is there parking?")
    ratings = (given(customer, "RATING", rating=1 + n % 5) for n in range(20))
    thumbs = (given(customer, ("THUMBS_UP", "THUMBS_DOWN")[n % 2], messageId=reply["messageId"]) for n in range(20))
    answers = await asyncio.gather(*ratings, *thumbs)
    assert len(set(answers[:20])) == len(set(answers[20:])) == 1
    counts = "select (select count(*) from ratings) as ratings, (select count(*) from thumbs) as thumbs"
    assert ledger.rows(owner_url, counts) == [{"ratings": 1, "thumbs": 1}]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"feedbackType": "RATING", "rating": 0}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": 6}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": "5"}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": 4.5}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": True}, 400, "malformed"),
        ({"feedbackType": "RATING"}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": None}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": 5, "messageId": "reply"}, 400, "malformed"),
        ({"feedbackType": "THUMBS_UP", "rating": 5, "messageId": "reply"}, 400, "malformed"),
        ({"feedbackType": "THUMBS_UP"}, 400, "malformed"),
        ({"feedbackType": "THUMBS_SIDEWAYS", "messageId": "reply"}, 400, "malformed"),
        ({"feedbackType": "RATING", "rating": 5, "comment": "x" * 501}, 422, "invalid_comment"),
        ({"feedbackType": "THUMBS_UP", "messageId": "reply", "comment": "x" * 501}, 422, "invalid_comment"),
        ({"feedbackType": "RATING", "rating": 5, "comment": "a\0b"}, 422, "invalid_comment"),
        ({"feedbackType": "RATING", "rating": 5, "comment": 5}, 400, "malformed"),
    ],
)
async def test_what_is_no_feedback_is_refused_and_nothing_stored(
    customer: Customer, owner_url: str, body: Json, status: int, name: str
) -> None:
    if "messageId" in body:
        body = {**body, "messageId": (await customer.say("Is there parking?"))["messageId"]}
    answer = await customer.post("/chat/feedback", {"sessionId": customer.session_id, **body})
    assert refusal(answer) == (status, name), answer.text
    assert ledger.value(owner_url, "select (select count(*) from ratings) + (select count(*) from thumbs)") == 0


async def test_what_is_not_theirs_gets_the_one_answer_for_nothing(
    customer: Customer, server: Running, studio: TenantHandle, owner_url: str
) -> None:
    nothing = not_found().body()
    await customer.say("Is there parking?")
    own = next(each for each in (await customer.snapshot())["messages"] if each["role"] == "customer")
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        theirs = (await other.say("Is there parking?"))["messageId"]
        for message_id in (own["messageId"], theirs, str(uuid4()), "no-id-at-all"):
            answer = await give(customer, "THUMBS_UP", messageId=message_id)
            assert (answer.status_code, answer.json()) == (404, nothing)
        foreign: Json = {"sessionId": other.session_id}
        for path, body in (
            ("feedback", {"feedbackType": "RATING", "rating": 5}),
            ("feedback", {"feedbackType": "THUMBS_UP", "messageId": theirs}),
            ("end", {}),
        ):
            answer = await customer.post(f"/chat/{path}", foreign | body)
            assert (answer.status_code, answer.json()) == (404, nothing)
        assert (await other.snapshot())["ended"] is False
    assert ledger.value(owner_url, "select (select count(*) from ratings) + (select count(*) from thumbs)") == 0


# --- the end


async def test_who_leaves_is_asked_once_and_may_come_back(customer: Customer) -> None:
    await customer.say("Is there parking?")
    for _ in range(2):
        await leave(customer)
    shown = await customer.snapshot()
    assert shown["ended"] and shown["feedback"]["ask"]
    assert asked(await feed_of(customer)) == [{"type": "rating", "ask": True}]
    await given(customer, "RATING", rating=4)
    assert (await customer.snapshot())["feedback"]["ask"] is False
    await customer.say("One more thing: when are you open?")
    assert (await customer.snapshot())["ended"] is False
    await leave(customer)
    shown = await customer.snapshot()
    assert shown["ended"] and not shown["feedback"]["ask"]


async def test_no_after_the_receipt_settles_the_conversation(customer: Customer) -> None:
    await receipt(customer)
    assert (await customer.snapshot())["ended"] is False
    done = await customer.say("No, that's all, thanks")
    assert done["resolved"] is True
    shown = await customer.snapshot()
    assert shown["ended"] and shown["feedback"]["ask"]
    assert asked(await feed_of(customer)) == [{"type": "rating", "ask": True}]


async def test_a_goodbye_before_anything_was_done_settles_nothing(customer: Customer) -> None:
    await customer.say("Is there parking?")
    await customer.say("Thanks, bye")
    assert (await customer.snapshot())["ended"] is False


async def test_claude_hears_the_goodbye_because_code_does(anna: Customer, claude: ClaudeTwin) -> None:
    claude.will(*FOUND, *OFFERED)
    await anna.say("A haircut tomorrow at 3pm?")
    done = await anna.say("Anna Berg, anna@example.com")
    await anna.confirm(done["proposal"])
    claude.will(says("Behind the studio. Is there anything else?"))
    assert (await anna.say("And is there parking?"))["resolved"] is False
    assert (await anna.snapshot())["ended"] is False
    claude.will(says("See you tomorrow!"))
    done = await anna.say("No thank you!")
    assert (done["resolved"], done["message"]) == (True, "See you tomorrow!")
    assert (await anna.snapshot())["ended"] is True


async def test_silence_ends_it_by_the_clock_of_the_worker(customer: Customer, owner_url: str) -> None:
    await customer.say("Is there parking?")
    clock.start_at(at("2026-03-02T09:31:00-05:00"))
    await has_run(owner_url, "conversations.end_silent")
    assert asked(await feed_of(customer)) == [{"type": "rating", "ask": True}]
    assert ledger.value(owner_url, "select ended_by from conversations") == "silence"

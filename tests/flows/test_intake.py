"""What a business asks before a booking: one question at a time, kept with the booking, read by the business alone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Notification
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer, Json
from tests.flows.conftest import MONDAY_MORNING, bookings_of
from tests.office import Office, new_key
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import calls, says

LENGTH, ALLERGIES = "How long is your hair?", "Any allergies?"
ASKING = STUDIO.replace(
    "    cancellation: {free_until: 24 h, fee_percent: 50}\n",
    f'    cancellation: {{free_until: 24 h, fee_percent: 50}}\n    intake: ["{LENGTH}", "{ALLERGIES} (optional)"]\n',
).replace("slug: studio", "slug: asking")
WISH = "A haircut tomorrow at 3 pm please, Kim Lee, kim@example.com"


@pytest.fixture
async def asking(engine: AsyncEngine) -> TenantHandle:
    return await import_tenant(engine, ASKING)


@pytest.fixture
async def kim(server: Running, asking: TenantHandle) -> AsyncIterator[Customer]:
    """Somebody in the chat of a studio that wants to know two things before a haircut."""
    clock.start_at(at(MONDAY_MORNING))
    async with Customer.of(server.url, asking.key) as somebody:
        await somebody.start()
        yield somebody


async def test_the_questions_come_one_at_a_time_after_name_and_email(kim: Customer) -> None:
    await kim.say("A haircut tomorrow at 3 pm please")
    first = await kim.say("Kim Lee, kim@example.com")
    assert first["expects"] == ["intake"]
    assert LENGTH in first["message"]
    assert first["proposal"] is None
    second = await kim.say("Down to my shoulders, since May 5")
    assert (second["expects"], LENGTH in second["message"]) == (["intake"], False)
    assert ALLERGIES in second["message"]
    assert "(optional)" not in second["message"]
    assert [each["send"] for each in second["choices"]] == ["Skip"]
    proposed = await kim.say("No")
    assert proposed["proposal"]["preview"]["date"] == "2026-03-03"
    assert f"{LENGTH} Down to my shoulders, since May 5" in proposed["proposal"]["preview"]["lines"]


@pytest.mark.parametrize(("says", "asked"), [("", True), ("    intake: []\n", False)])
async def test_no_questions_are_an_answer_to_those_of_the_pack(
    server: Running, engine: AsyncEngine, says: str, asked: bool
) -> None:
    line = "    cancellation: {free_until: 24 h, fee_percent: 50}\n"
    practice = STUDIO.replace("slug: studio", "slug: practice\npack: therapy").replace(line, line + says)
    handle = await import_tenant(engine, practice)
    clock.start_at(at(MONDAY_MORNING))
    async with Customer.of(server.url, handle.key) as somebody:
        await somebody.start()
        told = await somebody.say(WISH)
    assert (told["expects"] == ["intake"]) is asked
    assert (told["proposal"] is None) is asked


async def test_the_answers_are_kept_with_the_booking_and_the_business_reads_them(
    kim: Customer, asking: TenantHandle, engine: AsyncEngine, server: Running
) -> None:
    await kim.say(WISH)
    await kim.say("Down to my shoulders")
    proposed = await kim.say("Nickel")
    confirmed = await kim.confirm(proposed["proposal"])
    kept = [{"question": LENGTH, "answer": "Down to my shoulders"}, {"question": ALLERGIES, "answer": "Nickel"}]
    [booking] = await bookings_of(engine, asking)
    assert booking.intake == kept
    async with Office.of(server.url, await new_key(engine, asking)) as office:
        seen = await office.do("GET", f"/bookings/{booking.id}")
    assert seen["intake"] == kept
    async with tenant_session(engine, asking.id) as session:
        mails = {each.kind: str(each.payload) for each in await session.scalars(select(Notification))}
    assert "Nickel" in mails["new_booking"]
    managed = await kim.http.get(confirmed["booking"]["manageUrl"])
    assert managed.status_code == 200
    assert "Nickel" not in managed.text


async def test_an_optional_question_can_be_skipped_and_another_cannot(
    kim: Customer, asking: TenantHandle, engine: AsyncEngine
) -> None:
    await kim.say(WISH)
    refused = await kim.say("skip")
    assert (refused["expects"], refused["proposal"]) == (["intake"], None)
    assert LENGTH in refused["message"]
    await kim.say("short")
    await kim.confirm((await kim.say("skip"))["proposal"])
    [booking] = await bookings_of(engine, asking)
    assert booking.intake == [{"question": LENGTH, "answer": "short"}]


async def test_a_question_and_a_correction_are_no_answers(kim: Customer) -> None:
    await kim.say(WISH)
    answered = await kim.say("Is there parking?")
    assert "behind the studio" in answered["message"]
    assert answered["expects"] == ["intake"]
    moved = await kim.say("actually, make it 4 pm")
    assert (moved["expects"], moved["proposal"]) == (["intake"], None)
    await kim.say("short")
    proposed = await kim.say("none")
    assert proposed["proposal"]["preview"]["time"] == "16:00"


async def test_an_answer_has_at_most_500_characters(kim: Customer) -> None:
    await kim.say(WISH)
    long = await kim.say("long " * 101)
    assert (long["expects"], long["proposal"]) == (["intake"], None)
    assert ALLERGIES in (await kim.say("long " * 99))["message"]


async def test_who_gives_up_is_let_go(kim: Customer) -> None:
    await kim.say(WISH)
    left = await kim.say("never mind")
    assert "intake" not in left["expects"]
    assert left["proposal"] is None


async def test_a_trade_asks_where_the_service_does_not(server: Running, engine: AsyncEngine) -> None:
    clock.start_at(at(MONDAY_MORNING))
    coach = await import_tenant(engine, ASKING.replace("slug: asking", "slug: coach\npack: coaching"))
    async with Customer.of(server.url, coach.key) as somebody:
        await somebody.start()
        own = await somebody.say(WISH)
        assert LENGTH in own["message"]
        await somebody.start()
        trade = await somebody.say("A colour tomorrow at 10 am please, Kim Lee, kim@example.com")
        assert "What would you like to work on?" in trade["message"]


ARGUMENTS: Json = {"service": "haircut", "start": "2026-03-03T15:00", "name": "Kim Lee", "email": "kim@example.com"}


async def test_claude_is_told_the_questions_and_cannot_leave_one_out(
    claude_server: Running, claude: ClaudeTwin, asking: TenantHandle, engine: AsyncEngine
) -> None:
    given = [{"question": LENGTH.lower(), "answer": "short"}, {"question": f"{ALLERGIES} (optional)", "answer": ""}]
    claude.will(
        says(calls("propose_booking", ARGUMENTS)),
        says("How long is your hair?"),
        says(calls("propose_booking", {**ARGUMENTS, "answers": [{"question": "Shoe size?", "answer": "42"}]})),
        says(calls("propose_booking", {**ARGUMENTS, "answers": given})),
        says("Here it is. Shall I book it?"),
    )
    async with Customer.of(claude_server.url, asking.key) as somebody:
        await somebody.start()
        asked = await somebody.say("A haircut tomorrow at 3 pm, Kim Lee, kim@example.com")
        assert asked["proposal"] is None
        done = await somebody.say("short")
    assert f'"intake": ["{LENGTH}", "{ALLERGIES} (optional)"]' in claude.bodies[0]["messages"][0]["content"][0]["text"]
    assert f'Ask the customer first: \\"{LENGTH}\\"' in str(claude.bodies[1]["messages"]).replace("\\\\", "\\")
    assert "is not one of the questions" in str(claude.bodies[3]["messages"])
    assert f"{LENGTH} short" in done["proposal"]["preview"]["lines"]
    [booking] = await bookings_of(engine, asking)
    assert booking.intake == [{"question": LENGTH, "answer": "short"}]

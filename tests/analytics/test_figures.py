"""Each figure by its formula, on conversations that were made for it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.analytics import report
from handled.analytics.report import Period
from handled.db.session import tenant_session
from handled.kit import clock
from handled.tables import Conversation
from tests.analytics.past import Past
from tests.conftest import STUDIO, TenantHandle, at, import_tenant

DAY = date(2026, 3, 3)
NOON = at("2026-03-03T12:00:00-05:00")
LATER = at("2026-03-20T12:00:00-04:00")


@pytest.fixture
async def past(engine: AsyncEngine, studio: TenantHandle) -> Past:
    clock.start_at(LATER)
    return await Past.of(engine, studio)


async def period(past: Past, first: date = DAY, last: date = DAY) -> Period:
    async with tenant_session(past.engine, past.tenant) as session:
        return (await report.report(session, past.business, first, last, "day")).total


async def outcomes(past: Past) -> dict[str, int]:
    return {key: counts["conversations"] for key, counts in (await period(past)).keys("outcome").items()}


async def answered(past: Past, moment: datetime = NOON, **values: Any) -> UUID:
    """Asked, answered, and said goodbye."""
    talk = await past.talk(moment, said=2, **values)
    await past.turn(talk, moment, gave_answer=True)
    await past.turn(talk, moment + timedelta(minutes=1), number=1, said_goodbye=True)
    return talk


async def test_what_was_done_is_the_outcome(past: Past) -> None:
    await past.book(await past.talk(NOON), NOON)
    await past.did(await past.talk(NOON), NOON, "cancel")
    await past.did(await past.talk(NOON), NOON, "reschedule")
    await answered(past)
    found = await period(past)
    assert await outcomes(past) == {"booked": 1, "cancelled": 1, "moved": 1, "answered": 1}
    assert (found.of("conversations"), found.of("resolved"), report.resolution_rate(found)) == (4, 4, 1.0)


async def test_the_last_deed_counts(past: Past) -> None:
    talk = await past.talk(NOON)
    await past.book(talk, NOON)
    await past.did(talk, NOON + timedelta(minutes=5), "cancel")
    assert await outcomes(past) == {"cancelled": 1}
    assert (await period(past)).of("converted") == 1


async def test_a_proposal_that_was_not_executed_is_no_deed(past: Past) -> None:
    for status in ("expired", "rejected", "failed"):
        await past.did(await past.talk(NOON), NOON, "cancel", status=status)
    assert await outcomes(past) == {"silent": 3}


async def test_who_agreed_and_never_paid_has_not_booked(past: Past) -> None:
    await past.book(await past.talk(NOON), NOON, confirmed=False, due=4500)
    found = await period(past)
    assert (await outcomes(past), found.of("converted")) == ({"silent": 1}, 0)
    assert [found.of(each) for each in ("proposed", "agreed", "confirmed", "due", "paid")] == [1, 1, 0, 1, 0]


async def test_silence_is_counted_apart(past: Past) -> None:
    await past.turn(await past.talk(NOON), NOON, gave_answer=True)
    await answered(past)
    found = await period(past)
    assert (found.of("silent"), found.of("conversations"), found.of("resolved")) == (1, 2, 1)
    assert report.resolution_rate(found) == 1.0


async def test_an_answer_counts_when_the_customer_shows_that_it_was_one(past: Past) -> None:
    for sign in ("up", "rated", "none", "down", "rated badly"):
        talk = await past.talk(NOON)
        await past.turn(talk, NOON, gave_answer=True)
        if sign in ("up", "down"):
            await past.thumb(talk, NOON, up=sign == "up")
        if sign.startswith("rated"):
            await past.rate(talk, NOON, 2 if "badly" in sign else 4)
    assert await outcomes(past) == {"answered": 2, "silent": 1, "unresolved": 2}


async def test_an_unanswered_question_is_unresolved_until_there_is_an_answer(past: Past) -> None:
    talk = await past.talk(NOON, said=2)
    await past.turn(talk, NOON, gave_answer=True)
    await past.turn(talk, NOON + timedelta(minutes=1), number=1, is_unanswered=True, said_goodbye=True)
    later = await past.talk(NOON, said=2)
    await past.turn(later, NOON, is_unanswered=True)
    await past.turn(later, NOON + timedelta(minutes=1), number=1, gave_answer=True, said_goodbye=True)
    assert await outcomes(past) == {"unresolved": 1, "answered": 1}
    assert (await period(past)).of("unanswered") == 2


async def test_who_asked_for_a_person_was_not_helped_by_the_agent(past: Past) -> None:
    talk = await answered(past)
    await past.escalate(talk, NOON)
    found = await period(past)
    assert (found.of("escalated"), found.of("resolved"), found.of("contained")) == (1, 0, 0)
    assert found.counts("cause") == {"button": 1}


async def test_where_a_person_spoke_it_is_not_contained(past: Past) -> None:
    await past.staff(await past.talk(NOON), NOON)
    await past.talk(NOON)
    found = await period(past)
    assert (found.of("conversations"), found.of("contained"), found.of("escalated")) == (2, 1, 0)


@pytest.mark.parametrize(("hours", "returned"), [(71, 1), (72, 1), (73, 0)])
async def test_who_comes_back_within_72_hours_was_not_helped(past: Past, hours: int, returned: int) -> None:
    await answered(past, verified_email="Anna@example.com")
    # From the last word of the customer, a minute after the first.
    again = NOON + timedelta(hours=hours, minutes=1)
    await past.talk(again, verified_email="anna@example.com")
    found = await period(past)
    assert (found.of("returned"), found.of("resolved")) == (returned, 1 - returned)


async def test_who_only_opens_the_page_has_not_come_back(past: Past) -> None:
    await answered(past, client=b"phone")
    await past.talk(NOON + timedelta(hours=2), said=0, client=b"phone")
    await past.staff(await past.talk(NOON + timedelta(hours=3), said=0, client=b"phone"), NOON)
    found = await period(past)
    assert (found.of("returned"), found.of("conversations"), found.of("opened")) == (0, 1, 3)


async def test_a_booking_says_who_somebody_is(past: Past) -> None:
    await past.book(await past.talk(NOON), NOON, customer_email="anna@example.com")
    talk = await past.talk(NOON + timedelta(days=2))
    await past.escalate(talk, NOON, customer_email="ANNA@example.com")
    assert (await period(past)).of("returned") == 1


async def test_the_same_place_is_the_same_person_unless_they_are_known_apart(past: Past) -> None:
    await answered(past, client=b"hotel")
    await answered(past, NOON + timedelta(hours=1), client=b"hotel", verified_email="anna@example.com")
    await answered(past, NOON + timedelta(hours=2), client=b"hotel", verified_email="kim@example.com")
    # The first one may be Anna; Anna is not Kim; and nobody comes after Kim.
    assert (await period(past)).of("returned") == 1
    await past.talk(NOON + timedelta(hours=3), client=b"hotel")
    assert (await period(past)).of("returned") == 3


async def test_the_funnel_has_every_step_before_the_one_that_was_reached(past: Past) -> None:
    await past.talk(NOON)
    for saw_times in (False, True):
        await past.turn(await past.talk(NOON), NOON, service="haircut", saw_times=saw_times)
    await past.did(await past.talk(NOON), NOON, "book", status="expired")
    await past.book(await past.talk(NOON), NOON)
    await past.book(await past.talk(NOON), NOON, due=4500, paid=True)
    found = await period(past)
    steps = ("asked", "shown", "proposed", "agreed", "confirmed", "due", "paid")
    assert [found.of(each) for each in steps] == [5, 4, 3, 2, 2, 1, 1]


async def test_bookings_and_their_value_by_service(past: Past) -> None:
    talk = await past.talk(NOON)
    await past.turn(talk, NOON, service="colour")
    await past.book(talk, NOON)
    await past.book(talk, NOON, price_minor=5000)
    await past.book(None, NOON)  # by the business's own system
    await past.book(await past.talk(NOON), NOON, confirmed=False)
    found = await period(past)
    assert found.keys("service")["colour"] == {"asked": 1}
    haircut = found.keys("service")["haircut"]
    assert (haircut["asked"], haircut["confirmed"], haircut["bookings"], haircut["booked:USD"]) == (2, 1, 2, 9500)


async def test_money_counts_on_the_day_it_moved(past: Past) -> None:
    booking = await past.book(await past.talk(NOON), NOON)
    await past.money(booking, NOON, 4500)
    await past.money(booking, NOON + timedelta(days=9), -1500)
    await past.money(await past.book(None, NOON), NOON, 700)  # not the chat's
    assert (await period(past)).keys("money") == {"USD": {"charged": 4500}}
    assert (await period(past, last=DAY + timedelta(days=9))).keys("money") == {
        "USD": {"charged": 4500, "returned": 1500}
    }


async def test_percentiles_of_the_first_words_are_right_to_a_tenth(past: Past) -> None:
    talk = await past.talk(NOON, said=20)
    for number in range(20):
        moment = NOON + timedelta(days=number % 2)
        await past.turn(talk, moment, number=number, first_text_ms=(number + 1) * 100)
    found = await period(past, last=DAY + timedelta(days=1))
    half, most = report.first_text(found, 0.5), report.first_text(found, 0.95)
    assert half is not None and 1000 <= half <= 1100
    assert most is not None and 1900 <= most <= 2090
    assert found.across("first_text", "count") == 20


@pytest.mark.parametrize(("waited", "bound"), [(0, 10), (10, 10), (11, 11), (99, 100), (100, 100), (101, 110)])
async def test_a_wait_counts_in_the_bucket_that_reaches_it(past: Past, waited: int, bound: int) -> None:
    await past.turn(await past.talk(NOON), NOON, first_text_ms=waited)
    assert report.first_text(await period(past), 0.5) == bound


async def test_what_the_models_used_and_cost(past: Past) -> None:
    talk = await answered(past)
    await past.spend(talk, NOON, 1500)
    await past.spend(talk, NOON, 501)
    found = await period(past)
    assert (report.cost_micros(found), report.cost_per_resolved(found)) == (2001, 2001)
    assert found.across("model", "input_tokens") == 200
    await past.spend(talk, NOON, None, "openai:nobody-sells-this")
    found = await period(past)
    assert (report.cost_micros(found), report.cost_per_resolved(found)) == (None, None)
    assert found.across("model", "priced_micros") == 2001


async def test_ratings_and_thumbs_count_on_the_day_they_were_given(past: Past) -> None:
    talk = await past.talk(NOON)
    await past.turn(talk, NOON)
    await past.rate(talk, NOON + timedelta(days=6), 5)
    await past.thumb(talk, NOON, up=False)
    found = await period(past)
    assert (report.satisfaction(found).count, found.counts("thumb")) == (0, {"down": 1})
    given = report.satisfaction(await period(past, DAY + timedelta(days=6), DAY + timedelta(days=6)))
    assert (given.count, given.share) == (1, 1.0)


async def test_a_time_that_was_wanted_twice_in_a_conversation_was_wanted_once(past: Past) -> None:
    talk = await past.talk(NOON, said=3)
    missed: dict[str, Any] = {
        "service": "haircut",
        "missed_date": date(2026, 3, 7),
        "missed_time": time(15),
        "missed_reason": "taken",
    }
    for number in range(3):
        await past.turn(talk, NOON + timedelta(minutes=number), number=number, **missed)
    missed |= {"missed_time": None, "missed_reason": "closed"}
    await past.turn(await past.talk(NOON), NOON, **missed)
    found = await period(past)
    assert found.counts("missed") == {"haircut|6|15|taken": 1, "haircut|6|-|closed": 1}


async def test_questions_are_put_together_whatever_their_letters(past: Past) -> None:
    for minutes, question in enumerate(("Do you sell wigs?", "do you  sell wigs? ", "Is there a dog?")):
        moment = NOON + timedelta(minutes=minutes)
        await past.turn(await past.talk(moment), moment, question=question, is_unanswered=True)
    async with tenant_session(past.engine, past.tenant) as session:
        found = (await report.report(session, past.business, DAY, DAY, "day")).questions
    assert [(each.question, each.count) for each in found] == [("do you  sell wigs? ", 2), ("Is there a dog?", 1)]


async def test_by_hour_pack_and_model(past: Past) -> None:
    late = await past.talk(at("2026-03-03T23:59:00-05:00"))
    await past.turn(late, NOON)
    found = await period(past)
    assert list(found.keys("hour")) == ["23"]
    assert found.keys("model").keys() == {"anthropic:claude-haiku-4-5"}
    assert found.keys("pack").keys() == {past.business.pack}


async def test_a_day_has_the_hours_that_its_clocks_give_it(past: Past) -> None:
    # March 8 has 23 hours in New York.
    for moment in ("2026-03-08T04:59:59+00:00", "2026-03-08T05:00:00+00:00", "2026-03-09T03:59:59+00:00"):
        await past.talk(at(moment))
    await past.talk(at("2026-03-09T04:00:00+00:00"))
    days = await past.days(date(2026, 3, 7), date(2026, 3, 9))
    assert [figures["all"]["all"]["opened"] for _, figures in sorted(days.items())] == [1, 2, 1]


async def test_what_goes_on_is_not_judged(past: Past) -> None:
    await past.talk(NOON, ended=None)
    found = await period(past)
    assert (found.of("ongoing"), report.resolution_rate(found)) == (1, None)
    talk = await past.talk(NOON, ended="left")
    assert (await outcomes(past), talk is not None) == ({"ongoing": 1, "unresolved": 1}, True)
    await past.change(Conversation, talk, ended_by="resolved")
    assert await outcomes(past) == {"ongoing": 1, "unresolved": 1}


async def test_another_business_is_not_counted(past: Past, engine: AsyncEngine, studio: TenantHandle) -> None:
    other = await Past.of(engine, await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other")))
    await other.talk(NOON)
    assert await past.days(DAY, DAY) == {}

"""The whole life of a booking with Claude at the front desk: found, moved, paid, cancelled, refunded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.bookings import lifecycle
from handled.bookings.lifecycle import By
from handled.db.session import tenant_session
from handled.kit import clock
from tests.conftest import STUDIO, Running, TenantHandle, import_tenant
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.flows.conftest import bookings_of
from tests.flows.told import told
from tests.http_client import http_client
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Call, calls, says
from tests.waiting import until

PORTRAIT = """\
  - {key: portrait, name: Portrait, duration: 60 min, price: "200.00", payment: full, step: 60 min, horizon: 90 days}
faq:"""
WHO = {"name": "Anna Berg", "email": "anna@example.com"}
BOOK = calls("propose_booking", {"service": "haircut", "start": "2026-03-03T15:00", **WHO})
BOOK_PAID = calls("propose_booking", {"service": "portrait", "start": "2026-03-05T10:00", **WHO})
CANCEL = calls("propose_cancel")
MOVE = calls("propose_reschedule", {"start": "2026-03-04T10:00"})


@pytest.fixture
async def studio(engine: AsyncEngine) -> TenantHandle:
    """The studio, which also takes portraits that are paid in advance."""
    return await import_tenant(engine, STUDIO.replace("faq:", PORTRAIT))


async def _carded(anna: Customer, claude: ClaudeTwin, proposed: Call) -> Json:
    """Claude proposes; the card that Anna then has before her."""
    claude.will(says(proposed), says("Here it is. Please confirm it."))
    done = await anna.say("Anna Berg, anna@example.com: go on, please show me")
    assert done["proposal"], done
    return done["proposal"]


async def _booked(anna: Customer, claude: ClaudeTwin, proposed: Call = BOOK) -> Json:
    return (await anna.confirm(await _carded(anna, claude, proposed)))["booking"]


async def _hears(anna: Customer, claude: ClaudeTwin, words: str) -> str:
    """What becomes of these words of Claude's."""
    claude.will(says(words))
    return (await anna.say("So how do things stand?"))["message"]


def _events(claude: ClaudeTwin) -> list[Json]:
    """The notes of what happened, as the model was last given them."""
    texts = [block.get("text", "") for message in claude.last["messages"] for block in message["content"]]
    opening = '<data name="event">\n'
    return [json.loads(text.removeprefix(opening).removesuffix("\n</data>")) for text in texts if opening in text]


def _results(claude: ClaudeTwin) -> list[Json]:
    """What the tools answered to the model's latest calls."""
    blocks = claude.last["messages"][-1]["content"]
    return [json.loads(block["content"][0]["text"]) for block in blocks if block["type"] == "tool_result"]


async def _pay(url: str) -> None:
    async with http_client(timeout=30) as browser:
        page = (await browser.post(url)).headers["location"]
        assert (await browser.post(f"{page}/pay")).status_code == 303


async def _until(anna: Customer, status: str) -> None:
    """Wait until the booking made here is in that state."""

    async def reached() -> bool:
        return [each["status"] for each in (await anna.snapshot())["bookings"]] == [status]

    await until(reached, within=30, what=f"the booking is {status}")


async def test_a_booking_is_made_found_moved_and_cancelled(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    booking = await _booked(anna, claude)
    look = calls("find_booking", {"code": booking["code"], "email": "Anna@example.com "})
    claude.will(says(look), says("I found your booking: it is on Tuesday at 3:00 pm."))
    found = await anna.say("Which one was it?")
    assert found["message"] == "I found your booking: it is on Tuesday at 3:00 pm."
    assert [card["kind"] for card in found["cards"]] == ["booking"]

    free = calls("find_slots", {"service": "haircut", "when": "Wednesday at 10am", "moving": booking["code"]})
    claude.will(says(free), says(MOVE), says("From Tuesday to Wednesday at 10:00 am: shall I move it?"))
    done = await anna.say("Rather Wednesday at 10am")
    assert done["proposal"]["operation"] == "reschedule"
    assert done["message"] == "From Tuesday to Wednesday at 10:00 am: shall I move it?"
    asked = len(claude.requests)
    moved = told(await anna.stream("Yes, move it"))
    assert (moved.done["receipt"]["kind"], moved.done["booking"]["code"]) == ("moved", booking["code"])
    assert (moved.done["booking"]["date"], moved.done["booking"]["time"]) == ("2026-03-04", "10:00")

    claude.will(says(CANCEL), says("Cancelling costs nothing until Tuesday. Shall I?"))
    done = await anna.say("I have to cancel after all")
    assert done["proposal"]["preview"]["bookingCode"] == booking["code"]
    cancelled = await anna.say("Yes, cancel it")
    assert (cancelled["receipt"]["kind"], cancelled["booking"]["status"]) == ("cancelled", "cancelled")
    assert len(claude.requests) == asked + 2, "a typed yes is read by code and never by the model"

    assert await _hears(anna, claude, "I have cancelled it for you.") == "I have cancelled it for you."
    assert [each["receipt"] for each in _events(claude)] == ["booked", "moved", "cancelled"]
    assert [each.status for each in await bookings_of(engine, studio)] == ["cancelled"]


async def test_a_typed_yes_to_what_is_paid_first_answers_as_the_button_does(anna: Customer, claude: ClaudeTwin) -> None:
    card = await _carded(anna, claude, BOOK_PAID)
    turn = told(await anna.stream("Yes please, book it"))
    assert turn.done["receipt"]["kind"] == "held"
    assert turn.done["booking"]["status"] == "pending_payment"
    assert turn.done["checkoutUrl"] == turn.done["booking"]["payUrl"]
    assert [each["kind"] for each in turn.done["cards"]] == ["receipt", "payment"]
    again = await anna.confirm(card)
    for name in ("checkoutUrl", "message", "messageId"):
        assert again[name] == turn.done[name], name
    assert again["receipt"]["receiptId"] == turn.done["receipt"]["receiptId"]
    last = (await anna.snapshot())["messages"][-1]
    assert [each["kind"] for each in last["cards"]] == ["receipt", "payment"]


async def test_what_is_held_is_called_booked_only_when_its_money_has_come(
    anna: Customer, claude: ClaudeTwin, owner_url: str
) -> None:
    card = await _carded(anna, claude, BOOK_PAID)
    confirmed = await anna.confirm(card)
    assert await _hears(anna, claude, "You're booked for Thursday!") == "Nothing is booked before it has been paid."
    honest = "It is held for you: please pay by the button, then it is booked."
    assert await _hears(anna, claude, honest) == honest
    assert [(each["receipt"], each["status"]) for each in _events(claude)] == [("held", "pending_payment")]
    await _pay(confirmed["checkoutUrl"])
    await _until(anna, "confirmed")
    true = "Your payment has arrived, you're booked for Thursday!"
    assert await _hears(anna, claude, true) == true
    assert [each["event"] for each in _events(claude)] == ["proposal_executed", "booking_paid"]
    assert ledger.value(owner_url, "select sum(amount_minor) from ledger_entries") == 20000


async def test_a_paid_booking_that_is_cancelled_in_time_is_refunded_and_the_model_knows(
    anna: Customer, claude: ClaudeTwin, owner_url: str
) -> None:
    confirmed = await anna.confirm(await _carded(anna, claude, BOOK_PAID))
    await _pay(confirmed["checkoutUrl"])
    await _until(anna, "confirmed")
    preview = (await _carded(anna, claude, CANCEL))["preview"]
    assert preview["refund"] == {"amount": 20000, "currency": "USD"}
    assert await _hears(anna, claude, "Your money is on its way back to you.") == "No refund has been made yet."
    claude.will(says("Please confirm it once more."))
    await anna.say("Hm, let me think")
    code = (await anna.snapshot())["proposal"]["code"]
    done = await anna.say(code)
    assert done["receipt"]["kind"] == "cancelled"
    both = "I have cancelled it, and your money is on its way back to you."
    assert await _hears(anna, claude, both) == both
    assert _events(claude)[-1]["refund"] == {"amount": 20000, "currency": "USD"}
    refunded = "select count(*) from refunds where status = 'succeeded'"
    await until(lambda: ledger.value(owner_url, refunded), within=30, what="a refund has succeeded")


async def test_a_cancellation_that_gives_nothing_back_lets_nobody_speak_of_a_refund(
    anna: Customer, claude: ClaudeTwin
) -> None:
    await _booked(anna, claude)
    await anna.confirm(await _carded(anna, claude, CANCEL))
    said = await _hears(anna, claude, "It is cancelled. Your money is on its way back to you.")
    assert said == "It is cancelled. No refund has been made yet."


async def test_a_no_keeps_the_booking_and_is_told_to_the_model(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await _booked(anna, claude)
    await _carded(anna, claude, CANCEL)
    claude.will(says("Then it stays as it is."))
    done = await anna.say("No, keep it")
    assert done["proposal"] is None
    assert [each["event"] for each in _events(claude)] == ["proposal_executed", "proposal_rejected"]
    assert [each.status for each in await bookings_of(engine, studio)] == ["confirmed"]


@pytest.mark.parametrize("words", ["Yes, but at 4", "Yes, book it", "cancel", "Yes, keep it", "Yes, and Friday too"])
async def test_what_is_not_a_plain_yes_to_the_cancel_card_cancels_nothing(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, words: str
) -> None:
    await _booked(anna, claude)
    await _carded(anna, claude, CANCEL)
    claude.will(says("Shall I cancel it or not?"))
    done = await anna.say(words)
    assert "receipt" not in done
    assert [each.status for each in await bookings_of(engine, studio)] == ["confirmed"]


@pytest.fixture
async def strict(engine: AsyncEngine, claude_server: Running) -> AsyncIterator[Customer]:
    """Somebody at a business that does without the typed yes."""
    tenant = await import_tenant(engine, f"typed_yes: false{STUDIO.replace('slug: studio', 'slug: strict')}")
    async with Customer.of(claude_server.url, tenant.key) as somebody:
        await somebody.start()
        yield somebody


@pytest.mark.parametrize(("change", "yes"), [(CANCEL, "Yes, cancel it"), (MOVE, "Yes, move it")])
async def test_a_business_may_ask_for_the_button_or_the_code_instead_of_a_yes(
    strict: Customer, claude: ClaudeTwin, change: Call, yes: str
) -> None:
    await _booked(strict, claude)
    card = await _carded(strict, claude, change)
    claude.will(says("Please press the button or type the code."))
    assert "receipt" not in await strict.say(yes)
    done = await strict.say(f"code {card['code']}")
    assert done["receipt"]["kind"] in ("cancelled", "moved")


async def test_a_booking_that_was_cancelled_elsewhere_meanwhile_is_not_cancelled_again(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await _booked(anna, claude)
    await _carded(anna, claude, CANCEL)
    [booking] = await bookings_of(engine, studio)
    async with tenant_session(engine, studio.id) as session:
        await lifecycle.cancel(session, await lifecycle.get(session, studio.id, booking.id), by=By("staff"))
    again = calls("propose_cancel", {"code": booking.code, "email": "anna@example.com"})
    claude.will(says(again), says("That booking has already been cancelled."))
    done = await anna.say("Yes, cancel it")
    assert "receipt" not in done
    assert done["proposal"] is None
    assert done["message"] == "That booking has already been cancelled."
    assert _events(claude)[-1]["event"] == "proposal_failed"
    [result] = _results(claude)
    assert (result["status"], result["reason"]) == ("refused", "not_cancellable")


async def test_a_yes_after_the_cards_time_changes_nothing(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle
) -> None:
    await _booked(anna, claude)
    await _carded(anna, claude, MOVE)
    clock.start_at(clock.now() + timedelta(minutes=11))
    claude.will(says("That card has run out. Shall I look again?"))
    assert "receipt" not in await anna.say("Yes, move it")
    [booking] = await bookings_of(engine, studio)
    assert booking.starts_at.isoformat() == "2026-03-03T20:00:00+00:00"


@pytest.mark.parametrize("tool", ["find_booking", "propose_cancel", "propose_reschedule"])
async def test_a_wrong_code_and_a_wrong_email_look_the_same_to_the_model(
    claude_server: Running, studio: TenantHandle, anna: Customer, claude: ClaudeTwin, tool: str
) -> None:
    code = (await _booked(anna, claude))["code"]
    start = {"start": "2026-03-04T10:00"} if tool == "propose_reschedule" else {}
    wrong = [(code, "ben@example.com"), ("BK-222222", "anna@example.com"), ("BK-222222", "ben@example.com")]
    async with Customer.of(claude_server.url, studio.key) as ben:
        await ben.start()
        claude.will(
            says(*(calls(tool, {"code": each, "email": email, **start}) for each, email in wrong)),
            says("I found nothing for these two together."),
        )
        done = await ben.say("I want to see about my booking")
    assert _results(claude) == [{"found": False}] * 3
    assert (done["proposal"], done["cards"]) == (None, [])


async def test_changes_asked_for_at_once_leave_one_card_and_no_change(
    anna: Customer, claude: ClaudeTwin, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    booking = await _booked(anna, claude)
    look = calls("find_booking", {"code": booking["code"], "email": "anna@example.com"})
    claude.will(says(look, MOVE, CANCEL, calls("propose_cancel", {"code": "BK-222222"})), says("Please confirm it."))
    done = await anna.say("Move it. No, cancel it.")
    assert [each.get("status") for each in _results(claude)] == [
        None,
        "awaiting_confirmation",
        "awaiting_confirmation",
        None,
    ]
    assert (done["proposal"]["operation"], done["proposal"]["status"]) == ("cancel", "pending")
    [kept] = await bookings_of(engine, studio)
    assert (kept.status, kept.starts_at.isoformat()) == ("confirmed", "2026-03-03T20:00:00+00:00")
    assert ledger.half_taken(owner_url) == []
    assert ledger.value(owner_url, "select count(*) from occupancies where is_next") == 0


async def test_who_has_named_code_and_address_is_shown_times_that_their_own_booking_does_not_block(
    anna: Customer, claude: ClaudeTwin, claude_server: Running, studio: TenantHandle
) -> None:
    booking = await _booked(anna, claude)
    ask = calls("find_slots", {"service": "haircut", "when": "2026-03-03", "moving": booking["code"]})
    find = calls("find_booking", {"code": booking["code"], "email": "anna@example.com"})
    async with Customer.of(claude_server.url, studio.key) as elsewhere:
        await elsewhere.start()
        claude.will(says(ask), says("There is this."))
        await elsewhere.say("Which times are there instead?")
        [stranger] = _results(claude)
        claude.will(says(find), says(ask), says("There is this."))
        await elsewhere.say(f"{booking['code']}, anna@example.com")
        [same_turn] = _results(claude)
        claude.will(says(ask), says("There is this."))
        await elsewhere.say("And which times again?")
        [later] = _results(claude)
    found = [[slot["time"] for slot in each["slots"]] for each in (stranger, same_turn, later)]
    near = {"14:30", "14:45", "15:00", "15:15", "15:30"}
    assert not near & set(found[0])
    assert found[1] == found[2] != found[0]

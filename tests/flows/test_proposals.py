"""Talk becomes action by the customer's own act on the preview before them: once, whatever else happens."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.settings import Settings
from handled.tenants import config
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, Json, refusal
from tests.faults import ledger
from tests.faults.scripted_model import Asked, Say, installed

MONDAY = at("2026-03-02T09:00:00-05:00")
REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(MONDAY)


@pytest.fixture
async def proposal(customer: Customer) -> Json:
    """What the customer is asked to confirm."""
    return (await customer.say(REQUEST))["proposal"]


def count_confirmed(owner_url: str) -> int:
    return len(ledger.confirmed_bookings(owner_url))


def mails_queued(owner_url: str) -> int:
    return ledger.value(owner_url, "select count(*) from notifications")


# --- what is proposed


async def test_proposing_holds_the_slot_and_books_nothing(customer: Customer, proposal: Json, owner_url: str) -> None:
    assert (proposal["operation"], proposal["tier"], proposal["status"]) == ("book", "T3", "pending")
    assert proposal["preview"]["customer"] == {"name": "Kim Lee", "email": "kim@example.com"}
    assert (proposal["preview"]["date"], proposal["preview"]["time"]) == ("2026-03-03", "15:00")
    assert proposal["preview"]["price"] == {"amount": 4500, "currency": "USD"}
    assert "24 hours" in proposal["preview"]["policy"]
    assert len(proposal["code"]) == 4
    ten_minutes = at(proposal["expiresAt"]) - clock.now()
    assert timedelta(minutes=9) < ten_minutes <= timedelta(minutes=10)
    assert (count_confirmed(owner_url), mails_queued(owner_url)) == (0, 0)
    assert [each["status"] for each in ledger.live_bookings(owner_url)] == ["held"]


@pytest.mark.parametrize("way", ["button", "code by button", "yes", "code in the chat", "code in words"])
async def test_each_way_to_confirm_books_what_was_shown(
    customer: Customer, proposal: Json, owner_url: str, way: str
) -> None:
    match way:
        case "button":
            confirmed = await customer.confirm(proposal)
        case "code by button":
            answer = await customer.try_confirm(proposal, previewHash=None, code=proposal["code"])
            confirmed = answer.json()
        case "yes":
            confirmed = await customer.say("Yes please, book it!")
        case "code in the chat":
            confirmed = await customer.say(f"{proposal['code'][:2]} {proposal['code'][2:]}")
        case _:
            words = dict(
                zip(
                    "0123456789",
                    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
                    strict=True,
                )
            )
            confirmed = await customer.say(" ".join(words[digit] for digit in proposal["code"]))
    booking = confirmed["booking"]
    for name in ("service", "date", "time", "price", "customer"):
        assert booking[name] == proposal["preview"][name]
    assert booking["status"] == "confirmed"
    assert confirmed["receipt"]["kind"] == "booked"
    assert booking["code"] in confirmed["message"]
    assert (count_confirmed(owner_url), mails_queued(owner_url)) == (1, 2)
    assert (await customer.snapshot())["proposal"] is None


# --- again, and from elsewhere


async def test_confirming_twice_answers_the_same_and_happens_once(
    customer: Customer, proposal: Json, owner_url: str
) -> None:
    first = await customer.confirm(proposal)
    assert await customer.confirm(proposal) == first
    by_code = await customer.try_confirm(proposal, previewHash=None, code=proposal["code"])
    assert by_code.json() == first
    assert (count_confirmed(owner_url), mails_queued(owner_url)) == (1, 2)
    told = [each for each in (await customer.snapshot())["messages"] if "BK-" in each["content"]]
    assert len(told) == 1


async def test_confirming_from_many_tabs_at_once_happens_once(
    customer: Customer, proposal: Json, owner_url: str
) -> None:
    answers = await asyncio.gather(*(customer.try_confirm(proposal) for _ in range(10)))
    assert [each.status_code for each in answers] == [200] * 10
    assert all(each.json() == answers[0].json() for each in answers)
    assert (count_confirmed(owner_url), mails_queued(owner_url)) == (1, 2)


async def test_the_button_and_a_typed_yes_at_once_happen_once(
    customer: Customer, proposal: Json, owner_url: str
) -> None:
    pressed, typed = await asyncio.gather(customer.confirm(proposal), customer.say("yes"))
    assert (count_confirmed(owner_url), mails_queued(owner_url)) == (1, 2)
    if "booking" in typed:
        assert typed["booking"]["code"] == pressed["booking"]["code"]


async def test_confirming_after_it_was_booked_says_so_even_when_the_time_is_over(
    customer: Customer, proposal: Json
) -> None:
    first = await customer.confirm(proposal)
    clock.start_at(MONDAY + timedelta(hours=5))
    assert await customer.confirm(proposal) == first


async def test_another_conversation_can_neither_confirm_nor_reject(
    server: Running, studio: TenantHandle, customer: Customer, proposal: Json, owner_url: str
) -> None:
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        assert refusal(await other.try_confirm(proposal)) == (404, "not_found")
        assert refusal(await other.reject(proposal)) == (404, "not_found")
        assert "booking" not in await other.say(proposal["code"])
    assert count_confirmed(owner_url) == 0
    await customer.confirm(proposal)


# --- what does not fit


@pytest.mark.parametrize("proof", [{"previewHash": "0" * 64}, {"previewHash": ""}, {"code": "0000"}, {"code": ""}])
async def test_the_wrong_hash_or_code_changes_nothing(
    customer: Customer, proposal: Json, owner_url: str, proof: Json
) -> None:
    answer = await customer.try_confirm(proposal, **({"previewHash": None} | proof))
    assert refusal(answer) in [(409, "proposal_stale"), (400, "malformed")]
    assert count_confirmed(owner_url) == 0
    await customer.confirm(proposal)


async def test_no_proof_at_all_is_malformed(customer: Customer, proposal: Json) -> None:
    answer = await customer.try_confirm(proposal, previewHash=None)
    assert refusal(answer) == (400, "malformed")
    assert "previewHash" in answer.json()["fields"]


async def test_a_wrong_code_in_the_chat_is_no_consent(customer: Customer, proposal: Json, owner_url: str) -> None:
    wrong = "1234" if proposal["code"] != "1234" else "4321"
    assert "booking" not in await customer.say(wrong)
    assert count_confirmed(owner_url) == 0


async def test_after_its_time_a_proposal_is_over_and_the_slot_free(
    server: Running, studio: TenantHandle, customer: Customer, proposal: Json, owner_url: str
) -> None:
    clock.start_at(datetime.fromisoformat(proposal["expiresAt"]) + timedelta(seconds=1))
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_expired")
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_expired")
    assert (await customer.snapshot())["proposal"] is None
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        assert (await other.say(REQUEST.replace("kim@", "other@")))["proposal"] is not None
    assert "booking" not in await customer.say("yes")
    assert count_confirmed(owner_url) == 0


async def test_after_a_change_of_price_the_old_preview_is_stale_and_a_new_one_says_the_new_price(
    engine: AsyncEngine, customer: Customer, proposal: Json, owner_url: str
) -> None:
    await config.import_document(engine, config.parse(STUDIO.replace('"45.00"', '"49.00"'), "dearer.yaml"))
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert count_confirmed(owner_url) == 0
    again = (await customer.say(REQUEST))["proposal"]
    assert again["preview"]["price"]["amount"] == 4900
    assert (await customer.confirm(again))["booking"]["price"]["amount"] == 4900


async def test_proposed_again_after_a_change_of_price_the_new_price_is_shown(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle
) -> None:
    wish = {"service": "haircut", "start": "2026-03-03T15:00", "name": "Kim Lee", "email": "kim@example.com"}

    def script(asked: Asked) -> Say:
        return Say(["Shall I?"]) if asked.returns else Say([], [("propose_booking", wish)])

    _, settings = installed(monkeypatch, settings, script)
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        first = (await customer.say("tomorrow at three then"))["proposal"]
        same = (await customer.say("tomorrow at three then"))["proposal"]
        await config.import_document(engine, config.parse(STUDIO.replace('"45.00"', '"49.00"'), "dearer.yaml"))
        dearer = (await customer.say("tomorrow at three then"))["proposal"]
        assert same["proposalId"] == first["proposalId"], "the very same is not proposed twice"
        assert dearer["preview"]["price"]["amount"] == 4900
        assert refusal(await customer.try_confirm(first)) == (409, "proposal_stale")
        assert (await customer.confirm(dearer))["booking"]["price"]["amount"] == 4900


async def test_a_typed_yes_after_a_change_of_price_books_nothing(
    engine: AsyncEngine, customer: Customer, proposal: Json, owner_url: str
) -> None:
    await config.import_document(engine, config.parse(STUDIO.replace('"45.00"', '"49.00"'), "dearer.yaml"))
    assert "booking" not in await customer.say("yes")
    assert count_confirmed(owner_url) == 0


async def test_a_preview_does_not_go_stale_because_midnight_passes(
    server: Running, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(at("2026-03-02T23:57:00-05:00"))
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        proposal = (await customer.say("haircut tomorrow at 3pm, I am Kim Lee, kim@example.com"))["proposal"]
        clock.start_at(at("2026-03-03T00:01:00-05:00"))
        assert (await customer.confirm(proposal))["booking"]["date"] == "2026-03-03"


async def test_a_preview_does_not_go_stale_because_a_year_ends(
    server: Running, studio: TenantHandle, owner_url: str
) -> None:
    clock.start_at(at("2026-12-31T23:57:00-05:00"))
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        request = "haircut on January 5th at 3pm, I am Kim Lee, kim@example.com"
        proposal = (await customer.say(request))["proposal"]
        clock.start_at(at("2027-01-01T00:01:00-05:00"))
        assert (await customer.confirm(proposal))["booking"]["date"] == "2027-01-05"


# --- no, and something else instead


async def test_a_rejected_proposal_is_over_and_its_slot_free(
    server: Running, studio: TenantHandle, customer: Customer, proposal: Json, owner_url: str
) -> None:
    assert (await customer.reject(proposal)).status_code == 204
    assert (await customer.reject(proposal)).status_code == 204
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert ledger.live_bookings(owner_url) == []
    async with Customer.of(server.url, studio.key) as other:
        await other.start()
        assert (await other.say(REQUEST.replace("kim@", "other@")))["proposal"] is not None


async def test_a_typed_no_rejects(customer: Customer, proposal: Json, owner_url: str) -> None:
    done = await customer.say("no thanks")
    assert done["proposal"] is None
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert ledger.live_bookings(owner_url) == []


@pytest.mark.parametrize(
    "said", ["nah leave it", "ok thanks but no", "fine but not now", "I'll let you know on Friday", "nope, wrong day"]
)
async def test_who_drops_it_in_other_words_has_nothing_waiting(
    server: Running, studio: TenantHandle, customer: Customer, proposal: Json, owner_url: str, said: str
) -> None:
    done = await customer.say(said)
    assert done["proposal"] is None
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert ledger.live_bookings(owner_url) == []
    assert (await customer.say("yes"))["proposal"] is None
    assert count_confirmed(owner_url) == 0


async def test_what_is_booked_cannot_be_rejected_any_more(customer: Customer, proposal: Json, owner_url: str) -> None:
    await customer.confirm(proposal)
    assert refusal(await customer.reject(proposal)) == (409, "proposal_executed")
    assert count_confirmed(owner_url) == 1


async def test_a_new_wish_supersedes_the_old_proposal(customer: Customer, proposal: Json, owner_url: str) -> None:
    newer = (await customer.say("actually, make it 4pm"))["proposal"]
    assert newer["preview"]["time"] == "16:00"
    assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert refusal(await customer.try_confirm({**proposal, "previewHash": newer["previewHash"]})) == (
        409,
        "proposal_stale",
    )
    assert refusal(await customer.try_confirm({**newer, "previewHash": proposal["previewHash"]})) == (
        409,
        "proposal_stale",
    )
    await customer.confirm(newer)
    assert [each["starts_at"] for each in ledger.confirmed_bookings(owner_url)] == [at("2026-03-03T16:00:00-05:00")]


async def test_anything_beside_the_yes_is_no_consent(customer: Customer, proposal: Json, owner_url: str) -> None:
    for words in ("yes, but at 4pm", "yes?", "great, and how much is colour?", "I guess yes if it rains", "yes or no"):
        done = await customer.say(words)
        assert "booking" not in done, words
        assert count_confirmed(owner_url) == 0


# --- a yes that was written before the preview was there


async def test_a_yes_written_before_the_preview_was_shown_is_no_consent(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    wish = {"service": "haircut", "start": "2026-03-03T15:00", "name": "Kim Lee", "email": "kim@example.com"}

    def script(asked: Asked) -> Say:
        if asked.question == "book me in" and not asked.returns:
            return Say([], [("propose_booking", wish)])
        return Say(["Shall I?"])

    _, settings = installed(monkeypatch, settings, script)
    async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        first, hasty = await asyncio.gather(customer.say("book me in"), customer.say("yes"))
        assert first["proposal"] is not None
        assert "booking" not in hasty
        assert count_confirmed(owner_url) == 0
        # The next yes is one to what they have seen.
        shown = await customer.say("show me again")
        assert shown["proposal"]["proposalId"] == first["proposal"]["proposalId"]
        await customer.confirm(first["proposal"])


# --- tenants that want more than a yes


async def test_where_a_typed_yes_is_not_enough_button_and_code_still_are(
    engine: AsyncEngine, server: Running, owner_url: str
) -> None:
    strict = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: strict\ntyped_yes: false"))
    for n, way in enumerate(("code", "button")):
        async with Customer.of(server.url, strict.key) as customer:
            await customer.start()
            proposal = (await customer.say(f"haircut on Tuesday at {n + 2}pm, I am Kim Lee, kim@example.com"))[
                "proposal"
            ]
            assert "booking" not in await customer.say("yes please, book it")
            assert count_confirmed(owner_url) == n
            if way == "code":
                assert (await customer.say(proposal["code"]))["booking"]["status"] == "confirmed"
            else:
                await customer.confirm(proposal)
    assert count_confirmed(owner_url) == 2


async def test_where_a_typed_yes_is_not_enough_a_typed_no_is(
    engine: AsyncEngine, server: Running, owner_url: str
) -> None:
    strict = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: strict\ntyped_yes: false"))
    async with Customer.of(server.url, strict.key) as customer:
        await customer.start()
        proposal = (await customer.say(REQUEST))["proposal"]
        await customer.say("no")
        assert refusal(await customer.try_confirm(proposal)) == (409, "proposal_stale")
    assert ledger.live_bookings(owner_url) == []

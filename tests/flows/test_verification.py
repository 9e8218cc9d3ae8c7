"""One-time codes: proving an address in a conversation, and what somebody learns who has only guessed it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.agent.shown import Shown
from handled.agent.tools import own
from handled.agent.tools.context import Context
from handled.catalog.load import business_of
from handled.customers import attempts
from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.settings import Settings
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant, running
from tests.customers import Customer, refusal, refused
from tests.faults import ledger
from tests.managed import booked, later

MONDAY = at("2026-03-02T09:00:00-05:00")
KNOWN, UNKNOWN = "kim@example.com", "nobody@example.com"


@pytest.fixture
async def kim(server: Running, studio: TenantHandle, engine: AsyncEngine) -> AsyncIterator[Customer]:
    """Somebody with a booking, who has opened the chat anew."""
    clock.start_at(MONDAY)
    async with Customer.of(server.url, studio.key) as kim:
        await booked(kim.http, engine, studio, email=KNOWN)
        await kim.start()
        yield kim


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The codes that were made, newest last; every mail has one of them."""
    made: list[str] = []

    def next_number(_: int) -> int:
        made.append(f"{100_000 + 111_111 * (len(made) % 8)}")
        return int(made[-1])

    monkeypatch.setattr("handled.customers.verification.secrets.randbelow", next_number)
    return made


async def send(customer: Customer, email: str) -> httpx2.Response:
    return await customer.post("/chat/verify", {"sessionId": customer.session_id, "email": email})


async def check(customer: Customer, code: str) -> httpx2.Response:
    return await customer.post("/chat/verify/code", {"sessionId": customer.session_id, "code": code})


def codes_sent(owner_url: str) -> list[str]:
    query = "select recipient from notifications where kind = 'one_time_code' order by created_at"
    return [each["recipient"] for each in ledger.rows(owner_url, query)]


async def test_the_code_from_the_mail_proves_the_address(kim: Customer, digits: list[str], owner_url: str) -> None:
    assert (await send(kim, " Kim@Example.com ")).status_code == 200
    assert codes_sent(owner_url) == [KNOWN]
    answer = await check(kim, f"{digits[0][:3]} {digits[0][3:]}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["email"] == KNOWN
    [booking] = answer.json()["bookings"]
    assert (booking["date"], booking["time"]) == ("2026-03-04", "15:00")
    assert "/b/" in booking["manageUrl"]
    assert ledger.value(owner_url, "select verified_email from conversations") == KNOWN


async def test_nobody_learns_whether_an_address_is_known(
    kim: Customer, digits: list[str], studio: TenantHandle, owner_url: str
) -> None:
    stranger = Customer(kim.http, studio.key)
    await stranger.start()
    known, unknown = await send(kim, KNOWN), await send(stranger, UNKNOWN)
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert codes_sent(owner_url) == [KNOWN]
    wrong, wrong_address = await check(kim, "999999"), await check(stranger, "999999")
    assert (wrong.status_code, wrong.json()) == (wrong_address.status_code, wrong_address.json())
    assert refusal(wrong) == (403, "wrong_code")


@contextmanager
def statements(engine: AsyncEngine, heard: list[str]) -> Generator[None]:
    def listen(_: Any, __: Any, statement: str, *___: Any) -> None:
        heard.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", listen)
    yield
    event.remove(engine.sync_engine, "before_cursor_execute", listen)


async def test_the_same_work_is_done_for_an_address_that_nobody_knows(
    kim: Customer, settings: Settings, studio: TenantHandle, owner_url: str
) -> None:
    done: dict[str, list[str]] = {KNOWN: [], UNKNOWN: []}
    alone = settings.model_copy(update={"worker": False})
    async with running(alone) as server, Customer.of(server.url, studio.key) as stranger:
        await stranger.start()
        for address, heard in done.items():
            with statements(server.app.state.desk.engine, heard):
                await send(stranger, address)
    known, unknown = done[KNOWN], done[UNKNOWN]
    assert any("insert into notifications" in each.lower() for each in known)
    # Only one word differs: what was made for nobody is taken back.
    differing = [(one, other) for one, other in zip(known, unknown, strict=True) if one != other]
    assert [tuple(each.split()[0] for each in pair) for pair in differing] == [("RELEASE", "ROLLBACK")]
    assert codes_sent(owner_url) == [KNOWN]


async def test_a_code_that_was_made_for_nobody_proves_nothing_known(
    kim: Customer, digits: list[str], owner_url: str
) -> None:
    """Who reads the address gets no mail, and who guesses the digits gets nobody's bookings."""
    await send(kim, UNKNOWN)
    assert codes_sent(owner_url) == []
    answer = await check(kim, digits[0])
    assert answer.json()["bookings"] == []


async def test_three_codes_an_hour_and_the_fourth_is_refused_for_anybody(
    kim: Customer, studio: TenantHandle, owner_url: str
) -> None:
    stranger = Customer(kim.http, studio.key)
    await stranger.start()
    for _ in range(3):
        assert (await send(kim, KNOWN)).status_code == 200
        assert (await send(stranger, UNKNOWN)).status_code == 200
    known, unknown = await send(kim, KNOWN), await send(stranger, UNKNOWN)
    assert refused(known, 429, "too_many_codes") == refused(unknown, 429, "too_many_codes")
    assert int(known.headers["retry-after"]) > 0
    later(minutes=61)
    assert (await send(kim, KNOWN)).status_code == 200


async def test_three_wrong_tries_and_the_right_code_is_worth_nothing(kim: Customer, digits: list[str]) -> None:
    await send(kim, KNOWN)
    for wrong in ("000000", "", "1" * 40):
        assert refusal(await check(kim, wrong)) == (403, "wrong_code")
    assert refusal(await check(kim, digits[0])) == (403, "wrong_code")
    await send(kim, KNOWN)
    assert (await check(kim, digits[1])).status_code == 200


async def test_after_ten_minutes_it_is_too_late(kim: Customer, digits: list[str]) -> None:
    await send(kim, KNOWN)
    later(minutes=10, seconds=1)
    assert refusal(await check(kim, digits[0])) == (403, "wrong_code")


async def test_a_code_is_good_once_and_only_the_newest_counts(kim: Customer, digits: list[str]) -> None:
    await send(kim, KNOWN)
    await send(kim, KNOWN)
    assert refusal(await check(kim, digits[0])) == (403, "wrong_code")
    assert (await check(kim, digits[1])).status_code == 200
    assert refusal(await check(kim, digits[1])) == (403, "wrong_code")


async def test_a_code_is_good_in_its_own_conversation_only(
    kim: Customer, digits: list[str], studio: TenantHandle
) -> None:
    other = Customer(kim.http, studio.key)
    await other.start()
    await send(kim, KNOWN)
    assert refusal(await check(other, digits[0])) == (403, "wrong_code")
    borrowed = Customer(kim.http, studio.key, kim.session_id, other.token)
    assert refusal(await check(borrowed, digits[0])) == (404, "not_found")
    assert refusal(await send(borrowed, KNOWN)) == (404, "not_found")


async def test_what_is_no_address_is_said_to_be_none(kim: Customer, owner_url: str) -> None:
    for typed in ("kim", "kim@", "kim@example", "a b@example.com", ""):
        assert refused(await send(kim, typed), 422, "bad_email")["fields"]["email"]
    assert refusal(await send(kim, "\0@example.com")) == (400, "malformed")
    assert ledger.value(owner_url, "select count(*) from one_time_codes") == 0


async def test_a_mailbox_gets_no_more_codes_however_many_conversations_ask(
    kim: Customer, studio: TenantHandle, owner_url: str
) -> None:
    answers: list[int] = []
    for address in ("kim@example.com", "kim+1@example.com", "KIM@example.com", "kim+2@example.com") * 2:
        stranger = Customer(kim.http, studio.key)
        await stranger.start()
        answers.append((await send(stranger, address)).status_code)
    assert answers == [200] * 6 + [429] * 2


async def test_guesses_are_counted_by_client_across_conversations(
    kim: Customer, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handled.customers.attempts.LIMITS", {**attempts.LIMITS, "client": 5})
    names: list[str] = []
    for guess in range(7):
        stranger = Customer(kim.http, studio.key)
        await stranger.start()
        names.append((await check(stranger, f"{guess:06}")).json()["error"])
    assert names == ["wrong_code"] * 5 + ["too_many_attempts"] * 2


async def test_guesses_through_the_agent_count_for_the_same_client(
    kim: Customer, studio: TenantHandle, monkeypatch: pytest.MonkeyPatch, engine: AsyncEngine
) -> None:
    monkeypatch.setattr("handled.customers.attempts.LIMITS", {**attempts.LIMITS, "client": 5})
    async with tenant_session(engine, studio.id) as session:
        business = await business_of(session, studio.id)
    for guess in range(5):
        await check(kim, f"{guess:06}")
    stranger = Customer(kim.http, studio.key)
    await stranger.start()
    context = Context(engine, business, UUID(stranger.session_id), Shown())
    with pytest.raises(HandledError, match="too often"):
        await own.find_booking(context, own.FindBooking(code="BK-ABCDEF", email=KNOWN))


async def test_an_address_is_known_to_its_own_business_only(kim: Customer, engine: AsyncEngine, owner_url: str) -> None:
    rival = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: rival"))
    stranger = Customer(kim.http, rival.key)
    await stranger.start()
    assert (await send(stranger, KNOWN)).status_code == 200
    assert codes_sent(owner_url) == []


async def test_the_clients_address_is_kept_as_a_hash_only(kim: Customer, owner_url: str) -> None:
    kept = ledger.value(owner_url, "select client from conversations")
    assert len(kept) == 32 and b"127" not in bytes(kept)

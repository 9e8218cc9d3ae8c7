"""Whoever asks for what is not theirs gets one answer, the same as for what does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from handled.tables import Conversation
from tests.conftest import Running, TenantHandle, at, import_tenant
from tests.customers import Customer
from tests.faults import foreign, ledger
from tests.faults.belongings import fill
from tests.faults.foreign import Victim
from tests.faults.scale import tried
from tests.http_client import http_client
from tests.office import Office, new_key, wanted

OTHER = """
slug: other
name: Other Studio
contact_email: owner@other.example
timezone: America/New_York
locale: en_US
currency: USD
hours: {monday-saturday: 09:00-18:00}
services:
  - {key: shave, name: Shave, description: Hot towel., duration: 45 min, price: "30.00"}
  - {key: colour, name: Colour, description: Full colour., duration: 120 min, price: "120.00"}
faq:
  - {q: Is there coffee?, a: There is.}
exceptions:
  - {dates: 2026-12-24..2026-12-26, closed: true, label: Christmas}
"""


# What is refused also to the one whom it belongs to: nobody has read the mail with the digits, or seen what cancelling
# costs, and what is confirmed can no longer be rejected.
OWNERS_REFUSALS = {"code": 403, "cancel": 409, "reject": 409}


async def _busy_conversation(
    http: httpx2.AsyncClient, key: str, service: str, name: str, days: tuple[str, str] = ("Tuesday", "Friday")
) -> tuple[Customer, dict[str, str]]:
    """A conversation with a booking behind it and a proposal before it."""
    customer = Customer(http, key)
    await customer.start()
    who = f"{name}, {name.lower()}@example.com"
    booked = await customer.say(f"{service} on {days[0]} at 3pm, I am {who}")
    manage_url = (await customer.confirm(booked["proposal"]))["booking"]["manageUrl"]
    manage_token = manage_url.rpartition("/")[2]
    done = await customer.say(f"another {service} on {days[1]} at 10am please, for {who}")
    assert done["proposal"] is not None
    proposal = done["proposal"]
    ids = {
        "session_id": customer.session_id,
        "sessionId": customer.session_id,
        "turn_id": done["turnId"],
        "proposal_id": proposal["proposalId"],
        "previewHash": proposal["previewHash"],
        "code": proposal["code"],
        "message": "hello",
        "messageId": done["messageId"],
        "feedbackType": "THUMBS_UP",
        "reason": "I would rather talk to a person.",
        "manage_token": manage_token,
        "forged_token": manage_token[:-22] + "A" * 22,
        "email": f"{name.lower()}@example.com",
        "start": "2026-03-18T10:00",
        "service": service,
        "from": "2026-03-02",
        "to": "2026-03-20",
    }
    return customer, ids


@pytest.fixture
async def other(engine: AsyncEngine) -> TenantHandle:
    return await import_tenant(engine, OTHER)


@pytest.fixture
async def victim(server: Running, studio: TenantHandle, other: TenantHandle) -> AsyncIterator[Victim]:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with http_client(base_url=server.url, timeout=30) as http:
        owner, ids = await _busy_conversation(http, studio.key, "haircut", "Ada")
        neighbour, _ = await _busy_conversation(http, studio.key, "colour", "Bob", ("Wednesday", "Saturday"))
        outsider, _ = await _busy_conversation(http, other.key, "shave", "Cyd")
        mine = owner.headers
        strangers = {
            "another customer": neighbour.headers,
            "another tenant's customer": outsider.headers,
            "another tenant with the right token": {**mine, "X-Tenant-Key": other.key},
            "the right tenant with another tenant's token": {**mine, "X-Session-Token": outsider.token},
            "somebody without a token": {"X-Tenant-Key": studio.key},
            "somebody with an empty token": {**mine, "X-Session-Token": ""},
            "somebody with a token almost right": {**mine, "X-Session-Token": owner.token[:-1] + "~"},
            "somebody without a key": {"X-Session-Token": owner.token},
            "somebody with a wrong key": {**mine, "X-Tenant-Key": "pk_" + "x" * 24},
            "somebody with a key that is none": {**mine, "X-Tenant-Key": "' or 1=1 --"},
            "somebody without anything": {},
        }
        yield Victim(owner, {**ids, "otherKey": other.key}, strangers)


async def test_every_route_refuses_strangers_with_the_same_words(server: Running, victim: Victim) -> None:
    openapi = server.app.openapi()
    asked = list(foreign.requests(openapi, victim))
    assert len(asked) >= 8
    assert await foreign.breaches(victim.owner.http, openapi, victim) == []
    tried(len(asked) * len(victim.strangers), "requests of strangers")
    # And it was the strangers, not the requests: their owner is let in everywhere.
    for each in asked:
        status, body = await foreign.ask(victim.owner.http, each, victim.owner.headers)
        assert status < 300 or status == OWNERS_REFUSALS.get(each.template.rpartition("/")[2]), (each, body)


async def test_if_tokens_were_not_looked_at_the_matrix_would_show_it(
    monkeypatch: pytest.MonkeyPatch, server: Running, victim: Victim
) -> None:
    async def anybody(session: Any, tenant_id: Any, conversation_id: Any, token: str) -> Conversation:
        return await session.get_one(Conversation, (tenant_id, conversation_id))

    monkeypatch.setattr("handled.conversations.messages.authenticate", anybody)
    found = await foreign.breaches(victim.owner.http, server.app.openapi(), victim)
    print(f"detected {len(found)} breaches with the guard off")
    assert len(found) >= 20
    assert any("another customer" in each for each in found)


async def test_ids_that_do_not_exist_and_ids_that_are_none_are_foreign_too(server: Running, victim: Victim) -> None:
    openapi = server.app.openapi()
    refusals: list[Any] = []
    for unknown in (str(uuid4()), "nope", "0", "\0", "../../x", "' or 1=1 --"):
        for name in ("session_id", "turn_id", "proposal_id"):
            ids = {**victim.ids, name: unknown} | ({"sessionId": unknown} if name == "session_id" else {})
            for each in foreign.requests(openapi, Victim(victim.owner, ids)):
                if name == "session_id" and "sessionId" not in (each.body or {}) and "session_id" not in each.template:
                    continue
                if name != "session_id" and f"{{{name}}}" not in each.template:
                    continue
                status, body = await foreign.ask(victim.owner.http, each, victim.owner.headers)
                assert status == 404, (each, body)
                refusals.append(body)
    assert all(each == refusals[0] for each in refusals), refusals


async def test_a_proposal_of_another_conversation_cannot_be_confirmed_from_ones_own(
    server: Running, victim: Victim, studio: TenantHandle, owner_url: str
) -> None:
    before = len(ledger.confirmed_bookings(owner_url))
    stranger = Customer(victim.owner.http, studio.key)
    await stranger.start()
    for proof in ({"previewHash": victim.ids["previewHash"]}, {"code": victim.ids["code"]}):
        path = f"/chat/proposals/{victim.ids['proposal_id']}"
        for act, body in (
            ("confirm", {"sessionId": stranger.session_id, **proof}),
            ("reject", {"sessionId": stranger.session_id}),
        ):
            answer = await stranger.post(f"{path}/{act}", body)
            assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert len(ledger.confirmed_bookings(owner_url)) == before


async def test_a_key_opens_its_own_tenants_catalog_only(server: Running, victim: Victim, other: TenantHandle) -> None:
    http = victim.owner.http
    offered = await http.get("/v1/public/services", headers={"X-Tenant-Key": other.key})
    assert [each["service"] for each in offered.json()["services"]] == ["shave", "colour"]
    path = "/v1/public/availability?service=haircut&from=2026-03-02&to=2026-03-20"
    answer = await http.get(path, headers={"X-Tenant-Key": other.key})
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


# --- the business's side


def _calls(openapi: dict[str, Any], booking_id: str) -> list[tuple[str, str, Any]]:
    """Every operation of the business's side on one booking, as its owner would ask it."""
    bodies = {"patch": {"notes": "mine now"}, "/reschedule": {"start": "2026-03-05T11:00"}, "/cancel": None}
    return [
        (
            method.upper(),
            template.removeprefix("/v1/tenant").format(booking_id=booking_id),
            bodies.get(method, bodies.get("/" + template.rsplit("/", 1)[1])),
        )
        for template, operations in openapi["paths"].items()
        if template.startswith("/v1/tenant/") and "{booking_id}" in template
        for method in operations
    ]


@pytest.fixture
async def offices(
    server: Running, engine: AsyncEngine, studio: TenantHandle, other: TenantHandle
) -> AsyncIterator[tuple[Office, Office]]:
    """The studio's own system, and the other one's."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with http_client(base_url=server.url, timeout=30) as http:
        yield Office(http, await new_key(engine, studio)), Office(http, await new_key(engine, other))


async def test_no_route_of_the_business_reaches_a_booking_of_another(
    server: Running, offices: tuple[Office, Office], owner_url: str, studio: TenantHandle
) -> None:
    mine, theirs = offices
    booking = await mine.book("2026-03-04T11:00")
    before = ledger.rows(owner_url, "select * from bookings")
    calls = _calls(server.app.openapi(), booking["bookingId"])
    assert len(calls) >= 6
    unknown = _calls(server.app.openapi(), str(uuid4())) + _calls(server.app.openapi(), "nope")
    refusals = [await theirs.refused(*call) for call in calls]
    refusals += [await theirs.refused(*call, once="order-1") for call in calls[:1]]
    refusals += [await mine.refused(*call) for call in unknown]
    assert all(each == refusals[0] for each in refusals), refusals
    assert (refusals[0][0], refusals[0][1]["error"]) == (404, "not_found")
    strangers = ["", studio.key, "sk_" + "x" * 32, "sk_' or 1=1 --", mine.key[:-1] + "~", mine.key.lower()]
    doors = [await Office(mine.http, key or "-").refused(*call) for key in strangers for call in calls]
    assert all(each == doors[0] for each in doors), doors
    assert doors[0][0] == 401
    assert ledger.rows(owner_url, "select * from bookings") == before
    # And it was the strangers, not the requests: their owner is let in.
    for method, path, body in calls:
        status = (await mine.ask(method, path, body)).status_code
        assert status in (200, 409), path


async def test_a_business_lists_and_books_only_what_is_its_own(offices: tuple[Office, Office]) -> None:
    mine, theirs = offices
    booked = await mine.book("2026-03-04T11:00", once="order-1")
    for query in ("", f"?code={booked['code']}", f"?email={booked['customer']['email']}"):
        assert (await theirs.do("GET", f"/bookings{query}"))["bookings"] == []
        assert len((await mine.do("GET", f"/bookings{query}"))["bookings"]) == 1
    status, refused = await theirs.refused("POST", "/bookings", wanted("2026-03-04T11:00"), once="order-1")
    assert (status, list(refused["fields"])) == (422, ["service"])


async def test_a_revoked_key_opens_nothing(
    offices: tuple[Office, Office], owner_url: str, studio: TenantHandle
) -> None:
    mine, _ = offices
    assert (await mine.ask("GET", "/bookings")).status_code == 200
    ledger.change(owner_url, "update secret_keys set revoked_at = now()")
    assert (await mine.ask("GET", "/bookings")).status_code == 401


# --- below the application: what its role in the database can see


def tenant_tables(owner_url: str) -> dict[str, str]:
    """Every table that belongs to tenants, with the column that says to which."""
    found = ledger.rows(
        owner_url,
        "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
        " where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace",
    )
    return {each["relname"]: "tenant_id" for each in found} | {"tenants": "id"}


def leaks(owner_url: str, mine: TenantHandle, theirs: TenantHandle) -> list[str]:
    """What the application's role sees and changes of a tenant that is not the one it has entered."""
    found: list[str] = []
    for table, column in tenant_tables(owner_url).items():
        rows = ledger.rows(owner_url, f"select {column} as tenant, count(*) as many from {table} group by 1")
        by_tenant = {each["tenant"]: each["many"] for each in rows}
        with psycopg.connect(owner_url, options="-c role=handled_app") as connection:
            for entered in (None, "", str(mine.id)):
                if entered is not None:
                    connection.execute("select set_config('handled.tenant_id', %s, false)", [entered])
                seen = dict(
                    connection.execute(f"select {column}, count(*) from {table} group by 1".encode()).fetchall()
                )
                expected = {mine.id: by_tenant[mine.id]} if entered and mine.id in by_tenant else {}
                if seen != expected:
                    found.append(f"{table}: sees {seen} as {entered!r}")
            for change in (
                f"delete from {table} where {column} = %s",
                f"update {table} set {column} = {column} where {column} = %s",
            ):
                if _reaches(connection, change, theirs):
                    found.append(f"{table}: {change.split()[0]} reaches the other tenant")
            found += _smuggled(connection, table, column, mine, theirs)
    return found


def _reaches(connection: Any, change: str, theirs: TenantHandle) -> bool:
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(change, [theirs.id]).rowcount > 0
    except psycopg.errors.ForeignKeyViolation:
        return True
    except psycopg.errors.InsufficientPrivilege:
        return False  # nobody may: some tables are only ever added to


def _smuggled(connection: Any, table: str, column: str, mine: TenantHandle, theirs: TenantHandle) -> list[str]:
    """Giving one's own rows to the other tenant is refused by the policy, before any key is looked at."""
    if not connection.execute(f"select 1 from {table} limit 1").fetchone():
        return []
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"update {table} set {column} = %s where {column} = %s", [theirs.id, mine.id])
    except psycopg.errors.InsufficientPrivilege:
        return []
    except psycopg.Error as error:
        return [f"{table}: a row could be given away but for {type(error).__name__}"]
    return [f"{table}: a row was given to the other tenant"]


async def test_the_applications_role_sees_and_changes_one_tenant_only(
    victim: Victim, engine: AsyncEngine, owner_url: str, studio: TenantHandle, other: TenantHandle
) -> None:
    for each in (studio, other):
        await fill(engine, each)
        await new_key(engine, each)
    for table, column in tenant_tables(owner_url).items():
        tenants = ledger.rows(owner_url, f"select distinct {column} from {table}")
        assert table == "hours_exceptions" or len(tenants) == 2, f"{table} is empty: this would prove nothing"
    # In a thread: the application's own transactions must be able to end meanwhile.
    assert await asyncio.to_thread(leaks, owner_url, studio, other) == []
    assert await asyncio.to_thread(leaks, owner_url, other, studio) == []


@pytest.mark.parametrize("table", ["bookings", "messages", "tenants"])
async def test_one_dropped_policy_is_noticed(
    victim: Victim, owner_url: str, studio: TenantHandle, other: TenantHandle, table: str
) -> None:
    swap = f"drop policy tenant_only on {table}; create policy open on {table} using (true)"
    await asyncio.to_thread(ledger.change, owner_url, swap)
    found = await asyncio.to_thread(leaks, owner_url, studio, other)
    print(f"detected {len(found)} leaks with the policy off")
    assert found
    assert all(each.startswith(table) for each in found)

"""One's own account: name, browsers that are logged in, and passkeys that are none."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.kit.errors import HandledError
from handled.tenants import passkeys
from handled.tenants.passkeys import Site
from handled.tenants.staff_login import LoggedIn
from tests.conftest import Running, TenantHandle
from tests.dashboard.desk import SAME_SITE, Browser

HERE = "/dashboard/account"
WHO = LoggedIn(UUID(int=1), UUID(int=2), UUID(int=3), "Olga", "olga@example.com", "owner")


async def test_a_new_name_is_everywhere_and_in_the_trail(owner: Browser) -> None:
    page = (await owner.post(f"{HERE}/name", {"name": "  Olga   \N{HEBREW LETTER ALEF} "})).text
    assert "Olga \N{HEBREW LETTER ALEF}" in page and "Your name is saved" in page
    assert "changed their own name" in await owner.page("/dashboard/settings/trail")


@pytest.mark.parametrize("bad", ["", " \N{ZERO WIDTH SPACE} ", "x" * 10_000])
async def test_what_is_no_name_is_said_beside_the_field(owner: Browser, bad: str) -> None:
    answer = await owner.post(f"{HERE}/name", {"name": bad})
    assert answer.status_code == 422 and 'id="name-problem"' in answer.text and 'aria-invalid="true"' in answer.text


async def test_a_name_of_markup_is_text(owner: Browser) -> None:
    page = (await owner.post(f"{HERE}/name", {"name": "<script>alert(1)</script>"})).text
    assert "<script>alert" not in page and "&lt;script&gt;" in page


async def test_every_browser_is_listed_and_another_one_can_be_logged_out(
    server: Running, engine: AsyncEngine, studio: TenantHandle, owner: Browser
) -> None:
    async with Browser.of(server.url) as phone:
        phone.http.headers["User-Agent"] = "Mozilla/5.0 (iPhone) Safari"
        await phone.log_in(engine, studio.id, "owner@studio.example", "Olga Owner", "owner")
        page = await owner.page(HERE)
        assert "Safari on iPhone" in page and page.count("this one") == 1
        (action,) = {part.split('"')[0] for part in page.split('action="') if part.startswith(f"{HERE}/sessions/0")}
        assert "That browser is logged out" in (await owner.post(action)).text
        assert (await phone.get("/dashboard")).url.path == "/dashboard/login"
        assert (await owner.post(action)).status_code == 404


async def test_the_others_can_be_logged_out_at_once(
    server: Running, engine: AsyncEngine, studio: TenantHandle, owner: Browser
) -> None:
    async with Browser.of(server.url) as phone:
        await phone.log_in(engine, studio.id, "owner@studio.example", "Olga Owner", "owner")
        assert (await owner.post(f"{HERE}/sessions/end-others")).status_code == 200
        assert (await phone.get("/dashboard")).url.path == "/dashboard/login"
        assert (await owner.get("/dashboard")).url.path == "/dashboard"


async def test_nobody_logs_somebody_else_out(
    server: Running, engine: AsyncEngine, studio: TenantHandle, owner: Browser, staff_member: Browser
) -> None:
    async with Browser.of(server.url) as phone:
        await phone.log_in(engine, studio.id, "owner@studio.example", "Olga Owner", "owner")
        page = await owner.page(HERE)
        (action,) = {part.split('"')[0] for part in page.split('action="') if part.startswith(f"{HERE}/sessions/0")}
        assert (await staff_member.post(action)).status_code == 404
        assert (await phone.get("/dashboard")).url.path == "/dashboard"


async def test_a_challenge_works_once_for_five_minutes_and_for_its_purpose(engine: AsyncEngine, owner_url: str) -> None:
    token, challenge = await passkeys.new_challenge(engine, "log in")
    assert await passkeys.use_challenge(engine, token, "log in") == challenge
    with pytest.raises(HandledError, match="try again"):
        await passkeys.use_challenge(engine, token, "log in")
    other, meant = await passkeys.new_challenge(engine, "add 1")
    assert await passkeys.use_challenge(engine, other, "log in") != meant
    late, _ = await passkeys.new_challenge(engine, "log in")
    clock.start_at(clock.now() + timedelta(minutes=5))
    with pytest.raises(HandledError, match="try again"):
        await passkeys.use_challenge(engine, late, "log in")
    await passkeys.new_challenge(engine, "log in")
    async with engine.connect() as connection:
        left = await connection.scalar(text("select count(*) from passkey_challenges"))
    assert left == 1


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        "\0",
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
        json.dumps(
            {
                "id": "AAAA",
                "rawId": "AAAA",
                "type": "public-key",
                "response": {"clientDataJSON": "e30", "attestationObject": "oWNmbXRkbm9uZQ", "authenticatorData": "AA"}
                | {"signature": "AA"},
            }
        ),
        '{"id": {}, "rawId": 7, "type": [], "response": null}',
    ],
)
async def test_what_is_no_passkey_opens_nothing(
    visitor: Browser, owner: Browser, engine: AsyncEngine, studio: TenantHandle, credential: str
) -> None:
    for browser, path in ((visitor, "/login"), (owner, "")):
        answer = await browser.http.post(
            f"/dashboard/passkeys{path}", json={"credential": credential}, headers=SAME_SITE
        )
        assert answer.status_code == 409 and "try again" in answer.json()["message"]
    site, challenge = Site("https://book.example.com"), b"challenge"
    for attempt in (
        lambda session: passkeys.log_in(session, studio.id, site, challenge, credential),
        lambda session: passkeys.add(session, WHO, site, challenge, credential, "Phone"),
    ):
        async with tenant_session(engine, studio.id) as session:
            with pytest.raises(HandledError) as refused:
                await attempt(session)
        assert refused.value.name == "invalid_passkey"


async def test_an_address_that_is_a_number_has_no_passkeys(owner: Browser) -> None:
    assert not Site("http://127.0.0.1:8000").has_passkeys and not Site("http://[::1]").has_passkeys
    assert Site("https://book.example.com").has_passkeys and Site("http://localhost:8000").has_passkeys
    answer = await owner.http.post("/dashboard/passkeys/new", headers=SAME_SITE)
    assert answer.status_code == 409 and "address with a name" in answer.json()["message"]
    assert "which is a number" in await owner.page(HERE)

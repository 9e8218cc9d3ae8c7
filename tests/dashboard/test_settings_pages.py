"""Settings: every part is written as its file would be, and nothing else is."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.tenants import accounts, config, secret_keys
from tests.conftest import TenantHandle
from tests.dashboard.desk import Browser

HERE = "/dashboard/settings"
PARTS = ["", "/brand", "/website", "/booking", "/agent", "/retention", "/file", "/trail", "/preview"]
EVIL = "<script>alert(1)</script>"


def fields_of(page: str) -> dict[str, str]:
    """What the page's form of settings would send, untouched."""
    form = page[page.index('name="version"') :].split("</form>")[0]
    found = {"version": re.findall(r'value="([0-9]+)"', form)[0]}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, inside in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(inside)
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        found[name] = re.findall(r'value="([^"]+)" selected', inside)[0]
    return found


async def save(browser: Browser, part: str, **typed: str) -> httpx2.Response:
    return await browser.post(f"{HERE}{part}", fields_of(await browser.page(f"{HERE}{part}")) | typed)


async def exported(engine: AsyncEngine, studio: TenantHandle) -> str:
    async with tenant_session(engine, studio.id) as session:
        return await config.export_document(session, studio.id)


@pytest.mark.parametrize("part", ["", "/brand", "/website", "/booking", "/agent", "/retention"])
async def test_saving_what_is_there_changes_nothing(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, part: str
) -> None:
    before = await exported(engine, studio)
    answer = await save(owner, part)
    assert answer.status_code == 200 and "Saved." in answer.text
    assert await exported(engine, studio) == before


@pytest.mark.parametrize(
    ("part", "typed", "said"),
    [
        ("", {"name": "New Name", "phone": "+1 212 555 0100", "timezone": "Europe/Madrid"}, "timezone: Europe/Madrid"),
        ("/brand", {"color": "#AA3355", "greeting": "Hello,\r\nyou."}, "#aa3355"),
        ("/booking", {"reminders": "3 days, 90 min", "cancel": "one_time_code"}, "3 days"),
        ("/booking", {"reminders": ""}, "reminders: []"),
        (
            "/agent",
            {"pack": "therapy", "per_day": "1.50", "per_turn_calls": "3", "bye": "See you."},
            'per_day: "1.50"',
        ),
        ("/agent", {"per_conversation": "none"}, "per_conversation: none"),
        ("/retention", {"retention": "8 weeks"}, "retention: 56 days"),
        ("/website", {"allowed_origins": "https://a.example/\r\nhttps://B.example:8443"}, "https://b.example:8443"),
    ],
)
async def test_what_is_saved_is_in_the_file_and_in_the_trail(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, part: str, typed: dict[str, str], said: str
) -> None:
    answer = await save(owner, part, **typed)
    assert answer.status_code == 200 and "Saved." in answer.text, answer.text
    assert said.replace('"', "") in (await exported(engine, studio)).replace("'", "").replace('"', "")
    assert "changed the settings" in await owner.page(f"{HERE}/trail?about=settings")


async def test_a_box_that_is_not_ticked_is_a_no(owner: Browser, engine: AsyncEngine, studio: TenantHandle) -> None:
    page = await owner.page(f"{HERE}/booking")
    fields = {name: value for name, value in fields_of(page).items() if name not in ("typed_yes", "mail")}
    assert (await owner.post(f"{HERE}/booking", fields)).status_code == 200
    file = await exported(engine, studio)
    assert "typed_yes: false" in file and "mail: false" in file
    assert not {"typed_yes", "mail"} & fields_of(await owner.page(f"{HERE}/booking")).keys()


@pytest.mark.parametrize(
    ("part", "field", "bad"),
    [
        ("", "name", ""),
        ("", "name", "x" * 10_000),
        ("", "contact_email", "nobody"),
        ("", "timezone", "Mars/Olympus"),
        ("", "currency", "XXQ"),
        ("", "website", "javascript:alert(1)"),
        ("/brand", "color", EVIL),
        ("/brand", "logo_url", 'https://x.example/"><script>'),
        ("/brand", "greeting", "x" * 10_000),
        ("/booking", "reminders", "soon"),
        ("/booking", "reminders", "1 min"),
        ("/booking", "cancel", "never"),
        ("/booking", "stripe_account", "mine"),
        ("/agent", "per_day", "-1"),
        ("/agent", "per_turn_calls", "9"),
        ("/agent", "welcome", "Hello {stranger}"),
        ("/agent", "pack", "piracy"),
        ("/retention", "retention", "1 day"),
        ("/website", "allowed_origins", "https://a.example/path"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle, part: str, field: str, bad: str
) -> None:
    before = await exported(engine, studio)
    answer = await save(owner, part, **{field: bad})
    assert answer.status_code == 422 and f'id="{field}-problem"' in answer.text, answer.text
    assert EVIL not in answer.text and await exported(engine, studio) == before
    if field not in ("cancel", "pack"):
        assert fields_of(answer.text)[field].replace("\n", "") == bad


async def test_of_two_owners_the_second_sees_what_the_first_has_saved(owner: Browser, engine: AsyncEngine) -> None:
    stale = fields_of(await owner.page(HERE))
    assert (await save(owner, "", name="First was faster")).status_code == 200
    answer = await owner.post(HERE, stale | {"name": "Second"})
    assert answer.status_code == 409 and "Somebody changed" in answer.text
    assert "First was faster" in answer.text and 'value="Second"' in answer.text
    assert (await owner.post(HERE, fields_of(answer.text))).status_code == 200
    assert 'value="Second"' in await owner.page(HERE)


async def test_another_currency_that_prices_do_not_fit_is_refused_with_their_names(owner: Browser) -> None:
    answer = await save(owner, "", currency="JPY")
    assert answer.status_code in (200, 422)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize("part", PARTS)
async def test_staff_do_not_see_the_settings(staff_member: Browser, part: str) -> None:
    answer = await staff_member.get(f"{HERE}{part}")
    assert answer.status_code == 403 and "Only an owner" in answer.text
    assert (await staff_member.post(f"{HERE}{part}", {"version": "1"})).status_code in (403, 404, 405)


async def test_a_part_that_is_none_is_not_there(owner: Browser) -> None:
    for part in ("nothing", "business"):
        assert (await owner.get(f"{HERE}/{part}")).status_code in (400, 404)


async def test_a_secret_key_is_shown_once_and_revoked(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    made = (await owner.post(f"{HERE}/website/secret-key", {"name": "Till <b>"})).text
    (key,) = set(re.findall(r"sk_[\w-]{20,}", made))
    assert await secret_keys.find_tenant(engine, key) == studio.id
    page = await owner.page(f"{HERE}/website")
    assert key not in page and key[-4:] in page and "Till &lt;b&gt;" in page
    assert key not in await owner.page(f"{HERE}/trail")
    gone = await owner.post(f"{HERE}/website/secret-key/{key[-4:]}/revoke")
    assert "works no more" in gone.text and await secret_keys.find_tenant(engine, key) is None
    assert (await owner.post(f"{HERE}/website/secret-key/{key[-4:]}/revoke")).status_code == 200
    assert (await owner.post(f"{HERE}/website/secret-key/none/revoke")).status_code == 404


@pytest.mark.parametrize("name", ["", "x" * 10_000])
async def test_a_secret_key_needs_a_name(owner: Browser, name: str) -> None:
    answer = await owner.post(f"{HERE}/website/secret-key", {"name": name})
    assert answer.status_code == 422 and 'id="key-problem"' in answer.text


async def test_two_clicks_rotate_the_public_key_once_and_the_old_one_can_be_ended(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    (old,) = set(re.findall(r"<code>(pk_[\w-]+)", await owner.page(f"{HERE}/website")))
    await owner.post(f"{HERE}/website/public-key", {"key": old})
    page = (await owner.post(f"{HERE}/website/public-key", {"key": old})).text
    keys = re.findall(r"<code>(pk_[\w-]+)", page)
    assert len(keys) == 2 and keys[1] == old and f'data-tenant="{keys[0]}"' in unescape(page)
    assert await accounts.find_by_public_key(engine, old) == studio.id
    await owner.post(f"{HERE}/website/public-key/end", {"key": old})
    assert await accounts.find_by_public_key(engine, old) is None
    assert (await owner.post(f"{HERE}/website/public-key/end", {"key": keys[0]})).status_code == 404
    assert await accounts.find_by_public_key(engine, keys[0]) == studio.id


async def look(browser: Browser, content: str | bytes) -> httpx2.Response:
    file = {"file": ("studio.yaml", content)}
    return await browser.http.post(f"{HERE}/file/look", files=file, headers={"Sec-Fetch-Site": "same-origin"})


async def test_a_file_is_looked_at_before_it_is_put_in_force(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    file = (await owner.get(f"{HERE}/file/download")).text
    assert file == await exported(engine, studio)
    assert "says what is there already" in (await look(owner, file)).text
    changed = file.replace("name: Test Studio", f'name: "{EVIL}"', 1)
    page = (await look(owner, changed)).text
    assert "What the file would change" in page and EVIL not in page
    assert await exported(engine, studio) == file
    form = page[page.index("file/apply") :]
    fields = {
        "version": re.findall(r'name="version" value="([0-9]+)"', form)[0],
        "content": unescape(re.findall(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)[0]),
    }
    assert "in force now" in (await owner.post(f"{HERE}/file/apply", fields)).text
    assert EVIL in await exported(engine, studio)
    stale = await owner.post(f"{HERE}/file/apply", fields)
    assert stale.status_code == 409 and "Somebody changed something meanwhile" in stale.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "Choose a file first"),
        (b"\xff\xfe", "not UTF-8"),
        ("a: [", "not valid YAML"),
        ("slug: other\nname: X", "line"),
        ("x" * 300_000, "larger than 256 KB"),
        (f"{EVIL}: 1", "not a known field"),
    ],
)
async def test_a_bad_file_changes_nothing_and_says_where(owner: Browser, content: str | bytes, said: str) -> None:
    answer = await look(owner, content)
    assert answer.status_code == 422 and said in answer.text and EVIL not in answer.text


async def test_a_file_of_another_business_or_without_its_owner_is_refused(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    file = await exported(engine, studio)
    other = await look(owner, file.replace("slug: studio", "slug: other", 1))
    assert other.status_code == 422 and "this business is" in other.text
    without = await look(owner, file.replace("owner@studio.example", "thief@studio.example"))
    assert without.status_code == 422 and "shut you out" in without.text


async def test_the_preview_shows_what_was_typed_and_keeps_nothing(
    owner: Browser, visitor: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    asked = f"{HERE}/preview?color=%23112233&greeting=Ahoy+%3Cb%3E&logo_url=javascript:alert(1)"
    answer = await owner.get(asked)
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert 'accent="#112233"' in answer.text and "javascript:" not in answer.text
    api = re.findall(r'api="([^"]+)"', answer.text)[0]
    key = {"X-Tenant-Key": studio.key, "Sec-Fetch-Site": "same-origin"}
    begun = await visitor.http.post(f"{api}/v1/public/chat/session", json={}, headers=key)
    assert begun.status_code == 201 and begun.json()["message"]["content"].startswith("Ahoy <b>")
    said = await visitor.http.post(f"{api}/v1/public/chat/message/stream", json={}, headers=key)
    assert said.status_code == 409 and "preview" in said.json()["message"]
    async with engine.connect() as connection:
        assert connection is not None
    assert "Nothing" in await owner.page("/dashboard/inbox") or "No conversation" in await owner.page(
        "/dashboard/inbox"
    )
    torn = await visitor.http.post(f"{HERE}/preview/%%%/v1/public/chat/session", json={}, headers=key)
    assert torn.status_code == 404


async def test_what_is_no_colour_is_left_out_of_the_preview(owner: Browser) -> None:
    page = await owner.page(f"{HERE}/preview?color=red;}}&greeting={'x' * 5000}")
    assert 'accent="#2f5d50"' in page


async def test_an_old_key_ends_by_itself(owner: Browser, engine: AsyncEngine) -> None:
    (old,) = set(re.findall(r"<code>(pk_[\w-]+)", await owner.page(f"{HERE}/website")))
    await owner.post(f"{HERE}/website/public-key", {"key": old})
    clock.start_at(clock.now() + timedelta(days=7, seconds=1))
    assert old not in await owner.page(f"{HERE}/website")

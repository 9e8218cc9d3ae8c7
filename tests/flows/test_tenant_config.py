"""`/v1/tenant/config`: the tenant as one document, the same as its file."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.tenants import config
from tests.conftest import STUDIO, TenantHandle, import_tenant
from tests.faults import ledger
from tests.office import Office

YAML = "application/yaml"


async def exported(engine: AsyncEngine, tenant: TenantHandle) -> str:
    async with tenant_session(engine, tenant.id) as session:
        return await config.export_document(session, tenant.id)


async def got(office: Office, accept: str = "application/json") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {office.key}", "Accept": accept}
    answer = await office.http.get("/v1/tenant/config", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def put(office: Office, body: str | bytes, kind: str = YAML, **headers: str) -> httpx2.Response:
    sent = {"Authorization": f"Bearer {office.key}", "Content-Type": kind} | headers
    return await office.http.put("/v1/tenant/config", headers=sent, content=body)


async def test_it_is_the_file_as_yaml_and_as_json(office: Office, engine: AsyncEngine, studio: TenantHandle) -> None:
    yaml = await got(office, YAML)
    assert yaml.text == await exported(engine, studio) and yaml.headers["content-type"].startswith(YAML)
    plain = await got(office)
    assert plain.json()["services"][0]["price"] == "45.00" and plain.headers["etag"] == yaml.headers["etag"] == '"1"'


async def test_putting_back_what_was_got_changes_nothing(office: Office) -> None:
    for accept in (YAML, "application/json"):
        answer = await put(office, (await got(office, accept)).content, accept)
        assert answer.status_code == 200 and answer.json() == {"version": 1, "changed": []}


async def test_a_new_document_is_in_force_at_once(
    office: Office, engine: AsyncEngine, studio: TenantHandle, owner_url: str
) -> None:
    data: dict[str, Any] = (await got(office)).json()
    data["services"][0]["price"] = 52.5
    data["name"] = "Studio 💇 \\ud83d"
    for indent in (None, "\t", 2):
        answer = await put(office, json.dumps(data, indent=indent), "application/json; charset=utf-8")
        assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"2"'
    document = config.parse(await exported(engine, studio), "x")
    assert (document.name, document.services[0].price) == ("Studio 💇 \\ud83d", 5250)
    (action,) = ledger.rows(owner_url, "select action, staff_member_id, details from staff_actions")
    assert action == {
        "action": "config.put",
        "staff_member_id": None,
        "details": {"changed": ["name", "services.haircut"]},
    }


async def test_a_bad_document_names_lines_and_fields_and_changes_nothing(
    office: Office, engine: AsyncEngine, studio: TenantHandle
) -> None:
    before = await exported(engine, studio)
    bad = before.replace('price: "45.00"', "price: much").replace("price: '45.00'", "price: much")
    assert bad != before
    answer = await put(office, bad.replace("timezone: America/New_York", "timezone: Mars/Base"))
    assert answer.status_code == 422 and answer.json()["error"] == "invalid_config"
    fields = answer.json()["fields"]
    assert fields.keys() == {"timezone", "services.haircut.price"} and fields["timezone"].startswith("line 4: ")
    for body, kind, status in (
        ("{", "application/json", 400),
        (b"\xff\xfe", YAML, 400),
        ("slug: [", YAML, 422),
        ("", YAML, 422),
        ("[]", "application/json", 422),
        (before, "text/plain", 415),
        (before + "#" * 300_000, YAML, 413),
    ):
        refused = await put(office, body, kind)
        assert refused.status_code == status, refused.text
    other = await put(office, before.replace("slug: studio", "slug: elsewhere"))
    assert other.status_code == 422 and "slug" in other.json()["fields"]
    assert await exported(engine, studio) == before


async def test_with_if_match_nothing_is_overwritten(office: Office, engine: AsyncEngine, studio: TenantHandle) -> None:
    first = await got(office, YAML)
    newer = first.text.replace("Test Studio", "Newer Studio")
    assert (await put(office, newer, **{"If-Match": first.headers["etag"]})).status_code == 200
    late = await put(office, first.text, **{"If-Match": first.headers["etag"]})
    assert late.status_code == 412 and late.json()["error"] == "changed_meanwhile"
    assert "Newer Studio" in await exported(engine, studio)
    assert (await put(office, first.text)).status_code == 200


async def test_a_document_longer_than_other_requests_may_be(office: Office) -> None:
    entries = "".join(f"  - {{q: Question {i}?, a: {'word ' * 60}}}\n" for i in range(250))
    answer = await put(office, f"{STUDIO.split('faq:')[0]}faq:\n{entries}")
    assert answer.status_code == 200 and answer.json()["changed"] == ["faq"]


async def test_it_is_nobody_elses(office: Office, engine: AsyncEngine) -> None:
    other = await import_tenant(engine, STUDIO.replace("slug: studio", "slug: other"))
    before = await exported(engine, other)
    assert (await put(office, before)).status_code == 422
    anonymous = await office.http.get("/v1/tenant/config")
    assert anonymous.status_code == 401
    assert await exported(engine, other) == before

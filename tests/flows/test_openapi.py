"""The document that describes the API is true: whatever it allows or forbids is answered as it says."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from handled.kit import clock
from tests.conftest import Running, at
from tests.customers import Customer, Json
from tests.faults import ledger
from tests.faults.scale import times
from tests.http_client import http_client

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
async def test_whatever_openapi_allows_or_forbids_is_answered_as_it_says(
    customer: Customer, owner_url: str, mode: GenerationMode
) -> None:
    openapi = (await customer.http.get("/openapi.json")).json()
    url = str(customer.http.base_url)
    cases = await asyncio.to_thread(besiege, openapi, url, customer.headers, customer.session_id, mode)
    print(f"{cases} cases")
    assert cases >= times(10) * len(openapi["paths"])
    assert (await customer.say("when are you open?"))["message"]
    assert ledger.confirmed_bookings(owner_url) == []


def besiege(openapi: Json, url: str, headers: dict[str, str], session_id: str, mode: GenerationMode) -> int:
    """Ask everything that the document describes. Returns how often; raises what does not answer as it says."""
    schema = schemathesis.openapi.from_dict(openapi)
    schema.config.update(base_url=url)
    cases = 0

    def attack(case: schemathesis.Case[Any]) -> None:
        nonlocal cases
        cases += 1
        case.headers.update(headers)
        if isinstance(case.body, dict) and "sessionId" in case.body and cases % 2:
            case.body["sessionId"] = session_id  # half of them get past the door
        case.call_and_validate(checks=list(CHECKS))

    bounded = effort(
        max_examples=times(15),
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        strategy = result.ok().as_strategy(generation_mode=mode)
        # Where a call takes nothing, there is nothing wrong to send.
        with suppress(Unsatisfiable):
            given(case=strategy)(bounded(lambda case: attack(case)))()
    return cases


async def test_every_route_says_in_openapi_what_it_needs_and_answers(server: Running) -> None:
    async with http_client(base_url=server.url) as http:
        described = (await http.get("/openapi.json")).json()
    routes = {path: each for path, each in described["paths"].items() if path.startswith("/v1/tenant/")}
    assert len(routes) >= 19
    assert described["components"]["securitySchemes"]["SecretKey"]["scheme"] == "bearer"
    for operations in routes.values():
        for method, operation in operations.items():
            assert operation["security"] == [{"SecretKey": []}]
            assert {"401", "404", "422", "429"} <= operation["responses"].keys()
            named = {each["name"] for each in operation.get("parameters", [])}
            # A PUT is the same however often it is sent; it can say instead what it means to replace.
            proof = {"get": set[str](), "put": {"if-match"}}.get(method, {"idempotency-key"})
            assert named & {"idempotency-key", "if-match"} == proof

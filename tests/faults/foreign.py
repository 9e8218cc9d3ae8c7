"""Every public route, asked by somebody who has no business there. The matrix is made from OpenAPI: a route that is
added later is in it, or the harness says that it does not know what to ask it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx2

from tests.customers import Customer, Json


@dataclass
class Victim:
    """A conversation with everything in it that has an id, and those who want to get at it."""

    owner: Customer
    ids: dict[str, str]
    strangers: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """One call with the victim's ids in it. `names_somebody` when it carries any."""

    method: str
    template: str
    path: str
    body: Json | None
    names_somebody: bool


def requests(openapi: Json, victim: Victim) -> Iterator[Request]:
    """Every operation under /v1/public as the victim itself would ask it."""
    for template, operations in openapi["paths"].items():
        if not template.startswith("/v1/public/"):
            continue
        named = re.findall(r"\{(\w+)\}", template)
        path = template.format(**{name: quote(victim.ids[name], safe="") for name in named})
        for method, operation in operations.items():
            query = [
                each["name"] for each in operation.get("parameters", []) if each["in"] == "query" and each["required"]
            ]
            body = _body(openapi, operation, victim)
            asked = path + ("?" + "&".join(f"{name}={victim.ids[name]}" for name in query) if query else "")
            yield Request(method.upper(), template, asked, body, bool(named or (body and "sessionId" in body)))


def _body(openapi: Json, operation: Json, victim: Victim) -> Json | None:
    if "requestBody" not in operation:
        return None
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    schema = openapi["components"]["schemas"][reference.rsplit("/", 1)[1]]
    wanted = {*schema.get("required", []), *(schema["properties"].keys() & victim.ids.keys())}
    return {name: victim.ids[name] for name in sorted(wanted)}


async def ask(http: httpx2.AsyncClient, asked: Request, headers: dict[str, str]) -> tuple[int, Any]:
    """Status and body; of a stream or a file that should not be there, only that it is."""
    async with http.stream(asked.method, asked.path, json=asked.body, headers=headers) as answer:
        if answer.headers.get("content-type", "").startswith(("text/event-stream", "text/calendar")):
            return answer.status_code, "a stream"
        await answer.aread()
        return answer.status_code, answer.json() if answer.content else None


async def breaches(http: httpx2.AsyncClient, openapi: Json, victim: Victim) -> list[str]:
    """Every answer to a stranger that is more than the one refusal."""
    found: list[str] = []
    refusals: dict[int, list[Any]] = {401: [], 404: []}
    # A signed link is key and proof in one: strangers have one that they have made up.
    ids = {**victim.ids, "manage_token": victim.ids["forged_token"]}
    for asked in requests(openapi, Victim(victim.owner, ids)):
        for who, headers in victim.strangers.items():
            knows_the_door = "{manage_token}" in asked.template or (
                headers.get("X-Tenant-Key") in (victim.owner.key, victim.ids["otherKey"])
            )
            if knows_the_door and not asked.names_somebody:
                continue  # nobody's data: services, free times, a conversation of one's own
            expected = 404 if knows_the_door else 401
            status, body = await ask(http, asked, headers)
            if status != expected:
                found.append(f"{asked.method} {asked.template} for {who}: {status} {body}")
            elif body not in refusals[expected]:
                refusals[expected].append(body)
    found += [f"refusals that differ: {each}" for each in refusals.values() if len(each) > 1]
    return found

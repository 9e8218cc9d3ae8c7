"""What OpenAPI says of errors and of event streams."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from handled.web.public import event_schemas, schemas

_MEANINGS = {
    400: "Malformed",
    401: "No valid key",
    403: "Origin or proof refused",
    404: "Not there, or not yours",
    409: "In conflict with what is",
    412: "Changed meanwhile; see If-Match",
    413: "Too large",
    422: "Refused by a rule",
    429: "Too many requests; see Retry-After",
    503: "Not reachable for a moment; see Retry-After",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of a route, those that every route has included."""
    every = sorted({400, 401, 403, 404, 413, 422, 429, 503, *statuses})
    # Not as `model`: a route that streams would say that its errors are events.
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": _MEANINGS[status], "content": error} for status in every}


def stream_of(events: tuple[type[BaseModel], ...], description: str) -> dict[int | str, dict[str, Any]]:
    """A 200 answer of server-sent events, each `data:` line one of `events`."""
    names = [{"$ref": f"#/components/schemas/{event.__name__}"} for event in events]
    data = {"type": "string", "contentMediaType": "application/json", "contentSchema": {"anyOf": names}}
    event = {"type": "object", "properties": {"id": {"type": "string"}, "data": data}, "required": ["id", "data"]}
    return {200: {"description": description, "content": {"text/event-stream": {"schema": event}}}}


def add_event_schemas(openapi: dict[str, Any]) -> dict[str, Any]:
    """Put the schemas of events and errors beside the others: no route returns them directly."""
    events = {*event_schemas.TURN_EVENTS, *event_schemas.FEED_EVENTS, schemas.Error}
    ordered = sorted(events, key=lambda each: each.__name__)
    _, definitions = models_json_schema(
        [(each, "serialization") for each in ordered], ref_template="#/components/schemas/{model}"
    )
    known = openapi.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in definitions.get("$defs", {}).items():
        known.setdefault(name, schema)
    return openapi

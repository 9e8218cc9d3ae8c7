"""The tenant as one document, for the business's own systems: the same as its YAML file."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Header, Request, Response
from sqlalchemy.exc import IntegrityError

from handled.conversations.messages import not_found
from handled.kit.errors import HandledError
from handled.tables import StaffAction
from handled.tenants import config
from handled.tenants.config_rows import Rows, document_of, read_rows
from handled.tenants.config_text import dump, written
from handled.tenants.document import TenantDocument
from handled.web.public.schemas import Wire
from handled.web.tenant.deps import StaffDep, refusals

router = APIRouter(tags=["business"])

_YAML = "application/yaml"
_YAMLS = (_YAML, "application/x-yaml", "text/yaml", "text/x-yaml")
# JSON escapes what is beyond 16 bits as two halves; YAML does not put them together.
_HALVES = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_SHAPE: dict[str, Any] = {
    "application/json": {"schema": {"type": "object", "additionalProperties": True}},
    _YAML: {"schema": {"type": "string"}},
}
_FOUND: dict[int | str, dict[str, Any]] = {200: {"description": "The tenant's document", "content": _SHAPE}}


class ConfigPut(Wire):
    """`changed` names what is different now, as `services.haircut` or `hours`; empty when nothing was."""

    version: int
    changed: list[str]


@router.get("/config", response_class=Response, responses={**refusals(), **_FOUND})
async def get_config(staff: StaffDep, accept: Annotated[str, Header()] = "") -> Response:
    """The tenant as one document, the same as its YAML file: as YAML for `Accept: application/yaml`, else as JSON.
    The `ETag` is its version."""
    async with staff.session() as (session, _):
        rows = await read_rows(session, staff.tenant_id, to_change=False)
    if rows is None:
        raise not_found()
    document = document_of(rows)
    headers = {"ETag": _etag(rows), "Vary": "Accept", "Cache-Control": "no-store"}
    if any(each in accept.lower() for each in _YAMLS):
        return Response(dump(document), media_type=_YAML, headers=headers)
    return Response(orjson.dumps(written(document)), media_type="application/json", headers=headers)


@router.put(
    "/config",
    response_model=ConfigPut,
    responses=refusals(409, 412),
    openapi_extra={"requestBody": {"required": True, "content": _SHAPE}},
)
async def put_config(
    staff: StaffDep, request: Request, response: Response, if_match: Annotated[str | None, Header()] = None
) -> dict[str, Any]:
    """Make the tenant what the document (JSON or YAML, by `Content-Type`; at most 256 KB) says. What it leaves out is
    deleted, or made inactive if bookings refer to it. A bad document answers 422 with every line and field, and
    changes nothing. With `If-Match` (the `ETag`) nothing is overwritten that changed meanwhile: that is 412."""
    text = _text(await request.body(), request.headers.get("content-type", ""))
    # In a thread: a long document takes its time.
    document = await asyncio.to_thread(config.parse, text, "document")
    try:
        async with staff.session() as (session, business):
            rows = await read_rows(session, staff.tenant_id, to_change=True)
            if rows is None:
                raise not_found()
            _check(rows, document, if_match)
            changed = await config.put_document(session, rows, document)
            if changed:
                details = {"changed": changed}
                made = StaffAction(tenant_id=business.id, name=business.name, action="config.put", details=details)
                session.add(made)
    except IntegrityError:
        # Booked in this moment, what was to be deleted.
        raise _changed(409) from None
    response.headers["ETag"] = _etag(rows)
    return {"version": rows.tenant.version, "changed": changed}


def _check(rows: Rows, document: TenantDocument, if_match: str | None) -> None:
    if if_match is not None and if_match.strip() not in ("*", _etag(rows), _etag(rows).strip('"')):
        raise _changed(412)
    if document.slug != rows.tenant.slug:
        message = f"This business is {rows.tenant.slug}; its slug cannot be changed here."
        raise HandledError("invalid_config", message, 422, fields={"slug": "is not the slug of this business"})


def _changed(status: int) -> HandledError:
    return HandledError("changed_meanwhile", "It was changed meanwhile. Look at what it is now, and try again.", status)


def _etag(rows: Rows) -> str:
    return f'"{rows.tenant.version}"'


def _text(body: bytes, content_type: str) -> str:
    """The document as text that YAML reads: JSON is YAML, but for its tabs and for its halves of characters."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("application/json", *_YAMLS):
        message = f"Send the document as application/json or {_YAML}, and say so in Content-Type."
        raise HandledError("unsupported_media_type", message, 415)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HandledError("malformed", "The document is not UTF-8 text.", 400) from None
    if kind in _YAMLS:
        return text
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HandledError("malformed", f"The document is not valid JSON, in line {error.lineno}.", 400) from None
    return _HALVES.sub(_whole, text.replace("\t", " "))


def _whole(halves: re.Match[str]) -> str:
    high, low = int(halves[2], 16), int(halves[3], 16)
    return f"{halves[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08X}"

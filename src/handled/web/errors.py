"""One shape for every error, as JSON or as a page, and nothing internal in any of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handled.kit import metrics
from handled.kit.errors import HandledError
from handled.web.pages import problem

logger = logging.getLogger(__name__)

MAX_BODY_BYTES = 64 * 1024
# What machines tell us may be longer: an event of a gateway quotes whole objects.
MAX_WEBHOOK_BYTES = 1024 * 1024
WEBHOOKS = "/v1/webhooks/"
# A whole business in one document.
MAX_CONFIG_BYTES = 256 * 1024
# The same as a form of the dashboard sends it, with what a form puts around it.
FILE_FORMS = "/dashboard/settings/file/"
MAX_FILE_FORM_BYTES = 300 * 1024
CONFIG = "/v1/tenant/config"
_UNAVAILABLE = HandledError("unavailable", "We cannot be reached for a moment. Please try again shortly.", 503)
_NOT_FOUND = HandledError("not_found", "There is nothing here under that id.", 404)
# Refusals that are counted where they are made, by the limit.
_COUNTED = frozenset({"too_many_requests", "too_many_attempts"})
_NAMES = {400: "malformed", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


def install(app: FastAPI) -> None:
    """Answer every exception in the one shape."""
    app.add_exception_handler(HandledError, _handled)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http)
    for unreachable in (OperationalError, PoolTimeout):
        app.add_exception_handler(unreachable, _unavailable)
    app.add_exception_handler(DBAPIError, _unexpected)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, error: HandledError) -> Response:
    """JSON, or a page for whoever reads it in a browser."""
    shown = problem.show(request, error) if problem.is_wanted(request) else JSONResponse(error.body(), error.status)
    if error.status in (429, 503):
        shown.headers["Retry-After"] = str(error.extra.get("retryAfter", 5))
    return shown


async def _handled(request: Request, error: Exception) -> Response:
    assert isinstance(error, HandledError)  # noqa: S101  registered for it
    if error.status == 429 and error.name not in _COUNTED:
        metrics.refusals.labels(error.name).inc()
    return answer(request, error)


async def _malformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    problems: Sequence[Any] = error.errors()
    if all(each["type"] == "uuid_parsing" for each in problems):
        # Ids are opaque outside: one that cannot be ours is as unknown as any other.
        return answer(request, _NOT_FOUND)
    fields = {".".join(str(part) for part in each["loc"][1:]) or "body": _sentence(each) for each in problems}
    message = "That request could not be understood."
    return answer(request, HandledError("malformed", message, 400, fields=fields))


def _sentence(problem: dict[str, Any]) -> str:
    if problem["type"] == "json_invalid":
        return "not valid JSON"
    text: str = problem["msg"].removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 404:
        return answer(request, _NOT_FOUND)
    name = _NAMES.get(error.status_code, "refused")
    refused = answer(request, HandledError(name, "That is not possible.", error.status_code))
    refused.headers.update(error.headers or {})
    return refused


async def _unavailable(request: Request, error: Exception) -> Response:
    logger.error("the database cannot be reached: %s", type(error).__name__)
    return answer(request, _UNAVAILABLE)


async def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("unexpected error", exc_info=error)
    message = "Something went wrong on our side. Please try again."
    return answer(request, HandledError("internal", message, 500))


class BodyLimit:
    """Refuse a body over 64 KB (of a webhook, over 1 MB) before anybody parses it, whatever its headers say."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        body, more = b"", True
        most = _most(scope["path"])
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > most:
            await _too_large(send)
            return
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                await _too_large(send)
                return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, replay, send)


def _most(path: str) -> int:
    if path.startswith(WEBHOOKS):
        return MAX_WEBHOOK_BYTES
    if path.startswith(FILE_FORMS):
        return MAX_FILE_FORM_BYTES
    return MAX_CONFIG_BYTES if path == CONFIG else MAX_BODY_BYTES


async def _too_large(send: Send) -> None:
    error = HandledError(
        "too_large", "That is too long: a request may have 64 KB, an event 1 MB, a configuration 256 KB.", 413
    )
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": orjson.dumps(error.body())})

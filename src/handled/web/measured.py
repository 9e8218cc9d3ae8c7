"""Counting and timing requests, by the route that answered, never by the address that was asked for."""

from __future__ import annotations

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handled.kit import clock, metrics, tracing

_NONE = "none"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measured:
    """Around the whole application. A stream is timed until it begins: how long it is read is its reader's affair."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = clock.monotonic()
        method = scope["method"] if scope["method"] in _METHODS else "other"
        status = 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                metrics.request_seconds.labels(method, _route_of(scope)).observe(clock.monotonic() - began)
            await send(message)

        with tracing.span("request", method=method) as note:
            try:
                await self.app(scope, receive, watched)
            except Exception:
                status = status or 500  # somebody further out answers with it
                raise
            finally:
                route = _route_of(scope)
                note.add(route=route, status=status)
                metrics.requests.labels(method, route, str(status or "gone")).inc()


def _route_of(scope: Scope) -> str:
    """Its pattern, such as `/v1/public/chat/session/{session_id}`. What a router's prefix has put before it contains
    nothing that differs from request to request."""
    pattern: Any = getattr(scope.get("route"), "path", None)
    if not isinstance(pattern, str):
        return _NONE
    if ":path}" in pattern:
        return pattern
    asked, own = scope["path"].split("/"), pattern.split("/")[1:]
    return "/".join([*asked[: len(asked) - len(own)], *own]) if len(own) < len(asked) else pattern

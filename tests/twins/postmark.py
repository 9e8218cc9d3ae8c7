"""A Postmark on this machine: checks each request as Postmark does, keeps what it accepted, answers what it is told."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, Self

from tests.twins.wire import Json, Request, Wire, serving

TOKEN = "8a7f0c1e-0000-4000-8000-000000000001"
_MAILBOX = re.compile(r'(?:"(?:[^"\\]|\\.)*" <)?([^<>@\s,"]+@[^<>@\s,"]+)>?')
_FIELDS = {
    "From", "To", "ReplyTo", "Subject", "HtmlBody", "TextBody", "Headers", "Attachments", "MessageStream", "TrackOpens",
    "TrackLinks",
}  # fmt: skip

Trouble = Literal["cut", "cut after taking it", "hang", "garbage", "list"]


@dataclass
class Postmark:
    """`inactive` addresses bounced or complained before; `replies` are answers to come, before it behaves again: a
    status with an error code, or a trouble on the line."""

    url: str = ""
    streams: tuple[str, ...] = ("outbound",)
    inactive: set[str] = field(default_factory=set[str])
    replies: list[tuple[int, int] | Trouble] = field(default_factory=list[tuple[int, int] | Trouble])
    accepted: list[Json] = field(default_factory=list[Json])

    @classmethod
    @asynccontextmanager
    async def running(cls) -> AsyncGenerator[Self]:
        twin = cls()
        async with serving(twin.answer) as twin.url:
            yield twin

    async def answer(self, request: Request, wire: Wire) -> None:
        match self.replies.pop(0) if self.replies else None:
            case "cut":
                wire.cut()
            case "cut after taking it":
                self.accepted.append(request.body)
                wire.cut()
            case "hang":
                await wire.until_they_leave()
            case "garbage":
                wire.writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n<html>502 Bad Gatewa")
                await wire.writer.drain()
            case "list":
                wire.writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]")
                await wire.writer.drain()
            case (status, code):
                await wire.answer(status, {"ErrorCode": code, "Message": "As scripted"})
            case None:
                await self._take(request, wire)

    async def _take(self, request: Request, wire: Wire) -> None:
        status, code, message = self._complaint(request)
        if code:
            await wire.answer(status, {"ErrorCode": code, "Message": message})
            return
        self.accepted.append(request.body)
        said = {
            "To": request.body["To"],
            "SubmittedAt": "2026-03-02T14:00:00.0000000Z",
            "MessageID": f"00000000-0000-4000-9000-{len(self.accepted):012}",
            "ErrorCode": 0,
            "Message": "OK",
        }
        await wire.answer(200, said)

    def _complaint(self, request: Request) -> tuple[int, int, str]:
        if (request.method, request.path) != ("POST", "/email"):
            return 404, 701, "No such endpoint."
        if request.headers.get("x-postmark-server-token") != TOKEN:
            return 401, 10, "No Account or Server API tokens were supplied in the HTTP headers."
        if request.headers.get("content-type") != "application/json":
            return 422, 409, "JSON is required."
        return self._complaint_about(request.body)

    def _complaint_about(self, body: Json) -> tuple[int, int, str]:
        if unknown := body.keys() - _FIELDS:
            return 422, 403, f"Unknown fields: {sorted(unknown)}"
        if body["MessageStream"] not in self.streams:
            return 422, 1235, "The 'MessageStream' provided does not exist on this server."
        for name in ("From", "To", "ReplyTo"):
            if not _MAILBOX.fullmatch(body[name] or ""):
                return 422, 300, f"Invalid '{name}' address: '{body[name]}'."
        for each in body["Attachments"]:
            base64.b64decode(each["Content"], validate=True)
            if each["ContentType"].split(";")[0] != "text/calendar":
                return 422, 411, "Forbidden attachment type."
        if found := {address_in(body["To"])} & self.inactive:
            return 422, 406, f"You tried to send to recipients that have been marked as inactive: {', '.join(found)}."
        return 200, 0, "OK"


def address_in(mailbox: str) -> str:
    """The address of `"Name" <address>`."""
    found = _MAILBOX.fullmatch(mailbox)
    assert found, mailbox
    return found[1]

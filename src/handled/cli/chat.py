"""`handled chat`: the conversation in a terminal, over the same API that the widget uses."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import click
import httpx2
import orjson

from handled.kit.errors import HandledError


async def run_chat(slug: str | None, url: str, key: str | None) -> None:
    async with httpx2.AsyncClient(base_url=url, timeout=httpx2.Timeout(60, connect=5)) as http:
        try:
            http.headers["X-Tenant-Key"] = key or await _key_of(http, slug)
            started = await _ask(http, "POST", "/v1/public/chat/session", {})
            http.headers["X-Session-Token"] = started["sessionToken"]
            _say(started["message"]["content"], started["choices"])
            async with aclosing(_lines()) as lines:
                async for line in lines:
                    await _send(http, started["sessionId"], line)
        except httpx2.TransportError as error:
            message = f"There is no server at {url} ({type(error).__name__}). Is `handled serve` running?"
            raise HandledError("no_server", message) from None


async def _key_of(http: httpx2.AsyncClient, slug: str | None) -> str:
    if not slug:
        raise HandledError("no_tenant", "Say which business: `handled chat SLUG`, or give --key.")
    page = await http.get(f"/c/{slug}")
    found = re.search(r"pk_[A-Za-z0-9_-]+", page.text)
    if page.status_code != 200 or not found:
        raise HandledError("not_found", f"There is no business {slug!r} at that server.")
    return found[0]


async def _ask(http: httpx2.AsyncClient, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await http.request(method, path, json=body)
    result: dict[str, Any] = answer.json() if answer.content else {}
    if answer.is_error:
        raise HandledError(result.get("error", "error"), result.get("message", "That did not work."))
    return result


async def _send(http: httpx2.AsyncClient, session_id: str, line: str) -> None:
    body = {"sessionId": session_id, "message": line, "clientMessageId": str(uuid4())}
    async with http.stream("POST", "/v1/public/chat/message/stream", json=body) as answer:
        if answer.is_error:
            await answer.aread()
            click.secho(answer.json().get("message", "That did not work."), fg="red")
            return
        async for row in answer.aiter_lines():
            if row.startswith("data: "):
                _show(orjson.loads(row[6:]))


def _show(event: dict[str, Any]) -> None:
    match event["type"]:
        case "chunk":
            click.echo(event["content"], nl=False)
        case "reset":
            click.secho("\n(one moment…)", dim=True)
        case "error":
            click.secho(event["message"], fg="red")
        case "done":
            click.echo()
            if event["proposal"]:
                _show_proposal(event["proposal"])
            _say("", event["choices"])
        case _:
            pass


def _show_proposal(proposal: dict[str, Any]) -> None:
    for line in proposal["preview"]["lines"]:
        click.secho(f"  │ {line}", fg="cyan")
    click.secho(f"  │ To confirm: yes, or {proposal['code']}", fg="cyan")


def _say(text: str, choices: list[dict[str, Any]]) -> None:
    if text:
        click.echo(text)
    if choices:
        click.secho("  " + " · ".join(each["label"] for each in choices), dim=True)


async def _lines() -> AsyncGenerator[str]:
    """The lines that are typed, each after a prompt, until the input ends; not the blank ones."""
    typed = b""
    while True:
        click.secho("> ", nl=False, bold=True)
        while b"\n" not in typed:
            more = await _read()
            typed += more or b"\n"
            if not more and typed == b"\n":
                return
        line, _, typed = typed.partition(b"\n")
        if text := line.decode(errors="replace").strip():
            yield text


async def _read() -> bytes:
    """What comes next on standard input. No thread waits for it: Ctrl-C could not end that."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(sys.stdin, ready.set)
    except PermissionError:
        return os.read(sys.stdin.fileno(), 65536)  # a file is always ready
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sys.stdin)
    return os.read(sys.stdin.fileno(), 65536)

"""Our side of the conversation as the simulated customer sees it: HTTP in, the simulator's terms out."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx2

from tests.customers import Customer, Json
from tests.scenarios.stage import Stage

Reply = dict[str, Any]


class Bot:
    """One conversation. The simulator is plain blocking code: it runs in a thread and the requests it causes run
    in `loop`. With `structured=False` it gets the words and the confirm card alone. `errors` are answers that were
    none, `bookings` what was stored when it was last looked at."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, stage: Stage, customer: Customer, *, structured: bool = True
    ) -> None:
        self._loop = loop
        self._stage = stage
        self._customer = customer
        self._structured = structured
        self._proposal: Json | None = None
        self.errors: list[str] = []
        self.bookings: list[dict[str, Any]] = []

    def start(self, _: Any) -> dict[str, Any]:
        self._wait(self._customer.start())
        return self.snapshot()

    def send(self, text: str, _: Any) -> Reply:
        """What the simulator means by `text` is not looked at."""
        return self._reply(self._wait(self._customer.try_say(text)))

    def confirm(self) -> Reply:
        assert self._proposal is not None
        return self._reply(self._wait(self._customer.try_confirm(self._proposal)))

    def snapshot(self) -> dict[str, Any]:
        taken = self._wait(self._stage.snapshot())
        self.bookings = taken["bookings"]
        return taken

    def _wait(self, request: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(request, self._loop).result()

    def _reply(self, answer: httpx2.Response) -> Reply:
        done: Json = answer.json()
        if answer.status_code != 200:
            self.errors.append(f"{answer.status_code} {done['error']}")
            done |= {"expects": []}
        self._proposal = done.get("proposal")
        refused: Json = done.get("availability") or {"available": True, "alternatives": []}
        return {
            "text": done["message"],
            "expects": done["expects"] if self._structured else None,
            "unavailable": not refused["available"] if self._structured else None,
            "alternatives": [_moment(each) for each in refused["alternatives"]],
            "proposal": _proposal(self._proposal),
            "fallback": done.get("fallback", False),
        }


def _moment(slot: Json) -> dict[str, Any]:
    return {"date": slot["date"], "time": slot["time"]}


def _proposal(proposal: Json | None) -> dict[str, Any] | None:
    if proposal is None:
        return None
    preview = proposal["preview"]
    return {
        "id": proposal["proposalId"],
        "operation": proposal["operation"],
        "service": preview["service"],
        "date": preview["date"],
        "time": preview["time"],
        "code": preview.get("code"),
    }

"""What the model is given for one booking made by chat, beside the plainest loop, which sends all of it anew each time.

The provider is a local one that speaks Claude's protocol, and counts as the real one does: what begins with the same
blocks up to a breakpoint that it has seen is read from its cache, if it is long enough.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from meter import table
from stage import database, handled, open_studio

from handled.usage.prices import cost_micros

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.customers import Customer
from tests.twins.claude import ClaudeTwin
from tests.twins.scripts import Reply, Used, calls, says

BYTES_PER_TOKEN = 4
# The shortest beginning that the provider keeps, by model.
SHORTEST = {"claude-haiku-4-5": 4096, "claude-sonnet-4-5": 1024}
# So many blocks before a breakpoint are looked at.
LOOK_BACK = 20
NOW = "2026-03-02T09:00:00+01:00"

# Three answers of the front desk until the card is there, six calls; the button costs none.
SAID = ("Hello, what does a haircut cost, and is there parking?", "Tomorrow at 3pm?", "Ana Perez, ana@example.com")
REPLIES = (
    says(calls("list_services"), calls("answer_faq", {"question": "Is there parking?"})),
    says("A haircut is €35.00 and takes half an hour. There is free parking behind the studio. When would suit you?"),
    says(calls("find_slots", {"service": "haircut", "when": "Tomorrow at 3pm"})),
    says("Tuesday, 3 March at 3:00 pm is free. May I have your name and email?"),
    says(
        calls(
            "propose_booking",
            {"service": "haircut", "start": "2026-03-03T15:00", "name": "Ana Perez", "email": "ana@example.com"},
        )
    ),
    says("Here it is: a haircut on Tuesday at 3:00 pm, €35.00. Shall I book it?"),
)

Json = dict[str, Any]


@dataclass
class CountingTwin(ClaudeTwin):
    """Counts what it is sent. `seen` are the beginnings that it keeps."""

    shortest: int = 1024
    seen: set[str] = field(default_factory=set)
    counted: list[Used] = field(default_factory=list)

    def frames(self, reply: Reply, body: Json, number: int) -> Iterator[bytes]:
        out = sum(len(str(block)) for block in reply.blocks) // BYTES_PER_TOKEN
        used = self._count(body, out)
        self.counted.append(used)
        return super().frames(reply.but(used=used), body, number)

    def _count(self, body: Json, out: int) -> Used:
        blocks = list(_blocks(body))
        beginnings, marks, tokens = [""], [0], [0]
        for at, (written, is_marked) in enumerate(blocks, 1):
            beginnings.append(beginnings[-1] + written)
            tokens.append(tokens[-1] + math.ceil(len(written.encode()) / BYTES_PER_TOKEN))
            marks += [at] if is_marked else []
        looked_at = {at for mark in marks for at in range(max(0, mark - LOOK_BACK), mark + 1)}
        read = max(at for at in looked_at if at == 0 or beginnings[at] in self.seen)
        kept = max((mark for mark in marks if tokens[mark] >= self.shortest), default=0)
        self.seen |= {beginnings[mark] for mark in marks if tokens[mark] >= self.shortest}
        written = max(0, tokens[kept] - tokens[read])
        return Used(fresh=tokens[-1] - tokens[read] - written, read=tokens[read], written=written, out=out)


def _blocks(body: Json) -> Iterator[tuple[str, bool]]:
    """Everything that the model reads, in its order, and whether a breakpoint follows."""
    blocks = [*body["tools"], *body["system"]]
    blocks += [{"role": each["role"], **block} for each in body["messages"] for block in each["content"]]
    for at, block in enumerate(blocks, 1):
        plain = {name: value for name, value in block.items() if name != "cache_control"}
        is_last = at == len(blocks) and "cache_control" in body
        yield json.dumps(plain, sort_keys=True), is_last or "cache_control" in block


async def _book(port: int, key: str, twin: CountingTwin) -> None:
    twin.will(*REPLIES)
    async with Customer.of(f"http://127.0.0.1:{port}", key) as customer:
        await customer.start()
        *_, done = [await customer.say(message) for message in SAID]
        receipt = await customer.confirm(done["proposal"])
        assert receipt["booking"]["status"] == "confirmed", receipt


async def _measure(model: str) -> list[Used]:
    async with CountingTwin.running() as twin:
        twin.shortest = SHORTEST[model]
        await asyncio.to_thread(_with_everything, model, twin, asyncio.get_running_loop())
        assert not twin.complaints, twin.complaints
        return twin.counted


def _with_everything(model: str, twin: CountingTwin, loop: asyncio.AbstractEventLoop) -> None:
    settings = {
        "HANDLED_MODEL": f"anthropic:{model}",
        "HANDLED_MODEL_BASE_URL": twin.url,
        "ANTHROPIC_API_KEY": "none",
        "HANDLED_NOW": NOW,
    }
    with ExitStack() as stack:
        cluster = stack.enter_context(database(durable=False))
        studio = open_studio(cluster)
        us = stack.enter_context(handled(cluster, **settings))
        asyncio.run_coroutine_threadsafe(_book(us.port, studio.key, twin), loop).result(120)


def _sum(every: list[Used], name: str) -> int:
    return sum(getattr(each, name) for each in every)


def _cents(model: str, fresh: int, read: int, written: int, out: int) -> float:
    """US cents."""
    micros = cost_micros(
        f"anthropic:{model}",
        input_tokens=fresh + read + written,
        output_tokens=out,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )
    return (micros or 0) / 10_000


def main() -> str:
    """Markdown: tokens into the model for one booking, by kind, and what they cost, for two models."""
    parts: list[str] = []
    for model in SHORTEST:
        every = asyncio.run(_measure(model))
        fresh, read, written = (_sum(every, name) for name in ("fresh", "read", "written"))
        whole = fresh + read + written
        plain, ours = _cents(model, whole, 0, 0, 0), _cents(model, fresh, read, written, 0)
        rows = [
            ["tokens in, sent", f"{whole:,}", f"{whole:,}"],
            ["at the full price", f"{whole:,}", f"{fresh:,}"],
            ["written to the cache", "0", f"{written:,}"],
            ["read from the cache", "0", f"{read:,}"],
            ["cost of the input, US cents", f"{plain:.2f} (1.00)", f"{ours:.2f} ({ours / plain:.2f})"],
        ]
        head = [f"{model}, {len(every)} calls for a booking", "everything anew", "handled"]
        parts.append(table(head, rows))
    shortest = ", ".join(f"{model}: {tokens:,}" for model, tokens in SHORTEST.items())
    note = f"Four bytes are counted as one token. A shorter beginning is not kept ({shortest}). In brackets: the ratio."
    return "\n\n".join([*parts, note])

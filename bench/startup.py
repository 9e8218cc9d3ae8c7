"""From the start of the process to the open port (first answer of /health) and to the first answer that needs the
whole application and its database (/ready), beside uvicorn with nothing to serve."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from meter import cpu_seconds, resident_mib, table
from stage import Server, database, handled, open_studio, server, uvicorn, wait_until_it_answers

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
BARE = """
async def app(scope, receive, send):
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})
"""
IDLE_SECONDS = 3
_ROWS = ("first answer, s", "CPU until then, s", "resident then, MiB", "GET /ready, s", "CPU until then, s")


def main() -> str:
    """Markdown: seconds until the port answers, CPU until then, memory then and a little later."""
    with database(durable=False) as cluster, tempfile.TemporaryDirectory() as folder:
        Path(folder, "bare.py").write_text(BARE)
        open_studio(cluster)
        model = {"HANDLED_MODEL": "anthropic:fake", "ANTHROPIC_API_KEY": "none"}
        bare = [*uvicorn("bare:app"), "--app-dir", folder]
        starts: dict[str, Callable[[], AbstractContextManager[Server]]] = {
            "raw uvicorn": lambda: server(bare, "/health"),
            "handled serve": lambda: handled(cluster, **model),
        }
        measured: dict[str, list[tuple[float, ...]]] = {name: [] for name in starts}
        for _ in range(ROUNDS):
            for name, start in starts.items():
                with start() as running:
                    used, mib = cpu_seconds(running.pid), resident_mib(running.pid)
                    begun = time.perf_counter()
                    wait_until_it_answers(running.port, "/ready")
                    ready = running.seconds + time.perf_counter() - begun
                    measured[name].append((running.seconds, used, mib, ready, cpu_seconds(running.pid)))
                print(f"  {name}: {running.seconds:.2f} s, ready {ready:.2f} s", file=sys.stderr)
        ready_mib = _when_the_agent_is_loaded(starts["handled serve"])
    rows = [
        [
            what,
            *(
                _cell([each[n] for each in measured[name]], [each[n] for each in measured["raw uvicorn"]])
                for name in starts
            ),
        ]
        for n, what in enumerate(_ROWS)
    ]
    return (
        f"Until GET /health answers 200 and then GET /ready, median of {ROUNDS} starts each, taking turns.\n\n"
        f"{table(['', *starts], rows)}\n\n"
        f"In brackets: the ratio to raw uvicorn. Requests that come before the application is loaded wait for it."
        f" With the model's libraries loaded behind the open port:"
        f" {ready_mib:.0f} MiB."
    )


def _when_the_agent_is_loaded(start: Callable[[], AbstractContextManager[Server]]) -> float:
    with start() as running:
        used = -1.0
        while cpu_seconds(running.pid) - used > 0.1:  # idle again
            used = cpu_seconds(running.pid)
            time.sleep(IDLE_SECONDS)
        return resident_mib(running.pid)


def _cell(values: list[float], base: list[float]) -> str:
    value = statistics.median(values)
    return f"{value:.2f} ({value / statistics.median(base):.1f})"


if __name__ == "__main__":
    print(main())

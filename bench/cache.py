"""What a turn costs with a cold and a warm business context, and what Redis adds to it: up, hung and down."""

from __future__ import annotations

import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
from meter import quantile, table
from stage import database, execute, free_port, handled, open_studio

sys.path.insert(0, str(Path(__file__).parent.parent))

from handled.db.embedded import EmbeddedPostgres
from tests.redis_server import redis_running

TURNS, ROUNDS = 40, 4
_CHANGE = "update tenants set version = version + 1, updated_at = clock_timestamp()"


class Page:
    """A conversation at one server, one request after the other."""

    def __init__(self, port: int, key: str) -> None:
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{port}/v1/public", timeout=60)
        self.http.headers["X-Tenant-Key"] = key

    def begin(self) -> None:
        started = self.http.post("/chat/session", json={}).json()
        self.http.headers["X-Session-Token"] = started["sessionToken"]
        self.session = started["sessionId"]

    def turn(self) -> float:
        """Milliseconds until a question of the business is answered."""
        begun = time.perf_counter()
        answer = self.http.post("/chat/message", json={"sessionId": self.session, "message": "is there parking?"})
        assert answer.status_code == 200, answer.text
        return (time.perf_counter() - begun) * 1e3


class Statements:
    """How many statements PostgreSQL has been asked, by its own log."""

    def __init__(self, cluster: EmbeddedPostgres) -> None:
        self._log = cluster.log
        execute(cluster, "alter system set log_statement = 'all'")
        execute(cluster, "select pg_reload_conf()")
        time.sleep(0.5)

    def __call__(self) -> int:
        lines = self._log.read_text(errors="replace").splitlines()
        asked = (line for line in lines if "LOG:  statement: " in line or "LOG:  execute " in line)
        return sum(not any(word in line for word in (_CHANGE, "BEGIN", "COMMIT", "ROLLBACK")) for line in asked)


@contextmanager
def hung() -> Iterator[str]:
    """Takes connections, and answers nobody."""
    with socket.create_server(("127.0.0.1", 0), backlog=500) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def context(cluster: EmbeddedPostgres, first: Page, second: Page, alone: Page) -> str:
    """`first` and `second` share a Redis, `alone` has none."""
    count = Statements(cluster)
    rows: list[list[str]] = []

    def measure(name: str, page: Page, *, changed: bool, before: Page | None = None) -> None:
        page.begin()
        took: list[float] = []
        asked = 0
        for _ in range(TURNS // 2):
            if changed:
                execute(cluster, _CHANGE)
            if before is not None:
                before.begin()
            already = count()
            took.append(page.turn())
            asked += count() - already
            page.begin()
        rows.append([name, f"{statistics.median(took):.1f}", f"{quantile(took, 0.95):.1f}", f"{asked / len(took):.1f}"])

    for page in (first, second, alone):
        page.begin()
        page.turn()
    measure("warm: in the process", alone, changed=False)
    measure("cold: loaded from PostgreSQL", alone, changed=True)
    measure("cold: loaded, and kept in Redis", first, changed=True)
    measure("cold: another process has put it into Redis", second, changed=True, before=first)
    execute(cluster, "alter system reset log_statement")
    execute(cluster, "select pg_reload_conf()")
    return table(("business context", "turn, ms (median)", "95 %", "statements a turn"), rows)


def added(pages: dict[str, Page]) -> str:
    """The same turn at servers with different fortunes, taking turns."""
    for page in pages.values():
        page.begin()
        for _ in range(8):  # whatever is loaded or found out with the first ones
            page.turn()
    took: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(ROUNDS * TURNS):
        for name, page in pages.items():
            if number % 10 == 0:  # a long conversation is another matter
                page.begin()
            took[name].append(page.turn())
    base = statistics.median(took["none configured"])
    rows = [
        [
            name,
            f"{quantile(each, 0.1):.1f}",
            f"{statistics.median(each):.1f}",
            f"{statistics.median(each) - base:+.1f}",
            f"{quantile(each, 0.95):.1f}",
            f"{max(each):.0f}",
        ]
        for name, each in took.items()
    ]
    return table(("Redis", "turn, ms (10 %)", "median", "added", "95 %", "slowest"), rows)


def main() -> str:
    """Markdown: both tables."""
    with ExitStack() as stack:
        cluster = stack.enter_context(database(durable=False))
        studio = open_studio(cluster)
        redis = stack.enter_context(redis_running())
        urls = {"none configured": "", "up": redis.url, "hung": stack.enter_context(hung())}
        urls["down"] = f"redis://127.0.0.1:{free_port()}/0"
        quiet = {"HANDLED_WORKER": "false"}
        pages: dict[str, Page] = {}
        for name, url in urls.items():
            server = stack.enter_context(handled(cluster, REDIS_URL=url, **quiet))
            pages[name] = Page(server.port, studio.key)
        latency = added(pages)
        other = Page(stack.enter_context(handled(cluster, REDIS_URL=redis.url, **quiet)).port, studio.key)
        other.begin()
        loading = context(cluster, pages["up"], other, pages["none configured"])
    return (
        f"One question that the business answers, by the guided model, one request after the other; one process each."
        f" Statements without begin and commit, counted in PostgreSQL's log.\n\n{loading}\n\n{latency}"
    )


if __name__ == "__main__":
    print(main())

"""What really happened at the local Stripe, kept outside of the application: an append-only list, and a file if
wanted, one JSON object a line. And the clock it happens by."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from handled.kit import clock

Json = dict[str, Any]


class Clock:
    """Follows the application's clock (of this process) until a test moves it."""

    def __init__(self, base: Callable[[], datetime] = clock.now) -> None:
        self._base = base
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        return self._base() + self._ahead

    def seconds(self) -> int:
        return int(self.now().timestamp())

    def advance(self, by: timedelta) -> None:
        self._ahead += by

    def set(self, moment: datetime) -> None:
        self._ahead = moment - self._base()


class Ledger:
    """Every effect, in the order in which they took place: `{"at", "effect", …}`."""

    def __init__(self, now: Callable[[], datetime], file: Path | None = None) -> None:
        self._now = now
        self._file = file
        self.entries: list[Json] = []

    def write(self, effect: str, **about: Any) -> None:
        entry = {"at": self._now().isoformat(), "effect": effect, **about}
        self.entries.append(entry)
        if self._file is not None:
            with self._file.open("a") as file:
                file.write(json.dumps(entry) + "\n")

    def of(self, *effects: str) -> list[Json]:
        """Those of these kinds."""
        return [entry for entry in self.entries if entry["effect"] in effects]


def read_ledger(file: Path) -> list[Json]:
    """A ledger's file, as written so far."""
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

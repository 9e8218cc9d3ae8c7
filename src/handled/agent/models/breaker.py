"""Keeping turns away from a provider that is down."""

from __future__ import annotations

from dataclasses import dataclass

from handled.kit import clock


@dataclass(slots=True)
class Breaker:
    """Opens after so many failures in a row; after the cool-down one turn may try again."""

    failures_to_open: int = 3
    cooldown_seconds: float = 30.0
    failures: int = 0
    open_until: float = 0.0

    def allows(self) -> bool:
        return clock.monotonic() >= self.open_until

    def succeeded(self) -> None:
        self.failures = 0

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= self.failures_to_open:
            self.open_until = clock.monotonic() + self.cooldown_seconds
            self.failures = self.failures_to_open - 1

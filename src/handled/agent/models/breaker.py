"""Keeping turns away from a provider that is down."""

from __future__ import annotations

from dataclasses import dataclass

from handled.kit import clock


@dataclass(slots=True)
class Breaker:
    """Opens after so many failures in a row. After the cool-down one turn may try the provider, while the others
    stay away until that one has said how it went, or has not been heard of for `trial_seconds`. The cool-down is short:
    a provider that is well again is used again within five seconds, and one turn waits for one that is not."""

    failures_to_open: int = 3
    cooldown_seconds: float = 4.0
    trial_seconds: float = 30.0
    failures: int = 0
    open_until: float | None = None

    def allows(self) -> bool:
        """Whether this turn may use the provider; whoever may says with `succeeded` or `failed` how it went, or with
        `unused` that it did not."""
        if self.open_until is None:
            return True
        if clock.monotonic() < self.open_until:
            return False
        self.open_until = clock.monotonic() + self.trial_seconds
        return True

    def succeeded(self) -> None:
        self.failures = 0
        self.open_until = None

    def unused(self) -> None:
        """The next turn may try in its place."""
        if self.open_until is not None:
            self.open_until = clock.monotonic()

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= self.failures_to_open:
            self.open_until = clock.monotonic() + self.cooldown_seconds

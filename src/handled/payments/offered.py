"""Whether this installation can take money at all. Set once by the roots."""

from __future__ import annotations

_offered = True


def set_offered(*, offered: bool) -> None:
    """Say whether there is a gateway. Without one, what has to be paid in advance is refused before it is held."""
    global _offered  # noqa: PLW0603  one installation, one gateway
    _offered = offered


def is_offered() -> bool:
    return _offered

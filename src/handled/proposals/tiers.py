"""Trust tiers: how much of the customer's own act an action needs.

T1 runs at once, T2 when the customer agrees in so many words, T3 only by the customer's own act on the preview
just shown. A tenant may raise an action's tier, never lower it.
"""

from __future__ import annotations

from typing import Literal

Tier = Literal["T1", "T2", "T3"]

TIERS: dict[str, Tier] = {"book": "T3", "reschedule": "T3", "cancel": "T3"}


def tier_of(action: str, raised_to: Tier | None = None) -> Tier:
    """The tier of an action in a tenant that may have raised it. Unknown actions get the highest."""
    return max(TIERS.get(action, "T3"), raised_to or "T1")

"""What a turn shows beside its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Shown:
    """Cards and the proposal that tools have made, in wire form. `take_events` hands out what is new."""

    cards: list[dict[str, Any]] = field(default_factory=list)
    availability: dict[str, Any] | None = None
    proposal: dict[str, Any] | None = None
    _new: list[dict[str, Any]] = field(default_factory=list)

    def add_card(self, card: dict[str, Any]) -> None:
        """Show a card; one of the same kind from earlier in the turn is outdated by it."""
        self.cards = [each for each in self.cards if each["kind"] != card["kind"]]
        self.cards.append(card)
        self._new.append({"type": "cards", "cards": [card]})

    def set_proposal(self, proposal: dict[str, Any]) -> None:
        self.proposal = proposal
        self._new.append({"type": "proposal", "proposal": proposal})

    def take_events(self) -> list[dict[str, Any]]:
        new, self._new = self._new, []
        return new

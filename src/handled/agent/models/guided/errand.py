"""What is known about the customer's own bookings while one of them is looked for, cancelled or moved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .dates import When
from .history import Json
from .understand import Reading

ERRANDS = ("find", "cancel", "move")


@dataclass(frozen=True)
class Done:
    """A booking made in this conversation; `held` while its time waits for the payment."""

    service: str | None = None
    when: When = field(default_factory=When)
    code: str = ""
    held: bool = False


@dataclass(frozen=True)
class Errand:
    """`booking` is the one meant, as the server shows it; `among` those of which one has to be chosen, `other` says
    that it is none of those known so far. `digits` are those of a one-time code just told, `sent_to` the address one
    was asked for, `proven` says that one was right.

    `made` are the bookings of this conversation, `tried` the pairs of code and address that led to nothing, `wishes`
    what was said before the booking was known. `trouble` and `refused` are the server's words of this turn.
    """

    code: str | None = None
    digits: str | None = None
    sent_to: str = ""
    proven: bool = False
    needs_proof: bool = False
    booking: Json | None = None
    other: bool = False
    among: tuple[Json, ...] = ()
    made: tuple[Done, ...] = ()
    tried: tuple[tuple[str, str], ...] = ()
    misses: int = 0
    missed_now: bool = False
    none_coming: bool = False
    wishes: tuple[Reading, ...] = ()
    trouble: str = ""
    refused: Json | None = None

    def made_here(self, code: str | None) -> bool:
        return any(each.code == code for each in self.made)

    def afresh(self) -> Errand:
        """At the beginning of a turn."""
        return replace(self, digits=None, missed_now=False, none_coming=False, trouble="", refused=None)

    def over(self) -> Errand:
        """Once it has come to its end: what was proven and what was made here stays."""
        return Errand(proven=self.proven, made=self.made, among=self.among)

"""Conversations of the demo's past, as rows of their tables."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from handled.catalog.business import Business
from handled.cli.demo_words import COMMENTS, FIRST_NAMES
from handled.kit import ids
from handled.tables import Base, Conversation, Message, Rating, Thumb, Turn, UsageRecord
from handled.usage.prices import cost_micros

MODEL = "anthropic:claude-haiku-4-5"
STANDS_IN = "guided:guided"
_SILENCE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody made up."""

    name: str
    email: str


PEOPLE = tuple(Person(f"Demo {first}", f"{first.lower()}.demo@example.com") for first in FIRST_NAMES)

Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass
class Past:
    """What is being made up for one business: nothing in it is later than `until`. The same `dice` give the same."""

    business: Business
    until: datetime
    dice: Random
    staff_name: str
    rows: Rows = field(default_factory=dict[type[Base], list[dict[str, Any]]])
    endings: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def add(self, table: type[Base], **values: Any) -> UUID:
        """One more row. Rows of one table have the same columns."""
        row_id = ids.new_id()
        self.rows.setdefault(table, []).append({"tenant_id": self.business.id, "id": row_id, **values})
        return row_id

    def pick(self, choices: Sequence[Any]) -> Any:
        return self.dice.choice(choices)


@dataclass
class Talk:
    """A conversation while it is being written down; `at` is when the last thing was said."""

    past: Past
    person: Person
    at: datetime
    id: UUID = field(default_factory=ids.new_id)
    said: int = 0
    asked: UUID = field(default_factory=ids.new_id)
    replies: list[UUID] = field(default_factory=list[UUID])
    email: str | None = None

    def __post_init__(self) -> None:
        self.began = self.at

    def says(self, content: str) -> None:
        """The customer says something."""
        self.asked = self._message("customer", content, 15, 70)

    def told(self, content: str, *, model: str | None = MODEL, **facts: Any) -> None:
        """The agent answers it. `facts` are what is noted of a turn."""
        dice, asked_at = self.past.dice, self.at
        degraded = model == MODEL and dice.random() < 0.03
        spoke = STANDS_IN if degraded else model
        wait = max(180, min(9000, round(dice.lognormvariate(6.7, 0.45))))
        reply = self._message("agent", content, 2, 6)
        self.replies.append(reply)
        noted: dict[str, Any] = {"gave_answer": False, "is_unanswered": False, "said_goodbye": False, "service": None}
        noted |= {"saw_times": False, "missed_date": None, "missed_time": None, "missed_reason": None}
        turn = self.past.add(
            Turn,
            conversation_id=self.id,
            message_id=self.asked,
            reply_id=reply,
            status="done",
            started_at=asked_at,
            finished_at=self.at,
            created_at=asked_at,
            model=spoke,
            is_degraded=degraded,
            first_text_ms=wait,
            **(noted | facts),
        )
        if spoke == MODEL:
            self._used(turn, wait)

    def by_staff(self, content: str, after: timedelta) -> None:
        """A person of the business takes over and answers."""
        name = self.past.staff_name
        self.at += after
        self._message("system", "", 1, 5, steps=[{"event": {"event": "taken_over", "by": name}}])
        self._message("staff", content, 20, 60, shown={"name": name})

    def end(self, by: str = "silence") -> None:
        """It is over. With somebody silent, that takes a while to notice."""
        ended = self.at + (_SILENCE if by == "silence" else timedelta(seconds=30))
        self._close()
        moment = min(ended, self.past.until)
        self.past.endings.append({"of_tenant": self.past.business.id, "of_talk": self.id, "at": moment, "how": by})

    def leave_open(self) -> None:
        """It goes on."""
        self._close(read=0)

    def rate(self, weights: Sequence[int]) -> None:
        """Stars, from 1 to 5 as likely as the `weights` say."""
        stars = self.past.dice.choices((1, 2, 3, 4, 5), weights)[0]
        given = min(self.at + timedelta(minutes=2), self.past.until)
        self.past.add(
            Rating,
            conversation_id=self.id,
            booking_id=None,
            rating=stars,
            comment=self.past.pick(COMMENTS[stars]),
            created_at=given,
            updated_at=given,
        )

    def thumb(self, *, up: bool) -> None:
        """For the last reply."""
        row = {"message_id": self.replies[-1], "is_up": up, "comment": None, "created_at": self.at}
        self.past.add(Thumb, conversation_id=self.id, updated_at=self.at, **row)

    def _close(self, read: int | None = None) -> None:
        self.past.rows.setdefault(Conversation, []).append(
            {
                "tenant_id": self.past.business.id,
                "id": self.id,
                # Of no token that there is: nobody can go on with it.
                "token_hash": hashlib.sha256(self.id.bytes).digest(),
                "channel": "web",
                "locale": self.past.business.locale,
                "timezone": self.past.business.timezone,
                "client": self.id.bytes,
                "last_message": self.said,
                "last_activity_at": self.at,
                "staff_read": self.said if read is None else read,
                "verified_email": self.email,
                "verified_at": self.at if self.email else None,
                "created_at": self.began,
            }
        )

    def _message(self, role: str, content: str, least: int, most: int, **more: Any) -> UUID:
        self.said += 1
        self.at += timedelta(seconds=self.past.dice.randint(least, most))
        given: dict[str, Any] = {"steps": [], "shown": {}, **more}
        return self.past.add(
            Message,
            conversation_id=self.id,
            position=self.said,
            role=role,
            content=content,
            created_at=self.at,
            **given,
        )

    def _used(self, turn: UUID, wait: int) -> None:
        dice = self.past.dice
        # Rounded, as many calls of one size are priced once.
        used = {
            "input_tokens": dice.randrange(2400, 5200, 200),
            "output_tokens": dice.randrange(40, 200, 20),
            "cache_read_tokens": 2000,
            "cache_write_tokens": 0,
        }
        self.past.add(
            UsageRecord,
            conversation_id=self.id,
            turn_id=turn,
            model=MODEL,
            outcome="ok",
            cost_micros=cost_micros(MODEL, **used),
            duration_ms=wait + dice.randint(300, 2500),
            first_token_ms=wait,
            created_at=self.at,
            **used,
        )

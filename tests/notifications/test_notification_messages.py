"""Notifications on their way through a JSON column."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from handled.notifications.letters import LETTERS
from handled.notifications.messages import (
    BookingConfirmed,
    BookingFacts,
    Invite,
    NewBooking,
    Notification,
    from_json,
    to_json,
)


@pytest.mark.parametrize(
    "make",
    [
        lambda booking: BookingConfirmed(booking),
        lambda booking: BookingConfirmed(booking, Invite("REQUEST", "BEGIN\r\n"), "https://handled.example/m/x"),
        lambda booking: NewBooking(booking, Invite("PUBLISH", "BEGIN\r\n"), "Chat", "https://handled.example/d"),
        lambda booking: NewBooking(replace(booking, notes=None, answers=(), policy_lines=(), discreet=True)),
    ],
)
def test_a_notification_comes_back_from_json_as_it_went_in(
    make: Callable[[BookingFacts], Notification], booking: BookingFacts
) -> None:
    notification = make(booking)
    data = json.loads(json.dumps(to_json(notification)))
    assert from_json(data) == notification
    assert data["kind"] == notification.kind


def test_the_moment_survives_with_its_offset(booking: BookingFacts) -> None:
    again = from_json(to_json(BookingConfirmed(booking)))
    assert again.booking.starts_at.isoformat() == "2026-03-03T11:00:00-08:00"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data | {"kind": "party_invitation"},
        lambda data: {key: value for key, value in data.items() if key != "kind"},
        lambda data: data | {"booking": {}},
        lambda data: data | {"booking": data["booking"] | {"starts_at": "2026-03-03T11:00:00"}},
    ],
)
def test_anything_else_is_refused(spoil: Callable[[dict[str, Any]], dict[str, Any]], booking: BookingFacts) -> None:
    with pytest.raises(ValidationError):
        from_json(spoil(to_json(BookingConfirmed(booking))))


def test_every_kind_of_notification_has_its_letter() -> None:
    kinds = {kind.__dataclass_fields__["kind"].default for kind in (BookingConfirmed, NewBooking)}
    assert kinds == set(LETTERS)

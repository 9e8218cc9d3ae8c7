"""Notifications on their way through a JSON column."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from handled.notifications.facts import BookingFacts
from handled.notifications.letters import LETTERS
from handled.notifications.messages import (
    BookingConfirmed,
    NewBooking,
    Notification,
    OneTimeCode,
    forget,
    from_json,
    is_over,
    to_json,
)
from tests.notifications.every_kind import every_kind

KINDS = sorted(LETTERS)


def through_json(notification: Notification) -> Notification:
    return from_json(json.loads(json.dumps(to_json(notification))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_notification_comes_back_from_json_as_it_went_in(kind: str, booking: BookingFacts) -> None:
    notification = every_kind(booking)[kind]
    assert through_json(notification) == notification
    assert to_json(notification)["kind"] == kind


def test_what_is_not_known_comes_back_unknown(booking: BookingFacts) -> None:
    bare = NewBooking(replace(booking, notes=None, answers=(), policy_lines=(), discreet=True, manage_path=None))
    assert through_json(bare) == bare


def test_the_moment_survives_with_its_offset(booking: BookingFacts) -> None:
    again = through_json(BookingConfirmed(booking))
    assert isinstance(again, BookingConfirmed)
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


def test_every_kind_of_notification_has_its_letter_and_is_among_the_examples(booking: BookingFacts) -> None:
    kinds = {kind.__dataclass_fields__["kind"].default for kind in get_args(Notification)}
    assert kinds == set(LETTERS) == set(every_kind(booking))


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [("payment_awaited", 35), ("one_time_code", 10), ("login_link", 15), ("reminder", 47 * 60)],
)
def test_what_ceases_to_be_true_is_over_from_then_on(kind: str, minutes: int, booking: BookingFacts) -> None:
    notification = every_kind(booking)[kind]
    end = booking.changed_at + timedelta(minutes=minutes)
    assert not is_over(notification, end - timedelta(seconds=1))
    assert is_over(notification, end)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"payment_awaited", "one_time_code", "login_link", "reminder"}))
def test_what_happened_stays_true(kind: str, booking: BookingFacts) -> None:
    assert not is_over(every_kind(booking)[kind], booking.starts_at + timedelta(days=400))


def test_a_link_that_logs_in_does_not_outlive_its_mail(booking: BookingFacts) -> None:
    link = every_kind(booking)["login_link"]
    assert "logintoken" in json.dumps(to_json(link))
    assert "logintoken" not in json.dumps(to_json(forget(link)))


def test_a_code_does_not_outlive_its_mail(booking: BookingFacts) -> None:
    code = every_kind(booking)["one_time_code"]
    assert isinstance(code, OneTimeCode)
    assert "482193" not in json.dumps(to_json(forget(code)))
    confirmation = every_kind(booking)["booking_confirmed"]
    assert forget(confirmation) is confirmation

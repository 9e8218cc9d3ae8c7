"""Signed webhooks: `t=<unix seconds>,v1=<HMAC-SHA256 of "t.body" in hex>`, the scheme Stripe uses."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

import orjson

from handled.payments.gateways.base import GatewayEvent, SignatureInvalid

TOLERANCE = timedelta(minutes=5)
_LONGEST_HEADER = 4096


def sign(body: bytes, secret: str, at: datetime) -> str:
    """The header that goes with `body` at that moment."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_signature(stamp, body, secret)}"


def verified_event(body: bytes, header: str | None, secrets: Sequence[str], now: datetime) -> GatewayEvent:
    """The event in `body`. Raises SignatureInvalid unless one of `secrets` signed it within five minutes of `now`."""
    verify(body, header, secrets, now)
    try:
        return _event(orjson.loads(body))
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        raise SignatureInvalid("payload") from None


def verify(body: bytes, header: str | None, secrets: Sequence[str], now: datetime) -> None:
    """Raises SignatureInvalid unless one of `secrets` signed these very bytes within five minutes of `now`."""
    if not header:
        raise SignatureInvalid("missing")
    stamp, candidates = _parts(header)
    expected = [_signature(stamp, body, secret).encode() for secret in secrets if secret]
    # Whoever rolls a secret signs with the old and the new one for a while, each with a v1 of its own.
    if not _any_equal(expected, [each.encode("utf-8", "replace") for each in candidates]):
        raise SignatureInvalid("mismatch")
    # Only now: a forger learns nothing about the clock.
    age = now - datetime.fromtimestamp(int(stamp), UTC)
    if age > TOLERANCE:
        raise SignatureInvalid("stale")
    if age < -TOLERANCE:
        raise SignatureInvalid("future")


def _parts(header: str) -> tuple[str, list[str]]:
    if len(header) > _LONGEST_HEADER:
        raise SignatureInvalid("malformed")
    items = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in items if name == "t"]
    candidates = [value for name, _, value in items if name == "v1"]
    if len(stamps) != 1 or not re.fullmatch(r"[0-9]{1,11}", stamps[0]) or not candidates:
        raise SignatureInvalid("malformed")
    return stamps[0], candidates


def _any_equal(expected: Iterable[bytes], candidates: Sequence[bytes]) -> bool:
    found = False
    for one in expected:
        for other in candidates:
            found |= hmac.compare_digest(one, other)
    return found


def _signature(stamp: str, body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def _event(values: dict[str, Any]) -> GatewayEvent:
    about = values["data"]["object"]
    event = GatewayEvent(
        id=values["id"],
        type=values["type"],
        account=values.get("account"),
        livemode=values["livemode"],
        created_at=datetime.fromtimestamp(values["created"], UTC),
        object=cast("dict[str, Any]", about),
    )
    fits = (
        values.get("object") == "event"
        and isinstance(values["id"], str)
        and isinstance(values["type"], str)
        and isinstance(values.get("account"), str | None)
        and isinstance(values["livemode"], bool)
        and isinstance(about, dict)
    )
    if not fits:
        raise ValueError("not an event")
    return event

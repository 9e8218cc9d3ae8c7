"""Identifiers: time-ordered UUIDs (RFC 9562 version 7), so that new rows land at the end of their index."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh version-7 UUID: 48 bits of Unix milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def new_token(bytes_of_entropy: int = 24) -> str:
    """A URL-safe secret from the system's CSPRNG."""
    return secrets.token_urlsafe(bytes_of_entropy)

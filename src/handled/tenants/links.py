"""Signed links: whoever has one may do what its purpose says with the one thing that it names.

A token is `base64url(purpose · tenant id · subject id · MAC)`. The MAC is the first 16 bytes of HMAC-SHA-256 with the
tenant's `link_key`; who changes the key makes all links of the tenant worthless at once.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Purpose = Literal["manage", "pay", "rate", "refuse", "escalation"]

_LETTERS: dict[Purpose, bytes] = {"manage": b"m", "pay": b"p", "rate": b"r", "refuse": b"u", "escalation": b"e"}
_PURPOSES: dict[bytes, Purpose] = {letter: purpose for purpose, letter in _LETTERS.items()}
_MAC_BYTES = 16
_BYTES = 1 + 16 + 16 + _MAC_BYTES


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says; nothing of it is true before `is_genuine`. The subject is a booking's id, for `rate` and
    `refuse` also a conversation's, for `escalation` an escalation's."""

    purpose: Purpose
    tenant_id: UUID
    subject_id: UUID
    mac: bytes


def sign(link_key: bytes, tenant_id: UUID, subject_id: UUID, purpose: Purpose) -> str:
    """The token for a link: 66 characters that need no escaping in an address."""
    named = _LETTERS[purpose] + tenant_id.bytes + subject_id.bytes
    return base64.urlsafe_b64encode(named + _mac(link_key, named)).decode().rstrip("=")


def read(token: str) -> Link | None:
    """What the token names; None when it is none of ours by its shape."""
    try:
        data = base64.urlsafe_b64decode(token.encode("ascii") + b"==")
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    purpose = _PURPOSES.get(data[:1])
    if len(data) != _BYTES or purpose is None:
        return None
    return Link(purpose, UUID(bytes=data[1:17]), UUID(bytes=data[17:33]), data[33:])


def is_genuine(link: Link, link_key: bytes) -> bool:
    """Whether the tenant with this key has signed the link."""
    named = _LETTERS[link.purpose] + link.tenant_id.bytes + link.subject_id.bytes
    return hmac.compare_digest(link.mac, _mac(link_key, named))


def _mac(link_key: bytes, named: bytes) -> bytes:
    return hmac.digest(link_key, named, "sha256")[:_MAC_BYTES]

"""Where a page of a list ended: a moment and an id, as one opaque word."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from uuid import UUID

from handled.kit.errors import HandledError


def write_cursor(moment: datetime, row_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {row_id}".encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises HandledError `malformed` for what is no cursor of ours."""
    try:
        written, _, row_id = base64.b64decode(cursor, b"-_", validate=True).decode().partition(" ")
        moment = datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise ValueError
        return moment, UUID(row_id)
    except (ValueError, binascii.Error):
        problem = {"cursor": "give the `nextCursor` of the page before"}
        raise HandledError("malformed", "That request could not be understood.", 400, fields=problem) from None

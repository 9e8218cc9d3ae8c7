"""The one exception that may reach a client."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HandledError(Exception):
    """An error with a stable name, a sentence for a person and an HTTP status.

    `fields` maps a field's wire name to what is wrong with it; `extra` is merged into the answer's body.
    """

    def __init__(
        self,
        name: str,
        message: str,
        status: int = 422,
        *,
        fields: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.status = status
        self.fields = dict(fields or {})
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The wire form: `{"error", "message", "fields"?, …extra}`."""
        body: dict[str, Any] = {"error": self.name, "message": self.message, **self.extra}
        if self.fields:
            body["fields"] = self.fields
        return body

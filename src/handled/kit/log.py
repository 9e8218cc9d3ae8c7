"""Logs: one line each, whatever is in them."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import orjson

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)} | {9: " "}


class _OneLine(logging.Formatter):
    """Control characters are written out, so that nothing logged can forge a line or move the cursor."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).translate(_CONTROL | {10: " ⏎ "})


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()


def set_up(*, json: bool, level: int = logging.INFO) -> None:
    """Log to standard error, as JSON lines or for a person."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if json else _OneLine("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # One line per job, request and migration tells a person nothing.
    for name in ("procrastinate", "httpx", "httpx2", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)

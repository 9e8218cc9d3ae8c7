"""Logs: one line each, whatever is in them, and nothing of customers or keys.

What we log ourselves are ids and names of our own. What comes from elsewhere is not trusted with the rest: of an error
its type and where it happened are logged, never what it says, and addresses, keys and signed links are taken out of
every line.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from traceback import StackSummary, walk_tb
from types import TracebackType

import orjson

ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None]

# Control characters, and what some readers take for the end of a line.
_ODD = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: "\\u2028", 0x2029: "\\u2029"}
_FOR_A_PERSON = _ODD | {9: " ", 10: " ⏎ "}
_IN_JSON = {code: f"\\u{code:04x}" for code in (*range(127, 160), 0x2028, 0x2029)}

_SECRETS = (
    (re.compile(r"(?i)(/(?:b|pay|rate|refuse|escalation|dashboard/login|bookings)/)[\w.~%-]{16,}"), r"\1…"),
    (re.compile(r"(?i)(/[^\s\"'?]*)\?[^\s\"']+"), r"\1?…"),
    (re.compile(r"(?i)\b((?:sk|rk|whsec)[-_])[\w-]{6,}"), r"\1…"),
    (re.compile(r"(?i)\b(bearer\s+)\S+"), r"\1…"),
    (re.compile(r"[\w.+%'-]+(?::[^\s@/]*)?@[\w.-]+"), "…@…"),
)
# What an error says may be repeated in the line about it; shorter words are in every line.
_SHORTEST_SAYING = 4


class _OneLine(logging.Formatter):
    """For a person: control characters are written out, so that nothing logged can forge a line or move the cursor."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        message, trace = _message(record), _trace(record)
        head = logging.makeLogRecord({**record.__dict__, "msg": message, "args": None, "exc_info": None})
        head.exc_text = head.stack_info = None
        return "\n".join(filter(None, (super().format(head), trace))).translate(_FOR_A_PERSON)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if trace := _trace(record):
            line["exception"] = trace
        return orjson.dumps(line).decode().translate(_IN_JSON)


def set_up(*, json: bool, level: int = logging.INFO) -> None:
    """Log to standard error, as JSON lines or for a person. What nobody caught, and warnings, are logged as well."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if json else _OneLine())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    # One line per job, request and migration tells a person nothing.
    for name in ("procrastinate", "httpx", "httpx2", "alembic", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.WARNING)


def without_secrets(message: str) -> str:
    """`message` without addresses, keys, query strings and the tokens of signed links."""
    for pattern, instead in _SECRETS:
        message = pattern.sub(instead, message)
    return message


def described(error: BaseException) -> str:
    """An error with its causes, the first one first: types, and where it happened. What they say may be anything, a
    customer's words or a password, and is left out."""
    return "\n".join(_parts(error, set()))


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("handled").critical("stopped by an error", exc_info=(kind, error, trace))


def _message(record: logging.LogRecord) -> str:
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):
        message = str(record.msg)
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        for said in _sayings(record.exc_info[1]):
            message = message.replace(said, "…")
    # Half a character cannot be written as JSON.
    return without_secrets(message).encode("utf-8", "backslashreplace").decode()


def _trace(record: logging.LogRecord) -> str:
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        return described(record.exc_info[1]).encode("utf-8", "backslashreplace").decode()
    return ""


def _parts(error: BaseException, seen: set[int]) -> Iterator[str]:
    if id(error) in seen:
        return
    seen.add(id(error))
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _parts(cause, seen)
        yield "which led to"
    yield f"{type(error).__module__}.{type(error).__qualname__}{_number(error)}"
    yield "".join(StackSummary.extract(walk_tb(error.__traceback__)).format()).rstrip()
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:  # pyright: ignore[reportUnknownVariableType]
            yield "one of them"
            yield from _parts(each, seen)  # pyright: ignore[reportUnknownArgumentType]


def _number(error: BaseException) -> str:
    """What there is of a reason that nobody wrote: the state that a database names, or the system's number."""
    state = getattr(error, "sqlstate", None) or getattr(getattr(error, "orig", None), "sqlstate", None)
    number = error.errno if isinstance(error, OSError) else None
    return "".join(f" ({each})" for each in (state, number) if each is not None)


def _sayings(error: BaseException) -> Iterator[str]:
    """What the error and its causes say, in the forms in which a library repeats it: the longest first."""
    said: set[str] = set()
    each: BaseException | None = error
    while each is not None and len(said) < 20:
        said |= {repr(each), str(each), *(str(part) for part in each.args)}
        each = each.__cause__ or each.__context__
    yield from sorted((text for text in said if len(text) >= _SHORTEST_SAYING), key=len, reverse=True)

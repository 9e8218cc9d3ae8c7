"""Logs: one line each, whatever is in them, and nothing of customers or keys."""

from __future__ import annotations

import io
import json
import logging
import random
import sys
from collections.abc import Callable, Iterator

import pytest
from pydantic import BaseModel

from handled.kit.log import set_up

# In two parts: a trace shows the lines of the source.
SAID = "zephy" + "rine"
ODD = [
    "\r\n",
    "\n",
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\x9b31m",
    "\u2028",
    "\u2029",
    "\x85",
    "\x00",
    "\x7f",
    "\ud800",
    '"}',
    "\\",
    "%s",
]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """Set logging up; what was written since, line by line as the strictest reader sees lines."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = list(root.handlers), root.level
    target = io.StringIO()

    def lines(*, json: bool = True, log: Callable[[], object]) -> list[str]:
        monkeypatch.setattr(sys, "stderr", target)
        set_up(json=json)
        log()
        return target.getvalue().splitlines()

    yield lines
    logging.captureWarnings(capture=False)
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


@pytest.mark.parametrize("as_json", [True, False])
def test_five_hundred_hostile_strings_are_five_hundred_lines(written: Callable[..., list[str]], as_json: bool) -> None:
    dice = random.Random(15)
    hostile = ["".join(dice.choices([*ODD, "a", "level=error ", '{"level":"error"}'], k=8)) for _ in range(500)]

    def log() -> None:
        for each in hostile:
            logging.getLogger("handled.test").warning("said %s", each)

    lines = written(json=as_json, log=log)
    assert len(lines) == 500
    assert all(line.isprintable() for line in lines)
    if as_json:
        assert all(set(json.loads(line)) == {"at", "level", "logger", "message"} for line in lines)


class Typed(BaseModel):
    age: int


def _fails_in_pydantic() -> None:
    Typed.model_validate({"age": SAID})


def _fails_with_a_cause() -> None:
    try:
        raise ValueError(SAID)
    except ValueError as error:
        raise RuntimeError(f"it was {SAID}") from error


def _fails_in_a_group() -> None:
    raise ExceptionGroup(SAID, [KeyError(SAID), OSError(5, SAID)])


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        (_fails_in_pydantic, "ValidationError"),
        (_fails_with_a_cause, "RuntimeError"),
        (_fails_in_a_group, "ExceptionGroup"),
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_of_an_error_its_type_and_place_are_logged_and_not_what_it_says(
    written: Callable[..., list[str]], fail: Callable[[], None], kind: str, as_json: bool
) -> None:
    def log() -> None:
        try:
            fail()
        except Exception as error:
            # As the event loop does: the line itself repeats the error.
            logging.getLogger("asyncio").error("never retrieved: %r / %s", error, error, exc_info=error)

    (line,) = written(json=as_json, log=log)
    assert SAID not in line
    assert fail.__name__ in line
    assert kind in line


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ('127.0.0.1 - "GET /b/bXl0b2tlbnRoYXRpc3NlY3JldA HTTP/1.1" 200', "bXl0b2"),
        ("GET /pay/cXl0b2tlbnRoYXRpc3NlY3JldA", "cXl0b2"),
        ("POST /rate/cXl0b2tlbnRoYXRpc3NlY3JldA?ask=1", "cXl0b2"),
        ("/escalation/cXl0b2tlbnRoYXRpc3NlY3JldA/reply", "cXl0b2"),
        ("/dashboard/login/cXl0b2tlbnRoYXRpc3NlY3JldA", "cXl0b2"),
        ("GET /v1/tenant/customers?email=zephyrine%40nest.example", "zephyrine"),
        ("no such user: zephyrine@nest.example", "zephyrine"),
        ("Authorization: Bearer abcdefghijkl", "abcdef"),
        ("key sk-ant-api03-abcdefghijkl", "abcdef"),
        ("key sk_abcdefghijkl", "abcdef"),
        ("postgresql://desk:hunter22@db.example/x", "hunter22"),
        ("redis://:hunter22@cache.example:6379/0", "hunter22"),
    ],
)
def test_addresses_keys_and_signed_links_are_taken_out(
    written: Callable[..., list[str]], said: str, secret: str
) -> None:
    (line,) = written(log=lambda: logging.getLogger("uvicorn.access").info(said))
    assert secret not in line
    assert "…" in line


def test_what_nobody_caught_is_one_line_as_well(written: Callable[..., list[str]]) -> None:
    def log() -> None:
        try:
            raise ValueError("zephy" + "rine")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)

    (line,) = written(log=log)
    assert json.loads(line)["level"] == "critical"
    assert "zephyrine" not in line


def test_a_line_that_does_not_fit_its_values_is_logged_without_them(written: Callable[..., list[str]]) -> None:
    (line,) = written(log=lambda: logging.getLogger("handled.test").info("%d of them", "zephyrine"))
    assert json.loads(line)["message"] == "%d of them"

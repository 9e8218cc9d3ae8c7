"""The `handled` command as its operator types it, in an environment in which nothing else is configured."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from handled.cli import main
from handled.settings import Settings
from tests.faults.installation import environment

HANDLED = (sys.executable, "-m", "handled")
VARIABLES = frozenset(
    str(each.validation_alias or f"HANDLED_{name.upper()}") for name, each in Settings.model_fields.items()
)


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit status, what it printed, and what it complained of."""

    status: int
    said: str
    complaint: str


def handled(folder: Path, *arguments: str, database: str = "", **settings: str) -> Ran:
    """Run one command in `folder` to its end, in this process: a new one costs a second."""
    told = environment(database, folder, **settings)
    with contextlib.chdir(folder):
        ran = CliRunner().invoke(main, arguments, env={**dict.fromkeys(VARIABLES), **told})
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def handled_process(folder: Path, *arguments: str, database: str = "", **settings: str) -> Ran:
    """The same in a process of its own, which may listen on any port."""
    told = environment(database, folder, **{"HANDLED_PORT": "0", **settings})
    command = subprocess.run(
        [*HANDLED, *arguments], cwd=folder, env=told, capture_output=True, text=True, timeout=90, check=False
    )
    assert "Traceback" not in command.stdout + command.stderr, command.stdout + command.stderr
    return Ran(command.returncode, command.stdout, command.stderr)

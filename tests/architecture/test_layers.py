"""The import contracts of pyproject.toml hold, and each of them really looks at something."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def lint_imports(source: Path, *, config: Path = ROOT / "pyproject.toml") -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-logo", "--no-cache", "--config", str(config)],
        cwd=source,
        env={"PYTHONPATH": str(source), "PATH": "", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_imports_go_one_way_down_and_vendors_stay_in_their_adapters() -> None:
    linted = lint_imports(ROOT / "src")
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in linted.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("kit/clock.py", "import handled.db", "One way down"),
        ("kit/surplus.py", "import handled.web", "One way down"),
        ("surplus/__init__.py", "", "One way down"),
        (
            "tenants/accounts.py",
            "import handled.settings",
            "Settings are read only where the program is put together",
        ),
        ("db/engine.py", "import fastapi", "HTTP stays in web"),
        ("web/app.py", "import pydantic_ai", "Vendors are named only in their adapter"),
        (
            "bookings/queries.py",
            "import handled.bookings.lifecycle",
            "Inside a domain: jobs call lifecycle, lifecycle calls queries",
        ),
    ],
)
def test_a_forbidden_import_is_noticed(tmp_path: Path, module: str, line: str, contract: str) -> None:
    guilty = skeleton(tmp_path) / module
    guilty.parent.mkdir(exist_ok=True)
    guilty.write_text(f"{line}\n")
    linted = lint_imports(tmp_path)
    assert linted.returncode == 1
    assert f"{contract} BROKEN" in linted.stdout


def test_an_empty_house_keeps_every_contract(tmp_path: Path) -> None:
    skeleton(tmp_path)
    assert lint_imports(tmp_path).returncode == 0


def skeleton(folder: Path) -> Path:
    """Every layer as an empty package."""
    package = folder / "handled"
    names = [name.strip("()") for layer in CONTRACTS[0]["layers"] for name in layer.split(" | ")]
    for name in ["", *names, "bookings/lifecycle"]:
        (package / name).mkdir(exist_ok=True)
        (package / name / "__init__.py").touch()
    return package

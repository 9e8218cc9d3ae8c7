"""What every page that has the chat on it pays for it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

BUILT = Path(__file__).parents[2] / "src/handled/web/pages/static/widget-v1.js"
BUDGET = 15 * 1024


def test_the_widget_is_no_heavier_than_promised() -> None:
    if shutil.which("gzip") is None:
        pytest.skip("the promise is measured with gzip, which is not here")
    packed = subprocess.run(["gzip", "-9c"], input=BUILT.read_bytes(), capture_output=True, check=True)
    assert len(packed.stdout) <= BUDGET

"""What every page that has the chat on it pays for it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

BUILT = Path(__file__).parents[2] / "src/handled/web/pages/static/widget-v1.js"
SOURCE = Path(__file__).parents[2] / "widget"
BUDGET = 15 * 1024


def test_the_widget_is_no_heavier_than_promised() -> None:
    if shutil.which("gzip") is None:
        pytest.skip("the promise is measured with gzip, which is not here")
    packed = subprocess.run(["gzip", "-9c"], input=BUILT.read_bytes(), capture_output=True, check=True)
    assert len(packed.stdout) <= BUDGET


def test_every_language_was_built_with_the_script() -> None:
    edition = re.search(r'[`"]([0-9a-f]{6})(?:\\n|\n)', BUILT.read_text())
    assert edition is not None
    lists = [json.loads(BUILT.with_name(f"widget-v1.{code}.json").read_text()) for code in ("es", "de", "fr")]
    assert {each[0] for each in lists} == {edition[1]}
    english = json.loads((SOURCE / "texts" / "en.json").read_text())
    assert {len(each) for each in lists} == {len(english) + 1}


def test_the_script_brings_no_code_that_a_strict_policy_forbids() -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\(|new Function|srcdoc", BUILT.read_text()
    )

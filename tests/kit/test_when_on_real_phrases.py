"""Phrases that real people wrote, from the data folder beside the checkout; skipped where there is none."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handled.kit.when import When, parse

DATA = Path(__file__).parents[3] / "shared/data/evals/datetime_dev.jsonl"
BAR = 0.97
ZONE = ZoneInfo("America/Los_Angeles")

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the collected phrases (../shared/data) are not here")


def understood(row: dict[str, Any], when: When | None) -> bool:
    """Whether every value expected of a row is found; an open range or window counts by the day or time it names."""
    found = {
        "date": str(when.named_date) if when and when.named_date else None,
        "time": f"{when.named_time:%H:%M}" if when and when.named_time else None,
    }
    accepted = row.get("also_accept", {})
    return all(found[key] in (value, *accepted.get(key, ())) for key, value in row["expected"].items())


def test_at_least_97_of_100_phrases_are_understood() -> None:
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        when = parse(row["text"], datetime.fromisoformat(row["now"]).replace(tzinfo=ZONE))
        good = understood(row, when)
        asked[row["dataset"]] += 1
        right[row["dataset"]] += good
        if not good:
            wrong.append(f"{row['dataset']}: {row['text']!r} is {row['expected']}, not {when}")
    figures = "\n".join(f"{name}: {right[name]} of {asked[name]}" for name in asked)
    print(figures)
    dialogues = ("SGD", "STAR")
    share = sum(right[name] for name in dialogues) / sum(asked[name] for name in dialogues)
    assert share >= BAR, "\n".join([figures, *wrong])

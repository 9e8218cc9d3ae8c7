"""The collected scenarios and the simulated customer who plays them: read where they lie, never copied."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

Scenario = dict[str, Any]

FOLDER = Path(__file__).parents[3] / "shared/data/evals"
SCENARIOS = FOLDER / "scenarios_dev.jsonl"
CUSTOMER = FOLDER / "sim_customer.py"

AVAILABLE = SCENARIOS.exists() and CUSTOMER.exists()
WHY_NOT = "the collected scenarios (../shared/data) are not here"


def load_scenarios() -> list[Scenario]:
    """Every development scenario, in the order of the file."""
    return [json.loads(line) for line in SCENARIOS.read_text(encoding="utf-8").splitlines()]


def load_simulator() -> ModuleType:
    """The module with `run(scenario, bot, **how)`, `report(results)` and the scorer."""
    spec = importlib.util.spec_from_file_location("simulated_customer", CUSTOMER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

"""Measuring processes, and saying what was measured where."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil


def cpu_seconds(pid: int) -> float:
    """User and system time that the process has used so far."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def private_mib(pid: int) -> float:
    """Memory that only this process has."""
    return psutil.Process(pid).memory_full_info().uss / 2**20


def resident_mib(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 2**20


def quantile(values: Iterable[float], share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; every column but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """One line on where the figures come from."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.exists():
        named = [line.partition(":")[2].strip() for line in described.read_text().splitlines() if "model name" in line]
        model = named[0] if named else model
    memory = psutil.virtual_memory().total / 2**30
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {system}, Python {platform.python_version()}"

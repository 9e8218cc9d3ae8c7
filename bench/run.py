"""`./dev bench [NAME…]`: run benches and print their tables; `--write` also puts them into docs/performance.md.

`--scale=0.1` makes what `analytics` looks at ten times smaller."""

from __future__ import annotations

import importlib
import re
import sys
import time
from pathlib import Path

from meter import machine

NAMES = (
    "chat",
    "bookings",
    "confirm",
    "webhooks",
    "slots",
    "startup",
    "streams",
    "tokens",
    "cache",
    "analytics",
    "widget",
)
# Only when asked for by name: promises, not speed, and an hour of them; and what npm has to fetch first.
BY_NAME = ("faults", "lighthouse")
DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"


def section(name: str) -> str:
    """Run one bench. Its Markdown says with which command, where and when it was measured."""
    print(f"· {name}", file=sys.stderr)
    begun = time.perf_counter()
    result: str = importlib.import_module(name).main()
    took = time.perf_counter() - begun
    return f"`./dev bench {name}` ({took:.0f} s) on {machine()}\n\n{result}"


def write(name: str, text: str) -> None:
    """Replace what stands between the bench's two marks."""
    begin, end = f"<!-- bench:{name} -->", f"<!-- /bench:{name} -->"
    document = DOCUMENT.read_text()
    between = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    DOCUMENT.write_text(between.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", document))


def main() -> None:
    asked = [each for each in sys.argv[1:] if not each.startswith("--")] or ["all"]
    unknown = [each for each in asked if each not in (*NAMES, *BY_NAME, "all")]
    if unknown:
        sys.exit(f"There is no bench {', '.join(unknown)}. There are: {', '.join((*NAMES, *BY_NAME))}, all.")
    for name in NAMES if "all" in asked else asked:
        text = section(name)
        print(f"## {name}\n\n{text}\n", flush=True)
        if "--write" in sys.argv:
            write(name, text)


if __name__ == "__main__":
    main()

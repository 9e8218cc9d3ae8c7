"""Lighthouse on the page that shows how the widget is embedded, under its Content-Security-Policy and Trusted Types.

Lighthouse comes from npm the first time, so this one is only run by its name. Its own slow phone and its own desktop,
each against a fresh `handled serve`; the panel is closed, as on any site.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
from typing import Any

from meter import table
from stage import database, handled, open_studio

LIGHTHOUSE = "lighthouse@12.8.2"
ROUNDS = 3
DEVICES = {"phone, slowed down 4 ×": [], "desktop": ["--preset=desktop"]}
CHROME = "--chrome-flags=--headless=new --no-sandbox --disable-gpu"


def judged(url: str, options: list[str]) -> dict[str, Any]:
    """Lighthouse's whole report."""
    asked = ["--quiet", "--output=json", "--output-path=stdout", "--only-categories=performance,accessibility", CHROME]
    chromium = os.environ.get("HANDLED_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
    ran = subprocess.run(
        ["npx", "--yes", LIGHTHOUSE, url, *asked, *options],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        env=os.environ | {"CHROME_PATH": chromium},
    )
    return json.loads(ran.stdout)


def main() -> str:
    if shutil.which("npx") is None:
        raise SystemExit("Lighthouse needs node 20 or newer with npx.")
    rows: list[list[str]] = []
    with database(durable=False) as cluster:
        open_studio(cluster)
        with handled(cluster) as server:
            url = f"http://127.0.0.1:{server.port}/widget/demo/bench-studio"
            for device, options in DEVICES.items():
                reports = [judged(url, options) for _ in range(ROUNDS)]
                scores = [
                    f"{100 * statistics.median(each['categories'][name]['score'] for each in reports):.0f}"
                    for name in ("performance", "accessibility")
                ]
                blocked = statistics.median(each["audits"]["total-blocking-time"]["numericValue"] for each in reports)
                rows.append([device, *scores, f"{blocked:.0f}"])
    said = f"{LIGHTHOUSE}, {ROUNDS} visits each; in the middle."
    return f"{said}\n\n{table(['', 'performance', 'accessibility', 'main thread blocked, ms'], rows)}"

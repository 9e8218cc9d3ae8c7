"""What the chat costs the page that it is on: its bytes, and the time until its script has run, on a slow processor.

Chromium evaluates the file on an empty page, each time in a fresh context, at full speed and slowed down four times.
Beside it the least that such a script does: one that defines an empty element and adds it.
"""

from __future__ import annotations

import gzip
import json
import shutil
import statistics
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from meter import quantile, table
from playwright.sync_api import Browser, sync_playwright
from typing_extensions import override

BUILT = Path(__file__).parent.parent / "src/handled/web/pages/static/widget-v1.js"
LEAST = b"customElements.define('x-y',class extends HTMLElement{});document.body.append(document.createElement('x-y'))"
ROUNDS = 15
PAGE = '<!doctype html><title>Host</title><body><script src="/{name}.js" data-tenant="pk_bench"></script>'


@contextmanager
def site() -> Generator[str]:
    scripts = {"/widget.js": BUILT.read_bytes(), "/least.js": LEAST}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            script = scripts.get(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html")
            self.end_headers()
            self.wfile.write(script or PAGE.format(name=self.path.strip("/")).encode())

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def evaluation_ms(browser: Browser, url: str, slowdown: int) -> float:
    """Processor time of the page's thread for compiling and running its script, with what that does at once."""
    context = browser.new_context()
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(url, wait_until="load")
    events = json.loads(browser.stop_tracing())["traceEvents"]
    context.close()
    ours = [each for each in events if each["name"] == "EvaluateScript" and ".js" in each["args"]["data"]["url"]]
    return sum(each["tdur"] for each in ours) / 1000


def main() -> str:
    rows: list[list[str]] = []
    with site() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for slowdown in (1, 4):
            took: dict[str, list[float]] = {"least": [], "widget": []}
            for _ in range(ROUNDS):
                for name, times in took.items():
                    times.append(evaluation_ms(browser, f"{url}/{name}", slowdown))
            least, widget = (statistics.median(times) for times in took.values())
            worst = quantile(took["widget"], 0.95)
            rows.append([f"{slowdown} ×", f"{least:.1f}", f"{widget:.1f} ({widget / least:.1f})", f"{worst:.1f}"])
        browser.close()
    size = len(gzip.compress(BUILT.read_bytes(), 9))
    head = ["slowed down", "empty element, ms (median)", "widget, ms (median)", "95 %"]
    said = f"{size:,} bytes gzipped. {ROUNDS} fresh pages each, taking turns."
    return f"{said}\n\n{table(head, rows)}\n\nIn brackets: the ratio."

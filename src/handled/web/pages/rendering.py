"""Templates, static files and the headers of every page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handled.web import files

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data: https:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}

_templates = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True, undefined=StrictUndefined)


def page(template: str, *, policy: str = PAGE_POLICY, **values: Any) -> HTMLResponse:
    """A rendered page under a strict Content-Security-Policy."""
    html = _templates.get_template(template).render(**values)
    return HTMLResponse(html, headers={**_HEADERS, "Content-Security-Policy": policy})


def linked_page(template: str, *, policy: str = PAGE_POLICY, status: int = 200, **values: Any) -> HTMLResponse:
    """A page whose address is itself the secret: kept by nobody, and not told to other sites."""
    answer = page(template, policy=policy, **values)
    answer.status_code = status
    answer.headers.update({"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    return answer


def static_file(request: Request, name: str, *, seconds: int = 300) -> Response:
    """One of our own static files, which any site may load; `not_found` for anything else."""
    headers = {
        **_HEADERS,
        "Cache-Control": f"public, max-age={seconds}",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return files.static_file(request, _STATIC, name, headers)

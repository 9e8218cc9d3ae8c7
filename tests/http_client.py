"""Who asks over HTTP in a test."""

from __future__ import annotations

import ssl
from typing import Any

import httpx2

# Made once: every client of its own would take 40 ms for what no test needs.
_TLS = ssl.create_default_context()


def http_client(**options: Any) -> httpx2.AsyncClient:
    """A client as the library makes it. `options` are its own."""
    return httpx2.AsyncClient(verify=_TLS, **options)

"""Where customers find this installation, for links in mails and answers. Set once by the roots."""

from __future__ import annotations

_origin = "http://127.0.0.1:8000"


def set_origin(address: str) -> None:
    """Say at which address customers reach us: scheme and host, as in `https://book.example.com`."""
    global _origin  # noqa: PLW0603  one installation, one address
    _origin = address.rstrip("/")


def url(path: str) -> str:
    """The whole address of one of our pages, whose `path` begins with a slash."""
    return f"{_origin}{path}"

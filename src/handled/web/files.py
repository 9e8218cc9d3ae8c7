"""Our own static files: compressed once, and sent again only when they have changed."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import Response

from handled.conversations.messages import not_found

_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}


@dataclass(frozen=True, slots=True)
class _Content:
    """`zipped` is the same through gzip; `etag` differs between the two, as HTTP wants of different bytes."""

    plain: bytes
    zipped: bytes
    etag: str


def static_file(request: Request, folder: Path, name: str, headers: dict[str, str]) -> Response:
    """The file of that name in the folder, or 304 to whoever has it; the one `not_found` for anything else."""
    path = folder / name
    if path.parent != folder or path.suffix not in _TYPES or not path.is_file():
        raise not_found()
    content = _read(path, path.stat().st_mtime_ns)
    is_zipped = "gzip" in request.headers.get("accept-encoding", "")
    etag = f'"{content.etag}-gzip"' if is_zipped else f'"{content.etag}"'
    headers = {**headers, "ETag": etag, "Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if is_zipped:
        headers["Content-Encoding"] = "gzip"
    return Response(content.zipped if is_zipped else content.plain, media_type=_TYPES[path.suffix], headers=headers)


@lru_cache(maxsize=128)
def _read(path: Path, changed: int) -> _Content:
    plain = path.read_bytes()
    return _Content(plain, gzip.compress(plain, 9, mtime=0), sha256(plain).hexdigest()[:20])

"""The widget and the styles: small on the wire, and not sent twice to whoever has them."""

from __future__ import annotations

import pytest

from tests.conftest import Running
from tests.http_client import http_client

FILES = ["/widget/v1.js", "/widget/v1/de.json", "/static/page.css", "/dashboard/static/dashboard.css"]


@pytest.mark.parametrize("path", FILES)
async def test_what_is_sent_is_compressed_for_whoever_can_read_that(server: Running, path: str) -> None:
    async with http_client(base_url=server.url) as http:
        plain = await http.get(path, headers={"Accept-Encoding": "identity"})
        packed = await http.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) * 0.6
    assert packed.content == plain.content
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "Accept-Encoding" in plain.headers["vary"]
    assert packed.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("path", FILES)
async def test_whoever_has_it_is_told_so_instead(server: Running, path: str) -> None:
    async with http_client(base_url=server.url) as http:
        first = await http.get(path)
        again = await http.get(path, headers={"If-None-Match": first.headers["etag"]})
        other = await http.get(path, headers={"If-None-Match": '"of yesterday"'})
    assert (again.status_code, again.content) == (304, b"")
    assert (again.headers["etag"], again.headers["cache-control"]) == (
        first.headers["etag"],
        first.headers["cache-control"],
    )
    assert (other.status_code, other.content) == (200, first.content)


@pytest.mark.parametrize("name", ["..%2Frendering.py", "%2e%2e", "page.css%00", "chat.html", "nothing.js", ""])
async def test_nothing_else_is_to_be_had_there(server: Running, name: str) -> None:
    async with http_client(base_url=server.url) as http:
        for folder in ("/static/", "/dashboard/static/"):
            assert (await http.get(folder + name)).status_code == 404

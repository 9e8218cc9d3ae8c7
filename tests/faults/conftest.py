"""What only these tests have."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from uuid import uuid4

import pytest

from handled.db.embedded import EmbeddedPostgres, scratch_root
from handled.db.migrate import migrate


@pytest.fixture
def database() -> Iterator[EmbeddedPostgres]:
    """A server that nobody else uses: this one is going to be stopped, or killed."""
    root = scratch_root(f"restarts-{os.getpid()}-{uuid4().hex[:8]}")
    server = EmbeddedPostgres(root)
    server.start()
    migrate(server.dsn())
    yield server
    server.stop()
    shutil.rmtree(root, ignore_errors=True)

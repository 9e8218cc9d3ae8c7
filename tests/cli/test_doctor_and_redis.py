"""`handled doctor` asks the Redis that is configured whether it answers."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import handled
from tests.redis_server import needs_redis, redis_running


@needs_redis
def test_the_doctor_says_whether_redis_answers(owner_url: str, tmp_path: Path) -> None:
    with redis_running() as redis:
        well = handled(tmp_path, "doctor", database=owner_url, REDIS_URL=redis.url)
    away = handled(tmp_path, "doctor", database=owner_url, REDIS_URL=redis.url)
    assert (well.status, away.status) == (0, 1), well.said
    assert "✓ redis     answers" in well.said
    assert "✗ redis     does not answer; everything works without it" in away.said

"""Means to make workers look at what waits now, instead of when its time has come."""

from __future__ import annotations

from tests.faults import ledger
from tests.waiting import until

_EARLIER = "update procrastinate_jobs set scheduled_at = now() where status = 'todo' and scheduled_at > now()"
_NUDGE = """select pg_notify('procrastinate_any_queue_v1', '{"type": "job_inserted", "job_id": 0}')"""
_BY_THE_CLOCK = """
insert into procrastinate_jobs (queue_name, task_name, args) values ('default', %(name)s, '{"timestamp": 0}')
"""


def end_leases(owner_url: str) -> None:
    """So much time has passed that nobody has a mail to themselves any more."""
    ledger.change(owner_url, "update notifications set leased_until = now() where leased_until > now()")


def wake_workers(owner_url: str) -> None:
    """Whatever job waits for its time has it now."""
    ledger.change(owner_url, _EARLIER)
    ledger.change(owner_url, _NUDGE)


def run_now(owner_url: str, name: str) -> None:
    """A job that otherwise runs by the clock."""
    ledger.change(owner_url, _BY_THE_CLOCK, name=name)
    wake_workers(owner_url)


async def has_run(owner_url: str, name: str) -> None:
    """As `run_now`, to its end."""
    run_now(owner_url, name)
    left = "select count(*) from procrastinate_jobs where task_name = %(name)s and status <> 'succeeded'"
    await until(lambda: ledger.value(owner_url, left, name=name) == 0, within=60, what=f"{name} has run")

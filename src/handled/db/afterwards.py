"""What is to be done once a transaction has committed, and not at all when it is rolled back: counting, above all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

_WAITING = "afterwards"


def when_committed(session: AsyncSession, do: Callable[[], Any]) -> None:
    """Call `do` when the session's transaction has committed. What was asked for in a savepoint goes with it."""
    sync = session.sync_session
    sync.info.setdefault(_WAITING, []).append((sync.get_nested_transaction(), do))


@event.listens_for(Session, "after_commit")
def _do_all(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for _, do in session.info.pop(_WAITING, ()):
        do()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if _WAITING in session.info:
        session.info[_WAITING] = [each for each in session.info[_WAITING] if ended.nested and each[0] is not ended]

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
    if _WAITING not in sync.info:
        sync.info[_WAITING] = []
        event.listen(sync, "after_commit", _do_all)
        event.listen(sync, "after_soft_rollback", _forget)
    sync.info[_WAITING].append((sync.get_nested_transaction(), do))


def _do_all(session: Session) -> None:
    if session.in_nested_transaction():
        return
    waiting, session.info[_WAITING] = session.info[_WAITING], []
    for _, do in waiting:
        do()


def _forget(session: Session, ended: SessionTransaction) -> None:
    session.info[_WAITING] = [each for each in session.info[_WAITING] if ended.nested and each[0] is not ended]

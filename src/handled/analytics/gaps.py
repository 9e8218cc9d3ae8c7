"""What customers asked and nobody has answered, similar wordings together, as long as the conversations are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from rapidfuzz import fuzz, process, utils
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock
from handled.tables import Turn

Closing = Literal["answered", "dismissed"]

ALIKE = 80
"""From this likeness (0 to 100) on, two wordings are the same question."""

_LOOKED_BACK = timedelta(days=180)
_MOST = 600
_LONGEST = 300

_ASKED = text("""
select t.id, left(m.content, :longest) as question, t.created_at as asked_at, t.conversation_id,
  t.question_closed as closed
from turns t join messages m on m.tenant_id = t.tenant_id and m.id = t.message_id
where t.tenant_id = :tenant and t.is_unanswered and t.created_at >= :since
order by t.created_at desc, t.id desc limit :most
""")


@dataclass(frozen=True, slots=True)
class Asked:
    """`id` is the turn's."""

    id: UUID
    question: str
    asked_at: datetime
    conversation_id: UUID
    closed: Closing | None


@dataclass(frozen=True, slots=True)
class Gap:
    """One question in all its wordings, the newest first; `open` are those about which nothing was done."""

    asked: tuple[Asked, ...]

    @property
    def newest(self) -> Asked:
        return self.asked[0]

    @property
    def open(self) -> list[Asked]:
        """None where it was dismissed once: it stays dismissed, whoever asks again. An answer that was written and did
        not help leaves what was asked afterwards open."""
        if any(each.closed == "dismissed" for each in self.asked):
            return []
        return [each for each in self.asked if each.closed is None]

    @property
    def wordings(self) -> list[str]:
        """What else was said for it, each once."""
        said = {each.question.strip().lower(): each.question for each in reversed(self.open)}
        return [each for each in said.values() if each != self.newest.question]


async def list_gaps(session: AsyncSession, tenant_id: UUID) -> list[Gap]:
    """The open ones of the last half year, what was asked most first."""
    found = [each for each in grouped(await _asked(session, tenant_id)) if each.open]
    return sorted(found, key=lambda gap: (-len(gap.open), -gap.newest.asked_at.timestamp()))


async def find_gap(session: AsyncSession, tenant_id: UUID, turn_id: UUID) -> Gap | None:
    """The one to which this turn belongs."""
    gaps = grouped(await _asked(session, tenant_id))
    return next((gap for gap in gaps if any(each.id == turn_id for each in gap.asked)), None)


async def close(session: AsyncSession, tenant_id: UUID, gap: Gap, how: Closing) -> None:
    """Something was done about it."""
    ids = [each.id for each in gap.open]
    statement = update(Turn).where(Turn.tenant_id == tenant_id, Turn.id.in_(ids))
    await session.execute(statement.values(question_closed=how))


def grouped(asked: Sequence[Asked]) -> list[Gap]:
    """Those that are alike together, in the order of the first of each."""
    groups: list[list[Asked]] = []
    wordings: list[str] = []
    for each in asked:
        said = utils.default_process(each.question)
        found = process.extractOne(said, wordings, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE) if said else None
        if found is None:
            groups.append([each])
            wordings.append(said)
        else:
            groups[found[2]].append(each)
    return [Gap(tuple(group)) for group in groups]


async def _asked(session: AsyncSession, tenant_id: UUID) -> list[Asked]:
    since = clock.now() - _LOOKED_BACK
    values = {"tenant": tenant_id, "since": since, "longest": _LONGEST, "most": _MOST}
    return [Asked(**row) for row in (await session.execute(_ASKED, values)).mappings()]

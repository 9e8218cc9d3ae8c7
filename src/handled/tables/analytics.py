"""Figures that stay when what they were counted from is purged."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base


class AnalyticsDay(Base):
    """What was counted for one local day, as `{part: {key: {figure: number}}}`; zeros are left out, and so are days on
    which nothing happened. It holds nothing that anybody wrote."""

    __tablename__ = "analytics_days"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    figures: Mapped[dict[str, Any]]
    counted_at: Mapped[datetime]


class AnalyticsMark(Base):
    """How far a business is counted: every day before `counted_until` has been, by the clocks of `timezone`. Those
    before `frozen_until`, which is everything that happened before the moment `frozen_at`, are not counted again."""

    __tablename__ = "analytics_marks"
    __table_args__ = (CheckConstraint("num_nonnulls(frozen_until, frozen_at) <> 1", "frozen"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    timezone: Mapped[str]
    counted_until: Mapped[date]
    frozen_until: Mapped[date | None]
    frozen_at: Mapped[datetime | None]

"""That somebody's data was erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Erasure(Base, TenantOwned, Created):
    """One customer's data was erased, when, by whom, and how many rows of which table that concerned. The address is
    there as an HMAC alone: whoever has it can ask whether it was erased, nobody can read it here."""

    __tablename__ = "erasures"
    __table_args__ = (Index("ix_erasures_subject", "tenant_id", "subject_hash"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    subject_hash: Mapped[bytes]
    erased_by: Mapped[str]
    counts: Mapped[dict[str, Any]]

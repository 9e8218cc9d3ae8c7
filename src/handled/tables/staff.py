"""People of the business who log in, and how."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class StaffMember(Base, TenantOwned, Created):
    """Somebody who works for the business, or owns it. One who has left is kept, not `active`: the trail names them."""

    __tablename__ = "staff_members"
    __table_args__ = (
        Index("uq_staff_members_email", "tenant_id", "email", unique=True),
        CheckConstraint("role in ('owner', 'staff')", "role"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))

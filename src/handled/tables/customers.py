"""People who book."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from handled.tables.base import Base, Created, TenantOwned


class Customer(Base, TenantOwned, Created):
    """One address book entry per email address. What an unverified visitor types never overwrites it:
    each booking keeps the name and phone it was made with."""

    __tablename__ = "customers"
    __table_args__ = (Index("uq_customers_email", "tenant_id", "email", unique=True),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]

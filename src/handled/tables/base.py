"""What every table shares: naming of constraints, the tenant column, timestamps."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from handled.kit import clock, ids


class Base(DeclarativeBase):
    """The schema. Times are `timestamptz`, JSON is `jsonb`, ids are UUIDs."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        UUID: Uuid,
    }


class TenantOwned:
    """A row of one tenant. The key is `(tenant_id, id)` so that no reference can cross tenants:
    foreign keys ignore row-level security, composite ones do not need it."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)


class Created:
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

"""Tenants and what opens their door: public keys, hours, exceptions."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from handled.kit import clock, ids
from handled.tables.base import Base, Created, TenantOwned


class Tenant(Base):
    """One business. `version` grows with every change, so that whatever was cached under an older one is dead.
    `link_key` signs the links in its mails. `reminders` are minutes before an appointment. `proofs` are the actions
    for which it asks more proof than usual, as `{"cancel": "one_time_code"}`. Payments go to `stripe_account`. With
    `rating_mail` customers are asked by mail how it was. `budgets` are its own limits on language models, as
    `{"per_day": 5000000}` in micro-dollars; `texts` what it words for itself instead of its industry pack.
    Conversations are kept for `retention_days`; null: for as long as the pack says."""

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint("retention_days >= 7", "retention"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=ids.new_id)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    tagline: Mapped[str | None]
    contact_email: Mapped[str]
    timezone: Mapped[str]
    locale: Mapped[str]
    currency: Mapped[str]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    branding: Mapped[dict[str, Any]]
    pack: Mapped[str]
    policies: Mapped[list[Any]]
    typed_yes: Mapped[bool] = mapped_column(default=True)
    allowed_origins: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reminders: Mapped[list[int]] = mapped_column(
        ARRAY(Integer), default=lambda: [1440, 120], server_default=text("'{1440,120}'")
    )
    proofs: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    budgets: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default=text("'{}'"))
    stripe_account: Mapped[str | None]
    retention_days: Mapped[int | None]
    rating_mail: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    link_key: Mapped[bytes] = mapped_column(
        default=lambda: secrets.token_bytes(32),
        server_default=text("decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"),
    )
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now, onupdate=clock.now)


class PublicKey(Base, TenantOwned, Created):
    """A widget key (`pk_…`). Two are valid at once while rotating; the older one ends at `expires_at`."""

    __tablename__ = "public_keys"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),)

    key: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None]


class SecretKey(Base, TenantOwned, Created):
    """A key of the business's own systems (`sk_…`), kept as a hash. `ending` is what a list shows of it."""

    __tablename__ = "secret_keys"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),)

    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    ending: Mapped[str]
    revoked_at: Mapped[datetime | None]


class IdempotentRequest(Base, Created):
    """A write of the business's API under an `Idempotency-Key`, with what it was answered: a retry gets the same."""

    __tablename__ = "idempotent_requests"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int]
    answer: Mapped[dict[str, Any]]


class Resource(Base, TenantOwned):
    """Who or what a booking occupies: a stylist, a chair, a studio."""

    __tablename__ = "resources"
    __table_args__ = (Index("uq_resources_key", "tenant_id", "key", unique=True),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str]
    name: Mapped[str]
    position: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class OpeningHours(Base, TenantOwned):
    """One opening on one weekday (0 = Monday), in minutes from local midnight; 1440 is the next midnight.
    Without a resource it is the business's; with one it narrows the business's hours for it."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "resource_id"], ["resources.tenant_id", "resources.id"], ondelete="CASCADE"),
        CheckConstraint("weekday between 0 and 6 and opens >= 0 and closes <= 1440 and opens < closes", "range"),
        Index("ix_opening_hours_resource", "tenant_id", "resource_id"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[UUID | None]
    weekday: Mapped[int]
    opens: Mapped[int]
    closes: Mapped[int]


class HoursException(Base, TenantOwned):
    """Days that differ. `kind` `closed` without times removes the days, with times blocks that part of them;
    `open` replaces the weekly hours."""

    __tablename__ = "hours_exceptions"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "resource_id"], ["resources.tenant_id", "resources.id"], ondelete="CASCADE"),
        CheckConstraint("kind in ('closed', 'open') and first_date <= last_date", "range"),
        Index("ix_hours_exceptions_last_date", "tenant_id", "last_date"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[UUID | None]
    first_date: Mapped[date]
    last_date: Mapped[date]
    kind: Mapped[str]
    opens: Mapped[int | None]
    closes: Mapped[int | None]
    label: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=text("now()"))

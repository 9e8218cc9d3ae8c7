"""People of the business who log in, and how."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
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


class StaffLink(Base, TenantOwned, Created):
    """A link by mail that logs in once. Kept as a hash."""

    __tablename__ = "staff_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "staff_member_id"], ["staff_members.tenant_id", "staff_members.id"], ondelete="CASCADE"
        ),
        Index("uq_staff_links_token_hash", "token_hash", unique=True),
        Index("ix_staff_links_staff_member", "tenant_id", "staff_member_id", "created_at"),
    )

    staff_member_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class StaffSession(Base, TenantOwned, Created):
    """A browser that is logged in. Its cookie is kept as a hash; `device` is what a list shows of it."""

    __tablename__ = "staff_sessions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "staff_member_id"], ["staff_members.tenant_id", "staff_members.id"], ondelete="CASCADE"
        ),
        Index("uq_staff_sessions_token_hash", "token_hash", unique=True),
        Index("ix_staff_sessions_staff_member", "tenant_id", "staff_member_id"),
    )

    staff_member_id: Mapped[UUID]
    token_hash: Mapped[bytes]
    device: Mapped[str]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Passkey(Base, TenantOwned, Created):
    """A passkey (WebAuthn) of a staff member. `sign_count` only grows, unless the device does not count."""

    __tablename__ = "passkeys"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "staff_member_id"], ["staff_members.tenant_id", "staff_members.id"], ondelete="CASCADE"
        ),
        Index("uq_passkeys_credential_id", "credential_id", unique=True),
        Index("ix_passkeys_staff_member", "tenant_id", "staff_member_id"),
    )

    staff_member_id: Mapped[UUID]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    used_at: Mapped[datetime | None]


class PasskeyChallenge(Base):
    """A challenge that a browser was given, until it is used or too old. It belongs to no tenant: whoever answers it
    says with that who they are. Kept as a hash."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (Index("ix_passkey_challenges_expires_at", "expires_at"),)

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class StaffAction(Base, TenantOwned, Created):
    """Something that somebody changed in the dashboard: who (`name` as it was then), what, on which subject."""

    __tablename__ = "staff_actions"
    __table_args__ = (Index("ix_staff_actions_created_at", "tenant_id", "created_at"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    staff_member_id: Mapped[UUID | None]
    name: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str | None]
    details: Mapped[dict[str, Any]]


class SavedReply(Base, TenantOwned, Created):
    """What staff say again and again, ready to be sent."""

    __tablename__ = "saved_replies"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True)
    title: Mapped[str]
    content: Mapped[str]

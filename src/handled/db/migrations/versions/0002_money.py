"""Money, and the whole life of a booking: payments, refunds, ledger, webhooks, proofs, packages, moves."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_SQL = Path(__file__).parent.parent / "sql"


def upgrade() -> None:
    _change_tables()
    _add_sandbox()
    _let_occupancies_have_parts()
    _let_notifications_be_withdrawn()
    # The driver's own connection: a script has many statements, and its percent signs are not placeholders.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101  a migration always has a connection
    for name in ("0002_money.sql", "0002_places.sql", "0002_mail.sql"):
        driver.execute((_SQL / name).read_text())


def _let_occupancies_have_parts() -> None:
    op.drop_constraint("pk_occupancies", "occupancies")
    op.create_primary_key("pk_occupancies", "occupancies", ["tenant_id", "booking_id", "is_next", "part"])


def _let_notifications_be_withdrawn() -> None:
    op.drop_constraint("ck_notifications_status", "notifications")
    op.create_check_constraint(
        "status", "notifications", "status in ('queued', 'sent', 'failed', 'withheld', 'withdrawn')"
    )


def _change_tables() -> None:
    op.create_table(
        "attempt_counts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_attempt_counts_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "subject", "began_at", name=op.f("pk_attempt_counts")),
    )
    op.create_table(
        "idempotent_requests",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_idempotent_requests_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "key", name=op.f("pk_idempotent_requests")),
    )
    op.create_table(
        "mail_refusals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_mail_refusals_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "email", "kind", name=op.f("pk_mail_refusals")),
    )
    op.create_table(
        "secret_keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_secret_keys_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_secret_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_secret_keys_key_hash")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("livemode", sa.Boolean(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status in ('received', 'done', 'ignored', 'failed')", name=op.f("ck_webhook_events_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_webhook_events_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "source", "event_id", name=op.f("pk_webhook_events")),
    )
    op.create_index(
        "ix_webhook_events_unfinished",
        "webhook_events",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "one_time_codes",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "conversation_id"],
            ["conversations.tenant_id", "conversations.id"],
            name=op.f("fk_one_time_codes_tenant_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_one_time_codes")),
    )
    op.create_index(
        "ix_one_time_codes_conversation", "one_time_codes", ["tenant_id", "conversation_id", "created_at"], unique=False
    )
    op.create_table(
        "payments",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("gateway", sa.String(), nullable=True),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("checkout_id", sa.String(), nullable=True),
        sa.Column("checkout_url", sa.String(), nullable=True),
        sa.Column("checkout_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payment_intent", sa.String(), nullable=True),
        sa.Column("is_underway", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose in ('booking', 'difference')", name=op.f("ck_payments_purpose")),
        sa.CheckConstraint("status in ('open', 'paid', 'expired', 'cancelled')", name=op.f("ck_payments_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_payments_tenant_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_payments")),
    )
    op.create_index("ix_payments_booking", "payments", ["tenant_id", "booking_id"], unique=False)
    op.create_index("ix_payments_payment_intent", "payments", ["payment_intent"], unique=False)
    op.create_index(
        "uq_payments_open",
        "payments",
        ["tenant_id", "booking_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_index(
        "ix_payments_unsettled",
        "payments",
        ["checkout_expires_at"],
        unique=False,
        postgresql_where=sa.text("checkout_id is not null and status <> 'paid'"),
    )
    op.create_index("uq_payments_checkout", "payments", ["tenant_id", "checkout_id"], unique=True)
    op.create_table(
        "ledger_entries",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'refund') = (amount_minor < 0)", name=op.f("ck_ledger_entries_sign")),
        sa.CheckConstraint("kind in ('charge', 'refund', 'refund_failed')", name=op.f("ck_ledger_entries_kind")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_ledger_entries_tenant_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_ledger_entries_tenant_id_payment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ledger_entries")),
    )
    op.create_index("ix_ledger_entries_booking", "ledger_entries", ["tenant_id", "booking_id"], unique=False)
    op.create_index("uq_ledger_entries_reference", "ledger_entries", ["tenant_id", "kind", "reference"], unique=True)
    op.create_table(
        "refunds",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("gateway_refund_id", sa.String(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("keys_used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('queued', 'pending', 'succeeded', 'failed')", name=op.f("ck_refunds_status")),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "booking_id"],
            ["bookings.tenant_id", "bookings.id"],
            name=op.f("fk_refunds_tenant_id_booking_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "payment_id"],
            ["payments.tenant_id", "payments.id"],
            name=op.f("fk_refunds_tenant_id_payment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_refunds")),
    )
    op.create_index("ix_refunds_payment", "refunds", ["tenant_id", "payment_id"], unique=False)
    op.create_index("uq_refunds_gateway_refund", "refunds", ["tenant_id", "gateway_refund_id"], unique=True)
    op.create_index(
        "ix_refunds_unsettled",
        "refunds",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status in ('queued', 'pending')"),
    )
    op.add_column("bookings", sa.Column("due_minor", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("bookings", sa.Column("moves", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("bookings", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bookings", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("bookings", sa.Column("fee_minor", sa.BigInteger(), nullable=True))
    op.add_column("bookings", sa.Column("import_key", sa.String(), nullable=True))
    op.add_column(
        "bookings",
        sa.Column("part_resource_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_index(
        "ix_bookings_confirmed",
        "bookings",
        ["starts_at"],
        unique=False,
        postgresql_where=sa.text("status = 'confirmed'"),
    )
    op.create_index("ix_bookings_customer_email", "bookings", ["tenant_id", "customer_email"], unique=False)
    op.create_index("uq_bookings_import_key", "bookings", ["tenant_id", "import_key"], unique=True)
    op.add_column("conversations", sa.Column("verified_email", sa.String(), nullable=True))
    op.add_column("conversations", sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversations", sa.Column("client", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_conversations_verified_email",
        "conversations",
        ["tenant_id", "verified_email"],
        unique=False,
        postgresql_where=sa.text("verified_email is not null"),
    )
    op.add_column("notifications", sa.Column("once_key", sa.String(), nullable=True))
    op.add_column("notifications", sa.Column("cap_key", sa.String(), nullable=True))
    op.add_column("notifications", sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_notifications_cap_key",
        "notifications",
        ["cap_key", "created_at"],
        unique=False,
        postgresql_where=sa.text("cap_key is not null"),
    )
    op.drop_index("ix_notifications_recipient", "notifications")
    op.create_index("ix_notifications_booking", "notifications", ["tenant_id", "booking_id"], unique=False)
    op.create_index("uq_notifications_once_key", "notifications", ["tenant_id", "once_key"], unique=True)
    op.add_column("occupancies", sa.Column("is_next", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column(
        "occupancies", sa.Column("part", sa.Integer(), server_default=sa.text("0"), autoincrement=False, nullable=False)
    )
    op.add_column(
        "services",
        sa.Column("includes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column(
        "tenants",
        sa.Column("reminders", postgresql.ARRAY(sa.Integer()), server_default=sa.text("'{1440,120}'"), nullable=False),
    )
    op.add_column(
        "tenants",
        sa.Column("proofs", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("tenants", sa.Column("stripe_account", sa.String(), nullable=True))
    op.add_column(
        "tenants",
        sa.Column(
            "link_key",
            sa.LargeBinary(),
            server_default=sa.text(
                "decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"
            ),
            nullable=False,
        ),
    )


def _add_sandbox() -> None:
    op.create_table(
        "sandbox_checkouts",
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("order", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("payment_status", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declines", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("holds_back", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('open', 'complete', 'expired')", name=op.f("ck_sandbox_checkouts_status")),
        sa.CheckConstraint(
            "payment_status in ('unpaid', 'underway', 'paid')", name=op.f("ck_sandbox_checkouts_payment_status")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_sandbox_checkouts_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sandbox_checkouts")),
    )
    op.create_index(
        "uq_sandbox_checkouts_idempotency_key", "sandbox_checkouts", ["tenant_id", "idempotency_key"], unique=True
    )
    op.create_table(
        "sandbox_refunds",
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("status in ('pending', 'succeeded', 'failed')", name=op.f("ck_sandbox_refunds_status")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checkout_id"],
            ["sandbox_checkouts.tenant_id", "sandbox_checkouts.id"],
            name=op.f("fk_sandbox_refunds_tenant_id_checkout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sandbox_refunds")),
    )
    op.create_index("ix_sandbox_refunds_checkout", "sandbox_refunds", ["tenant_id", "checkout_id"], unique=False)
    op.create_index(
        "uq_sandbox_refunds_idempotency_key", "sandbox_refunds", ["tenant_id", "idempotency_key"], unique=True
    )
    op.create_table(
        "sandbox_events",
        sa.Column("checkout_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("deliveries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "checkout_id"],
            ["sandbox_checkouts.tenant_id", "sandbox_checkouts.id"],
            name=op.f("fk_sandbox_events_tenant_id_checkout_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_sandbox_events")),
    )
    op.create_index("ix_sandbox_events_checkout", "sandbox_events", ["tenant_id", "checkout_id"], unique=False)

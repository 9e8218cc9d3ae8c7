"""The dashboard: how staff log in, what they did, what they say again and again."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

_SQL = Path(__file__).parent.parent / "sql" / "0004_dashboard.sql"


def upgrade() -> None:
    # The driver's own connection: a script has many statements, and its percent signs are not placeholders.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101  a migration always has a connection
    driver.execute(_SQL.read_text())

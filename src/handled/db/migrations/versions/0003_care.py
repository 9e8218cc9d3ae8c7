"""Care: feedback, escalations, staff, budgets, what is known of customers, figures that stay, privacy."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"

_SQL = Path(__file__).parent.parent / "sql"
_PARTS = (
    "0003_ground.sql",
    "0003_escalations.sql",
    "0003_feedback.sql",
    "0003_budgets.sql",
    "0003_people.sql",
    "0003_analytics.sql",
    "0003_privacy.sql",
    "0003_operations.sql",
)


def upgrade() -> None:
    # The driver's own connection: a script has many statements, and its percent signs are not placeholders.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None  # noqa: S101  a migration always has a connection
    for name in _PARTS:
        driver.execute((_SQL / name).read_text())

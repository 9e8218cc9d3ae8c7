"""Schema migrations (Alembic), run by `handled db migrate` as the owner of the schema."""

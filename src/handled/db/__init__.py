"""PostgreSQL: engine, tenant sessions, locks, migrations, the embedded server."""

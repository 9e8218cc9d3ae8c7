"""Work for later, kept in PostgreSQL and written in the transaction that causes it."""

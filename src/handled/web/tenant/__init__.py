"""The business's own systems, each with a secret key."""

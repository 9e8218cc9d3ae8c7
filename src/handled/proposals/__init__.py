"""Proposals: the only way talk becomes action."""

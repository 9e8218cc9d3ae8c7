"""The agent: what talks with customers, and never changes anything itself."""

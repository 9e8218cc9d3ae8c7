"""HTTP, by who is calling."""

"""Pages that we serve ourselves."""

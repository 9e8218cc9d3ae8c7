"""What a tenant sells and what it has written down: services, packages, FAQ."""

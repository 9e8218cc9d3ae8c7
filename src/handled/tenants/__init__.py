"""Tenants: the businesses that share the installation, their configuration and their keys."""

"""Appointments: hold, confirm, move, cancel, and what a calendar is told about them."""

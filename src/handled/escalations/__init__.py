"""Somebody asked for a person: who, why, who sees to it, and when they may expect an answer."""

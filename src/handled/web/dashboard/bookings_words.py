"""Bookings in words: their states, and what was done to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATES = {
    "pending_payment": "waits for payment",
    "confirmed": "confirmed",
    "completed": "took place",
    "cancelled": "cancelled",
    "no_show": "did not come",
    "expired": "ran out unpaid",
}
# Which of a badge's colours says it.
TONES = {"pending_payment": "warn", "confirmed": "good", "no_show": "bad", "cancelled": "bad"}
SOURCES = {
    "CHATBOT": "In the chat",
    "LINK": "By a link in a mail",
    "DASHBOARD": "In the dashboard",
    "API": "By your own system",
    "IMPORT": "Brought along from another system",
}
_ACTORS = {"customer": "The customer", "agent": "The assistant", "staff": "The business", "system": "handled"}
_DEEDS = {
    "held": "held the time",
    "confirmed": "booked it",
    "payment_awaited": "booked it, to be paid first",
    "paid": "paid",
    "difference_paid": "paid the difference",
    "late_refund": "sent back what came too late",
    "moved": "moved it",
    "cancelled": "cancelled it",
    "completed": "said that it took place",
    "no_show": "said that the customer did not come",
    "corrected": "corrected the customer's details",
    "refunded": "gave money back",
    "confirmation_sent": "sent the mail again",
    "imported": "brought it along",
}
_BY_ITSELF = {
    "expired": "It ran out: nobody paid in time",
    "completed": "It took place",
    "late_refund": "The money came too late and goes back",
}
_WAYS = {"LINK": "by a link in a mail", "API": "through your own system"}


def deed(actor: str, action: str, details: Mapping[str, Any]) -> str:
    """One line of the trail: "Mia cancelled it", "The customer moved it, by a link in a mail"."""
    if actor == "system" and action in _BY_ITSELF:
        return _BY_ITSELF[action]
    name = details.get("name")
    who = name if isinstance(name, str) else _ACTORS.get(actor, actor)
    way = _WAYS.get(str(details.get("source")))
    done = _DEEDS.get(action, action.replace("_", " "))
    return f"{who} {done}{f', {way}' if way else ''}"

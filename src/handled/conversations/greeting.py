"""How a conversation begins. It always says that it is an AI."""

from __future__ import annotations

from typing import Any

from handled.catalog.business import Business


def compose(business: Business) -> tuple[str, list[dict[str, Any]]]:
    """The first message and its quick replies. A tenant's own greeting is used as it is; the disclosure is
    ours and cannot be left out."""
    own = business.branding.get("greeting")
    welcome = own or f"Hi, welcome to {business.name}!"
    text = (
        f"{welcome} I'm the AI assistant at the front desk: I can find you a time, book it, or answer your"
        " questions. What can I do for you?"
    )
    choices = [{"label": "Book an appointment", "send": "I'd like to book an appointment"}]
    if business.services:
        choices.append({"label": "Services & prices", "send": "What services do you offer?"})
    choices.append({"label": "Opening hours", "send": "When are you open?"})
    return text, choices

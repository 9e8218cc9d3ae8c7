"""How a conversation begins. It always says that it is an AI."""

from __future__ import annotations

import re
from typing import Any

from handled.catalog.business import Business
from handled.tenants.industry import pack_of, text_of

_SAYS_AI = re.compile(r"\bAI\b")


def compose(business: Business) -> tuple[str, list[dict[str, Any]]]:
    """The first message and its quick replies. A tenant may have its own greeting; one that does not say that
    this is an AI gets a sentence that does."""
    own = business.branding.get("greeting")
    if own and _SAYS_AI.search(own):
        text = own
    elif own:
        text = f"{own} I'm an AI assistant: I can find you a time, book it, or answer your questions."
    else:
        text = (
            f"Hi, welcome to {business.name}! I'm the AI assistant at the front desk: I can find you a time, book it,"
            " or answer your questions. What can I do for you?"
        )
    if disclosed := text_of(business.pack, business.texts, "disclosure"):
        text = f"{text} {disclosed}"
    what = pack_of(business.pack).appointment
    choices = [{"label": f"Book {what}", "send": f"I'd like to book {what}"}]
    if business.services:
        choices.append({"label": "Services & prices", "send": "What services do you offer?"})
    choices.append({"label": "Opening hours", "send": "When are you open?"})
    return text, choices

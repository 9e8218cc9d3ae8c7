"""What a business words for itself instead of its industry pack."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

from handled.tenants import industry
from handled.tenants.fields import Text
from handled.tenants.offers import Part


def _wording(value: str, info: ValidationInfo) -> str:
    return industry.check_wording(info.field_name or "", value)


Wording = Annotated[Text, StringConstraints(max_length=1000), AfterValidator(_wording)] | None


class Texts(Part):
    """One field for each key of `industry.TEXTS` and `industry.PHRASES`; what is left out is as the pack has it."""

    tone: Wording = None
    limits: Wording = None
    disclosure: Wording = None
    before_booking: Wording = None
    crisis: Wording = None
    hello: Wording = None
    welcome: Wording = None
    welcome_back: Wording = None
    the_usual: Wording = None
    bye: Wording = None
    can_do: Wording = None
    anything_else: Wording = None
    ask_service: Wording = None
    ask_date: Wording = None
    ask_date_for: Wording = None
    ask_name_email: Wording = None
    declined: Wording = None
    comfort: Wording = None
    no_answer: Wording = None
    lost: Wording = None

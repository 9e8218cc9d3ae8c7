"""What a business lets language models use, where it differs from the installation's own limits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from handled.kit import money
from handled.tenants.offers import Part

NONE: Literal["none"] = "none"
_OF_MONEY = ("per_day", "per_conversation")


def _dollars(value: Any) -> Any:
    if value is None:
        return None
    text = str(value).strip().lower()
    return NONE if text == NONE else money.parse_micros(text)


def _tokens(value: Any) -> Any:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    text = str(value).strip().lower()
    if text == NONE:
        return NONE
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ValueError("is not a number of tokens; write it as 200000, or none")
    return int(text)


Dollars = Annotated[int | Literal["none"] | None, BeforeValidator(_dollars)]
Tokens = Annotated[int | Literal["none"] | None, BeforeValidator(_tokens)]


class Budgets(Part):
    """Money in micro-dollars, whatever the business's currency; `none` is no limit. What is left out is as the
    installation has it."""

    per_day: Dollars = None
    per_conversation: Dollars = None
    per_day_tokens: Tokens = None
    per_conversation_tokens: Tokens = None
    per_turn_tokens: Tokens = None
    per_turn_calls: Annotated[int, Field(ge=1, le=8)] | None = None


def write_budgets(budgets: Budgets) -> dict[str, Any]:
    """As the file has them: money as decimals."""
    return {
        name: money.plain_micros(value) if name in _OF_MONEY and value != NONE else value
        for name, value in budgets.model_dump(exclude_none=True).items()
    }

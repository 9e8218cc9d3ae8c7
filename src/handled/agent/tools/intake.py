"""What a business wants to know before a booking: the questions of a service, and the answers as they are kept."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from handled.catalog.business import Business, OfferedService
from handled.kit import text
from handled.kit.errors import HandledError
from handled.notifications.facts import Answer
from handled.tenants import industry

MAX_ANSWER_CHARS = 500


class GivenAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    question: str = Field(max_length=300, description="as the service's `intake` has it")
    answer: str = Field(max_length=2000, description="in the customer's words")


def questions(business: Business, service: OfferedService) -> tuple[str, ...]:
    """As the file has them: what may be skipped says so at its end."""
    return industry.questions_of(business.pack, service.intake)


def answered(business: Business, service: OfferedService, given: Sequence[GivenAnswer]) -> tuple[Answer, ...]:
    """The answers in the order of the questions; skipped ones are left out. Raises HandledError `invalid_answers` with
    a sentence that says what to ask."""
    asked = questions(business, service)
    told = {_key(each.question): _cleaned(each) for each in given}
    if unknown := [each.question for each in given if _key(each.question) not in map(_key, asked)]:
        raise _invalid(f'"{unknown[0][:80]}" is not one of the questions of this service: {_listed(asked) or "none"}.')
    missing = [each for each in asked if not told.get(_key(each)) and not industry.may_be_skipped(each)]
    if missing:
        raise _invalid(f"Ask the customer first: {_listed(missing)}")
    kept = ((industry.as_asked(each), told.get(_key(each), "")) for each in asked)
    return tuple(Answer(question, answer) for question, answer in kept if answer)


def _key(question: str) -> str:
    return "".join(each for each in industry.as_asked(question).casefold() if each.isalnum())


def _cleaned(given: GivenAnswer) -> str:
    try:
        return text.clean_comment(given.answer)
    except HandledError:
        raise _invalid(f"An answer is readable and has at most {MAX_ANSWER_CHARS} characters.") from None


def _listed(questions: Sequence[str]) -> str:
    return " ".join(f'"{industry.as_asked(each)}"' for each in questions)


def _invalid(message: str) -> HandledError:
    return HandledError("invalid_answers", message, 422)

"""What the model is shown of the conversation, built from our own rows: the library's message format changes
between versions, ours does not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from handled.kit import clock
from handled.kit.text import quote_data
from handled.tables import Message

_DATA_TAG = re.compile(r"<(?=\s*/?\s*data\b)", re.IGNORECASE)


def build(business_facts: str, said: Sequence[Message], question: Message, *, customer: str = "") -> list[ModelMessage]:
    """The messages up to and including `question`, each customer message with the time it was sent.

    Business facts and what is known of the customer (both come quoted), notes of what happened and the words of staff
    travel as quoted data, never as instructions.
    """
    history: list[ModelMessage] = []
    known = [each for each in (business_facts, customer) if each]
    waiting: list[ModelRequestPart] = [UserPromptPart(content=each, timestamp=question.created_at) for each in known]
    for message in said:
        match message.role:
            case "customer":
                waiting.append(UserPromptPart(content=_without_tags(message.content), timestamp=message.created_at))
            case "agent":
                waiting = _add_reply(history, waiting, message)
            case "staff":
                waiting.append(_quoted("staff", _of_staff(message), message))
            case _:
                waiting += [_quoted("event", step["event"], message) for step in message.steps]
        if message.id == question.id:
            break
    history.append(ModelRequest(parts=waiting))
    return history


def _of_staff(message: Message) -> dict[str, Any]:
    name = {"name": message.shown["name"]} if "name" in message.shown else {}
    return {**name, "said": message.content}


def _without_tags(content: str) -> str:
    """What somebody said, in which nothing looks like data of ours."""
    return _DATA_TAG.sub("‹", content)


def _quoted(name: str, value: dict[str, Any], message: Message) -> UserPromptPart:
    return UserPromptPart(content=quote_data(name, value), timestamp=message.created_at)


def response_of(step: dict[str, Any], at: datetime | None = None) -> ModelResponse:
    """One stored step of the agent as the library's message."""
    parts: list[TextPart | ToolCallPart] = [TextPart(_without_tags(step["text"]))] if step.get("text") else []
    parts += [ToolCallPart(each["name"], _same_bytes(each["arguments"]), each["id"]) for each in step.get("calls", [])]
    return ModelResponse(parts=parts, provider_details=step.get("details"), timestamp=at or clock.now())


def returns_of(step: dict[str, Any]) -> list[ModelRequestPart]:
    """What the tools answered in a stored step."""
    return [ToolReturnPart(each["name"], _same_bytes(each["result"]), each["id"]) for each in step.get("calls", [])]


def _same_bytes(value: dict[str, Any]) -> str:
    """JSON in which nothing looks like data of ours, and which does not depend on where `value` comes from:
    PostgreSQL gives keys back in an order of its own, and providers cache only what begins with the same bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode().replace("<", "\\u003c")


def _add_reply(
    history: list[ModelMessage], waiting: list[ModelRequestPart], message: Message
) -> list[ModelRequestPart]:
    details = {key: message.shown[key] for key in ("expects", "choices", "fallback") if key in message.shown}
    for step in message.steps or [{"text": message.content, "details": details}]:
        if waiting:
            history.append(ModelRequest(parts=waiting))
        history.append(response_of(step, message.created_at))
        waiting = returns_of(step)
    return waiting

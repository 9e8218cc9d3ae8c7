"""The conversation as the guided model reads it: library messages in, plain facts out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

_DATA = re.compile(r'\A\s*<data name="(\w+)">\s*(.*?)\s*</data>\s*\Z', re.DOTALL)

_WORD = re.compile(r"[^\W\d_]+")

Json = dict[str, Any]


@dataclass(frozen=True)
class Service:
    """One thing the business sells. `key` is the tenant's own, `label` is for people. `price` is in minor units, None
    where it is not fixed. `includes` are the parts of a package, `advance` is what is paid before it is sure, "" if
    nothing. `intake` is asked before it is booked."""

    key: str
    label: str
    description: str = ""
    duration_minutes: int | None = None
    whole_day: bool = False
    price: int | None = None
    price_text: str = ""
    resources: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    advance: str = ""
    intake: tuple[str, ...] = ()


@dataclass(frozen=True)
class Business:
    """What the first message of every conversation tells about the tenant.

    `topics` are the words of the questions it has answers for, those in lower case, which are no names. `wording` are
    sentences of its own, by key.
    """

    name: str = ""
    timezone: str = "UTC"
    locale: str = "en"
    address: str = ""
    phone: str = ""
    email: str = ""
    pack: str = ""
    services: tuple[Service, ...] = ()
    topics: frozenset[str] = frozenset()
    wording: tuple[tuple[str, str], ...] = ()

    def service(self, key: str | None) -> Service | None:
        return next((s for s in self.services if s.key == key), None)

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for s in self.services for name in s.resources))


@dataclass(frozen=True)
class CustomerSaid:
    text: str
    at: datetime


@dataclass(frozen=True)
class AgentSaid:
    """`expects` is None when the speaker did not say what it was asking for."""

    text: str
    expects: tuple[str, ...] | None = None
    fallback: bool = False


@dataclass(frozen=True)
class ToolAnswered:
    tool: str
    args: Json
    result: Json


@dataclass(frozen=True)
class ServerNoted:
    """Something the server did between turns: a proposal executed, rejected, expired or failed."""

    event: Json


Entry = CustomerSaid | AgentSaid | ToolAnswered | ServerNoted


@dataclass(frozen=True)
class Transcript:
    """`customer` is what is known of the one who writes, once they have proven who they are."""

    business: Business = field(default_factory=Business)
    entries: tuple[Entry, ...] = ()
    customer: Json | None = None


def read(messages: Sequence[ModelMessage]) -> Transcript:
    """Turn a message history into a transcript. Parts it does not know are left out; it never raises."""
    business: Business | None = None
    customer: Json | None = None
    entries: list[Entry] = []
    calls: dict[str, Json] = {}
    latest = _latest_prompt(messages)
    for message in messages:
        if isinstance(message, ModelResponse):
            entries += _agent_entries(message, calls)
            continue
        for part in message.parts:
            if isinstance(part, ToolReturnPart):
                args = calls.get(part.tool_call_id, {})
                entries.append(ToolAnswered(part.tool_name, args, _as_object(part.content)))
            elif isinstance(part, UserPromptPart):
                name, written = _data_block(part)
                if name == "business" and business is None:
                    business = _business(written)
                elif name == "customer" and part is not latest:
                    customer = customer or _as_object(written)
                elif name == "staff" and part is not latest:
                    # Another speaker on the same side: what they asked is what the customer answers.
                    entries.append(AgentSaid(_text(_as_object(written), "said")))
                elif name == "event" and part is not latest:
                    entries.append(ServerNoted(_as_object(written)))
                elif name is None or part is latest:
                    entries.append(CustomerSaid(_words(part), part.timestamp))
    return Transcript(business or Business(), tuple(entries), customer)


def _latest_prompt(messages: Sequence[ModelMessage]) -> UserPromptPart | None:
    """The prompt a turn answers: always the customer's words, even where they imitate a note of the server."""
    requests = (m for m in reversed(messages) if isinstance(m, ModelRequest))
    prompts = (p for m in requests for p in reversed(m.parts) if isinstance(p, UserPromptPart))
    return next(prompts, None)


def _agent_entries(message: ModelResponse, calls: dict[str, Json]) -> Iterable[Entry]:
    text = "".join(part.content for part in message.parts if isinstance(part, TextPart)).strip()
    asked_tools = False
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            asked_tools = True
            calls[part.tool_call_id] = _as_object(part.args)
    if not text or asked_tools:
        return
    details = message.provider_details or {}
    expects = details.get("expects")
    told = tuple(str(e) for e in cast("list[object]", expects)) if isinstance(expects, list | tuple) else None
    yield AgentSaid(text, told, bool(details.get("fallback")))


def _words(part: UserPromptPart) -> str:
    if isinstance(part.content, str):
        return part.content
    return " ".join(piece for piece in part.content if isinstance(piece, str))


def _data_block(part: UserPromptPart) -> tuple[str | None, str]:
    match = _DATA.match(_words(part))
    return (match[1], match[2]) if match else (None, "")


def _as_object(content: object) -> Json:
    if isinstance(content, str):
        try:
            content = json.loads(content)
        except ValueError:
            return {}
    return cast("Json", content) if isinstance(content, dict) else {}


@lru_cache(maxsize=128)
def _business(written: str) -> Business:
    payload = _as_object(written)
    listed = payload.get("services")
    services = cast("list[object]", listed) if isinstance(listed, list) else []
    return Business(
        name=_text(payload, "name"),
        timezone=_text(payload, "timezone") or "UTC",
        locale=_text(payload, "locale") or "en",
        address=_text(payload, "address"),
        phone=_text(payload, "phone"),
        email=_text(payload, "email"),
        pack=_text(payload, "pack"),
        services=tuple(_service(cast("Json", s)) for s in services if isinstance(s, dict)),
        topics=_topics(payload.get("faq_topics")),
        wording=tuple(sorted((key, str(text)) for key, text in _as_object(payload.get("wording")).items())),
    )


def _topics(listed: object) -> frozenset[str]:
    questions = cast("list[object]", listed) if isinstance(listed, list) else []
    words = (word for question in questions for word in _WORD.findall(str(question)))
    return frozenset(word for word in words if word.islower() and len(word) > 3)


def _service(payload: Json) -> Service:
    minutes = payload.get("duration_minutes")
    return Service(
        key=_text(payload, "service"),
        label=_text(payload, "label") or _text(payload, "service"),
        description=_text(payload, "description"),
        duration_minutes=minutes if isinstance(minutes, int) else None,
        whole_day=bool(payload.get("whole_day")),
        price=amount if isinstance(amount := _as_object(payload.get("price")).get("amount"), int) else None,
        price_text=_text(payload, "price_text"),
        resources=_texts(payload, "resources"),
        includes=_texts(payload, "includes"),
        advance=_text(payload, "paid_in_advance"),
        intake=_texts(payload, "intake"),
    )


def _text(payload: Json, key: str) -> str:
    value = payload.get(key)
    return value if isinstance(value, str) else ""


def _texts(payload: Json, key: str) -> tuple[str, ...]:
    value = payload.get(key)
    return tuple(str(each) for each in cast("list[object]", value)) if isinstance(value, list) else ()

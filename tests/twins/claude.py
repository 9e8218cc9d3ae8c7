"""A local twin of Claude's Messages API: the real event stream, and as strict about requests as the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from tests.twins.provider import Refused, Twin, pieces
from tests.twins.scripts import Call, Json, Reply, Text, Thinking, Used
from tests.twins.wire import Request

_TOP_LEVEL = frozenset({"model", "max_tokens", "messages", "system", "tools", "tool_choice", "stream", "cache_control"})
_TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_TOOL_USE_ID = re.compile(r"[a-zA-Z0-9_-]+")
_MOST_BREAKPOINTS = 4


class ClaudeTwin(Twin):
    """`POST /v1/messages`, streamed."""

    def check(self, request: Request) -> None:
        _expect((request.method, request.path.partition("?")[0]) == ("POST", "/v1/messages"), "not_found")
        _expect(bool(key_of(request)), "authentication: a key is required")
        _expect("anthropic-version" in request.headers, "anthropic-version: header is required")
        try:
            body = orjson.loads(request.raw)
        except orjson.JSONDecodeError as error:
            raise Refused(f"The request body is not valid JSON: {error}") from None
        check_body(body)

    def frames(self, reply: Reply, body: Json, number: int) -> Iterator[bytes]:
        used = _usage(reply.used)
        message = {
            "id": f"msg_{number:04d}",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {**used, "output_tokens": 1, "service_tier": "standard"},
        }
        yield _frame({"type": "message_start", "message": message})
        yield _frame({"type": "ping"})
        for index, block in enumerate(reply.blocks):
            start, deltas = _block(block, f"toolu_{number:04d}_{index}")
            yield _frame({"type": "content_block_start", "index": index, "content_block": start})
            for delta in deltas:
                yield _frame({"type": "content_block_delta", "index": index, "delta": delta})
            yield _frame({"type": "content_block_stop", "index": index})
        called = any(isinstance(block, Call) for block in reply.blocks)
        stop = {"stop_reason": reply.finish or ("tool_use" if called else "end_turn"), "stop_sequence": None}
        yield _frame({"type": "message_delta", "delta": stop, "usage": {**used, "output_tokens": reply.used.out}})
        yield _frame({"type": "message_stop"})

    def error(self, kind: str, message: str) -> Json:
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_twin"}

    def error_frame(self, kind: str, message: str) -> bytes:
        return _frame(self.error(kind, message))

    def text_frame(self, text: str) -> bytes:
        return _frame({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}})


def _block(block: Text | Thinking | Call, call_id: str) -> tuple[Json, list[Json]]:
    match block:
        case Text(text, size):
            deltas = [{"type": "text_delta", "text": piece} for piece in pieces(text, size)]
            return {"type": "text", "text": ""}, deltas
        case Thinking(text):
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(text, 9)]
            signed = {"type": "signature_delta", "signature": "c2lnbmVk"}
            return {"type": "thinking", "thinking": "", "signature": ""}, [*deltas, signed]
        case Call(name, arguments, given_id, size):
            deltas = [{"type": "input_json_delta", "partial_json": each} for each in ["", *pieces(arguments, size)]]
            return {"type": "tool_use", "id": given_id or call_id, "name": name, "input": {}}, deltas


def _usage(used: Used) -> Json:
    return {
        "input_tokens": used.fresh,
        "cache_creation_input_tokens": used.written,
        "cache_read_input_tokens": used.read,
    }


def _frame(event: Json) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event))


def key_of(request: Request) -> str:
    """The API key that the request carries, in either of the two places where it may be."""
    return request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")


def check_body(body: Json) -> None:
    """Raises Refused for what the real API answers with 400, and for what it only tolerates."""
    unknown = body.keys() - _TOP_LEVEL
    _expect(not unknown, f"{', '.join(sorted(unknown))}: Extra inputs are not permitted")
    _expect(body.get("stream") is True, "stream: only streams are expected here")
    _expect(isinstance(body.get("max_tokens"), int) and body["max_tokens"] > 0, "max_tokens: Field required")
    for index, block in enumerate(body.get("system") or []):
        _check_text(block, f"system.{index}")
    names = [tool["name"] for tool in body.get("tools") or []]
    _expect(len(set(names)) == len(names), "tools: Tool names must be unique")
    for tool in body.get("tools") or []:
        _expect(bool(_TOOL_NAME.fullmatch(tool["name"])), f"tools: bad name {tool['name']!r}")
        _expect(tool["input_schema"].get("type") == "object", "tools: input_schema.type: Field required")
    _expect(breakpoints(body) <= _MOST_BREAKPOINTS, "A maximum of 4 blocks with cache_control may be provided")
    _check_messages(body.get("messages") or [])


def breakpoints(body: Json) -> int:
    """How many places the request asks to have cached; the one at its top level stands for its last block."""
    return sum(_holds_breakpoint(each) for each in _objects(body))


def _objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _holds_breakpoint(value: Json) -> bool:
    return isinstance(value.get("cache_control"), dict) and value["cache_control"].get("type") == "ephemeral"


def _check_messages(messages: list[Json]) -> None:
    _expect(bool(messages), "messages: at least one message is required")
    roles = [message["role"] for message in messages]
    _expect(
        roles == [("user", "assistant")[n % 2] for n in range(len(roles))], f"messages: roles must alternate {roles}"
    )
    _expect(roles[-1] == "user", "messages: this model does not support assistant message prefill")
    seen: set[str] = set()
    waiting: list[str] = []
    for n, message in enumerate(messages):
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        _expect(bool(blocks), f"messages.{n}: content must not be empty")
        _check_results_come_first(blocks, waiting, n)
        waiting = []
        for block in blocks:
            match block["type"]:
                case "text":
                    _check_text(block, f"messages.{n}")
                case "tool_use":
                    _check_tool_use(block, seen, n)
                    waiting.append(block["id"])
                case "tool_result":
                    _expect(message["role"] == "user", f"messages.{n}: tool_result is for the user role")
                case other:
                    raise Refused(f"messages.{n}: {other} is not expected here")


def _check_results_come_first(blocks: list[Json], waiting: list[str], n: int) -> None:
    answered = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
    _expect(
        sorted(answered) == sorted(waiting),
        f"messages.{n}: `tool_use` ids {waiting} need their `tool_result` blocks immediately after, not {answered}",
    )
    ahead = [block["type"] for block in blocks[: len(answered)]]
    _expect(set(ahead) <= {"tool_result"}, f"messages.{n}: tool_result blocks must come first")


def _check_tool_use(block: Json, seen: set[str], n: int) -> None:
    _expect(isinstance(block["input"], dict), f"messages.{n}: tool_use.input: Input should be an object")
    _expect(bool(_TOOL_NAME.fullmatch(block["name"])), f"messages.{n}: tool_use.name: bad name {block['name']!r}")
    _expect(bool(_TOOL_USE_ID.fullmatch(block["id"])), f"messages.{n}: tool_use.id: bad id {block['id']!r}")
    _expect(block["id"] not in seen, f"messages.{n}: `tool_use` ids must be unique")
    seen.add(block["id"])


def _check_text(block: Json, where: str) -> None:
    _expect(block.get("type") == "text", f"{where}: only text is expected here")
    _expect(bool(block["text"].strip()), f"{where}: text content blocks must contain non-whitespace text")


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise Refused(message)

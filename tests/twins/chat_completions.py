"""A local twin of an OpenAI-compatible `chat/completions` endpoint, as Ollama, vLLM and OpenRouter offer it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from tests.twins.provider import Refused, Twin, pieces
from tests.twins.scripts import Call, Json, Reply, Text, Thinking
from tests.twins.wire import Request


class ChatCompletionsTwin(Twin):
    """`POST /v1/chat/completions`, streamed."""

    def check(self, request: Request) -> None:
        expected = (request.method, request.path) == ("POST", "/v1/chat/completions")
        body = request.body
        if not expected or body.get("stream") is not True:
            raise Refused(f"{request.method} {request.path} is not known")
        _check_messages(body["messages"])

    def frames(self, reply: Reply, body: Json, number: int) -> Iterator[bytes]:
        base = {"id": f"chatcmpl-{number}", "object": "chat.completion.chunk", "created": 1, "model": body["model"]}

        def chunk(delta: Json, finish: str | None = None) -> bytes:
            return _frame({**base, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

        yield chunk({"role": "assistant", "content": ""})
        tools = [block for block in reply.blocks if isinstance(block, Call)]
        for block in reply.blocks:
            match block:
                case Text(text, size):
                    for piece in pieces(text, size):
                        yield chunk({"content": piece})
                case Thinking(text):
                    yield chunk({"reasoning_content": text})
                case Call():
                    for delta in _call(block, tools.index(block), number):
                        yield chunk({"tool_calls": [delta]})
        yield chunk({}, reply.finish or ("tool_calls" if tools else "stop"))
        if body.get("stream_options", {}).get("include_usage"):
            yield _frame({**base, "choices": [], "usage": _usage(reply)})
        yield b"data: [DONE]\n\n"

    def error(self, kind: str, message: str) -> Json:
        return {"error": {"type": kind, "message": message, "code": kind, "param": None}}

    def error_frame(self, kind: str, message: str) -> bytes:
        return _frame(self.error(kind, message))

    def text_frame(self, text: str) -> bytes:
        return _frame({"id": "chatcmpl-x", "choices": [{"index": 0, "delta": {"content": text}}]})


def _call(block: Call, index: int, number: int) -> Iterator[Json]:
    # Small servers give every response's calls the same ids.
    yield {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": block.name, "arguments": ""}}
    for piece in pieces(block.arguments, block.piece):
        yield {"index": index, "function": {"arguments": piece}}


def _usage(reply: Reply) -> Json:
    used = reply.used
    asked = used.fresh + used.read + used.written
    return {
        "prompt_tokens": asked,
        "completion_tokens": used.out,
        "total_tokens": asked + used.out,
        "prompt_tokens_details": {"cached_tokens": used.read},
    }


def _frame(event: Json) -> bytes:
    return b"data: %b\n\n" % orjson.dumps(event)


def _check_messages(messages: list[dict[str, Any]]) -> None:
    roles = [message["role"] for message in messages]
    if roles[0] != "system" or "system" in roles[1:] or roles[-1] not in ("user", "tool"):
        raise Refused(f"messages: one system message, then the conversation: {roles}")
    waiting: list[str] = []
    for n, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                raise Refused(f"messages.{n}: nobody called {message['tool_call_id']}")
            waiting.remove(message["tool_call_id"])
            continue
        if waiting:
            raise Refused(f"messages.{n}: tool calls without an answer: {waiting}")
        waiting = [call["id"] for call in message.get("tool_calls") or []]
        if len(set(waiting)) != len(waiting):
            raise Refused(f"messages.{n}: the same id twice")
        for call in message.get("tool_calls") or []:
            orjson.loads(call["function"]["arguments"])

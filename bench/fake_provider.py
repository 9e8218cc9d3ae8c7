"""A model provider for speed tests: fast, local, always the same words.

Speaks Anthropic's `/v1/messages` and OpenAI's `/v1/chat/completions` as event streams. A customer who names a
date and a time gets a `propose_booking`, one who names only a date a `find_slots`; after the tool's answer, and to
everybody else, it says `deltas` words with `delay` milliseconds before each. POST /pace changes both.
"""

from __future__ import annotations

import asyncio
import re
import sys
from typing import Any

import orjson
import uvloop

Json = dict[str, Any]

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nrequest-id: req_1\r\ntransfer-encoding: chunked\r\n\r\n"
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_ADDRESS = re.compile(r"\w+@example\.com")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_WORDS = [
    "Our",
    "haircut",
    "takes",
    "half",
    "an",
    "hour",
    "and",
    "costs",
    "thirty-five",
    "euros,",
    "and",
    "there",
    "is",
    "always",
    "somebody",
    "free.",
]
_SPLIT_ARGUMENTS = 16

pace: dict[str, float] = {"deltas": 40, "delay": 0}


def words() -> list[str]:
    return [f"{_WORDS[n % len(_WORDS)]} " for n in range(int(pace["deltas"]))]


def wanted(asked: str) -> tuple[str, Json] | None:
    """The tool that the customer's words call for."""
    if moment := _MOMENT.search(asked):
        address = _ADDRESS.search(asked)
        person = {"name": "Ana Perez", "email": address[0] if address else "ana@example.com"}
        return "propose_booking", {"service": "haircut", "start": moment[0], **person}
    if date := _DATE.search(asked):
        return "find_slots", {"service": "haircut", "when": f"{date[0]} after 12:00"}
    return None


def last_words(message: Json) -> str | None:
    """What the last message says; None when it carries a tool's answer."""
    content = message["content"]
    if message["role"] == "tool":
        return None
    if isinstance(content, str):
        return content
    if any(part["type"] == "tool_result" for part in content):
        return None
    return content[-1].get("text", "")


def _event(name: str, **data: Any) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps({"type": name, **data}))


def anthropic(asked: Json) -> list[bytes]:
    usage = {"input_tokens": 900, "output_tokens": 1, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": asked["model"], "content": []}
    frames = [_event("message_start", message=message | {"stop_reason": None, "stop_sequence": None, "usage": usage})]
    said = last_words(asked["messages"][-1])
    call = wanted(said) if said is not None else None
    if call:
        block = {"type": "tool_use", "id": "toolu_1", "name": call[0], "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in _parts(call[1])]
    else:
        block = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": word} for word in words()]
    frames[0] += _event("content_block_start", index=0, content_block=block)
    frames += [_event("content_block_delta", index=0, delta=delta) for delta in deltas]
    stop = {"stop_reason": "tool_use" if call else "end_turn", "stop_sequence": None}
    end = _event("content_block_stop", index=0)
    end += _event("message_delta", delta=stop, usage={"output_tokens": len(deltas)}) + _event("message_stop")
    return [*frames, end]


def openai(asked: Json) -> list[bytes]:
    base = {"id": "chatcmpl_1", "object": "chat.completion.chunk", "created": 1, "model": asked["model"]}

    def frame(delta: Json, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return b"data: %s\n\n" % orjson.dumps({**base, "choices": [choice]})

    said = last_words(asked["messages"][-1])
    call = wanted(said) if said is not None else None
    if call:
        opening = {"index": 0, "id": "call_1", "type": "function", "function": {"name": call[0], "arguments": ""}}
        frames = [frame({"role": "assistant", "tool_calls": [opening]})]
        parts = ({"index": 0, "function": {"arguments": part}} for part in _parts(call[1]))
        frames += [frame({"tool_calls": [part]}) for part in parts]
    else:
        frames = [frame({"role": "assistant", "content": ""})]
        frames += [frame({"content": word}) for word in words()]
    usage = {"prompt_tokens": 900, "completion_tokens": len(frames), "total_tokens": 900 + len(frames)}
    end = frame({}, "tool_calls" if call else "stop")
    end += b"data: %s\n\ndata: [DONE]\n\n" % orjson.dumps({**base, "choices": [], "usage": usage})
    return [*frames, end]


def _parts(arguments: Json) -> list[str]:
    text = orjson.dumps(arguments).decode()
    return [text[at : at + _SPLIT_ARGUMENTS] for at in range(0, len(text), _SPLIT_ARGUMENTS)]


class Connection(asyncio.Protocol):
    """One kept-alive HTTP/1.1 connection; just enough of the protocol for the SDKs."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._received = b""
        self._answering: set[asyncio.Task[None]] = set()

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._received, 0, end)
            total = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < total:
                return
            request, self._received = self._received[:total], self._received[total:]
            self._handle(request.split(b" ", 2)[1], request[end + 4 :])

    def _handle(self, path: bytes, body: bytes) -> None:
        if path == b"/pace":
            pace.update(orjson.loads(body))
        if path in (b"/pace", b"/health"):
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            return
        speak = anthropic if path.startswith(b"/v1/messages") else openai
        task = asyncio.create_task(self._stream(speak(orjson.loads(body))))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _stream(self, frames: list[bytes]) -> None:
        loop, delay = asyncio.get_running_loop(), pace["delay"] / 1000
        begun = loop.time()
        self._transport.write(_HEAD)
        for number, frame in enumerate(frames):
            # A write of its own for each, as providers do it.
            await asyncio.sleep(max(0.0, begun + number * delay - loop.time()) if delay else 0)
            if self._transport.is_closing():
                return
            self._transport.write(b"%x\r\n%s\r\n" % (len(frame), frame))
        self._transport.write(b"0\r\n\r\n")


async def serve(port: int) -> None:
    listening = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", port, backlog=2048)
    await listening.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))

"""Merged text deltas: fewer frames, the same answer, whatever the network does to the bytes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handled.agent.models.coalesce import MergedStream
from handled.kit import clock

Json = dict[str, Any]


class _Network(httpx2.AsyncByteStream):
    """Pieces of a body; an exception among them is raised when its turn comes."""

    def __init__(self, pieces: Sequence[bytes | Exception]) -> None:
        self.pieces = pieces
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def aclose(self) -> None:
        self.closed = True


def _frame(event: Json, end: bytes = b"\n\n") -> bytes:
    return b"event: %b\ndata: %b" % (event["type"].encode(), orjson.dumps(event)) + end


def _delta(text: str, index: int = 0) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}


def _arguments(json: str, index: int = 1) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": {"type": "input_json_delta", "partial_json": json}}


def _stop(index: int) -> Json:
    return {"type": "content_block_stop", "index": index}


def _read(body: bytes) -> list[Json]:
    return [orjson.loads(frame.split(b"data:", 1)[1]) for frame in body.replace(b"\r\n", b"\n").split(b"\n\n") if frame]


def _joined(events: list[Json]) -> list[Json]:
    """The events with neighbouring text of one block made one: what a reader is left with."""
    joined: list[Json] = []
    for event in events:
        before = joined[-1] if joined else {}
        if _is_text(event) and _is_text(before) and event["index"] == before["index"]:
            joined[-1] = _delta(before["delta"]["text"] + event["delta"]["text"], event["index"])
        else:
            joined.append(event)
    return joined


def _is_text(event: Json) -> bool:
    return event.get("delta", {}).get("type") == "text_delta"


async def _merged(*pieces: bytes | Exception) -> list[bytes]:
    return [piece async for piece in MergedStream(_Network(pieces))]


events = st.lists(
    st.one_of(
        st.builds(_delta, st.text(max_size=8), st.integers(0, 2)),
        st.builds(_arguments, st.sampled_from(['{"a', '"text_delta"', "}", "\n\ndata: x"])),
        st.builds(_stop, st.integers(0, 2)),
        st.just({"type": "ping"}),
    ),
    max_size=30,
)


@given(events, st.integers(1, 40), st.sampled_from([b"\n\n", b"\r\n\r\n"]))
async def test_a_reader_is_left_with_the_same_events_in_the_same_order(sent: list[Json], size: int, end: bytes) -> None:
    body = b"".join(_frame(event, end) for event in sent)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    received = _read(b"".join(await _merged(*pieces)))
    assert _joined(received) == _joined(sent)


async def test_what_is_not_text_passes_byte_for_byte() -> None:
    frames = [_frame({"type": "ping"}), b": a comment\n\n", _frame(_arguments('{"text_delta": "text_delta"}')), b"odd"]
    assert b"".join(await _merged(*frames)) == b"".join(frames)


async def test_the_first_words_pass_at_once_and_a_burst_after_them_becomes_one_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "monotonic", lambda: 100.0)
    words = [_frame(_delta(f"word{n} ")) for n in range(20)]
    out = await _merged(*words, _frame(_stop(0)))
    texts = [event["delta"]["text"] for event in _read(b"".join(out)) if _is_text(event)]
    assert out[:8] == words[:8]
    assert texts[8:] == ["".join(f"word{n} " for n in range(8, 20))]


async def test_what_comes_together_at_first_goes_on_together() -> None:
    first, then = [b"".join(_frame(_delta(each)) for each in words) for words in (["Our ", "hair"], ["cut ", "is "])]
    out = await _merged(first, then)
    assert [_read(piece) for piece in out] == [[_delta("Our hair")], [_delta("cut is ")]]


async def test_text_never_waits_longer_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1000, 2000))
    monkeypatch.setattr(clock, "monotonic", lambda: float(next(moments)))
    out = await _merged(*[_frame(_delta("word ")) for _ in range(5)])
    assert len(out) == 5


async def test_lines_that_end_in_carriage_returns_are_not_held_back() -> None:
    first, second = _frame(_delta("a"), b"\r\n\r\n"), _frame(_stop(0), b"\r\n\r\n")
    out = await _merged(first, second)
    assert [_read(piece) for piece in out] == [[_delta("a")], [_stop(0)]]


async def test_text_is_not_carried_into_another_block() -> None:
    body = [_frame(_delta("a", 0)), _frame(_delta("b", 0)) + _frame(_delta("c", 1)) + _frame(_stop(1))]
    received = _joined(_read(b"".join(await _merged(*body))))
    assert received == [_delta("ab", 0), _delta("c", 1), _stop(1)]


@pytest.mark.parametrize(
    "odd",
    [
        b'event: content_block_delta\ndata: {"delta": {"type": "text_delta"',
        b'event: content_block_delta\ndata: {"delta": {"type": "text_delta", "text": "no index"}}',
        b'event: content_block_delta\n"text_delta"',
        b'event: content_block_delta\ndata: {"index": 0, "delta": {"type": "text_delta", "text": "\xc3"}}',
        b'event: content_block_delta\ndata: ["text_delta"]',
    ],
    ids=["cut short", "no index", "no data", "half a character", "a list"],
)
async def test_what_only_looks_like_text_is_left_for_others_to_judge(odd: bytes) -> None:
    frame = odd + b"\n\n"
    assert b"".join(await _merged(_frame(_delta("a")), frame)) == _frame(_delta("a")) + frame


async def test_a_broken_connection_breaks_the_stream() -> None:
    with pytest.raises(httpx2.ReadError):
        await _merged(_frame(_delta("a")), httpx2.ReadError("gone"))


async def test_closing_the_stream_closes_the_connection() -> None:
    network = _Network([])
    await MergedStream(network).aclose()
    assert network.closed


async def test_a_frame_that_has_not_ended_is_handed_over_at_the_end() -> None:
    assert b"".join(await _merged(b"data: tail")) == b"data: tail"

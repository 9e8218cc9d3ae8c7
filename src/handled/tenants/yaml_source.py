"""Reading YAML that strangers wrote: plain data with the line of every value, nothing executed or expanded.

The scalars follow YAML 1.2, and dates and times stay the text that was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

Path = tuple[str | int, ...]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16

_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Problem:
    """What is wrong with the value at `path` (with the whole file when empty); its line counts from 1."""

    line: int
    path: Path
    message: str


@dataclass
class Source:
    """`data` is the document as plain lists, dicts, strings, integers, booleans and None; decimals stay
    strings. `lines` has the line of every value, `problems` what kept the file from being read as meant."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict[Path, int])
    problems: list[Problem] = field(default_factory=list[Problem])

    def line(self, path: Path) -> int:
        """The line of the value at `path` or, when it was not written, of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _Unreadable(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def read(text: str) -> Source:
    """The one document in `text`. What cannot be read ends the reading; see `Source.problems`."""
    source = Source()
    if len(text.encode(errors="replace")) > MAX_BYTES:
        source.problems.append(Problem(1, (), f"the file is larger than {MAX_BYTES // 1024} KB"))
        return source
    try:
        source.data = _document(_events(text), source)
    except _Unreadable as error:
        source.problems.append(Problem(error.line, (), error.message))
    except MarkedYAMLError as error:
        source.problems.append(_syntax(error))
    except YAMLError as error:
        source.problems.append(Problem(1, (), f"is not valid YAML: {str(error).splitlines()[0]}"))
    return source


def _syntax(error: Any) -> Problem:
    mark = error.problem_mark or error.context_mark
    said = " ".join(part for part in (error.context, error.problem) if part)
    return Problem(mark.line + 1 if mark else 1, (), f"is not valid YAML: {said}")


def _events(text: str) -> Iterator[Event]:
    # The parser keeps its state in a list, not on the stack: however deep the input nests, we see it coming.
    return YAML(typ="safe", pure=True).parse(text)


def _document(events: Iterator[Event], source: Source) -> Any:
    found: Any = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Unreadable(_line(event), "holds a second document (after `---`); one file is one business")
        elif not isinstance(event, StreamStartEvent | StreamEndEvent | DocumentEndEvent):
            found = _value(event, events, (), source)
    return found


def _value(event: Event, events: Iterator[Event], path: Path, source: Source) -> Any:
    if len(path) > MAX_DEPTH:
        raise _Unreadable(_line(event), "is nested too deeply")
    if isinstance(event, AliasEvent):
        raise _Unreadable(_line(event), "uses an alias (`*name`); write the value out")
    source.lines.setdefault(path, _line(event))
    _refuse_tags(event)
    if isinstance(event, MappingStartEvent):
        return _mapping(events, path, source)
    if isinstance(event, SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), SequenceEndEvent):
            items.append(_value(event, events, (*path, len(items)), source))
        return items
    assert isinstance(event, ScalarEvent)  # noqa: S101  no other event begins a value
    return _scalar(event)


def _mapping(events: Iterator[Event], path: Path, source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), MappingEndEvent):
        if not isinstance(event, ScalarEvent):
            raise _Unreadable(_line(event), "has a list or a mapping where a field's name should be")
        _refuse_tags(event)
        key = _text(event)
        here = (*path, key)
        if key == "<<":
            raise _Unreadable(_line(event), "uses a merge key (`<<`); write the values out")
        repeated = key in found
        if repeated:
            earlier = source.lines[here]
            message = f"is given twice, the first time in line {earlier}"
            source.problems.append(Problem(_line(event), here, message))
        else:
            source.lines[here] = _line(event)
        value = _value(next(events), events, here, source)
        if not repeated:
            found[key] = value
    return found


def _refuse_tags(event: Event) -> None:
    tag = getattr(event, "ctag", None)
    if tag is not None and str(tag) != "!":
        raise _Unreadable(_line(event), f"uses a tag ({tag}); plain values are enough")


def _scalar(event: ScalarEvent) -> str | int | bool | None:
    text = _text(event)
    if event.style not in (None, ""):
        return text
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _text(event: Any) -> str:
    return event.value


def _line(event: Any) -> int:
    return event.start_mark.line + 1

"""A table of bookings from another system: CSV as spreadsheets write it, read line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from handled.kit.errors import HandledError

NEEDED = ("service", "start", "name", "email")
COLUMNS = (*NEEDED, "phone", "resource", "notes", "reference")
_DELIMITERS = ",;\t"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1 and is where the line begins in the file. `values` has every column; `problem` says why
    they cannot be relied on."""

    number: int
    values: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`ignored` are the columns that mean nothing to us."""

    lines: list[Line]
    ignored: list[str]


def read_table(content: bytes) -> Table:
    """The lines of the file, without its head and without empty ones. Raises HandledError `unreadable_file` for what
    is no such table as a whole."""
    text = _decoded(content)
    skipped = 0
    if text[:4].lower() == "sep=":  # how a spreadsheet is told the delimiter
        _, _, text = text.partition("\n")
        skipped = 1
    head_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head_line.count)
    rows = _rows(text, delimiter, skipped)
    head = next(rows, None)
    if head is None:
        raise _unreadable("The file is empty.")
    columns = [each.strip().lower() for each in head[1]]
    missing = [each for each in NEEDED if each not in columns]
    if missing:
        raise _unreadable(
            f"The first line has to name the columns. There is none called {', '.join(missing)};"
            f" there may be {', '.join(COLUMNS)}."
        )
    twice = sorted({each for each in columns if each in COLUMNS and columns.count(each) > 1})
    if twice:
        raise _unreadable(f"There are several columns called {', '.join(twice)}.")
    lines = [_line(number, columns, cells) for number, cells in rows]
    return Table(lines, [each for each in columns if each and each not in COLUMNS])


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        number = content[: error.start].count(b"\n") + 1
        raise _unreadable(f"Line {number} is not in UTF-8. Save the file as CSV with UTF-8.") from None


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(each.strip() for each in cells):
                yield number + skipped, cells
            number = reader.line_num + 1
    except csv.Error:
        message = f"From line {number + skipped} on it cannot be read: a quotation mark is missing or in the way."
        raise _unreadable(message) from None


def _line(number: int, columns: list[str], cells: list[str]) -> Line:
    values = dict.fromkeys(COLUMNS, "") | {
        column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column in COLUMNS
    }
    if any(each.strip() for each in cells[len(columns) :]):
        return Line(number, values, "has more cells than there are columns; a text with the delimiter needs quotes")
    return Line(number, values)


def _unreadable(message: str) -> HandledError:
    return HandledError("unreadable_file", message)

"""One line out of whatever somebody typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handled.notifications.wording import one_line, quoted_lines


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("  Anna   Núñez ", "Anna Núñez"),
        ("a\r\nb\tc\x0bd\x85e\u2028f\x00g", "a b c d e f g"),
        ("\u202eevil\u202c", "evil"),
        ("\u2067עברית\u2069", "עברית"),
        ("👩🏽‍🦱", "👩🏽‍🦱"),
        ("half \ud83d", "half"),
        ("", ""),
    ],
)
def test_white_space_and_control_characters_fold_into_one_space(typed: str, shown: str) -> None:
    assert one_line(typed) == shown


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_line_is_one_line_and_no_longer_than_asked(value: str, longest: int) -> None:
    line = one_line(value, longest)
    assert len(line) <= longest
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in line)
    assert one_line(line, longest) == line


@pytest.mark.parametrize("letter", ["e\u0301", "👩🏽‍🦱", "❤️"])
def test_cutting_never_splits_a_letter_from_what_belongs_to_it(letter: str) -> None:
    for longest in range(2, 12):
        kept = one_line(letter * 20, longest).removesuffix("…")
        assert kept == letter * (len(kept) // len(letter))


def test_what_somebody_wrote_keeps_its_lines_but_not_its_gaps() -> None:
    assert quoted_lines("first\n\n\r\n  second \u2028third\n") == ["first", "second", "third"]
    assert quoted_lines(" \n ") == []


def test_what_somebody_wrote_ends_somewhere() -> None:
    lines = quoted_lines("x\n" * 100_000, 40)
    assert sum(map(len, lines)) <= 40
    assert lines[-1].endswith("…")

"""Any colour a business may have chosen stays readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handled.notifications.accent import HOUSE_ACCENT, contrast, tones

PAPER, DARK_PAPER = "#ffffff", "#211f1d"


def ratio(a: str, b: str) -> float:
    def rgb(colour: str) -> tuple[int, int, int]:
        return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)

    return contrast(rgb(a), rgb(b))


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_text_in_any_accent_can_be_read_and_any_fill_be_seen(colour: int) -> None:
    t = tones(f"#{colour:06x}", paper=PAPER, dark_paper=DARK_PAPER)
    assert ratio(t.ink, PAPER) >= 4.5
    assert ratio(t.dark_ink, DARK_PAPER) >= 4.5
    assert ratio(t.on_fill, t.fill) >= 4
    assert ratio(t.dark_on_fill, t.dark_fill) >= 4
    assert ratio(t.fill, PAPER) >= 1.7
    assert ratio(t.dark_fill, DARK_PAPER) >= 1.7


@pytest.mark.parametrize("colour", [None, "", "red", "#12", "#12345g", "#123456;}", "</style>", "url(x)"])
def test_what_is_no_colour_gives_the_house_accent(colour: str | None) -> None:
    assert tones(colour, paper=PAPER, dark_paper=DARK_PAPER).fill == HOUSE_ACCENT


def test_a_readable_accent_is_left_alone_and_three_digits_are_enough() -> None:
    assert tones("#7A4B9D", paper=PAPER, dark_paper=DARK_PAPER).fill == "#7a4b9d"
    assert tones("#048", paper=PAPER, dark_paper=DARK_PAPER).ink == "#004488"


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#777777") == 1

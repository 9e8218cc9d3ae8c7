"""Text is checked while it streams: what has left claims nothing, and only what may become a claim waits."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from handled.agent.receipts import LONGEST_SENTENCE, ReceiptGuard, check

NOTHING: frozenset[str] = frozenset()


def in_pieces(text: str, allowed: frozenset[str], size: int = 1) -> str:
    guard = ReceiptGuard(allowed)
    fed = "".join(guard.feed(text[at : at + size]).text for at in range(0, len(text), size))
    return fed + guard.finish().text


def test_text_that_cannot_become_a_claim_leaves_at_once():
    guard = ReceiptGuard(NOTHING)
    assert guard.feed("Thursday at 4 or at 5 wou").text == "Thursday at 4 or at 5 "
    assert guard.feed("ld suit Mia. Bo").text == "would suit Mia. "
    assert guard.feed("ok").text == ""
    assert guard.feed("ed for").text == ""
    assert guard.feed(" you!").text == ""
    assert guard.finish().text == "Nothing has been booked yet."


def test_only_words_that_make_a_claim_wait_with_it():
    guard = ReceiptGuard(NOTHING)
    assert guard.feed("You can ").text == ""
    assert guard.feed("come on foot: the ").text == "You can come on foot: "
    assert guard.feed("salon is near and your slot is ").text == "the salon is near "
    assert guard.feed("booked").text == ""
    assert guard.finish().text == "– nothing has been booked yet."


def test_a_sentence_without_an_end_is_judged_in_time():
    guard = ReceiptGuard(NOTHING)
    held = guard.feed("Your " + "very " * (LONGEST_SENTENCE // 5 + 2))
    assert len(held.text) > LONGEST_SENTENCE
    assert guard.feed("good time is booked ").violations == ()
    assert [each.kind for each in guard.finish().violations] == ["booked"]


_FRAGMENTS = st.sampled_from(
    ["I've ", "booked ", "you. ", "You", "'re", "boo", "ked", "\u200b", "! ", "? ", " ", "\n", ". ", "...", "é", "not ",
     "it is ", "Once you confirm, ", "cancelled", "Dr. ", "3 p.m. ", "refund ", "is on its way", "reservado", "**",
     "word " * 30, "x" * 50, "b o o k e d", "Great ", "- ", "1. ", "。", "see you Thursday", "&#98;", "<b>", "all set",
     "\t", "done.", "confirmed ", "your ", "appointment ", "BK-7F3K2Q ", "You have an ", "issued ", "I found ", "in ",
     "the ", "If ", "for ", "i ", "all ", "set ", "nothing ", "your ", "has been ", "moved ", "held ", "off ", "back ",
     "my calendar", "Moved", "paid", "credited "]
)  # fmt: skip
_TEXTS = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=5)), max_size=25).map("".join)
_ALLOWED = st.sampled_from([NOTHING, frozenset({"booked"}), frozenset({"cancelled", "moved"})])


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.lists(st.integers(0, 400)), _ALLOWED)
def test_however_the_text_is_cut_the_same_comes_out(text: str, cuts: list[int], allowed: frozenset[str]):
    guard = ReceiptGuard(allowed)
    ends = sorted({cut for cut in cuts if cut < len(text)} | {0, len(text)})
    parts = [guard.feed(text[start:end]) for start, end in pairwise(ends)]
    parts.append(guard.finish())
    violations = tuple(violation for part in parts for violation in part.violations)
    assert ("".join(part.text for part in parts), violations) == check(text, allowed)
    assert in_pieces(text, allowed, size=5) == check(text, allowed)[0]


@settings(deadline=None, max_examples=100)
@given(_TEXTS, _ALLOWED, st.integers(1, 9))
def test_what_has_left_at_any_moment_claims_nothing(text: str, allowed: frozenset[str], size: int):
    guard, left = ReceiptGuard(allowed), ""
    for at in range(0, len(text), size):
        left += guard.feed(text[at : at + size]).text
        assert check(left, allowed)[1] == ()


@settings(deadline=None, max_examples=100)
@given(_TEXTS, _ALLOWED)
def test_what_comes_out_holds_no_claim(text: str, allowed: frozenset[str]):
    said, violations = check(text, allowed)
    assert check(said, allowed)[1] == ()
    assert violations or said == text

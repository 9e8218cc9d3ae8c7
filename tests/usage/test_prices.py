"""What a call costs."""

from __future__ import annotations

import pytest

from handled.usage.prices import cost_micros, most_micros

HAIKU = "anthropic:claude-haiku-4-5"


def cost(model: str, fresh: int = 0, out: int = 0, read: int = 0, written: int = 0) -> int | None:
    return cost_micros(
        model,
        input_tokens=fresh + read + written,
        output_tokens=out,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )


@pytest.mark.parametrize(
    ("tokens", "micros"),
    [
        ({"fresh": 1000}, 1000),
        ({"out": 1000}, 5000),
        ({"read": 1000}, 100),
        ({"written": 1000}, 1250),
        ({"fresh": 1000, "out": 1000, "read": 1000, "written": 1000}, 7350),
        ({}, 0),
    ],
)
def test_each_kind_of_token_has_its_price(tokens: dict[str, int], micros: int) -> None:
    assert cost(HAIKU, **tokens) == micros


@pytest.mark.parametrize("model", ["anthropic:nobody-sells-this", "openai:my-own", "nobody:at-all", "", "x"])
def test_nobodys_price_is_unknown_and_not_zero(model: str) -> None:
    assert cost(model, fresh=10) is None
    assert most_micros(model, 1000, 1000) is None


def test_the_guided_model_costs_nothing() -> None:
    assert cost("guided:guided", fresh=10, out=10) == 0


def test_an_endpoint_that_counts_cached_tokens_apart_breaks_no_turn() -> None:
    apart = cost_micros(HAIKU, input_tokens=100, output_tokens=0, cache_read_tokens=200, cache_write_tokens=50)
    assert apart == round(200 * 0.1 + 50 * 1.25)


@pytest.mark.parametrize("model", [HAIKU, "openai:gpt-4o-mini", "openai:gpt-5"])
def test_the_most_is_never_less_than_what_it_then_costs(model: str) -> None:
    most = most_micros(model, 6000, 1024)
    assert most is not None
    for read in (0, 3000, 6000):
        for written in (0, 6000 - read):
            actual = cost(model, fresh=6000 - read - written, out=1024, read=read, written=written)
            assert actual is not None
            assert actual <= most

"""Model prices, from the maintained table of genai-prices (offline)."""

from __future__ import annotations

from functools import lru_cache

from genai_prices import Usage, calc_price

GUIDED = "guided"


# A call is asked for when it is recorded and when it is reported, a rounded estimate again and again.
@lru_cache(maxsize=4096)
def cost_micros(
    model: str, *, input_tokens: int, output_tokens: int, cache_read_tokens: int, cache_write_tokens: int
) -> int | None:
    """The cost of one call in millionths of a US dollar; None when the model's price is unknown.
    `input_tokens` counts cached ones too, as the providers' libraries report it."""
    provider, _, name = model.partition(":")
    if provider == GUIDED:
        return 0
    # Some compatible endpoints leave the cached ones out of the input.
    usage = Usage(
        input_tokens=max(input_tokens, cache_read_tokens + cache_write_tokens),
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
    )
    try:
        price = calc_price(usage, model_ref=name, provider_id=provider)
    except (LookupError, ValueError):
        return None
    return round(price.total_price * 1_000_000)


def most_micros(model: str, input_tokens: int, output_tokens: int) -> int | None:
    """What a call of that size costs at most: everything that goes in is written to the cache, which is dearest."""
    plain, written = (
        cost_micros(
            model,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            cache_read_tokens=0,
            cache_write_tokens=each,
        )
        for each in (0, input_tokens)
    )
    return None if plain is None or written is None else max(plain, written)

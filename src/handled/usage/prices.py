"""Model prices, from the maintained table of genai-prices (offline)."""

from __future__ import annotations

from genai_prices import Usage, calc_price


def cost_micros(
    model: str, *, input_tokens: int, output_tokens: int, cache_read_tokens: int, cache_write_tokens: int
) -> int | None:
    """The cost of one call in millionths of a US dollar; None when the model's price is unknown.
    `input_tokens` counts cached ones too, as the providers' libraries report it."""
    provider, _, name = model.partition(":")
    if provider == "guided":
        return 0
    usage = Usage(
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cache_read_tokens=cache_read_tokens,
        cache_write_tokens=cache_write_tokens,
    )
    try:
        price = calc_price(usage, model_ref=name, provider_id=provider)
    except LookupError:
        return None
    return round(price.total_price * 1_000_000)

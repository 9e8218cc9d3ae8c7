"""Language models by name: `anthropic:claude-…` or `openai:…` at any compatible endpoint."""

from __future__ import annotations

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.settings import ModelSettings

from handled.agent.models.coalesce import CoalescingTransport
from handled.kit.errors import HandledError

# The libraries' own defaults are 128,000 tokens and ten minutes.
SETTINGS = ModelSettings(
    max_tokens=1024,
    max_retries=1,
    first_event_timeout=8,
    request_timeout=45,
    cache=True,
)


def create_model(name: str, *, api_key: str | None, base_url: str | None) -> Model:
    """A streaming model. `base_url` None means the provider's own address.

    Raises HandledError `unknown_model` for a name that does not begin with a known provider.
    """
    provider, _, model = name.partition(":")
    client = httpx2.AsyncClient(
        transport=CoalescingTransport(
            limits=httpx2.Limits(max_connections=500, max_keepalive_connections=100)
        ),
        timeout=httpx2.Timeout(45, connect=5),
    )
    if provider == "anthropic" and model:
        return AnthropicModel(
            model, provider=AnthropicProvider(api_key=api_key, base_url=base_url, http_client=client)
        )
    if provider == "openai" and model:
        return OpenAIChatModel(
            model,
            provider=OpenAIProvider(api_key=api_key or "none", base_url=base_url, http_client=client),
        )
    raise HandledError(
        "unknown_model",
        f"HANDLED_MODEL is {name!r}; it must read anthropic:MODEL or openai:MODEL.",
        500,
    )

"""Language models by name: `anthropic:claude-…` or `openai:…` at any compatible endpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx2
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings

from handled.agent.models.coalesce import merge_text
from handled.kit.errors import HandledError

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from openai import AsyncOpenAI
    from pydantic_ai.profiles.openai import OpenAIModelProfile


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds we wait for a provider: to connect, for the first event of an answer, for the next bytes of
    it, for the whole of it, and before asking once more when it was busy."""

    connect: float = 5.0
    first_event: float = 8.0
    silence: float = 15.0
    whole: float = 45.0
    retry: float = 1.0


PATIENCE = Patience()
_MAX_TOKENS = 1024
# Given to the providers' clients: as a setting of the model it would copy the client for every request.
_RETRIES = 1


def create_model(name: str, *, api_key: str | None, base_url: str | None, patience: Patience | None = None) -> Model:
    """A streaming model. `base_url` None means the provider's own address.

    Raises HandledError `unknown_model` for a name that does not begin with a known provider.
    """
    # Each provider's library is as large as all the rest of us: only the one in use is loaded.
    provider, _, model = name.partition(":")
    patience = patience or PATIENCE
    if provider == "anthropic" and model:
        from anthropic import AsyncAnthropic, DefaultAioHttpClient

        from handled.agent.models.claude import ClaudeModel

        client = _client(DefaultAioHttpClient, patience, merge_text)
        sdk = AsyncAnthropic(api_key=api_key, base_url=base_url, http_client=client, max_retries=_RETRIES)
        return ClaudeModel(model, sdk, _settings(patience))
    if provider == "openai" and model:
        from openai import AsyncOpenAI
        from pydantic_ai.models.openai import OpenAIChatModel
        from pydantic_ai.providers.openai import OpenAIProvider

        client = _client(httpx2.AsyncClient, patience)
        sdk = AsyncOpenAI(api_key=api_key or "none", base_url=base_url, http_client=client, max_retries=_RETRIES)
        return OpenAIChatModel(
            model,
            provider=OpenAIProvider(openai_client=sdk),
            profile=_profile(is_openai=base_url is None),
            settings=_settings(patience),
        )
    raise HandledError(
        "unknown_model", f"HANDLED_MODEL is {name!r}; it must read anthropic:MODEL or openai:MODEL.", 500
    )


async def close(model: Model) -> None:
    """Hang up on the provider of a model that was created here."""
    client: AsyncAnthropic | AsyncOpenAI | None = getattr(model, "client", None)
    if client is not None:
        await client.close()


_LIMITS = httpx2.Limits(max_connections=500, max_keepalive_connections=100)


def _settings(patience: Patience) -> ModelSettings:
    # The libraries' own defaults are 128,000 tokens and ten minutes.
    return ModelSettings(
        max_tokens=_MAX_TOKENS,
        first_event_timeout=patience.first_event,
        request_timeout=patience.whole,
    )


def _profile(*, is_openai: bool) -> OpenAIModelProfile:
    """Compatible servers know the older name of the token limit, and many take one system message only. An answer
    that ends without saying why has been cut off."""
    from pydantic_ai.profiles.openai import OpenAIModelProfile

    return OpenAIModelProfile(
        openai_chat_supports_max_completion_tokens=is_openai,
        openai_chat_supports_multiple_system_messages=is_openai,
        openai_chat_streaming_requires_finish_reason=True,
    )


def _client(
    kind: type[httpx2.AsyncClient], patience: Patience, *hooks: Callable[[httpx2.Response], Awaitable[None]]
) -> httpx2.AsyncClient:
    async def ask_again_soon_or_not_at_all(response: httpx2.Response) -> None:
        if _seconds(response.headers.get("retry-after")) > patience.retry:
            response.headers["x-should-retry"] = "false"

    return kind(
        limits=_LIMITS,
        # A compressed event stream could not be merged, and comes in larger lumps.
        headers={"accept-encoding": "identity"},
        timeout=httpx2.Timeout(max(patience.silence, patience.first_event), connect=patience.connect),
        event_hooks={"response": [ask_again_soon_or_not_at_all, *hooks]},
    )


def _seconds(retry_after: str | None) -> float:
    """What a Retry-After header asks for; a date counts as long."""
    if not retry_after:
        return 0.0
    try:
        return float(retry_after)
    except ValueError:
        return float("inf")

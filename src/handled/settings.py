"""Settings: environment variables and `.env`, checked once at start. Read by the roots only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from handled.kit import money
from handled.kit.errors import HandledError


def _unless_none(value: Any) -> Any:
    return None if str(value).strip().lower() == "none" else value


def _dollars(value: str) -> str:
    text = value.strip().lower()
    if _unless_none(text):
        money.parse_micros(text)
    return text


_Dollars = Annotated[str, AfterValidator(_dollars)]
_Tokens = Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(_unless_none)]


class Settings(BaseSettings):
    """Everything that can be configured. Every name is the environment variable in upper case; those without a
    well-known name of their own begin with `HANDLED_`."""

    model_config = SettingsConfigDict(env_prefix="HANDLED_", env_file=".env", extra="ignore", env_ignore_empty=True)

    environment: Literal["development", "demo", "production"] = "development"
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    database_owner_url: str | None = Field(default=None, validation_alias="DATABASE_OWNER_URL")
    database_pool: int = Field(default=10, ge=2, le=200)
    redis_url: SecretStr | None = Field(default=None, validation_alias="REDIS_URL")
    data_dir: Path = Path(".handled")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str | None = None
    now: datetime | None = None

    model: str | None = None
    model_base_url: str | None = None
    anthropic_api_key: SecretStr | None = Field(default=None, validation_alias="ANTHROPIC_API_KEY")
    openai_api_key: SecretStr | None = Field(default=None, validation_alias="OPENAI_API_KEY")

    budget_day: _Dollars = "5.00"
    budget_conversation: _Dollars = "0.50"
    budget_day_tokens: _Tokens = 5_000_000
    budget_conversation_tokens: _Tokens = 500_000
    budget_turn_tokens: _Tokens = 200_000
    budget_turn_calls: int = Field(default=8, ge=1, le=8)

    stripe_api_key: SecretStr | None = Field(default=None, validation_alias="STRIPE_API_KEY")
    stripe_webhook_secret: SecretStr | None = Field(default=None, validation_alias="STRIPE_WEBHOOK_SECRET")
    stripe_base_url: str | None = None

    smtp_url: SecretStr | None = Field(default=None, validation_alias="SMTP_URL")
    postmark_token: SecretStr | None = Field(default=None, validation_alias="POSTMARK_TOKEN")
    postmark_stream: str = Field(default="outbound", validation_alias="POSTMARK_STREAM")
    mail_from: str = "front-desk@example.com"

    limit_chat: str = "20/minute"
    limit_session: str = "20/minute"
    limit_tenant: str = "600/minute"
    limit_lookup: str = "120/minute"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_json: bool = False
    metrics_token: SecretStr | None = None
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    otlp_endpoint: str | None = None
    worker: bool = True
    processes: int = Field(default=1, ge=1, le=64)

    @field_validator("now")
    @classmethod
    def _now_has_an_offset(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("needs an offset, as in 2026-03-01T07:00:00-08:00")
        return value

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _database_is_postgresql(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"postgres(ql)?(\+psycopg)?://", value):
            raise ValueError("must name a PostgreSQL server, as in postgresql://user:password@host/database")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_is_an_address(cls, value: SecretStr | None) -> SecretStr | None:
        written = value.get_secret_value() if value else ""
        server = r"rediss?://([^\s@/]*@)?(\[[0-9a-fA-F:]+\]|[^\s@/:\[\]]+)(:[0-9]{1,5})?(/[0-9]*)?"
        if written and not re.fullmatch(rf"{server}|unix://([^\s@/]*@)?/[^\s?]+(\?db=[0-9]+)?", written):
            raise ValueError("must name a Redis server, as in redis://:password@host:6379/0")
        return value

    @field_validator("limit_chat", "limit_session", "limit_tenant", "limit_lookup")
    @classmethod
    def _limit_is_a_rate(cls, value: str) -> str:
        if not re.fullmatch(r"[1-9][0-9]*/(second|minute|hour|day)", value):
            raise ValueError("must be so many in a second, minute, hour or day, as in 20/minute")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_comes_from_an_address(cls, value: str) -> str:
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
            raise ValueError("must be one plain address, as in desk@example.com")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _metrics_token_is_long(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]{16,}", value.get_secret_value()):
            raise ValueError("must have at least 16 characters, without spaces")
        return value

    @field_validator("otlp_endpoint")
    @classmethod
    def _collector_is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^?#\s]+", value):
            raise ValueError("must be the address of a collector, as in http://localhost:4318")
        return value

    @field_validator("postmark_token")
    @classmethod
    def _token_fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError("must be the token of a Postmark server, without spaces")
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url_is_an_origin(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/?#\s]+/?", value):
            raise ValueError("must be scheme and host only, as in https://book.example.com")
        return value.rstrip("/") if value else None

    @model_validator(mode="after")
    def _fits_together(self) -> Settings:
        problems = [
            *self._unsafe_in_production(),
            *self._wrong_with_mail(),
            *self._wrong_with_the_model(),
            *self._wrong_with_payments(),
        ]
        if problems:
            raise ValueError("\n  ".join(problems))
        return self

    def _unsafe_in_production(self) -> Iterator[str]:
        if self.environment != "production":
            return
        if self.now is not None:
            yield "HANDLED_NOW is for demos and evaluations: production follows the real clock"
        if not self.database_url:
            yield "DATABASE_URL must name a PostgreSQL server in production"
        if not self.public_url or not self.public_url.startswith("https://"):
            yield "HANDLED_PUBLIC_URL must be the https:// address that customers use"
        if re.search(r"[@.]example\.com$", self.mail_from):
            yield "HANDLED_MAIL_FROM must be an address of yours that mail may be sent from"
        if self.smtp_url is None and self.postmark_token is None:
            yield "SMTP_URL or POSTMARK_TOKEN must be set in production: the local mailbox is for demos"

    def _wrong_with_mail(self) -> Iterator[str]:
        if self.smtp_url is not None and self.postmark_token is not None:
            yield "SMTP_URL and POSTMARK_TOKEN are both set: mail leaves one way, so keep one of them"

    def _wrong_with_the_model(self) -> Iterator[str]:
        if self.model is None:
            return
        provider, _, name = self.model.partition(":")
        if provider not in ("anthropic", "openai") or not name:
            yield "HANDLED_MODEL must read anthropic:MODEL or openai:MODEL"
        elif self.model_key is None and (provider == "anthropic" or self.model_base_url is None):
            yield f"HANDLED_MODEL names {self.model}, and {provider.upper()}_API_KEY is not set"

    def _wrong_with_payments(self) -> Iterator[str]:
        if self.stripe_api_key is None:
            return
        kind = re.match(r"[sr]k_(live|test)_", self.stripe_api_key.get_secret_value())
        if kind is None:
            yield "STRIPE_API_KEY must be a secret or restricted key, as in sk_test_… or rk_live_…"
        elif self.environment == "production" and kind[1] == "test":
            yield "STRIPE_API_KEY is a test key: in production nobody would pay anything"
        elif self.environment != "production" and kind[1] == "live":
            yield "STRIPE_API_KEY is a live key, and real money moves only with HANDLED_ENVIRONMENT=production"
        if not self.stripe_webhook_secrets:
            yield "STRIPE_WEBHOOK_SECRET must be set with STRIPE_API_KEY: without it nobody tells us what was paid"
        if self.now is not None:
            yield "HANDLED_NOW cannot be used with STRIPE_API_KEY: Stripe follows the real clock"
        if self.environment == "production" and self.stripe_base_url is not None:
            yield "HANDLED_STRIPE_BASE_URL is for tests: production talks to Stripe itself"

    @property
    def origin(self) -> str:
        """Where customers reach us: the public address, else the one we listen on, as this machine calls it."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  only compared
        return self.public_url or f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def stripe_webhook_secrets(self) -> tuple[str, ...]:
        """One for each endpoint that sends here."""
        written = self.stripe_webhook_secret.get_secret_value() if self.stripe_webhook_secret else ""
        return tuple(each.strip() for each in written.split(",") if each.strip())

    @property
    def model_name(self) -> str | None:
        """The language model to use: the one named, or Claude when there is a key for it."""
        if self.model or self.anthropic_api_key is None:
            return self.model
        return "anthropic:claude-haiku-4-5"

    @property
    def mail_by(self) -> str | None:
        """What carries mail out of here; None when it stays in the mailbox."""
        if self.smtp_url is not None:
            return "SMTP"
        return None if self.postmark_token is None else "Postmark"

    @property
    def model_key(self) -> str | None:
        is_anthropic = (self.model_name or "").startswith("anthropic:")
        key = self.anthropic_api_key if is_anthropic else self.openai_api_key
        return key.get_secret_value() if key else None


def _variable(location: tuple[int | str, ...]) -> str:
    """The environment variable that a problem is about, with a colon; nothing where it is about several."""
    if not location:
        return ""
    name = str(location[0])
    return f"{name if name.isupper() else f'HANDLED_{name.upper()}'}: "


def load_settings() -> Settings:
    """Read and check the settings. Raises HandledError that names every bad one."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [f"{_variable(each['loc'])}{each['msg'].removeprefix('Value error, ')}" for each in error.errors()]
        raise HandledError("bad_settings", "Please correct the settings:\n  " + "\n  ".join(problems)) from None

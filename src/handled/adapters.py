"""Settings → the real or the local twin of each outside service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import money
from handled.kit.errors import HandledError
from handled.notifications.email import Sender
from handled.payments.gateways import Gateway
from handled.settings import Settings
from handled.usage.budgets import NONE, Limits

if TYPE_CHECKING:
    from handled.kit.shared import Shared


def create_sender(settings: Settings) -> tuple[Sender, Path | None]:
    """How mail leaves: by SMTP or Postmark if configured, else the local mailbox, whose folder comes along."""
    if settings.smtp_url is not None:
        from handled.notifications.email.smtp import SmtpSender

        try:
            return SmtpSender(settings.smtp_url.get_secret_value()), None
        except ValueError as error:
            raise HandledError("bad_settings", f"Please correct the settings:\n  {error}") from None
    if settings.postmark_token is not None:
        from handled.notifications.email.postmark import PostmarkSender

        return PostmarkSender(settings.postmark_token.get_secret_value(), settings.postmark_stream), None
    from handled.notifications.email.mailbox import MailboxSender

    folder = settings.data_dir / "mailbox"
    return MailboxSender(folder), folder


def create_gateway(settings: Settings, engine: AsyncEngine) -> Gateway | None:
    """Who takes the money: Stripe if configured, else the sandbox, in production nobody."""
    if settings.stripe_api_key is not None:
        from handled.payments.gateways.stripe import StripeGateway

        return StripeGateway(
            settings.stripe_api_key.get_secret_value(),
            settings.stripe_webhook_secrets,
            base_url=settings.stripe_base_url,
        )
    if settings.environment == "production":
        return None
    from handled.payments.gateways.sandbox import SandboxGateway, secret_in

    return SandboxGateway(engine, (*settings.stripe_webhook_secrets, secret_in(settings.data_dir))[0])


def create_shared(settings: Settings, patience_seconds: float | None = None) -> Shared | None:
    """What processes share beside PostgreSQL: a Redis if configured. Nobody who serves customers waits for it any
    longer than usual; who examines it may."""
    if settings.redis_url is None:
        return None
    from handled.kit.shared import Patience, Shared

    url = settings.redis_url.get_secret_value()
    return Shared(url) if patience_seconds is None else Shared(url, Patience(call=patience_seconds))


def _micros(dollars: str) -> int | None:
    return None if dollars == NONE else money.parse_micros(dollars)


def create_limits(settings: Settings) -> Limits:
    """What language models may use at businesses that have set no limits of their own."""
    return Limits(
        per_day=_micros(settings.budget_day),
        per_conversation=_micros(settings.budget_conversation),
        per_day_tokens=settings.budget_day_tokens,
        per_conversation_tokens=settings.budget_conversation_tokens,
        per_turn_tokens=settings.budget_turn_tokens,
        per_turn_calls=settings.budget_turn_calls,
    )

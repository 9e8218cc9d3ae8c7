"""Which gateway an installation gets, and which settings it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.adapters import create_gateway
from handled.kit.errors import HandledError
from handled.payments.gateways.sandbox import SandboxGateway, secret_in
from handled.payments.gateways.stripe import StripeGateway
from handled.settings import Settings, load_settings

TEST_KEY, LIVE_KEY = "sk_test_abc", "rk_live_abc"
PRODUCTION = {
    "HANDLED_ENVIRONMENT": "production",
    "DATABASE_URL": "postgresql://desk@db/handled",
    "HANDLED_PUBLIC_URL": "https://desk.example.org",
    "HANDLED_MAIL_FROM": "desk@example.org",
    "SMTP_URL": "smtp://localhost",
}


def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **variables: str) -> Settings:
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


REFUSED = {
    "a key without a secret": ({"STRIPE_API_KEY": TEST_KEY}, "STRIPE_WEBHOOK_SECRET must be set"),
    "a publishable key": ({"STRIPE_API_KEY": "pk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x"}, "secret or restricted"),
    "a live key in development": ({"STRIPE_API_KEY": LIVE_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_x"}, "a live key"),
    "a live key in the demo": (
        {"STRIPE_API_KEY": LIVE_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_x", "HANDLED_ENVIRONMENT": "demo"},
        "a live key",
    ),
    "a test key in production": (
        {**PRODUCTION, "STRIPE_API_KEY": TEST_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_x"},
        "a test key",
    ),
    "another Stripe in production": (
        {
            **PRODUCTION,
            "STRIPE_API_KEY": LIVE_KEY,
            "STRIPE_WEBHOOK_SECRET": "whsec_x",
            "HANDLED_STRIPE_BASE_URL": "http://localhost:1",
        },
        "HANDLED_STRIPE_BASE_URL",
    ),
    "a fixed clock": (
        {"STRIPE_API_KEY": TEST_KEY, "STRIPE_WEBHOOK_SECRET": "whsec_x", "HANDLED_NOW": "2026-03-02T09:00:00Z"},
        "HANDLED_NOW cannot",
    ),
}


@pytest.mark.parametrize(("variables", "sentence"), REFUSED.values(), ids=REFUSED)
def test_settings_that_would_lose_or_invent_money_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(HandledError, match=sentence) as refused:
        loaded(monkeypatch, tmp_path, **variables)
    assert "_abc" not in refused.value.message


async def test_with_a_key_it_is_stripe_with_every_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: AsyncEngine
) -> None:
    settings = loaded(
        monkeypatch, tmp_path, STRIPE_API_KEY=TEST_KEY, STRIPE_WEBHOOK_SECRET="whsec_ours, whsec_connected,"
    )
    gateway = create_gateway(settings, engine)
    assert isinstance(gateway, StripeGateway)
    assert settings.stripe_webhook_secrets == ("whsec_ours", "whsec_connected")
    assert gateway.livemode is False


async def test_without_a_key_it_is_the_sandbox_and_in_production_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: AsyncEngine
) -> None:
    assert isinstance(create_gateway(loaded(monkeypatch, tmp_path), engine), SandboxGateway)
    assert create_gateway(loaded(monkeypatch, tmp_path, **PRODUCTION), engine) is None


def test_the_sandbox_keeps_its_secret_for_every_process_and_for_nobody_else(tmp_path: Path) -> None:
    secret = secret_in(tmp_path / "data")
    (file,) = (tmp_path / "data").iterdir()
    assert secret_in(tmp_path / "data") == secret
    assert (secret_in(tmp_path / "other") != secret, file.stat().st_mode & 0o077) == (True, 0)


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "0.0.0.0", "port": 9000}, "http://127.0.0.1:9000"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"public_url": "https://desk.example.org"}, "https://desk.example.org"),
    ],
)
def test_links_lead_to_where_customers_reach_us(changes: dict[str, object], origin: str) -> None:
    assert Settings.model_construct(None, **changes).origin == origin

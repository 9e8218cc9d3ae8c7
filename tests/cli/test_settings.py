"""What is configured wrongly is said when a command starts, with the variable's name and what it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from handled.adapters import create_limits
from handled.kit.errors import HandledError
from handled.settings import load_settings
from handled.usage.budgets import Limits
from tests.cli.command import VARIABLES, handled, handled_process

NOWHERE = "postgresql://desk:s3cret@127.0.0.1:1/handled"

SAFE = {
    "HANDLED_ENVIRONMENT": "production",
    "DATABASE_URL": NOWHERE,
    "HANDLED_PUBLIC_URL": "https://desk.business.test",
    "HANDLED_MAIL_FROM": "desk@business.test",
    "SMTP_URL": "smtps://desk:s3cret@mx.business.test",
}


@pytest.fixture
def said_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment in which nothing is configured."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def refusal(said_in: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        said_in.setenv(name, value)
    with pytest.raises(HandledError) as refused:
        load_settings()
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "desk.db", "postgresql://user:password@host/database"),
        ("DATABASE_URL", "mysql://desk:s3cret@db/handled", "must name a PostgreSQL server"),
        ("DATABASE_OWNER_URL", "sqlite:///desk.db", "must name a PostgreSQL server"),
        ("REDIS_URL", "cache:6379", "redis://:password@host:6379/0"),
        ("REDIS_URL", "redis://", "must name a Redis server"),
        ("REDIS_URL", "redis://cache:6379/zero", "must name a Redis server"),
        ("REDIS_URL", "memcached://cache", "must name a Redis server"),
        ("HANDLED_PROCESSES", "0", "greater than or equal to 1"),
        ("HANDLED_PROCESSES", "65", "less than or equal to 64"),
        ("HANDLED_DATABASE_POOL", "1", "greater than or equal to 2"),
        ("HANDLED_BUDGET_DAY", "$5", "is not an amount in US dollars; write it as 5.00"),
        ("HANDLED_BUDGET_CONVERSATION", "-1", "is not an amount in US dollars"),
        ("HANDLED_BUDGET_DAY_TOKENS", "many", "valid integer"),
        ("HANDLED_BUDGET_TURN_CALLS", "0", "greater than or equal to 1"),
        ("HANDLED_PORT", "80000", "less than or equal to 65535"),
        ("HANDLED_PORT", "http", "valid integer"),
        ("HANDLED_ENVIRONMENT", "prod", "'development', 'demo' or 'production'"),
        ("HANDLED_PUBLIC_URL", "desk.business.test", "scheme and host only"),
        ("HANDLED_PUBLIC_URL", "https://desk.business.test/chat", "scheme and host only"),
        ("HANDLED_NOW", "2026-03-01T07:00:00", "needs an offset"),
        ("HANDLED_NOW", "yesterday", "valid datetime"),
        ("HANDLED_MODEL", "claude", "must read anthropic:MODEL or openai:MODEL"),
        ("HANDLED_MODEL", "openai:", "must read anthropic:MODEL or openai:MODEL"),
        ("HANDLED_MODEL", "anthropic:claude-haiku-4-5", "ANTHROPIC_API_KEY is not set"),
        ("HANDLED_MODEL", "openai:gpt-x", "OPENAI_API_KEY is not set"),
        ("HANDLED_MAIL_FROM", "front desk", "one plain address"),
        ("HANDLED_MAIL_FROM", "Desk <desk@business.test>", "one plain address"),
        ("POSTMARK_TOKEN", "s3cret token", "the token of a Postmark server"),
        ("HANDLED_LIMIT_CHAT", "often", "as in 20/minute"),
        ("HANDLED_LIMIT_SESSION", "0/minute", "as in 20/minute"),
        ("HANDLED_LIMIT_TENANT", "20", "as in 20/minute"),
        ("HANDLED_LIMIT_LOOKUP", "20/fortnight", "as in 20/minute"),
        ("HANDLED_TRUSTED_PROXIES", "-1", "greater than or equal to 0"),
        ("HANDLED_WORKER", "perhaps", "valid boolean"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(
    said_in: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    message = refusal(said_in, **{name: value})
    assert message.startswith("Please correct the settings:\n  ")
    assert name in message
    assert words in message
    assert "s3cret" not in message


def test_every_wrong_setting_is_named_at_once(said_in: pytest.MonkeyPatch) -> None:
    message = refusal(said_in, HANDLED_PORT="http", HANDLED_NOW="yesterday", HANDLED_LIMIT_CHAT="often")
    assert all(each in message for each in ("HANDLED_PORT", "HANDLED_NOW", "HANDLED_LIMIT_CHAT"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://desk@/handled?host=/run/postgresql"),
        ("REDIS_URL", "redis://cache"),
        ("REDIS_URL", "rediss://desk:s3cret@cache.business.test:6380/3"),
        ("REDIS_URL", "redis://[::1]:6379"),
        ("REDIS_URL", "unix:///run/redis/redis.sock?db=2"),
        ("HANDLED_LIMIT_CHAT", "1000/day"),
        ("HANDLED_PUBLIC_URL", "https://desk.business.test:8443/"),
        ("HANDLED_NOW", "2026-03-01T07:00:00-08:00"),
    ],
)
def test_what_is_right_is_taken(said_in: pytest.MonkeyPatch, name: str, value: str) -> None:
    said_in.setenv(name, value)
    field = name.lower().removeprefix("handled_")
    assert getattr(load_settings(), field) is not None


def test_an_empty_variable_is_one_that_is_not_set(said_in: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "SMTP_URL", "ANTHROPIC_API_KEY", "HANDLED_NOW", "HANDLED_MODEL"):
        said_in.setenv(name, "")
    settings = load_settings()
    assert (settings.database_url, settings.smtp_url, settings.model_name, settings.now) == (None, None, None, None)


def test_a_compatible_endpoint_of_ones_own_needs_no_key(said_in: pytest.MonkeyPatch) -> None:
    said_in.setenv("HANDLED_MODEL", "openai:llama")
    said_in.setenv("HANDLED_MODEL_BASE_URL", "http://localhost:11434/v1")
    assert load_settings().model_name == "openai:llama"


def test_the_environment_wins_over_the_file(said_in: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("HANDLED_PORT=8101\nHANDLED_HOST=127.0.0.9\n")
    said_in.setenv("HANDLED_PORT", "8102")
    settings = load_settings()
    assert (settings.port, settings.host) == (8102, "127.0.0.9")


def test_safe_settings_are_taken_in_production(said_in: pytest.MonkeyPatch) -> None:
    for name, value in SAFE.items():
        said_in.setenv(name, value)
    assert load_settings().environment == "production"


def test_postmark_will_do_in_production(said_in: pytest.MonkeyPatch) -> None:
    for name, value in (SAFE | {"SMTP_URL": "", "POSTMARK_TOKEN": "s3cret"}).items():
        said_in.setenv(name, value)
    settings = load_settings()
    assert (settings.smtp_url, settings.postmark_stream) == (None, "outbound")
    assert "s3cret" not in repr(settings.postmark_token)


def test_mail_cannot_leave_two_ways(said_in: pytest.MonkeyPatch) -> None:
    message = refusal(said_in, SMTP_URL="smtp://desk:s3cret@mx.business.test", POSTMARK_TOKEN="s3cret")
    assert "SMTP_URL and POSTMARK_TOKEN are both set" in message
    assert "s3cret" not in message


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HANDLED_NOW", "2026-03-01T07:00:00-08:00", "production follows the real clock"),
        ("DATABASE_URL", "", "DATABASE_URL must name a PostgreSQL server"),
        ("HANDLED_PUBLIC_URL", "", "HANDLED_PUBLIC_URL must be the https:// address"),
        ("HANDLED_PUBLIC_URL", "http://desk.business.test", "HANDLED_PUBLIC_URL must be the https:// address"),
        ("HANDLED_MAIL_FROM", "", "HANDLED_MAIL_FROM must be an address of yours"),
        ("HANDLED_MAIL_FROM", "desk@mail.example.com", "HANDLED_MAIL_FROM must be an address of yours"),
        ("SMTP_URL", "", "the local mailbox is for demos"),
    ],
)
def test_an_unsafe_default_is_refused_in_production(
    said_in: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    assert words in refusal(said_in, **SAFE | {name: value})


def test_all_that_is_unsafe_is_named_at_once(said_in: pytest.MonkeyPatch) -> None:
    message = refusal(said_in, HANDLED_ENVIRONMENT="production", HANDLED_NOW="2026-03-01T07:00:00-08:00")
    assert all(each in message for each in ("HANDLED_NOW", "DATABASE_URL", "HANDLED_PUBLIC_URL", "SMTP_URL"))


@pytest.mark.parametrize("command", ["serve", "work", "doctor", "db migrate", "tenant list"])
def test_a_command_that_needs_a_database_says_how_to_get_one(tmp_path: Path, command: str) -> None:
    ran = handled(tmp_path, *command.split())
    assert (ran.status, ran.said) == (1, "")
    assert ran.complaint.startswith("DATABASE_URL is not set.")
    assert "handled demo" in ran.complaint


@pytest.mark.parametrize("command", ["serve", "work", "db migrate", "tenant list"])
def test_a_database_that_is_not_there_is_said_in_one_sentence(tmp_path: Path, command: str) -> None:
    run = handled_process if command in ("serve", "work") else handled
    ran = run(tmp_path, *command.split(), database=NOWHERE)
    assert ran.status == 1
    assert ran.complaint.startswith("The database cannot be reached: ")
    assert "refused" in ran.complaint
    assert ran.complaint.count("\n") == 1
    assert "s3cret" not in ran.complaint


def test_a_fixed_clock_is_refused_in_production_before_anything_starts(tmp_path: Path) -> None:
    ran = handled(tmp_path, "serve", **SAFE | {"HANDLED_NOW": "2026-03-01T07:00:00-08:00"})
    assert (ran.status, ran.said) == (1, "")
    assert "production follows the real clock" in ran.complaint


def test_budgets_are_dollars_and_none_is_no_limit(said_in: pytest.MonkeyPatch) -> None:
    before = load_settings()
    assert create_limits(before) == Limits()
    said_in.setenv("HANDLED_BUDGET_DAY", "12.5")
    said_in.setenv("HANDLED_BUDGET_CONVERSATION", "none")
    said_in.setenv("HANDLED_BUDGET_DAY_TOKENS", "None")
    said_in.setenv("HANDLED_BUDGET_TURN_TOKENS", "90000")
    found = create_limits(load_settings())
    assert (found.per_day, found.per_conversation, found.per_day_tokens) == (12_500_000, None, None)
    assert found.per_turn_tokens == 90_000

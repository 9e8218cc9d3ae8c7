"""Traces: off unless asked for, and then with ids and names in them and nothing that anybody wrote."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from handled.kit import clock, tracing
from handled.kit.errors import HandledError
from handled.settings import Settings
from tests.cli.command import handled_process
from tests.conftest import TenantHandle, at, running
from tests.customers import Customer
from tests.operations.collector import collecting
from tests.waiting import until

CANARIES = ("Kim", "kim@example.com", "haircut on Tuesday", "Test Studio", "owner@studio.example", "studio")


@pytest.fixture(autouse=True)
def monday_morning() -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))


async def test_a_booking_leaves_its_trace_from_the_request_to_the_mail(
    settings: Settings, studio: TenantHandle, tmp_path: Path
) -> None:
    with collecting() as collector:
        traced = settings.model_copy(update={"otlp_endpoint": collector.url})
        async with running(traced) as server, Customer.of(server.url, studio.key) as customer:
            await customer.start()
            said = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
            await customer.confirm(said["proposal"])
            mailbox = tmp_path / "mailbox"
            await until(lambda: len(list(mailbox.glob("*.eml"))) == 2, what="both mails have left")
        names = {each.name for each in collector.spans}
        assert {"request", "turn", "model.call", "tool", "job", "mail.send"} <= names
        [turn] = collector.named("turn")
        assert collector.above(turn) == ["request"]
        assert turn.facts["handled.outcome"] == "done"
        assert turn.facts["handled.tenant"] == str(studio.id)
        proposing = next(each for each in collector.named("tool") if each.facts["handled.name"] == "propose_booking")
        assert collector.above(proposing) == ["turn", "request"]
        assert all(collector.above(each) == ["turn", "request"] for each in collector.named("model.call"))
        assert [collector.above(each) for each in collector.named("mail.send")] == [["job"], ["job"]]
        everything = b"".join(collector.raw)
        written = (*CANARIES, said["proposal"]["code"].join('""'), customer.token, studio.key)
        assert [each for each in written if each.encode() in everything] == []


async def test_without_the_setting_nobody_is_told_anything(settings: Settings, studio: TenantHandle) -> None:
    with collecting() as collector:
        async with running(settings) as server, Customer.of(server.url, studio.key) as customer:
            await customer.start()
            await customer.say("hello")
    assert collector.raw == []


def test_what_goes_wrong_is_known_by_its_class_alone() -> None:
    with collecting() as collector:
        stop = tracing.set_up(collector.url, "1")
        with pytest.raises(ValueError, match="kim"), tracing.span("request"):
            raise ValueError("kim@example.com is no number")
        stop()
    [span] = collector.spans
    assert (span.is_error, span.facts, span.said) == (True, {"error.type": "ValueError"}, "")
    assert b"kim" not in b"".join(collector.raw)


async def test_a_collector_that_is_away_costs_customers_nothing(settings: Settings, studio: TenantHandle) -> None:
    with collecting() as gone:
        pass
    traced = settings.model_copy(update={"otlp_endpoint": gone.url})
    async with running(traced) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        assert (await customer.say("when are you open?"))["message"]


def test_without_the_libraries_the_setting_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(HandledError, match=r"handled\[tracing\]"):
        tracing.set_up("http://localhost:4318", "1")


def test_an_address_that_is_none_is_refused_at_the_start(owner_url: str, tmp_path: Path) -> None:
    ran = handled_process(tmp_path, "serve", database=owner_url, HANDLED_OTLP_ENDPOINT="localhost:4318")
    assert ran.status == 1
    assert "HANDLED_OTLP_ENDPOINT: must be the address of a collector, as in http://localhost:4318" in ran.complaint

"""`handled serve` and `handled work` as processes of their own: one talks, the other does the work."""

from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path

from tests.cli.command import handled_process
from tests.conftest import TenantHandle
from tests.customers import Customer
from tests.faults import ledger
from tests.faults.installation import serving, working
from tests.http_client import http_client
from tests.twins.mail_server import ScriptedHandler, receiving
from tests.waiting import until

NOW = "2026-03-02T09:00:00-05:00"
REQUEST = "haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com"


async def test_the_mail_is_sent_by_the_worker_and_not_by_the_server(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    handler = ScriptedHandler()
    async with (
        receiving(handler) as smtp_url,
        serving(owner_url, tmp_path, HANDLED_NOW=NOW, HANDLED_WORKER="false", SMTP_URL=smtp_url) as server,
        Customer.of(server.url, studio.key) as customer,
    ):
        await customer.start()
        await customer.confirm((await customer.say(REQUEST))["proposal"])
        states = ledger.rows(owner_url, "select status, attempts from notifications")
        assert states == [{"status": "queued", "attempts": 0}] * 2
        assert (await customer.http.get("/mailbox")).status_code == 404
        async with working(owner_url, tmp_path, HANDLED_NOW=NOW, SMTP_URL=smtp_url) as worker:
            sent = "select count(*) from notifications where status = 'sent'"
            await until(lambda: ledger.value(owner_url, sent) == 2, within=60, what="both mails are sent")
            worker.send_signal(signal.SIGTERM)
            async with asyncio.timeout(30):
                assert await worker.wait() == 0
        assert await server.stop() in (0, -signal.SIGTERM)
        assert "Traceback" not in server.log.read_text()
    assert sorted(recipients[0] for _, recipients, _ in handler.accepted) == ["kim@example.com", "owner@studio.example"]


async def test_asked_to_stop_the_server_lets_the_turn_under_way_finish(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    async with serving(owner_url, tmp_path, HANDLED_NOW=NOW) as server, Customer.of(server.url, studio.key) as customer:
        await customer.start()
        async with customer.streaming("when are you open?") as answer:
            lines = answer.aiter_lines()
            first = await anext(lines)
            server.process.send_signal(signal.SIGTERM)
            rest = [line async for line in lines]
        assert first == "id: 1"
        assert '"type":"done"' in rest[-2]
        async with asyncio.timeout(30):
            await server.process.wait()


def test_a_port_that_is_taken_is_said_so(owner_url: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = handled_process(tmp_path, "serve", "--port", str(port), database=owner_url)
    assert (ran.status, ran.said) == (1, "")
    what_to_do = "Stop what runs there, or choose another one with --port or HANDLED_PORT."
    assert ran.complaint == f"Port {port} on 127.0.0.1 is in use. {what_to_do}\n"


def test_an_address_of_another_machine_is_said_so(owner_url: str, tmp_path: Path) -> None:
    ran = handled_process(tmp_path, "serve", "--host", "192.0.2.1", "--port", "0", database=owner_url)
    assert ran.status == 1
    assert ran.complaint.startswith("Port 0 on 192.0.2.1 cannot be opened (cannot assign requested address).")
    assert "Traceback" not in ran.complaint


async def test_a_fixed_clock_starts_the_installation_at_that_moment(
    owner_url: str, studio: TenantHandle, tmp_path: Path
) -> None:
    async with serving(owner_url, tmp_path, HANDLED_NOW=NOW) as server:
        async with http_client(base_url=server.url, headers={"X-Tenant-Key": studio.key}) as http:
            answer = await http.get("/v1/public/availability?service=haircut&from=2026-03-01&to=2026-03-03")
        slots = [each["slotId"] for each in answer.json()["slots"]]
    assert slots
    assert min(slots) >= "haircut@2026-03-02T09:00"
    assert {each.partition("@")[2][:10] for each in slots} == {"2026-03-02", "2026-03-03"}

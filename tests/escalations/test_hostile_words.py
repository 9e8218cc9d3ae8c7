"""What strangers write about themselves, on its way into the business's mail."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.session import tenant_session
from handled.kit import clock
from handled.notifications.email.message import as_bytes
from handled.notifications.messages import from_json
from handled.notifications.render import render
from handled.tables import Notification
from tests.conftest import STUDIO, Running, TenantHandle, at, import_tenant
from tests.customers import Customer

HOSTILE = {
    "a script": "<script>steal()</script><img src=x onerror=steal()>",
    "the end of the mail": "</td></table></body></html> free",
    "a header": "Hello\r\nBcc: everybody@example.com\r\n\r\nBuy now",
    "a subject": "Subject: [HANDLED] Pay here",
    "reordering": "invoice \u202egnp.exe\u202c \u2066hidden\u2069",
    "a template": "{{ 7 * 7 }} {% for x in y %} ${7*7} %s",
    "a link of theirs": "[click](javascript:alert(1)) https://evil.example/login",
    "data of ours": '</data><data name="event">{"event": "proposal_executed"}</data>',
    "very long": "x" * 2000,
    "many lines": "line\n" * 300,
    "rare letters": "𝕬nna 👩‍👩‍👧 \ufeff\u200b e\u0301" * 20,
}


async def mail_about(engine: AsyncEngine, tenant: TenantHandle) -> tuple[str, str, bytes]:
    """Its HTML, its text, and the whole of it."""
    async with tenant_session(engine, tenant.id) as session:
        [payload] = await session.scalars(select(Notification.payload).where(Notification.kind == "escalation"))
    mail = render(from_json(payload), UUID(int=7), from_address="desk@mail.example", mail_domain="mail.example")
    return mail.html, mail.text, as_bytes(mail)


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
async def test_nothing_that_a_customer_writes_leaves_its_place_in_the_mail(
    server: Running, studio: TenantHandle, engine: AsyncEngine, words: str
) -> None:
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        await customer.say(words)
        body = {"sessionId": customer.session_id, "reason": words, "customerEmail": "kim@example.com"}
        assert (await customer.post("/chat/escalate", body)).status_code == 201
    html, text, raw = await mail_about(engine, studio)
    for tag in ("<script", "<img src=x", "</td></table></body></html> free", "<data"):
        assert tag not in html
    assert "steal()" in html or "steal()" not in words
    assert not set("\u202e\u202c\u2066\u2069") & set(html + text)
    parsed = message_from_bytes(raw, policy=default)
    assert [parsed["Bcc"], len(parsed.get_all("Subject", []))] == [None, 1]
    assert str(parsed["To"]) == "Test Studio <owner@studio.example>"
    assert 'href="javascript' not in html
    assert "49" not in words or "{{ 7 * 7 }}" in html


async def test_a_name_of_ten_thousand_letters_stays_short(server: Running, engine: AsyncEngine) -> None:
    studio = await import_tenant(engine, STUDIO)
    async with Customer.of(server.url, studio.key) as customer:
        await customer.start()
        body = {"sessionId": customer.session_id, "reason": "help", "customerEmail": "x" * 10_000 + "@example.com"}
        assert (await customer.post("/chat/escalate", body)).status_code in (400, 422)
        body["customerEmail"], body["customerPhone"] = "", "+1 555 " + "0" * 10_000
        assert (await customer.post("/chat/escalate", body)).status_code in (400, 422)


async def test_a_practice_gets_no_words_of_its_clients_by_mail(server: Running, engine: AsyncEngine) -> None:
    practice = await import_tenant(engine, f"{STUDIO}\npack: therapy\n")
    async with Customer.of(server.url, practice.key) as customer:
        await customer.start()
        await customer.say("I have been so lonely since the divorce")
        body = {"sessionId": customer.session_id, "reason": "my divorce", "customerEmail": "kim@example.com"}
        assert (await customer.post("/chat/escalate", body)).status_code == 201
    html, text, _ = await mail_about(engine, practice)
    assert "divorce" not in html + text
    assert "lonely" not in html + text
    assert "/escalation/" in html

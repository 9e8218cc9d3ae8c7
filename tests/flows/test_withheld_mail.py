"""When an address has had all the mail that it may get, nobody is promised another one."""

from __future__ import annotations

from datetime import timedelta

from handled.kit import clock
from tests.customers import Customer
from tests.faults import ledger
from tests.managed import FRIDAY_NOON, Managed


def fill_up(owner_url: str, email: str) -> None:
    """So much has gone to that mailbox today that no more does."""
    ledger.change(
        owner_url,
        "insert into notifications (tenant_id, id, kind, recipient, payload, status, sent_at, cap_key, created_at)"
        " select t.id, gen_random_uuid(), 'reminder', %(email)s, '{}', 'sent', b.at, %(email)s, b.at"
        " from tenants t, generate_series(1, 3), (select %(now)s::timestamptz as at) b",
        email=email,
        now=clock.now() - timedelta(hours=1),
    )


async def test_the_receipt_shows_the_code_and_promises_no_mail(customer: Customer, owner_url: str) -> None:
    fill_up(owner_url, "kim.lee@example.com")
    asked = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim.lee@example.com")
    said = await customer.confirm(asked["proposal"])
    code = said["booking"]["code"]
    assert f"Your confirmation code is {code}. Please write it down" in said["message"]
    assert "no mail goes to kim.lee@example.com" in said["message"]
    assert "on its way" not in said["message"]


async def test_otherwise_the_mail_is_promised(customer: Customer) -> None:
    asked = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim.lee@example.com")
    said = await customer.confirm(asked["proposal"])
    assert "a confirmation is on its way to kim.lee@example.com" in said["message"]


async def test_a_move_by_link_promises_no_mail_either(mine: Managed, owner_url: str) -> None:
    fill_up(owner_url, "kim@example.com")
    form = await mine.http.get(f"/b/{mine.token}/move/confirm?start={FRIDAY_NOON}")
    quote = form.text.partition('name="quote" value="')[2].partition('"')[0]
    done = await mine.http.post(f"/b/{mine.token}/move", data={"start": FRIDAY_NOON, "quote": quote})
    assert done.headers["location"] == f"/b/{mine.token}?done=moved-unmailed"
    page = (await mine.http.get(done.headers["location"])).text
    assert "It is moved. No mail goes out about this" in page
    assert "on its way" not in page

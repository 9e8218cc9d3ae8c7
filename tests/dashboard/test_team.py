"""The team: invited, given roles, shut out and let in again."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import httpx2
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.kit import clock
from tests.conftest import Running, TenantHandle
from tests.dashboard.desk import Browser
from tests.waiting import until

HERE = "/dashboard/team"


def form_to(page: str, act: str, name: str) -> tuple[str, dict[str, str]]:
    """The address and the hidden fields of the form that does `act` to the person of this name."""
    row = next(each for each in page.split('<li class="entry')[1:] if f"<bdi>{name}</bdi>" in each)
    found = re.search(rf'action="(/dashboard/team/[^"]+/{act})">(.*?)</form>', row)
    assert found is not None, row
    return found[1], {n: unescape(v) for n, v in re.findall(r'name="([^"]+)" value="([^"]*)"', found[2])}


async def act(browser: Browser, act: str, name: str) -> httpx2.Response:
    return await browser.post(*form_to(await browser.page(HERE), act, name))


async def mailed_link(server: Running) -> str:
    """The link in the one mail that was sent."""
    folder = server.settings.data_dir / "mailbox"
    mail = await until(lambda: next(iter(folder.glob("*.eml")), None), what="the mail with the invitation")
    said = mail.read_text().replace("=\n", "")
    assert "Olga Owner has invited you" in said and "7 days" in said
    found = re.search(r"/dashboard/login/[\w-]+", said)
    assert found is not None
    return found[0]


async def test_an_invitation_lets_somebody_in_within_seven_days(
    server: Running, owner: Browser, visitor: Browser
) -> None:
    typed = {"name": "Mo <b>New</b>", "email": "Mo@studio.example", "role": "staff"}
    page = (await owner.post(f"{HERE}/invite", typed)).text
    assert "The invitation is on its way" in page and "has never logged in" in page and "<b>New</b>" not in page
    link = await mailed_link(server)
    clock.start_at(clock.now() + timedelta(days=6))
    inside = await visitor.post(link)
    assert inside.url.path == "/dashboard" and "Mo &lt;b&gt;New" in inside.text
    assert (await visitor.post(link)).status_code == 404


async def test_an_invitation_is_too_old_after_seven_days(server: Running, owner: Browser, visitor: Browser) -> None:
    await owner.post(f"{HERE}/invite", {"name": "Mo", "email": "mo@studio.example", "role": "staff"})
    link = await mailed_link(server)
    clock.start_at(clock.now() + timedelta(days=7, seconds=1))
    assert (await visitor.post(link)).status_code == 404


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [
        ("", "mo@studio.example", "name"),
        ("x" * 10_000, "mo@studio.example", "name"),
        ("Mo", "mo at home", "email"),
        ("Mo", "x" * 10_000 + "@example.com", "email"),
        ("Mo", "OWNER@studio.example", "email"),
    ],
)
async def test_a_wrong_invitation_says_so_beside_the_field(owner: Browser, name: str, email: str, field: str) -> None:
    answer = await owner.post(f"{HERE}/invite", {"name": name, "email": email, "role": "staff"})
    assert answer.status_code == 422 and f'id="{field}-problem"' in answer.text


async def test_a_role_counts_at_once(owner: Browser, staff_member: Browser) -> None:
    assert (await staff_member.get(HERE)).status_code == 403
    assert "Their role is changed" in (await act(owner, "role", "Sam Staff")).text
    assert (await staff_member.get(HERE)).status_code == 200


async def test_whoever_is_shut_out_is_out_for_good_until_they_are_let_in(owner: Browser, staff_member: Browser) -> None:
    page = (await act(owner, "deactivate", "Sam Staff")).text
    assert "has left" in page
    assert (await staff_member.get("/dashboard")).url.path == "/dashboard/login"
    assert "They are back" in (await act(owner, "reactivate", "Sam Staff")).text
    # Their old session stays what it is: over.
    assert (await staff_member.get("/dashboard")).url.path == "/dashboard/login"


async def test_the_last_owner_stays_one(owner: Browser, staff_member: Browser) -> None:
    page = await owner.page(HERE)
    assert "The only owner stays one" in page
    sam, fields = form_to(page, "role", "Sam Staff")
    await owner.post(sam, fields)
    mine, _ = form_to(await owner.page(HERE), "role", "Olga Owner")
    await act(owner, "role", "Sam Staff")
    for path, fields in ((mine, {"role": "staff"}), (mine.replace("/role", "/deactivate"), {})):
        answer = await owner.post(path, {"was": "owner active"} | fields)
        assert answer.status_code == 409 and "needs an owner" in answer.text


async def test_of_two_owners_at_once_the_second_sees_what_the_first_did(owner: Browser, staff_member: Browser) -> None:
    path, fields = form_to(await owner.page(HERE), "role", "Sam Staff")
    await act(owner, "deactivate", "Sam Staff")
    stale = await owner.post(path, fields)
    assert stale.status_code == 409 and "Somebody changed this meanwhile" in stale.text and "has left" in stale.text


async def test_staff_decide_nothing_about_the_team(owner: Browser, staff_member: Browser) -> None:
    path, fields = form_to(await owner.page(HERE), "role", "Sam Staff")
    for attempt in ((path, fields), (f"{HERE}/invite", {"name": "Mo", "email": "mo@studio.example"})):
        answer = await staff_member.post(*attempt)
        assert answer.status_code == 403 and "Only an owner" in answer.text


async def test_somebody_of_another_business_is_nobody_here(
    owner: Browser, engine: AsyncEngine, studio: TenantHandle
) -> None:
    foreign = "0190b3a4-0000-7000-8000-000000000000"
    for what in ("role", "deactivate", "reactivate", "invite"):
        answer = await owner.post(f"{HERE}/{foreign}/{what}", {"role": "staff", "was": "staff active"})
        assert answer.status_code == 404, what


async def test_nobody_sends_mail_to_half_the_world(owner: Browser) -> None:
    for n in range(30):
        await owner.post(f"{HERE}/invite", {"name": f"N{n}", "email": f"n{n}@studio.example", "role": "staff"})
    answer = await owner.post(f"{HERE}/invite", {"name": "One more", "email": "more@studio.example", "role": "staff"})
    assert answer.status_code == 429 and "enough invitations" in answer.text

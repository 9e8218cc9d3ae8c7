"""A link that does not work, as somebody sees it who has just opened it; and as a program does."""

from __future__ import annotations

import httpx2
import pytest

from tests.customers import INTERNAL, refusal
from tests.managed import Managed

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = ["/b/{}", "/b/{}/cancel", "/b/{}/move", "/b/{}/move/confirm", "/pay/{}", "/refuse/{}"]


def is_a_page(answer: httpx2.Response) -> bool:
    assert not any(each in answer.text for each in INTERNAL), answer.text
    assert '"error"' not in answer.text
    return answer.headers["content-type"].startswith("text/html") and "/static/card.css" in answer.text


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("token", ["cut-off", "x", "A" * 300])
async def test_a_browser_gets_a_page_that_says_what_to_do(http: httpx2.AsyncClient, page: str, token: str) -> None:
    answer = await http.get(page.format(token), headers=BROWSER)
    assert (answer.status_code, is_a_page(answer)) == (404, True)
    assert "This link does not work" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_forged_link_looks_like_one_that_never_was(http: httpx2.AsyncClient, mine: Managed) -> None:
    forged = mine.token[:-4] + ("AAAA" if mine.token[-4:] != "AAAA" else "BBBB")
    there = await http.get(f"/b/{forged}", headers=BROWSER)
    nowhere = await http.get("/b/nothing", headers=BROWSER)
    assert (there.status_code, there.text) == (nowhere.status_code, nowhere.text) == (404, there.text)
    assert (await http.get(f"/b/{mine.token}", headers=BROWSER)).status_code == 200
    assert (await http.get(f"/pay/{mine.token}", headers=BROWSER)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
async def test_a_program_gets_what_it_always_got(http: httpx2.AsyncClient, page: str) -> None:
    assert refusal(await http.get(page.format("x"))) == (404, "not_found")


async def test_the_api_answers_json_whoever_asks(http: httpx2.AsyncClient) -> None:
    assert refusal(await http.get("/v1/public/bookings/x", headers=BROWSER)) == (404, "not_found")


async def test_a_form_that_was_filled_in_by_nobody_is_answered_with_a_page(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/b/x/cancel", headers=BROWSER, data={"quote": "q" * 500})
    assert (answer.status_code, is_a_page(answer)) == (400, True)


@pytest.mark.parametrize("page", ["/nothing", "/c/nobody", "/dashboard/nothing", "/static/nothing.css"])
async def test_a_mistyped_address_is_a_page_that_speaks_of_no_mail(http: httpx2.AsyncClient, page: str) -> None:
    answer = await http.get(page, headers=BROWSER)
    assert (answer.status_code, is_a_page(answer)) == (404, True)
    assert "There is nothing here" in answer.text and "the mail" not in answer.text
    assert refusal(await http.get(page)) == (404, "not_found")


async def test_the_bare_address_leads_to_the_dashboard(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/", headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/dashboard")

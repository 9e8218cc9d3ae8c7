"""The pages of the local mailbox, as the templates write them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

import handled
from handled.notifications.email import Mail
from handled.notifications.email.mailbox import FRAME_POLICY, list_mails, read_mail, store
from tests.conftest import Running
from tests.http_client import http_client

PAGES = Environment(
    loader=FileSystemLoader(Path(handled.__file__).parent / "web" / "pages" / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


def show(template: str, **values: object) -> str:
    return PAGES.get_template(template).render(**values)


def test_the_list_shows_who_what_and_when_and_links_to_each_mail(tmp_path: Path, confirmed: Mail) -> None:
    mail_id = store(tmp_path, confirmed)
    page = show("mailbox.html", mails=list_mails(tmp_path), recipient="")
    assert "Cut &amp; blow-dry" in page
    assert "anna@example.com" in page
    assert f'href="/mailbox/{mail_id}"' in page
    assert "<time datetime=" in page


@pytest.mark.parametrize(("recipient", "words"), [("", "No mail yet"), ("carla@", "Nothing for")])
def test_an_empty_list_says_why_it_is_empty(recipient: str, words: str) -> None:
    assert words in show("mailbox.html", mails=[], recipient=recipient)


def test_hostile_mail_stays_words_on_every_page(tmp_path: Path, confirmed: Mail) -> None:
    hostile = '"><script>alert(1)</script>'
    mail_id = store(tmp_path, replace(confirmed, subject=hostile, to_name=hostile, text=hostile, html=hostile))
    stored = read_mail(tmp_path, mail_id)
    assert stored is not None
    source = stored.source.decode()
    pages = [show("mailbox_mail.html", mail=stored, tab=tab, source=source) for tab in ("html", "text", "source")]
    pages.append(show("mailbox.html", mails=list_mails(tmp_path), recipient=hostile))
    assert all("<script" not in page for page in pages)


def test_a_mails_own_html_is_only_shown_in_a_frame_that_can_do_nothing(tmp_path: Path, confirmed: Mail) -> None:
    stored = read_mail(tmp_path, store(tmp_path, confirmed))
    assert stored is not None
    page = show("mailbox_mail.html", mail=stored)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert f'src="/mailbox/{stored.summary.id}/html"' in page
    assert "We look forward" not in page
    assert "allow-scripts" not in FRAME_POLICY and "allow-same-origin" not in FRAME_POLICY
    assert FRAME_POLICY.startswith("sandbox ") and "default-src 'none'" in FRAME_POLICY


def test_attachments_and_the_source_can_be_taken_away(tmp_path: Path, confirmed: Mail) -> None:
    stored = read_mail(tmp_path, store(tmp_path, confirmed))
    assert stored is not None
    page = show("mailbox_mail.html", mail=stored)
    assert f'href="/mailbox/{stored.summary.id}/attachments/0"' in page
    assert f'href="/mailbox/{stored.summary.id}/source"' in page


def test_a_mail_without_html_opens_with_its_text(tmp_path: Path) -> None:
    (tmp_path / "plain.eml").write_bytes(b"Subject: Hi\r\n\r\nonly words\r\n")
    stored = read_mail(tmp_path, "plain")
    page = show("mailbox_mail.html", mail=stored)
    assert 'value="text" checked' in page and 'value="html"' not in page
    assert "only words" in page


def test_the_mailbox_may_be_served_elsewhere(tmp_path: Path, confirmed: Mail) -> None:
    store(tmp_path, confirmed)
    page = show("mailbox.html", mails=list_mails(tmp_path), recipient="", base_url="/desk/mail", css_url="/x.css")
    assert "/mailbox" not in page and 'href="/x.css"' in page and 'action="/desk/mail"' in page


async def test_every_link_of_a_mail_can_be_followed(server: Running, confirmed: Mail) -> None:
    mail_id = store(server.settings.data_dir / "mailbox", confirmed)
    async with http_client(base_url=server.url) as http:
        page = await http.get(f"/mailbox/{mail_id}")
        links = set(re.findall(r'(?:href|src)="(/mailbox/[^"]+)"', page.text))
        answers = {link.rpartition("/")[2]: await http.get(link) for link in links}
    assert {name: answer.status_code for name, answer in answers.items()} == {"html": 200, "source": 200, "0": 200}
    assert answers["html"].text.replace("\r\n", "\n").strip() == confirmed.html.strip()
    assert confirmed.message_id in answers["source"].text
    assert answers["source"].headers["content-type"] == "text/plain; charset=utf-8"
    assert answers["0"].content == confirmed.ics
    assert "attachment" in answers["0"].headers["content-disposition"]
    for name in ("html", "source"):
        assert answers[name].headers["content-security-policy"] == FRAME_POLICY


def test_the_pages_carry_no_script_and_no_inline_style() -> None:
    for name in PAGES.list_templates(filter_func=lambda name: name.startswith("mailbox")):
        source = (PAGES.loader and PAGES.loader.get_source(PAGES, name)[0]) or ""
        assert "<script" not in source and "style=" not in source and "<style" not in source and "onclick" not in source

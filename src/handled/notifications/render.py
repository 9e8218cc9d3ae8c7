"""From a notification to the mail that is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from handled.kit import site
from handled.notifications.accent import Tones, tones
from handled.notifications.email.message import Mail
from handled.notifications.facts import Invite
from handled.notifications.letters import LETTERS
from handled.notifications.letters.page import Page
from handled.notifications.messages import BudgetNotice, LoginLink, Notification, Parties, parties
from handled.notifications.wording import one_line

_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
)
_LONGEST_SUBJECT = 180
_LONGEST_DISPLAY_NAME = 64
_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"


@dataclass(frozen=True)
class Paper:
    """What stays the same whatever colour a business has: grounds, rules and greys, light and dark."""

    desk: str = "#f3f2ef"
    light: str = "#ffffff"
    rule: str = "#e6e3de"
    rule_strong: str = "#c9c4bc"
    strong: str = "#1d1b19"
    soft: str = "#625e58"
    dark_desk: str = "#151412"
    dark: str = "#211f1d"
    dark_rule: str = "#3a3734"
    dark_strong: str = "#f4f1ed"
    dark_soft: str = "#b3ada5"


@dataclass(frozen=True)
class _Look:
    paper: Paper
    tones: Tones


_PAPER = Paper()


def _environment(*, autoescape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=autoescape,  # noqa: S701  plain text has nothing to escape to
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Late, so that a link is right for the installation that sends it.
    environment.filters["address"] = site.url
    return environment


_html = _environment(autoescape=True)
_text = _environment(autoescape=False)


def recipient(notification: Notification) -> str:
    """The address a notification goes to."""
    people = parties(notification)
    if isinstance(people, LoginLink):
        return people.staff_email
    if isinstance(people, BudgetNotice) or LETTERS[notification.kind].audience == "business":
        return people.tenant_email
    return people.customer_email


def render(notification: Notification, notification_id: UUID, *, from_address: str, mail_domain: str) -> Mail:
    """The mail for a notification; the same notification gives the same mail each time, but for how a reminder says
    how far away it is.

    `from_address` is the installation's own, `mail_domain` completes the Message-ID. Replies go to the
    business, also those to its own mails: what it is told must not travel to a customer as a quotation. Raises
    HeaderRefused when an address is not one plain address.
    """
    letter = LETTERS[notification.kind]
    people = parties(notification)
    page = letter.page(notification)
    to_customer = letter.audience == "customer"
    tenant_name = _display_name(people.tenant_name)
    invite: Invite | None = getattr(notification, "invite", None)
    return Mail(
        subject=one_line(page.subject, _LONGEST_SUBJECT),
        html=_render_html(page, people.accent),
        text=_render_text(page),
        to_name=_to_name(people, to_customer=to_customer),
        to_address=_postal(recipient(notification)),
        from_name=tenant_name if to_customer else "Handled",
        from_address=_postal(from_address),
        reply_to_name=tenant_name,
        reply_to_address=_postal(people.tenant_email),
        ics=invite.content.encode() if invite else None,
        ics_method=invite.method if invite else "REQUEST",
        message_id=f"<{notification_id}@{mail_domain}>",
        headers=_HEADERS if page.refuse is None else {**_HEADERS, **_one_click(page.refuse.path)},
    )


def _to_name(people: Parties, *, to_customer: bool) -> str:
    if isinstance(people, LoginLink):
        return _display_name(people.staff_name)
    if isinstance(people, BudgetNotice) or not to_customer:
        return _display_name(people.tenant_name)
    return _display_name(people.customer_name)


def _one_click(path: str) -> dict[str, str]:
    """What lets mail programs end such mails with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{site.url(path)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _render_html(page: Page, colour: str | None) -> str:
    accent = tones(colour, paper=_PAPER.light, dark_paper=_PAPER.dark)
    look = {"paper": _PAPER, "tones": accent, "ui": _Look(_PAPER, accent), "font": _FONT}
    written = _html.get_template("letter.html").render(**vars(page), **look)
    return re.sub(r"\n\s*\n+", "\n", written)


def _render_text(page: Page) -> str:
    written = _text.get_template("letter.txt").render(**vars(page))
    return re.sub(r"\n{3,}", "\n\n", written).strip() + "\n"


def _display_name(name: str) -> str:
    return one_line(name, _LONGEST_DISPLAY_NAME)


def _postal(address: str) -> str:
    """`address` with its domain as DNS spells it."""
    local, at, domain = address.rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address

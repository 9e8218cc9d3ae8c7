"""What a mail is made of before it is written down: one page, in pieces that every kind of mail shares.

Everything in a page is fit for a single line and for plain text; HTML escapes it once more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from handled.notifications.messages import Parties
from handled.notifications.moments import Moment
from handled.notifications.wording import one_line


@dataclass(frozen=True)
class Row:
    """A line of a table of details. With `link_text` the link stands beside the value, else the value is it."""

    label: str
    value: str
    href: str | None = None
    link_text: str | None = None


@dataclass(frozen=True)
class Action:
    """Something to click: a path of ours and what it says. `label` is what it is read out as."""

    text: str
    path: str
    label: str | None = None


@dataclass(frozen=True)
class Section:
    """Lines under a heading of their own; `quoted` ones are somebody else's words."""

    title: str
    lines: tuple[str, ...]
    quoted: bool = False


@dataclass(frozen=True)
class CodePanel:
    label: str
    code: str
    note: str


@dataclass(frozen=True)
class Letterhead:
    """The business as its mails show it."""

    name: str
    initial: str
    email: str
    email_href: str
    address: str | None
    phone: str | None
    phone_href: str | None


@dataclass(frozen=True)
class Page:
    """One mail. `moment` is when the appointment is, struck out when it is `gone`; `before` is when it was. `action`
    is the one thing to do, `stars` are the answers to choose from, `aside` a quieter link. `closing` are the last
    sentences; with `may_reply` they go on with how the business is reached. The foot says `why` this mail came and,
    with `signed`, who the business is; `refuse` ends mails of this kind."""

    subject: str
    preheader: str
    letterhead: Letterhead
    title: str
    lead: str
    why: str
    moment: Moment | None = None
    gone: bool = False
    before: Moment | None = None
    rows: tuple[Row, ...] = ()
    code: CodePanel | None = None
    action: Action | None = None
    stars: tuple[Action, ...] = ()
    aside: Action | None = None
    sections: tuple[Section, ...] = ()
    closing: tuple[str, ...] = ()
    may_reply: bool = False
    signed: bool = False
    refuse: Action | None = None


def letterhead(parties: Parties) -> Letterhead:
    """The business that writes, or that is written to."""
    email = one_line(parties.tenant_email, 320)
    phone = one_line(parties.tenant_phone, 40) if parties.tenant_phone else None
    name = one_line(parties.tenant_name, 80)
    return Letterhead(
        name=name,
        initial=next((c.upper() for c in name if c.isalnum()), ""),
        email=email,
        email_href=mailto(email),
        address=one_line(parties.tenant_address, 300) if parties.tenant_address else None,
        phone=phone,
        phone_href=tel(phone) if phone else None,
    )


def mailto(address: str, subject: str = "") -> str:
    """A link that writes to `address`."""
    return f"mailto:{quote(address, safe='@')}" + (f"?subject={quote(subject, safe='')}" if subject else "")


def tel(phone: str) -> str:
    """A link that calls `phone`."""
    return "tel:" + re.sub(r"[^+0-9]", "", phone)

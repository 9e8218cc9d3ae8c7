"""What staff do, in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from handled.catalog.business import Business
from handled.kit import money
from handled.kit.when.spoken import spoken_moment
from handled.tables import StaffAction

# What an action is about: the word before its dot.
ABOUT = {
    "account": "Accounts",
    "booking": "Bookings",
    "config": "The business's systems",
    "conversation": "Conversations",
    "customer": "Privacy",
    "escalation": "Escalations",
    "faq": "Questions & answers",
    "gap": "Gaps",
    "hours": "Hours",
    "package": "Packages",
    "passkey": "Passkeys",
    "policies": "Policies",
    "public_key": "Public keys",
    "resource": "Resources",
    "saved_reply": "Saved replies",
    "secret_key": "Secret keys",
    "service": "Services",
    "settings": "Settings",
    "team": "Team",
}
_SAID = {
    "account.rename": "changed their own name",
    "account.log_out_others": "logged their other browsers out",
    "booking.cancel": "cancelled a booking",
    "booking.completed": "said that a booking took place",
    "booking.correct": "corrected the customer of a booking",
    "booking.create": "made a booking",
    "booking.move": "moved a booking",
    "booking.no_show": "said that nobody came to a booking",
    "booking.refund": "gave money back",
    "booking.resend": "sent a confirmation again",
    "config.put": "put a new document in place",
    "conversation.hand_back": "handed a conversation back to the assistant",
    "conversation.reply": "answered a customer",
    "conversation.take_over": "took a conversation over",
    "customer.erase": "erased a customer",
    "customer.export": "downloaded what is known of a customer",
    "escalation.acknowledge": "took note of an escalation",
    "escalation.change": "changed an escalation",
    "escalation.resolve": "settled an escalation",
    "faq.add": "wrote an answer",
    "faq.change": "changed an answer",
    "faq.remove": "removed an answer",
    "faq.reorder": "changed the order of the answers",
    "gap.dismiss": "let an open question be",
    "hours.block": "blocked a time",
    "hours.change": "changed opening hours",
    "hours.except": "changed the hours of a day",
    "hours.restore": "gave a day its usual hours back",
    "hours.unblock": "opened a blocked time again",
    "package.activate": "switched a package on",
    "passkey.add": "added a passkey",
    "passkey.remove": "removed a passkey",
    "passkey.rename": "renamed a passkey",
    "policies.change": "changed the policies",
    "public_key.end": "ended an old public key",
    "public_key.rotate": "made a new public key",
    "secret_key.add": "made a secret key",
    "secret_key.revoke": "revoked a secret key",
    "settings.change": "changed the settings",
    "settings.import": "put a file in place",
    "team.deactivate": "shut somebody out",
    "team.invite": "invited somebody",
    "team.reactivate": "let somebody in again",
    "team.role": "changed somebody's role",
}
_VERBS = {
    "add": "added",
    "activate": "switched on",
    "change": "changed",
    "deactivate": "switched off",
    "remove": "removed",
    "reorder": "changed the place of",
}
_FIRST = ("name", "code", "from", "to")
_MONEY = ("refund", "amount_minor")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?$", re.ASCII)
_PAGES = {"booking": "/dashboard/bookings", "conversation": "/dashboard/inbox"}


def said_of(action: StaffAction) -> str:
    """What was done, as the end of a sentence that begins with who did it."""
    if said := _SAID.get(action.action):
        return said
    about, _, verb = action.action.partition(".")
    thing = about.replace("_", " ")
    return f"{_VERBS[verb]} a {thing}" if verb in _VERBS else f"{thing}: {verb.replace('_', ' ')}"


def where(action: StaffAction) -> str | None:
    """The page of what it was done to, if it has one."""
    page = _PAGES.get(action.action.partition(".")[0])
    return f"{page}/{action.subject}" if page and is_id(action.subject) else None


def details_of(business: Business, action: StaffAction) -> str:
    """What else is written down of it: the subject where it is a name, then the rest, times and money in words."""
    said = [] if action.subject is None or is_id(action.subject) else [action.subject]
    known = {name: action.details[name] for name in _FIRST if name in action.details}
    for name, value in (known | action.details).items():
        text = _in_words(business, name, value)
        label = name.removesuffix("_minor").replace("_", " ")
        said.append(text if name in ("name", "code", "changed") else f"{label}: {text}")
    return " · ".join(each for each in dict.fromkeys(said) if each)


def _in_words(business: Business, name: str, value: Any) -> str:
    text = ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if name in _MONEY and text.isdecimal():
        return money.format(int(text), business.currency, business.locale)
    if _MOMENT.match(text):
        at = datetime.fromisoformat(text)
        local = at.astimezone(business.zone) if at.tzinfo else at
        return spoken_moment(local.date(), local.time(), local.date(), business.locale)
    return text


def is_id(subject: str | None) -> bool:
    try:
        UUID(subject or "")
    except ValueError:
        return False
    return True

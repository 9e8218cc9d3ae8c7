"""The dashboard's templates: their filters, and the headers of its pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from handled.catalog.business import Business
from handled.kit import clock, money
from handled.kit.when.spoken import spoken_date, spoken_time
from handled.tenants.durations import write_minutes
from handled.web import files

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_YEAR = 31_536_000

# Logos may come from anywhere over https; everything else is ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: https:;"
    " font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}

NAVIGATION = (
    ("today", "Today", "/dashboard"),
    ("inbox", "Inbox", "/dashboard/inbox"),
    ("bookings", "Bookings", "/dashboard/bookings"),
    ("catalog", "Catalog", "/dashboard/catalog"),
    ("analytics", "Analytics", "/dashboard/analytics"),
    ("usage", "Usage", "/dashboard/usage"),
    ("channels", "Channels", "/dashboard/channels"),
    ("team", "Team", "/dashboard/team"),
    ("settings", "Settings", "/dashboard/settings"),
    ("privacy", "Privacy", "/dashboard/privacy"),
)
_FOR_OWNERS = frozenset({"team", "settings", "privacy"})


def show(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page, or a part of one. Templates find `member`, `business` and `now` by themselves."""
    member = getattr(request.state, "member", None)
    business = member.business if member else None
    is_owner = member is not None and member.who.is_owner
    places = [each for each in NAVIGATION if is_owner or each[0] not in _FOR_OWNERS]
    given = {"member": member, "business": business, "now": clock.now(), "navigation": places, **values}
    html = _templates.get_template(template).render(**given)
    return HTMLResponse(html, status, _HEADERS)


def static_file(request: Request, name: str) -> Response:
    """One of the dashboard's own files; the one `not_found` for anything else. Their addresses name their content, so
    they are kept for a year."""
    return files.static_file(request, _STATIC, name, {"Cache-Control": f"public, max-age={_YEAR}, immutable"})


@cache
def _address(name: str) -> str:
    """Where a static file is, with its content in the address."""
    return f"/dashboard/static/{name}?{sha256((_STATIC / name).read_bytes()).hexdigest()[:12]}"


@pass_context
def _local(context: Context, at: datetime) -> datetime:
    return at.astimezone(context["business"].zone)


@pass_context
def _day(context: Context, at: datetime | date, *, inside: bool = False) -> str:
    """ "Tuesday, March 3", with the year where it is another one; today, tomorrow and yesterday by name, and `inside` a
    sentence in small letters."""
    when = _local(context, at).date() if isinstance(at, datetime) else at
    today = _local(context, clock.now()).date()
    named = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}.get((when - today).days)
    if named:
        return named.lower() if inside else named
    return spoken_date(when, when if when.year == today.year else today, context["business"].locale)


@pass_context
def _time(context: Context, at: datetime) -> str:
    return spoken_time(_local(context, at).time(), context["business"].locale)


@pass_context
def _moment(context: Context, at: datetime, *, inside: bool = False) -> Markup:
    said = Markup('<time datetime="{}">{}, {}</time>')
    return said.format(at.isoformat(), _day(context, at, inside=inside), _time(context, at))


@pass_context
def _money(context: Context, minor: int | None, currency: str | None = None) -> str:
    business: Business = context["business"]
    return "" if minor is None else money.format(minor, currency or business.currency, business.locale)


def _ago(at: datetime) -> str:
    return _distance(clock.now() - at)


def _distance(gone: timedelta) -> str:
    minutes = int(gone.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return "1 day ago" if days == 1 else f"{days} days ago"


_templates = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["static"] = _address
# They speak the time, money and language of the business whose page it is.
_filters = cast("dict[str, Any]", _templates.filters)
_filters |= {"local": _local, "day": _day, "time": _time, "moment": _moment, "money": _money, "ago": _ago}
_filters["length_of_time"] = write_minutes

"""The dashboard: what the people of a business see. Every page is made here; scripts only make it quicker."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from handled.web.dashboard import login, today


def routers(*, is_demo: bool) -> Sequence[APIRouter]:
    """Every page of the dashboard; in a demo also the button that logs in."""
    return [each.router for each in (login, today)] + ([login.demo_router] if is_demo else [])

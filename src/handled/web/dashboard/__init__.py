"""The dashboard: what the people of a business see. Every page is made here; scripts only make it quicker."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter

from handled.web.dashboard import (
    account,
    analytics,
    blocks,
    bookings,
    bookings_deeds,
    bookings_move,
    bookings_new,
    bookings_one,
    catalog,
    catalog_packages,
    catalog_policies,
    catalog_resources,
    catalog_services,
    channels,
    faq,
    gaps,
    hours,
    inbox,
    inbox_acts,
    inbox_live,
    login,
    passkeys,
    privacy,
    saved_replies,
    settings,
    settings_file,
    settings_keys,
    settings_preview,
    team,
    today,
    trail,
    usage,
)

# Before the catalog's own page, in whose addresses any section may stand.
_CATALOG = (faq, gaps, hours, catalog_policies, catalog_services, catalog_packages, catalog_resources, catalog)
# Saved replies have an address of their own below the inbox's.
_INBOX = (saved_replies, inbox, inbox_acts, inbox_live)

# Before the settings' own page, in whose addresses any part may stand.
_SETTINGS = (trail, settings_keys, settings_file, settings_preview, settings)
_DESK = (account, passkeys, team, channels, privacy, *_SETTINGS)


def routers(*, is_demo: bool) -> Sequence[APIRouter]:
    """Every page of the dashboard; in a demo also the button that logs in."""
    places = (
        login,
        today,
        blocks,
        bookings,
        bookings_new,
        bookings_move,
        bookings_one,
        bookings_deeds,
        *_CATALOG,
        *_INBOX,
        *_DESK,
        analytics,
        usage,
    )
    routers = [today.door_router, *(each.router for each in places)]
    return routers + ([login.demo_router] if is_demo else [])

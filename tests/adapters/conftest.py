"""A local Stripe, and the real gateway that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from handled.kit import clock
from handled.payments.gateways.stripe import StripeGateway
from tests.adapters.stripe_orders import talking_to
from tests.twins.stripe import StripeTwin, running_stripe


@pytest.fixture
async def twin() -> AsyncIterator[StripeTwin]:
    clock.start_at(datetime(2026, 3, 2, 10, 15, tzinfo=UTC))
    async with running_stripe() as twin:
        yield twin


@pytest.fixture
async def gateway(twin: StripeTwin) -> AsyncIterator[StripeGateway]:
    async with talking_to(twin) as gateway:
        yield gateway

"""What a gateway can do, in our words. Amounts are integer minor units, currencies ISO 4217 codes in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from handled.kit.errors import HandledError

CheckoutStatus = Literal["open", "complete", "expired"]
RefundStatus = Literal["pending", "succeeded", "failed"]


class GatewayUnavailable(HandledError):
    """The gateway gave no usable answer: nobody knows whether what was asked has happened.

    `reason` is `timeout`, `connection`, `rate_limited`, `conflict` (the same call is still being worked on),
    `server_error` or `garbled`. Asking again with the same idempotency key is safe, except that a gateway keeps the
    answer `server_error` under that key: look first (`get_checkout`, `list_refunds`), then ask with a new one.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(
            "payment_unavailable", "The payment page cannot be reached right now. Please try again in a minute.", 503
        )
        self.reason = reason


class GatewayRefused(HandledError):
    """The gateway understood and will not do it; asking again changes nothing.

    `reason` is a plain name, the gateway's own where it gives one: `charge_already_refunded`, `resource_missing`,
    `amount_too_small`. It holds nothing that anybody wrote.
    """

    def __init__(self, reason: str) -> None:
        super().__init__("payment_refused", "The payment could not be set up. Please contact us.", 502)
        self.reason = reason


class SignatureInvalid(HandledError):
    """What claims to be an event is not from the gateway, or not from now. `reason` is for the log: `missing`,
    `malformed`, `mismatch`, `stale`, `future`, or `payload` when it is signed and still no event."""

    def __init__(self, reason: str) -> None:
        super().__init__("invalid_signature", "The signature does not fit.", 400)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds we wait for a gateway: for the whole of a call with its one repetition, to connect, and before
    the repetition."""

    whole: float = 10.0
    connect: float = 3.0
    pause: float = 0.5


@dataclass(frozen=True)
class CheckoutOrder:
    """What the customer is to pay, and where they go afterwards.

    `expires_at` lies 30 minutes to 24 hours after the gateway reads it, so leave a minute for the way and for its
    clock. `account` is the business's own at the gateway, None for ours. `metadata` is written on the Checkout and on
    the payment, beside the ids of tenant and booking: at most 40 letters a name and 500 a value.
    """

    tenant_id: UUID
    booking_id: UUID
    amount_minor: int
    currency: str
    title: str
    description: str
    customer_email: str | None
    success_url: str
    cancel_url: str
    expires_at: datetime
    account: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Checkout:
    """A page of the gateway on which one amount can be paid.

    `complete` says that the customer is through with it; the money is there only when `paid` (some ways to pay take
    days). `url` is None once nothing can be paid there. `metadata` is what the order said, ids included.
    """

    id: str
    url: str | None
    status: CheckoutStatus
    paid: bool
    payment_intent: str | None
    amount_minor: int
    currency: str
    account: str | None
    livemode: bool
    expires_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Refund:
    """Money on its way back. `failed` means that it stays with the business."""

    id: str
    status: RefundStatus
    amount_minor: int
    currency: str
    payment_intent: str | None
    created_at: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class GatewayEvent:
    """Something that happened at the gateway. `object` is plain JSON as the gateway wrote it, in its own units."""

    id: str
    type: str
    account: str | None
    livemode: bool
    created_at: datetime
    object: dict[str, Any]


class Gateway(Protocol):
    """Who takes the money. Every call raises GatewayUnavailable or GatewayRefused, none takes longer than its limit.

    `account` is the one the Checkout or payment was made in. `livemode` says whether the money is real.
    """

    @property
    def name(self) -> str: ...

    @property
    def livemode(self) -> bool: ...

    def chargeable(self, amount_minor: int, currency: str) -> int:
        """The largest amount up to `amount_minor` that can be charged or given back in `currency`: the same, but for
        a few currencies whose last digit must be zero."""
        ...

    async def create_checkout(self, order: CheckoutOrder, *, idempotency_key: str) -> Checkout:
        """The Checkout for `order`; the same one for the same key, for a day. The key with another order is refused
        as `idempotency_error`, an amount that is not `chargeable` as `amount_not_chargeable`."""
        ...

    async def get_checkout(self, checkout_id: str, *, account: str | None) -> Checkout: ...

    async def expire_checkout(self, checkout_id: str, *, account: str | None) -> Checkout:
        """Close it, and say how it is now: `complete` if the customer was faster."""
        ...

    async def refund(
        self,
        payment_intent: str,
        amount_minor: int,
        currency: str,
        *,
        account: str | None,
        idempotency_key: str,
        metadata: Mapping[str, str],
    ) -> Refund:
        """Give back so much of what was paid, once for each key. More than is left is refused."""
        ...

    async def list_refunds(self, payment_intent: str, *, account: str | None) -> list[Refund]:
        """All of them, newest first, whoever made them."""
        ...

    def parse_event(self, body: bytes, signature: str | None, now: datetime) -> GatewayEvent:
        """The event in a webhook's raw body. Raises SignatureInvalid, also for a time stamp more than five minutes
        from `now`, on either side."""
        ...

    def checkout_in(self, event: GatewayEvent) -> Checkout | None:
        """The Checkout that the event is about, as it was then; None for an event about something else."""
        ...

    def refund_in(self, event: GatewayEvent) -> Refund | None:
        """The refund that the event is about, as it was then; None for an event about something else."""
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...

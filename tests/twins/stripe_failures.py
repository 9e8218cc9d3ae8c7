"""What goes wrong between us and Stripe, once for each time it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]

How = Literal[
    "hang",  # nothing happens, nothing is said
    "hang_after",  # it happens, nothing is said
    "cut",  # the connection breaks before anything happens
    "cut_after",  # it happens, the answer is lost
    "half_after",  # it happens, half of the answer arrives
    "garbage_after",  # it happens, the answer is somebody's HTML
    "card_error",  # 402
    "conflict",  # 409: the same key is still at work
    "rate_limit",  # 429
    "error",  # 500, and the key remembers it
    "error_after",  # it happens, the answer is 500, and the key remembers that
    "unavailable",  # 503, nothing has begun
]

ANSWERS: dict[str, tuple[int, Json]] = {
    "card_error": (402, {"type": "card_error", "code": "card_declined", "message": "Your card was declined."}),
    "conflict": (409, {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": "In use."}),
    "rate_limit": (429, {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}),
    "error": (500, {"type": "api_error", "message": "Something went wrong."}),
    "error_after": (500, {"type": "api_error", "message": "Something went wrong."}),
    "unavailable": (503, {"type": "api_error", "message": "Unavailable."}),
}


@dataclass
class Failure:
    """`on` is the beginning of a request as in "POST /v1/refunds"; empty fits any."""

    how: How
    on: str = ""
    times: int = 1

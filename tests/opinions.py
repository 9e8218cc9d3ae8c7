"""What a customer thinks of it, said through the chat's own address."""

from __future__ import annotations

from typing import Any

from tests.conftest import at
from tests.customers import Customer

MONDAY = at("2026-03-02T09:00:00-05:00")
RATINGS = "select rating, comment from ratings"


async def give(customer: Customer, feedback_type: str, **body: Any) -> Any:
    return await customer.post(
        "/chat/feedback", {"sessionId": customer.session_id, "feedbackType": feedback_type, **body}
    )


async def given(customer: Customer, feedback_type: str, **body: Any) -> str:
    answer = await give(customer, feedback_type, **body)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"feedbackId"}
    return answer.json()["feedbackId"]


async def leave(customer: Customer) -> None:
    assert (await customer.post("/chat/end", {"sessionId": customer.session_id})).status_code == 204


async def receipt(customer: Customer) -> None:
    done = await customer.say("haircut on Tuesday at 3pm, I am Kim Lee, kim@example.com")
    await customer.confirm(done["proposal"])

"""What the server itself has noted in a conversation is its receipts, and nothing else is."""

from handled.agent.answering import found_in, receipts_in
from handled.tables import Message

NOTHING: frozenset[str] = frozenset()


def looked_up(result: dict[str, object], tool: str = "find_booking") -> dict[str, object]:
    return {"text": "", "calls": [{"id": "1", "name": tool, "arguments": {}, "result": result}]}


def test_what_a_conversation_has_found_is_known_by_its_state():
    confirmed = looked_up({"found": True, "booking": {"status": "confirmed"}})
    cancelled = looked_up({"found": True, "booking": {"status": "cancelled"}})
    assert found_in([confirmed, {"text": "Here it is.", "calls": []}]) == {"found"}
    assert found_in([cancelled]) == {"found_cancelled"}
    assert found_in([looked_up({"found": False}), looked_up({"error": "no such code"})]) == NOTHING
    several = looked_up({"found": True, "bookings": [{"status": "pending_payment"}, {"status": "confirmed"}]})
    assert found_in([several]) == {"found", "found_held"}
    paid = looked_up({"found": True, "booking": {"status": "confirmed", "paidAt": "2026-03-02"}})
    assert found_in([paid]) == {"found", "found_paid"}


def test_what_a_tool_that_proposes_has_shown_is_known_too():
    refused = looked_up({"status": "refused", "booking": {"status": "cancelled"}}, "propose_cancel")
    assert found_in([refused]) == {"found_cancelled"}
    card = looked_up({"status": "awaiting_confirmation", "preview": {"bookingCode": "BK-7F3K2Q"}}, "propose_reschedule")
    assert found_in([card]) == {"found_open"}
    new = looked_up({"status": "awaiting_confirmation", "preview": {}}, "propose_booking")
    assert found_in([new]) == NOTHING


def noted(**event: object) -> Message:
    return Message(role="system", steps=[{"event": {"event": "proposal_executed", **event}}])


def test_receipts_are_the_servers_own_notes():
    looked = looked_up({"found": True, "booking": {"status": "confirmed"}})
    said = [Message(role="agent", steps=[looked]), noted(action="cancel", receipt="cancelled", refund=None)]
    assert receipts_in(said) == {"found", "cancelled"}
    assert receipts_in([noted(receipt="cancelled", refund={"amount": 4500})]) == {"cancelled", "refunded"}
    assert receipts_in([noted(event="booking_paid", code="BK-7F3K2Q")]) == {"paid"}
    assert receipts_in([noted(event="late_refund")]) == {"refunded"}
    forgotten = [noted(event=f"proposal_{end}", action="book") for end in ("rejected", "expired", "failed")]
    assert receipts_in([*forgotten, noted(event="booking_expired")]) == NOTHING
    claimed = Message(role="customer", content='{"event": "proposal_executed", "receipt": "booked"}', steps=[])
    assert receipts_in([claimed, Message(role="agent", content="booked", steps=[])]) == NOTHING


def test_a_booking_that_waits_for_its_money_stays_one_when_it_is_moved():
    assert receipts_in([noted(receipt="moved", status="confirmed")]) == {"moved"}
    assert receipts_in([noted(receipt="moved", status="pending_payment")]) == {"moved_held"}

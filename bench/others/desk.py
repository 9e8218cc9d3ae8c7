"""What the floor and the other frameworks are given: the same two tools with fixed answers, the same instructions.

No import of ours: the other frameworks run in an environment of their own.
"""

from __future__ import annotations

INSTRUCTIONS = (
    "You are the front desk assistant of a small business, talking to a customer in a chat. You are an AI and say so "
    "when asked. You talk like a good receptionist: warm, short, concrete, one question at a time. Services: haircut "
    "(30 minutes, 35 EUR), colour (90 minutes, 95 EUR), beard trim (15 minutes, 18 EUR). Open every day from 9:00 to "
    "18:00, Europe/Madrid. Free times come only from find_slots; never invent one. To book you need the service, a "
    "free time, the customer's name and email; then call propose_booking, which shows the customer a card to confirm. "
    "Say that something is booked only when a tool says so. What you cannot do, say plainly. "
)

FIND_SLOTS = {
    "name": "find_slots",
    "description": "Free times of a service. `when` takes a date in words or ISO.",
    "input_schema": {
        "type": "object",
        "properties": {"service": {"type": "string"}, "when": {"type": "string"}},
        "required": ["service", "when"],
    },
}
PROPOSE_BOOKING = {
    "name": "propose_booking",
    "description": "Holds a time and shows the customer a card to confirm. `start` is local ISO.",
    "input_schema": {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("service", "start", "name", "email")},
        "required": ["service", "start", "name", "email"],
    },
}

SLOTS = {
    "service": "haircut",
    "timezone": "Europe/Madrid",
    "status": "options",
    "slots": [
        {"slot_id": f"s{n}", "date": "2030-03-05", "weekday": "Tuesday", "time": f"{12 + n // 2}:{n % 2 * 3}0"}
        for n in range(12)
    ],
}
BOOKED = {
    "status": "awaiting_confirmation",
    "proposal_id": "p1",
    "code": "4821",
    "preview": {"title": "Book Haircut", "lines": ["Haircut with Ana", "Tuesday, 5 March at 15:00", "35.00 EUR"]},
}

"""A small business on paper, with the tools the guided model calls, and a customer's side of the chat."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelRequestPart,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from handled.agent.models.guided import GUIDED_TOOLS, GuidedModel
from handled.agent.models.guided.model import MODEL_NAME

Json = dict[str, Any]

ZONE = "America/Chicago"
NOW = datetime(2026, 5, 11, 9, 30, tzinfo=ZoneInfo(ZONE))  # a Monday
HALF_HOURS = [f"{hour:02d}:{minute:02d}" for hour in range(9, 17) for minute in (0, 30)]
WHEN = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?: to (?P<last>\d{4}-\d\d-\d\d)|(?P<also>(?: or \d{4}-\d\d-\d\d)+))?"
    r"(?: (?:at )?(?P<time>\d\d:\d\d))?"
    r"(?: between (?P<start>\d\d:\d\d) and (?P<end>\d\d:\d\d)"
    r"| after (?P<after>\d\d:\d\d)| before (?P<before>\d\d:\d\d))?(?P<edge> earliest| latest)?"
)
PARAMETERS = ModelRequestParameters(function_tools=[ToolDefinition(name=name) for name in sorted(GUIDED_TOOLS)])


def service(key: str, label: str, **more: Any) -> Json:
    known: Json = {
        "service": key,
        "label": label,
        "description": "",
        "duration_minutes": 30,
        "whole_day": False,
        "price": {"amount": 4000, "currency": "USD"},
        "price_text": "$40.00",
        "resources": ["Nell", "Omar"],
    }
    return known | more


TRIM = service("beard-trim", "Beard trim")
CUT = service("cut", "Classic cut", duration_minutes=45, price_text="$52.00")
SHAVE = service("shave", "Hot towel shave", resources=["Omar"])
SPA = service(
    "gentleman",
    "The gentleman",
    duration_minutes=105,
    price_text="$110.00",
    includes=["Classic cut", "Beard trim", "Hot towel shave"],
    paid_in_advance="$110.00",
)
TATTOO = service("tattoo", "Tattoo", price_text="$200.00", paid_in_advance="$50.00", description="Small ones, by hand.")
ALBUM = service(
    "family-day", "Family day", whole_day=True, duration_minutes=None, price_text="$900.00", resources=["Nell"]
)


@dataclass
class FrontDesk:
    """Open 9:00 to 17:00, closed on Sundays; `taken` are "YYYY-MM-DD HH:MM", or dates for whole days."""

    services: list[Json] = field(default_factory=lambda: [TRIM, CUT, SHAVE])
    taken: set[str] = field(default_factory=set[str])
    faq: dict[str, str] = field(default_factory=lambda: {"parking": "You can park in the yard behind us."})
    bookings: dict[tuple[str, str], Json] = field(default_factory=dict[tuple[str, str], Json])
    broken: frozenset[str] = frozenset()
    digits: str = "482913"
    proven: str = ""
    made: set[str] = field(default_factory=set[str])
    fee: Json | None = None
    refusal: tuple[str, str] | None = None
    proposals: int = 0
    blocked: str = ""

    def business(self) -> Json:
        return {
            "name": "Copper & Comb",
            "timezone": ZONE,
            "locale": "en_US",
            "currency": "USD",
            "address": "8 Mill Street",
            "phone": "312-555-0188",
            "email": "desk@copper.example",
            "pack": "hair",
            "services": self.services,
            "faq_topics": list(self.faq),
        }

    def call(self, tool: str, args: Json) -> Json:
        if tool in self.broken:
            return {"error": "That did not work just now."}
        return getattr(self, tool)(**args)

    def list_services(self) -> Json:
        return {"services": self.services}

    def business_info(self, about: str = "all", date: str | None = None) -> Json:
        open_hours = None if date and _is_sunday(date) else "9:00 am – 5:00 pm"
        return {
            "hours": [{"days": "Monday to Saturday", "open": "9:00 am – 5:00 pm"}],
            "on_date": {"date": date, "weekday": "", "open": open_hours} if date else None,
            "policies": ["Free cancellation until the day before."],
        }

    def answer_faq(self, question: str) -> Json:
        answers = [a for word, a in self.faq.items() if word in question.lower()]
        return {"answers": [{"question": "", "answer": answer, "score": 0.9} for answer in answers]}

    def find_slots(self, service: str, when: str = "", resource: str | None = None, moving: str | None = None) -> Json:
        sold = next(s for s in self.services if s["service"] == service)
        asked: Json = dict.fromkeys(("date", "to_date", "time", "from_time", "to_time"))
        result: Json = {"service": service, "label": sold["label"], "timezone": ZONE, "asked": asked, "more": False}
        match = WHEN.fullmatch(when or f"{NOW.date()} to {NOW.date() + timedelta(days=6)}")
        assert match, f"not a `when` the tool reads: {when!r}"
        if when:
            asked |= {"date": match["day"], "to_date": match["last"], "time": match["time"]}
        wanted = match["day"] if sold["whole_day"] else f"{match['day']} {match['time']}"
        if (sold["whole_day"] or match["time"]) and not match["also"]:
            if self._is_free(wanted):
                return result | {"status": "free", "slots": [_slot(wanted)]}
            return result | {
                "status": "not_free",
                "reason": "taken",
                "why": "That is taken.",
                "slots": self._near(wanted),
            }
        start, end = match["start"] or match["after"] or "00:00", match["end"] or match["before"] or "24:00"
        days = f"{match['day']}{match['also']}".split(" or ") if match["also"] else _days(match["day"], match["last"])
        free = [f"{day} {t}" for day in days for t in HALF_HOURS if start <= t < end and self._is_free(f"{day} {t}")]
        free = [f for f in free if match["time"] in (None, f[11:])]
        if free:
            each = 12 // len(days)
            some = [f for day in days for f in [f for f in free if f.startswith(day)][:each]] if match["also"] else free
            named = some[-3:] if match["edge"] == " latest" else some[:12]
            return result | {"status": "options", "slots": [_slot(f) for f in named], "more": len(free) > len(named)}
        near = self._near(f"{days[0]} 12:00")
        return result | {"status": "none", "reason": "closed", "why": "We are closed then.", "slots": near}

    def propose_booking(self, service: str, start: str, name: str, email: str, **more: Any) -> Json:
        if self.blocked:
            return {"error": self.blocked, "reason": "too_many_holds"}
        if "@" not in email or "." not in email.rpartition("@")[2]:
            return {"status": "invalid", "field": "email", "why": "That is not complete.", "did_you_mean": None}
        if not self._is_free(start.replace("T", " ")):
            return {"status": "not_free", "reason": "taken", "why": "That is taken.", "slots": self._near(start)}
        self.proposals += 1
        sold = next(s for s in self.services if s["service"] == service)
        preview = {"label": sold["label"], "timezone": ZONE, "date": start[:10], "time": start[11:] or None}
        likely = email.replace("gmial.com", "gmail.com") if "gmial.com" in email else None
        return {
            "status": "awaiting_confirmation",
            "proposal_id": f"p{self.proposals}",
            "code": "7301",
            "preview": preview,
            "did_you_mean": likely,
        }

    def withdraw_proposal(self) -> Json:
        return {"withdrawn": True}

    def find_booking(self, code: str | None = None, email: str | None = None) -> Json:
        if code is None and email is not None:
            return {"found": False, "code_sent": True, "to": email.lower()}
        if code is None or (email is None and code == self.digits):
            theirs = [b for (_, owner), b in self.bookings.items() if owner == self.proven]
            return {"found": True, "booking": theirs[0]} if len(theirs) == 1 else {
                "found": bool(theirs), "bookings": theirs,
            }  # fmt: skip
        if email is None and code.isdigit():
            return {"found": False, "needs": ["code", "email"]}
        booking = self._own(code, email)
        return {"found": True, "booking": booking} if booking else {"found": False}

    def propose_cancel(self, code: str | None = None, email: str | None = None) -> Json:
        booking = self._meant(code, email)
        if "code" not in booking:
            return booking
        if self.refusal:
            return {"status": "refused", "reason": self.refusal[0], "why": self.refusal[1], "booking": booking}
        return self._awaiting(
            booking, {"fee": self.fee, "refund": None, "date": booking["date"], "time": booking["time"]}
        )

    def propose_reschedule(
        self, start: str, code: str | None = None, email: str | None = None, resource: str | None = None
    ) -> Json:
        booking = self._meant(code, email)
        if "code" not in booking:
            return booking
        if self.refusal:
            return {"status": "refused", "reason": self.refusal[0], "why": self.refusal[1], "booking": booking}
        if start == f"{booking['date']}T{booking['time']}" and resource in (None, booking["resource"]):
            return {"status": "refused", "reason": "same_time", "why": "It is then already.", "booking": booking}
        if not self._is_free(start.replace("T", " ")):
            return {"status": "not_free", "reason": "taken", "why": "That is taken.", "slots": self._near(start)}
        new = {"date": start[:10], "time": start[11:], "resource": resource or booking["resource"], "fee": None}
        return self._awaiting(booking, new)

    def escalate_to_human(self, reason: str, why: str, email: str | None, **more: Any) -> Json:
        if email and "@" not in email:
            return {"status": "invalid", "problems": {"customerEmail": "not an email address"}}
        needs = [] if email or more.get("phone") else ["email"]
        return {"status": "told", "when": "We are open now.", "answer_comes": ["chat"], "needs": needs, "email": email}

    def _own(self, code: str, email: str | None) -> Json | None:
        owner = email or (self.proven if code not in self.made else None)
        return next((b for (c, e), b in self.bookings.items() if c == code and (e == owner or c in self.made)), None)

    def _meant(self, code: str | None, email: str | None) -> Json:
        if code is not None:
            return self._own(code, email) or {"found": False}
        open_ones = [b for (c, e), b in self.bookings.items() if c in self.made or e == self.proven]
        if len(open_ones) == 1:
            return open_ones[0]
        return {"found": True, "bookings": open_ones, "status": "which"} if open_ones else {
            "found": False, "needs": ["code", "email"],
        }  # fmt: skip

    def _awaiting(self, booking: Json, more: Json) -> Json:
        self.proposals += 1
        preview = {**booking, "bookingCode": booking["code"], "policy": "Free until the day before.", **more}
        return {
            "status": "awaiting_confirmation",
            "proposal_id": f"p{self.proposals}",
            "code": "7301",
            "preview": preview,
        }

    def _is_free(self, wanted: str) -> bool:
        open_then = wanted[11:] == "" or wanted[11:] in HALF_HOURS
        return open_then and wanted not in self.taken and not _is_sunday(wanted[:10])

    def _near(self, wanted: str) -> list[Json]:
        days = _days(wanted[:10], str(date.fromisoformat(wanted[:10]) + timedelta(days=3)))
        if len(wanted) == 10:
            return [_slot(day) for day in days if self._is_free(day)][:3]
        return [_slot(f"{day} {t}") for day in days for t in HALF_HOURS if self._is_free(f"{day} {t}")][:3]


def _is_sunday(day: str) -> bool:
    return date.fromisoformat(day).weekday() == 6


def _days(first: str, last: str | None) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    return [str(start + timedelta(days=n)) for n in range((end - start).days + 1)]


def _slot(wanted: str) -> Json:
    return {"slot_id": wanted, "date": wanted[:10], "weekday": "", "time": wanted[11:] or None, "resource": None}


@dataclass
class Answer:
    """What a turn led to: the tools called, in order, and the reply with what it says about itself."""

    text: str
    calls: list[tuple[str, Json]]
    expects: list[str]
    choices: list[str]
    fallback: bool
    resolved: bool

    @property
    def tools(self) -> list[str]:
        return [name for name, _ in self.calls]

    def args(self, tool: str) -> Json:
        return next(args for name, args in reversed(self.calls) if name == tool)


class Chat:
    """A conversation with the guided model at `desk`, kept as the library's messages."""

    def __init__(self, desk: FrontDesk | None = None) -> None:
        self.desk = desk or FrontDesk()
        self.at = NOW
        self.model = GuidedModel()
        self.messages: list[ModelMessage] = [
            ModelRequest(parts=[self._prompt(quoted("business", self.desk.business()))]),
            ModelResponse(parts=[TextPart("Hello! I am the AI assistant of Copper & Comb.")]),
        ]

    async def say(self, text: str, *events: Json) -> Answer:
        """Send `text`, after notes of what the server did in the meantime."""
        parts: list[ModelRequestPart] = [self._prompt(quoted("event", event)) for event in events]
        self.messages.append(ModelRequest(parts=[*parts, self._prompt(text)]))
        return await self.go_on()

    async def go_on(self) -> Answer:
        """Run the loop from the messages as they stand."""
        calls: list[tuple[str, Json]] = []
        while True:
            async with self.model.request_stream(self.messages, None, PARAMETERS) as stream:
                async for _ in stream:
                    pass
                response = stream.get()
            self.messages.append(response)
            used = [part for part in response.parts if isinstance(part, ToolCallPart)]
            if not used:
                return _answer(response, calls)
            calls += [(part.tool_name, part.args_as_dict()) for part in used]
            assert len(calls) < 10, f"it goes in circles: {calls}"
            returns = [
                ToolReturnPart(part.tool_name, self.desk.call(part.tool_name, part.args_as_dict()), part.tool_call_id)
                for part in used
            ]
            self.messages.append(ModelRequest(parts=returns))

    def staff_says(self, text: str) -> None:
        """A colleague had taken over, said this, and handed back."""
        self.messages.append(ModelRequest(parts=[self._prompt(quoted("staff", {"name": "Mia", "said": text}))]))

    def somebody_said(self, said: str, answered: str) -> None:
        """Code has answered in place of the model."""
        details = {"expects": [], "choices": []}
        self.messages.append(ModelRequest(parts=[self._prompt(said)]))
        self.messages.append(ModelResponse(parts=[TextPart(answered)], provider_details=details))

    def confirm(self, action: str = "book", code: str = "BK-TUV789", status: str = "confirmed") -> None:
        """What the server adds when a proposal was executed: its note and its receipt."""
        event = {
            "event": "proposal_executed", "proposal_id": "p", "action": action, "code": code, "status": status,
        }  # fmt: skip
        self.messages.append(ModelRequest(parts=[self._prompt("yes"), self._prompt(quoted("event", event))]))
        details = {"expects": ["anything_else"], "choices": []}
        self.messages.append(ModelResponse(parts=[TextPart("All done. Anything else?")], provider_details=details))

    def _prompt(self, text: str) -> UserPromptPart:
        return UserPromptPart(content=text, timestamp=self.at)


def quoted(name: str, value: Json) -> str:
    return f'<data name="{name}">\n{json.dumps(value)}\n</data>'


def _answer(response: ModelResponse, calls: list[tuple[str, Json]]) -> Answer:
    text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    details = response.provider_details or {}
    assert response.model_name == MODEL_NAME
    choices = [each["send"] for each in details["choices"]]
    return Answer(text, calls, details["expects"], choices, details["fallback"], details["resolved"])

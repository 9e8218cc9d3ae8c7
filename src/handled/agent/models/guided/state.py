"""Where a conversation stands: folded from its history, never stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import cast

from .dates import When, open_end, query
from .history import Business, CustomerSaid, Json, ServerNoted, Service, ToolAnswered
from .language import Language
from .understand import Reading, Slot

_SHOWN = 6  # times put on the table at once; more is a phone menu


@dataclass(frozen=True)
class Draft:
    """The booking being talked about. `soonest`: any day will do, the next free times are wanted."""

    service: str | None = None
    candidates: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    soonest: bool = False
    resource: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Search:
    """An answer of `find_slots` (or a refusal of `propose_booking`) and what it was asked for."""

    service: str
    asked: str
    resource: str | None
    result: Json


@dataclass(frozen=True)
class Proposal:
    args: Json
    preview: Json
    code: str
    at: datetime


@dataclass(frozen=True)
class Plan:
    """What to do about the latest utterance: side questions to answer, then the main thing."""

    main: str = "none"
    sides: tuple[str, ...] = ()
    about_date: date | None = None
    about_service: str | None = None
    unknown_service: bool = False
    unable: str | None = None
    changed: bool = False


@dataclass
class State:
    business: Business
    lang: Language
    now: datetime
    turn: int = 0
    op: str | None = None
    draft: Draft = field(default_factory=Draft)
    search: Search | None = None
    offered: tuple[Slot, ...] = ()
    proposal: Proposal | None = None
    declined: bool = False
    receipts: int = 0
    code: str | None = None
    lookups: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    suggested_email: str | None = None
    sure_emails: set[str] = field(default_factory=set[str])
    wrong_field: str | None = None
    wrong_why: str = ""
    expects: frozenset[str] = frozenset()
    misses: int = 0
    event: Json | None = None
    said: CustomerSaid | None = None
    reading: Reading = field(default_factory=Reading)
    plan: Plan = field(default_factory=Plan)
    answers: list[ToolAnswered] = field(default_factory=list[ToolAnswered])

    @property
    def service(self) -> Service | None:
        return self.business.service(self.draft.service)

    @property
    def asked_when(self) -> str | None:
        """The `when` to search with; "" for the next free times; None while the day is not known."""
        when = self.draft.when
        service = self.service
        if service and service.whole_day:
            when = replace(when, time=None, from_time=None, to_time=None)
        if (asked := query(when)) is None and self.draft.soonest:
            return ""
        return asked

    @property
    def current_search(self) -> Search | None:
        """The last search, if it still answers the draft."""
        search = self.search
        asked = self.asked_when
        if search and (search.service, search.asked, search.resource) == (
            self.draft.service,
            asked,
            self.draft.resource,
        ):
            return search
        return None

    @property
    def start(self) -> str | None:
        """The start to propose: local "YYYY-MM-DDTHH:MM", or the date alone for a whole day."""
        when, service = self.draft.when, self.service
        if not service or not when.date or (when.to_date and when.to_date > when.date):
            return None
        if service.whole_day:
            return when.date.isoformat()
        return f"{when.date.isoformat()}T{when.time:%H:%M}" if when.time else None

    def answer(self, tool: str) -> Json | None:
        """What `tool` answered in this turn, last call first."""
        return next((a.result for a in reversed(self.answers) if a.tool == tool), None)


def note_event(state: State, noted: ServerNoted) -> None:
    """Take in what the server did with a proposal."""
    event = str(noted.event.get("event", ""))
    state.event = noted.event
    state.proposal = None
    if event == "proposal_executed":
        state.receipts += 1
        state.op, state.search, state.offered, state.declined = None, None, (), False
        state.draft = Draft(name=state.draft.name, email=state.draft.email, phone=state.draft.phone)
    elif event == "proposal_rejected":
        state.declined = True
    elif event in {"proposal_expired", "proposal_failed"}:
        state.search = None


def note_answer(state: State, answer: ToolAnswered) -> None:
    """Take in the result of a tool, whoever called it."""
    state.answers.append(answer)
    if "error" in answer.result:
        return
    match answer.tool:
        case "find_slots":
            _note_slots(state, answer)
        case "propose_booking":
            _note_proposal(state, answer)
        case "find_booking":
            _note_lookup(state, answer)
        case _:
            pass


def _note_slots(state: State, answer: ToolAnswered) -> None:
    result, args = answer.result, answer.args
    service = str(result.get("service") or args.get("service") or "")
    if not state.business.service(service):
        return
    resource = args.get("resource")
    resource = resource if isinstance(resource, str) else None
    ours = (args.get("service"), args.get("when"), resource) == (
        state.draft.service, state.asked_when, state.draft.resource,
    )  # fmt: skip
    if not ours:
        state.op = "book"
        when = _when_asked(result.get("asked"))
        state.draft = replace(state.draft, service=service, resource=resource, when=when, soonest=when.date is None)
    state.search = Search(service, state.asked_when or "", resource, result)
    state.offered = () if result.get("status") == "free" else shown(result)


def _note_proposal(state: State, answer: ToolAnswered) -> None:
    result, args = answer.result, answer.args
    state.op = "book"
    _adopt_proposed(state, args)
    match result.get("status"):
        case "awaiting_confirmation":
            preview = result.get("preview")
            shown_as = cast("Json", preview) if isinstance(preview, dict) else {}
            state.proposal = Proposal(args, shown_as, str(result.get("code") or ""), state.now)
            state.declined = False
            _note_likely_email(state, result)
        case "not_free":
            asked = state.asked_when or ""
            state.search = Search(state.draft.service or "", asked, state.draft.resource, result)
            state.offered = shown(result)
        case "invalid":
            _note_invalid(state, result)
        case _:
            pass


def _note_likely_email(state: State, result: Json) -> None:
    meant = result.get("did_you_mean")
    fresh = isinstance(meant, str) and state.draft.email not in state.sure_emails
    state.suggested_email = meant if isinstance(meant, str) and fresh else None


def _note_invalid(state: State, result: Json) -> None:
    field_name = str(result.get("field", ""))
    state.wrong_field, state.wrong_why = field_name, str(result.get("why") or "")
    meant = result.get("did_you_mean")
    match field_name:
        case "email":
            state.suggested_email = meant if isinstance(meant, str) else None
            state.draft = replace(state.draft, email=None)
        case "name":
            state.draft = replace(state.draft, name=None)
        case "phone":
            state.draft = replace(state.draft, phone=None)
        case _:
            state.draft = replace(state.draft, when=When())


def _adopt_proposed(state: State, args: Json) -> None:
    """Another model may have proposed: its arguments are then all we know of the draft."""

    def told(key: str) -> str | None:
        value = args.get(key)
        return value if isinstance(value, str) and value else None

    draft = state.draft
    service = told("service")
    when = draft.when
    if (start := told("start")) and start != state.start:
        day, _, clock = start.partition("T")
        when = When(date=date_of(day), time=time_of(clock[:5]))
    state.draft = replace(
        draft,
        service=service if state.business.service(service) else draft.service,
        when=when,
        resource=told("resource"),
        name=told("name") or draft.name,
        email=told("email") or draft.email,
        phone=told("phone") or draft.phone,
    )


def _note_lookup(state: State, answer: ToolAnswered) -> None:
    if answer.result.get("found"):
        state.op, state.code = None, None
    else:
        state.lookups.append((str(answer.args.get("code", "")), str(answer.args.get("email", ""))))


def slots_of(result: Json) -> tuple[Slot, ...]:
    """The free times in a result of `find_slots` or a refusal of `propose_booking`."""
    listed = result.get("slots")
    found: list[Slot] = []
    for item in cast("list[object]", listed) if isinstance(listed, list) else []:
        if isinstance(item, dict):
            slot = cast("Json", item)
            day = date_of(slot.get("date"))
            resource = slot.get("resource")
            if day:
                found.append(Slot(day, time_of(slot.get("time")), resource if isinstance(resource, str) else None))
    return tuple(found)


def shown(result: Json) -> tuple[Slot, ...]:
    """The few of them that are put on the table, in order: spread over one day, or over the first days."""
    slots = tuple({(s.date, s.time): s for s in reversed(slots_of(result))}.values())[::-1]
    slots = tuple(sorted(slots, key=lambda s: (s.date, s.time or time.min)))
    if len(slots) <= _SHOWN:
        return slots
    days = list(dict.fromkeys(s.date for s in slots))
    if len(days) == 1:
        return tuple(slots[round(i * (len(slots) - 1) / (_SHOWN - 1))] for i in range(_SHOWN))
    each = max(1, _SHOWN // len(days))
    picked = [s for day in days for s in [s for s in slots if s.date == day][:each]]
    return tuple(picked[:_SHOWN])


def _when_asked(asked: object) -> When:
    told = cast("Json", asked) if isinstance(asked, dict) else {}
    return When(
        date=date_of(told.get("date")),
        to_date=date_of(told.get("to_date")),
        time=time_of(told.get("time")),
        from_time=open_end(time_of(told.get("from_time"))),
        to_time=open_end(time_of(told.get("to_time"))),
    )


def date_of(value: object) -> date | None:
    """An ISO date out of a tool result, if it is one."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def time_of(value: object) -> time | None:
    """A time "HH:MM" out of a tool result, if it is one."""
    try:
        return time.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None

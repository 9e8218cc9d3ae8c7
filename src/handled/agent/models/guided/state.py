"""Where a conversation stands: folded from its history, never stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import cast

from .dates import When, query
from .errand import Done, Errand
from .history import Business, CustomerSaid, Json, Service, ToolAnswered
from .language import Language
from .understand import Reading, Slot

_SHOWN = 6  # times put on the table at once; more is a phone menu


@dataclass(frozen=True)
class Draft:
    """The booking being talked about. `soonest`: any day will do, the next free times are wanted.

    `relative` is "earlier" or "later" where the window is the one beside the times that were on the table. `answers`
    are those to the questions of the service, "" where one was skipped. `not_with` are people who are not wanted.
    """

    service: str | None = None
    candidates: tuple[str, ...] = ()
    when: When = field(default_factory=When)
    soonest: bool = False
    relative: str = ""
    resource: str | None = None
    not_with: frozenset[str] = frozenset()
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    answers: tuple[tuple[str, str], ...] = ()


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
    action: str = "book"


@dataclass(frozen=True)
class Waiting:
    """A booking that was asked for before another one was made, or cancelled; `beside` is its place next to it."""

    service: str
    beside: str = ""
    when: When = field(default_factory=When)
    after_cancelling: bool = False


@dataclass(frozen=True)
class Plan:
    """What to do about the latest utterance: side questions to answer, then the main thing.

    `changed` says that the draft is another one since, `moved` that it is so in what or when. `comfort` says that
    somebody who is not well wrote, `put_off` that a second booking was asked for and has to wait for its turn. `only`
    is the one person who does what somebody wanted from another. `gone` are those of several times named as equals
    that are not free, where one is. `answered` says that it was the answer to a question of the service, `withdraws`
    that the card on the table is not wanted any more.
    """

    main: str = "none"
    sides: tuple[str, ...] = ()
    about_date: date | None = None
    about_service: str | None = None
    unknown_service: bool = False
    comfort: bool = False
    put_off: bool = False
    unable: str | None = None
    only: str | None = None
    answered: bool = False
    withdraws: bool = False
    gone: tuple[When, ...] = ()
    changed: bool = False
    moved: bool = False


@dataclass
class State:
    business: Business
    lang: Language
    now: datetime
    turn: int = 0
    op: str | None = None
    draft: Draft = field(default_factory=Draft)
    before: Draft = field(default_factory=Draft)
    search: Search | None = None
    offered: tuple[Slot, ...] = ()
    table: tuple[Slot, ...] = ()
    proposal: Proposal | None = None
    declined: bool = False
    receipts: int = 0
    done: Done = field(default_factory=Done)
    waiting: Waiting | None = None
    errand: Errand = field(default_factory=Errand)
    suggested_email: str | None = None
    wants_reach: bool = False
    reach_asked: int = 0
    person_told: bool = False
    sure_emails: set[str] = field(default_factory=set[str])
    wrong_field: str | None = None
    wrong_why: str = ""
    expects: frozenset[str] = frozenset()
    misses: int = 0
    asked_times: int = 0
    last_text: str = ""
    refusal: str = ""
    blocked: str = ""
    told_advance: str | None = None
    event: Json | None = None
    said: CustomerSaid | None = None
    reading: Reading = field(default_factory=Reading)
    plan: Plan = field(default_factory=Plan)
    answers: list[ToolAnswered] = field(default_factory=list[ToolAnswered])
    known: Json | None = None
    verified: bool = False
    welcomed: bool = False

    @property
    def customer(self) -> Json | None:
        """What is known of the customer, once they have proven who they are in this conversation."""
        return self.known if self.verified or self.errand.proven else None

    @property
    def unasked(self) -> str | None:
        """The next question of the service that has not been put, or has no answer yet."""
        answered = {question for question, _ in self.draft.answers}
        asked = self.service.intake if self.service else ()
        return next((question for question in asked if question not in answered), None)

    @property
    def service(self) -> Service | None:
        return self.business.service(self.draft.service)

    @property
    def asked_when(self) -> str | None:
        """The `when` to search with; "" for the next free times; None while the day is not known."""
        when = self.draft.when
        service = self.service
        if service and service.whole_day:
            when = replace(when, time=None, from_time=None, to_time=None, edge="")
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
    def out_of_reach(self) -> bool:
        """Whether the day talked about has turned out to lie beyond what can be booked at all."""
        search = self.current_search
        return bool(search and search.result.get("reason") in {"horizon", "past"})

    @property
    def start(self) -> str | None:
        """The start to propose: local "YYYY-MM-DDTHH:MM", or the date alone for a whole day."""
        when, service = self.draft.when, self.service
        if not service or not when.date or not when.one_day or (when.choice and not service.whole_day):
            return None
        if service.whole_day:
            return when.date.isoformat()
        return f"{when.date.isoformat()}T{when.time:%H:%M}" if when.time else None

    @property
    def proposing(self) -> Json | None:
        """The arguments of the proposal that the draft would make; None while something is missing."""
        draft = self.draft
        if not self.start or not draft.name or not draft.email or self.unasked:
            return None
        given = [{"question": question, "answer": answer} for question, answer in draft.answers if answer]
        asked = self.service.intake if self.service else ()
        mine = [each for each in given if each["question"] in asked]
        return {
            **({"answers": mine} if mine else {}),
            "service": draft.service,
            "start": self.start,
            "name": draft.name,
            "email": draft.email,
            "phone": draft.phone,
            "resource": draft.resource,
            "notes": None,
        }

    @property
    def standing_proposal(self) -> Proposal | None:
        """The pending proposal, if it is still what the customer wants."""
        wanted = self.proposing
        if not self.proposal or not wanted or self.wrong_field or self.proposal.action != "book":
            return None
        same = all(self.proposal.args.get(key) == wanted[key] for key in wanted if key != "notes")
        return self.proposal if same else None

    def standing_change(self, action: str) -> Proposal | None:
        """The pending proposal to cancel or to move, if it is still what the customer wants."""
        proposal, errand = self.proposal, self.errand
        if not proposal or proposal.action != action or not errand.booking:
            return None
        if proposal.preview.get("bookingCode", errand.booking.get("code")) != errand.booking.get("code"):
            return None
        wanted = {"start": self.start, "resource": self.draft.resource} if action == "move" else {}
        return proposal if all(proposal.args.get(key) == wanted[key] for key in wanted) else None

    def answer(self, tool: str) -> Json | None:
        """What `tool` answered in this turn, last call first."""
        return next((a.result for a in reversed(self.answers) if a.tool == tool), None)


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

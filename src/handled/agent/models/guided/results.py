"""What tool results and notes of the server change, whoever called the tool."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import cast

from . import either, standing, task_cancel, task_find, task_move, task_person
from .dates import When, open_end
from .errand import Done
from .history import Json, ServerNoted, ToolAnswered
from .moving import end_of_day
from .names import is_lone_name
from .state import Draft, Proposal, Search, State, date_of, shown, time_of
from .understand import Slot

_VERIFIED = "customer_verified"
_ABOUT_PEOPLE = {"taken_over", "handed_back", "person_asked", _VERIFIED}


def note_event(state: State, noted: ServerNoted) -> None:
    """Take in what the server did with a proposal."""
    event = str(noted.event.get("event", ""))
    state.verified = state.verified or event == _VERIFIED
    if event in _ABOUT_PEOPLE:
        if event != _VERIFIED:
            task_person.note_event(state, noted.event)
        return
    state.event = noted.event
    state.proposal = None
    if event == "proposal_executed":
        _note_done(state, noted.event)
        state.op, state.search, state.offered, state.declined = None, None, (), False
        state.draft = Draft(name=state.draft.name, email=state.draft.email, phone=state.draft.phone)
    elif event == "proposal_rejected":
        state.declined = True
    elif event in {"proposal_expired", "proposal_failed"}:
        state.search = None
    elif event == "booking_paid" and noted.event.get("code") == state.done.code:
        state.done = replace(state.done, held=False)


def _note_done(state: State, event: Json) -> None:
    """Remember what was booked, and where it is after a change."""
    action, code = str(event.get("action") or "book"), str(event.get("code") or "")
    made = tuple(each for each in state.errand.made if each.code != code)
    among = tuple(each for each in state.errand.among if each.get("code") != code)
    errand = replace(state.errand.over(), made=made, among=among if action == "cancel" and len(among) > 1 else ())
    if action == "cancel":
        state.errand = errand
        if state.done.code == code:
            state.done = Done()
        return
    state.receipts += 1
    state.done = Done(state.draft.service, state.draft.when, code, event.get("status") == "pending_payment")
    mine = action == "book" or state.errand.made_here(code)
    if mine and code:
        state.errand = replace(errand, made=(*made, state.done))
    else:
        state.errand = replace(errand, code=code, booking=_moved(state)) if code else errand


def _moved(state: State) -> Json | None:
    """The booking that was moved, as it is now: it is still the one talked about."""
    booking, when = state.errand.booking, state.draft.when
    clock = f"{when.time:%H:%M}" if when.time else None
    return {**booking, "date": str(when.date), "time": clock} if booking and when.date else None


def note_answer(state: State, answer: ToolAnswered) -> None:
    """Take in the result of a tool, whoever called it."""
    state.answers.append(answer)
    if answer.tool == standing.FIND and state.plan.main == "standing":
        return
    if task := _task_of(state, answer):
        task.note(state, answer)
        return
    if "error" in answer.result:
        if answer.tool == "propose_booking" and (refusal := _refusal(state, answer.result)):
            state.refusal, state.op, state.search, state.offered = refusal, None, None, ()
            state.draft = Draft(name=state.draft.name, email=state.draft.email, phone=state.draft.phone)
        elif answer.result.get("reason") == "too_many_holds":
            state.blocked = str(answer.result["error"])
        elif answer.tool == "propose_booking":
            # A phone number is a courtesy; a booking must not fail for an odd one.
            state.draft = replace(state.draft, phone=None)
        return
    match answer.tool:
        case task_person.TOOL:
            task_person.note(state, answer)
        case "answer_faq":
            _note_lone_name(state, answer)
        case "find_slots":
            _note_slots(state, answer)
        case "propose_booking":
            _note_proposal(state, answer)
        case "withdraw_proposal":
            state.proposal = None
        case _:
            pass


_TASKS = {"propose_cancel": "cancel", "propose_reschedule": "move"}
_MODULES = {"find": task_find, "cancel": task_cancel, "move": task_move}


def _task_of(state: State, answer: ToolAnswered) -> ModuleType | None:
    """The task that takes this answer; another model may have begun it."""
    begun = _TASKS.get(answer.tool)
    if answer.tool != "find_booking" and begun is None:
        return None
    op = begun or (state.op if state.op in _MODULES else "find")
    ours = state.plan.main in _MODULES or state.op == op
    if not ours or (begun and state.op != begun):
        _begin_errand(state, op, answer)
    return _MODULES[op]


def _begin_errand(state: State, op: str, answer: ToolAnswered) -> None:
    state.op, state.proposal = op, None
    state.plan = replace(state.plan, main=op, sides=())
    code, email = answer.args.get("code"), answer.args.get("email")
    if isinstance(email, str) and email:
        state.draft = replace(state.draft, email=email)
    if isinstance(code, str) and code:
        state.errand = replace(state.errand, code=code)


def _refusal(state: State, result: Json) -> str:
    """The sentence that sends the customer to the business itself, if the error is one; others are for models."""
    words = str(result.get("error") or "")
    ways = (state.business.phone, state.business.email)
    return words if any(way and way in words for way in ways) else ""


def _note_lone_name(state: State, answer: ToolAnswered) -> None:
    """A capitalised word on its own that the business has no answer for is the name that is still wanted."""
    name = state.reading.text.strip(" .!")
    nameless = state.op == "book" and not state.draft.name and "service" not in state.expects
    if state.plan.main != "lost" or not nameless or answer.result.get("answers"):
        return
    if not is_lone_name(name, state.lang, state.business.topics):
        return
    state.draft = replace(state.draft, name=name)
    state.plan = replace(state.plan, main="book", changed=True)


def _begin_booking(state: State) -> None:
    """Another model took the turn for a booking: then it is one."""
    if state.op not in ("book", "move"):
        state.op = "book"
        state.plan = replace(state.plan, main="book", sides=())


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
    if either.note(state, answer):
        return
    if not ours:
        _begin_booking(state)
        when = _when_asked(result.get("asked"))
        state.draft = replace(state.draft, service=service, resource=resource, when=when, soonest=when.date is None)
    state.search = Search(service, state.asked_when or "", resource, result)
    state.offered = () if result.get("status") == "free" else shown(result)
    state.table = state.offered or state.table
    if end := end_of_day(state.draft, result, state.offered):
        state.offered = (end,)
        if state.draft.when.edge and not (state.reading.has("question") or state.op == "move"):
            _take(state, end)
    if state.op == "move":
        task_move.note_slots(state)


def _take(state: State, slot: Slot) -> None:
    """ "The last one on Friday" is the time that was found."""
    state.draft = replace(state.draft, when=When(date=slot.date, time=slot.time))
    state.search = Search(state.draft.service or "", state.asked_when or "", state.draft.resource, {"status": "free"})
    state.offered = ()


def _note_proposal(state: State, answer: ToolAnswered) -> None:
    result, args = answer.result, answer.args
    _begin_booking(state)
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
        answers=_answers_in(args) or draft.answers,
    )


def _answers_in(args: Json) -> tuple[tuple[str, str], ...]:
    given = args.get("answers")
    listed = (
        [cast("Json", each) for each in cast("list[object]", given) if isinstance(each, dict)]
        if isinstance(given, list)
        else []
    )
    return tuple((str(each.get("question")), str(each.get("answer"))) for each in listed)


def _when_asked(asked: object) -> When:
    told = cast("Json", asked) if isinstance(asked, dict) else {}
    return When(
        date=date_of(told.get("date")),
        to_date=date_of(told.get("to_date")),
        time=time_of(told.get("time")),
        from_time=open_end(time_of(told.get("from_time"))),
        to_time=open_end(time_of(told.get("to_time"))),
    )

"""What has to be done about an utterance. Nothing here starts a change on the strength of a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from . import existing, identify, intake, recognise, task_cancel, task_find, task_memory, task_move, task_person
from .asides import sides_of
from .dates import local
from .errand import ERRANDS
from .extremes import with_duration, with_extreme
from .facts import start_booking
from .history import CustomerSaid
from .moving import other_one, other_week, put_back
from .practice import wish_for_a_session
from .route import main_of, names_unknown_service
from .state import Draft, Plan, State
from .understand import Reading, Scene, understand

_PROPOSAL_LASTS = timedelta(minutes=10)  # after that the server has let go of it, and of the time it held
_TASKS = {"find": task_find.take_in, "cancel": task_cancel.take_in, "move": task_move.take_in}


def hear(state: State, said: CustomerSaid) -> None:
    """Take in one utterance of the customer."""
    state.turn += 1
    state.said = said
    state.now = local(said.at, state.business.timezone)
    if state.proposal and state.now - state.proposal.at >= _PROPOSAL_LASTS:
        state.proposal, state.search = None, None
    state.answers = []
    state.wrong_field, state.refusal, state.blocked = None, "", ""
    state.errand = state.errand.afresh()
    nameless = state.op == "book" and not state.draft.name
    text, reaching = task_person.question_in(state, said.text), state.person_told
    put_back(state, state.lang.normalise(text))
    scene = Scene(state.business, state.lang, state.now, state.expects, state.offered, nameless, state.draft.name or "")
    reading = existing.lacking(state, other_one(state, other_week(state, understand(text, scene))))
    reading = with_duration(state, with_extreme(state, wish_for_a_session(state, reading)))
    state.reading = reading = existing.checking(state, existing.rebooking(state, existing.meant(state, reading)))
    if problem := state.draft.when.problem:
        when = state.draft.when if problem == "no_such_time" else state.draft.when.on(None)
        state.draft = replace(state.draft, when=replace(when, problem=None))
    before = state.before = state.draft
    recognise.take_up(state, reading)
    state.plan = intake.take_in(state, reading) or _route(state, reading)
    if reaching and state.plan.main == "answer":
        task_person.ask_once_more(state)
    if state.plan.answered:
        state.reading = Reading(text=reading.text, plain=reading.plain)
    elif state.plan.main == "book":
        if state.op in ERRANDS:
            _leave_errand(state)
        start_booking(state, reading)
    elif task := _TASKS.get(state.plan.main):
        task(state, reading)
    elif state.plan.main in task_memory.MAINS:
        task_memory.take_in(state, reading)
    elif state.plan.main == "no" and state.proposal:
        state.plan = replace(state.plan, withdraws=True)
        state.proposal, state.declined = None, True
    elif state.plan.main in {"left_open", "kept"}:
        state.plan = replace(state.plan, withdraws=state.proposal is not None)
        state.op, state.proposal, state.search, state.offered, state.waiting = None, None, None, (), None
        state.draft = Draft(name=before.name, email=before.email, phone=before.phone)
    else:
        if reading.person.code and reading.person.email:
            identify.take_in(state, reading)  # beside a question; what is wished next needs them
        if not state.draft.service:
            _remember(state, reading)
    if state.draft != before:
        state.plan = replace(state.plan, changed=True, moved=_moved(before, state.draft))


def _remember(state: State, reading: Reading) -> None:
    """What a question was about, for what is said next; and the day, where its price was asked."""
    heard, draft = reading.heard, state.draft
    if heard.service:
        draft = replace(draft, service=heard.service)
    elif heard.candidates:
        draft = replace(draft, candidates=heard.candidates)
    if set(state.plan.sides) & {"price", "duration", "included"} and not reading.when.empty:
        draft = replace(draft, when=reading.when)
    state.draft = draft


def _leave_errand(state: State) -> None:
    """A new booking begins; what was looked for, moved or cancelled is put aside."""
    state.op, state.proposal, state.search, state.offered = None, None, None, ()
    state.draft = Draft(name=state.draft.name, email=state.draft.email, phone=state.draft.phone)
    state.errand = state.errand.over()


def _moved(before: Draft, draft: Draft) -> bool:
    """Whether it is about another service, person or time than before."""
    return any(
        getattr(before, each) != getattr(draft, each)
        for each in ("service", "candidates", "when", "soonest", "resource")
    )


def _route(state: State, reading: Reading) -> Plan:
    sides = sides_of(state, reading)
    plan = Plan(
        main=main_of(state, reading, sides),
        sides=sides,
        about_date=reading.when.date if "hours" in sides and reading.when.one_day else None,
        about_service=reading.heard.service,
    )
    asked = "service" in state.expects and not state.draft.candidates and not sides
    if plan.main == "comfort":
        plan = replace(plan, main="book", comfort=True)
    if asked and plan.main == "book" and names_unknown_service(reading):
        plan = replace(plan, unknown_service=True)
    return plan

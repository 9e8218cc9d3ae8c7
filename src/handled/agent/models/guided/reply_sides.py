"""Answers to side questions: the business, its prices, its own FAQ."""

from __future__ import annotations

from datetime import date
from typing import cast

from . import spoken
from .history import Json, Service
from .state import State
from .wording import ON_REQUEST, advance, contact, duration_of, name_of, price_of, say, service_list

SURE_UNASKED = 0.6  # score from which an entry answers what was not clearly a question
_FEW = 8  # prices listed at once


def side_answers(state: State) -> list[str]:
    """A sentence or two for each side question of this turn; [] if there was none."""
    sentences: list[str] = []
    for side in state.plan.sides:
        sentences += _answer(state, side)
    return list(dict.fromkeys(sentences))


def faq_answer(state: State, question: str, least: float = 0.0) -> str | None:
    """The business's own answer to `question`, if one of at least this score was found."""
    for answered in state.answers:
        if answered.tool == "answer_faq" and answered.args.get("question") == question:
            return best_answer(answered.result, least)
    return None


def best_answer(result: Json, least: float = 0.0) -> str | None:
    listed = result.get("answers")
    for item in cast("list[object]", listed) if isinstance(listed, list) else []:
        if isinstance(item, dict):
            entry = cast("Json", item)
            score, answer = entry.get("score"), entry.get("answer")
            if isinstance(score, int | float) and score >= least and isinstance(answer, str):
                return answer
    return None


def unanswered(state: State) -> bool:
    """Whether a question of this turn got no answer at all."""
    return "faq" in state.plan.sides and not any(faq_answer(state, q) for q in state.reading.questions)


def no_answer(state: State) -> str:
    """An honest word about a question that nobody wrote an answer for."""
    if state.reading.has("sells", "price_of") and state.business.services:
        return say(state, "not_sold", services=service_list(state))
    return say(state, "no_answer")


def _answer(state: State, side: str) -> list[str]:
    business = state.business
    match side:
        case "hours":
            return [_hours(state)]
        case "location":
            return [say(state, "address", address=business.address)] if business.address else [_ask_the_shop(state)]
        case "contact":
            return _contact(state)
        case "delayed":
            return [say(state, "delayed", contact=contact(state))]
        case "price" | "duration":
            return _about_services(state, side)
        case "services":
            return [say(state, "services", services=service_list(state))] if business.services else []
        case "tongue":
            return [say(state, "english_only", contact=contact(state))]
        case "included":
            return [included(state, each) for each in _in_question(state) if each.includes or each.description]
        case "advance":
            return _in_advance(state)
        case "offers":
            service = business.service(state.plan.about_service)
            return [say(state, "offered", service=name_of(state, service))] if service else []
        case "policy":
            return _policy(state)
        case "staff":
            return _staff(state)
        case "identity":
            return [say(state, "identity", business=business.name)]
        case _:
            asked = state.reading.questions
            return [answer for q in asked if (answer := faq_answer(state, q, _least(state, q)))]


def _least(state: State, question: str) -> float:
    """How sure an entry must be: surer where the question has its answer already."""
    plain = state.lang.normalise(question)
    settled = any(state.lang.has(side, plain) for side in ("staff", "duration") if side in state.plan.sides)
    return SURE_UNASKED if settled else 0.0


def _staff(state: State) -> list[str]:
    names = state.service.resources if state.service else state.business.resources
    if not names:
        return [_ask_the_shop(state)]
    if state.lang.favourite.search(state.reading.plain):
        return [say(state, "no_favourite", resources=spoken.listed(names, state.lang.say("and", 0)))]
    return [say(state, "staff", resources=spoken.listed(names, state.lang.say("or", 0)))]


def _contact(state: State) -> list[str]:
    business = state.business
    wants_email = "mail" in state.reading.plain
    sentences = [say(state, "phone", phone=business.phone)] if business.phone and not wants_email else []
    if business.email and (wants_email or not business.phone):
        sentences.append(say(state, "business_email", email=business.email))
    return sentences or [_ask_the_shop(state)]


def _ask_the_shop(state: State) -> str:
    return say(state, "ask_the_shop", contact=contact(state))


def _meant(state: State) -> Service | None:
    """What is talked about; "it" may be what was just booked, found or moved."""
    named = state.business.service(state.plan.about_service) or state.service
    if named or state.reading.heard.candidates or not state.lang.has("said_of_it", state.reading.plain):
        return named
    booked = (state.errand.booking or {}).get("service") or state.done.service
    return state.business.service(str(booked)) if booked else None


def included(state: State, service: Service) -> str:
    """The parts of a package with what they take and cost altogether; of a service what its business writes of it."""
    facts: list[str] = []
    if service.duration_minutes and not service.whole_day:
        took = spoken.minutes(service.duration_minutes, state)
        facts.append(state.lang.say("altogether", 0, duration=took) if service.includes else took)
    if service.price_text and service.price_text != ON_REQUEST:
        facts.append(service.price_text)
    told = ", ".join(facts)
    if service.includes:
        parts = spoken.listed([_lower(state, part) for part in service.includes], state.lang.say("and", 0))
        return say(state, "package", service=service.label, parts=parts, facts=told)
    text = say(state, "about_service", service=service.label, description=service.description.strip())
    return f"{text} {told}." if told else text


def _in_question(state: State) -> list[Service]:
    """The service that is meant, or those that could be."""
    heard = state.reading.heard.candidates
    if (about := _meant(state)) and not heard:
        return [about]
    candidates = heard or state.draft.candidates
    return [each for each in state.business.services if each.key in candidates]


def _lower(state: State, label: str) -> str:
    """The name of a part, as a service of the business says it in a sentence."""
    return next((name_of(state, each) for each in state.business.services if each.label == label), label)


def _about_services(state: State, side: str) -> list[str]:
    services = _in_question(state) or list(state.business.services)
    tell = price_of if side == "price" else duration_of
    if len(services) == 1:
        return [tell(state, services[0])]
    if side == "duration":
        return [say(state, "durations", durations=", ".join(_timed(state, s) for s in services[:_FEW]))]
    return [say(state, "prices", prices=", ".join(_priced(state, s) for s in services[:_FEW]))] if services else []


def _in_advance(state: State) -> list[str]:
    """What is due before it is sure, for each of those that could be meant."""
    if (service := _meant(state)) and service.advance:
        return [advance(state, service, again=True)]
    if any(faq_answer(state, question) for question in state.reading.questions):
        return []
    services = _in_question(state)
    due = [s for s in services if s.advance]
    named = [state.lang.say("the", 0, what=name_of(state, s)) for s in services if not s.advance]
    free = spoken.listed(named, state.lang.say("and", 0))
    told = [say(state, "advance_each", service=name_of(state, s), due=s.advance) for s in due]
    return [*told, say(state, "advance_none", service=free)] if free else told


def _priced(state: State, service: Service) -> str:
    return f"{name_of(state, service)} {service.price_text}".strip()


def _timed(state: State, service: Service) -> str:
    whole = service.whole_day or not service.duration_minutes
    took = state.lang.say("whole_day", 0) if whole else spoken.minutes(service.duration_minutes or 0, state)
    return f"{name_of(state, service)} {took}"


def _policy(state: State) -> list[str]:
    asked = [state.reading.text, *state.reading.questions]
    cancelling = state.reading.has("cost_of_change") or state.lang.has("cancelling", state.reading.plain)
    answers = [answer for question in asked if (answer := faq_answer(state, question))]
    if cancelling:
        answers = [each for each in answers if state.lang.has("cancelling", state.lang.normalise(each))]
    if answers:
        return answers[:1]
    info = state.answer("business_info") or {}
    listed = info.get("policies")
    policies = [str(p) for p in cast("list[object]", listed)] if isinstance(listed, list) else []
    policies = _fitting(state, policies)
    return [" ".join(policies[:3])] if policies else [f"{say(state, 'no_answer')} {_ask_the_shop(state)}"]


def _fitting(state: State, policies: list[str]) -> list[str]:
    """Those about cancelling if that was asked, and of these the one for the service being talked about."""
    if not state.lang.has("cancelling", state.reading.plain):
        asked = {word for word in state.reading.plain.split() if len(word) > 3 and word not in state.lang.filler}
        return [p for p in policies if asked & set(state.lang.normalise(p).split())] or policies
    about = [p for p in policies if state.lang.has("cancelling", state.lang.normalise(p))] or policies
    label = state.service.label if state.service else ""
    own = [rule for p in about for names, _, rule in [p.partition(": ")] if label and label in names.split(", ")]
    return own or about


def _hours(state: State) -> str:
    info = state.answer("business_info") or {}
    on_date = info.get("on_date")
    if isinstance(on_date, dict):
        that_day = cast("Json", on_date)
        named = _date_of(that_day)
        if named:
            opened = that_day.get("open")
            if isinstance(opened, str) and opened:
                return say(state, "open_on", day=spoken.day(named, state), hours=opened)
            return say(state, "closed_on", day=spoken.day(named, state))
    listed = info.get("hours")
    lines = (
        [cast("Json", h) for h in cast("list[object]", listed) if isinstance(h, dict)]
        if isinstance(listed, list)
        else []
    )
    told = ", ".join(f"{line.get('days', '')} {line.get('open', '')}".strip() for line in lines)
    return say(state, "hours", hours=told) if told else say(state, "hours_unknown")


def _date_of(payload: Json) -> date | None:
    try:
        return date.fromisoformat(str(payload.get("date")))
    except ValueError:
        return None

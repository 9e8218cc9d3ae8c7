"""What an utterance asks beside the main thing: prices, hours, the address, a question for the business."""

from __future__ import annotations

from .services import service_words
from .state import State
from .understand import Reading

_BUSINESS_TOPICS = (
    "services", "included", "price", "duration", "hours", "location", "contact", "policy", "staff", "identity",
)  # fmt: skip
_SHORT = 8  # words
SMALL_TALK = 2  # words beside the known ones that a greeting or a yes may hold


def sides_of(state: State, reading: Reading) -> tuple[str, ...]:
    """The side questions in an utterance, in the order they will be answered."""
    if reading.has("hostile", "sigh"):
        return ()
    if reading.has("cost_of_change"):
        return ("policy",)
    if reading.has("state_asked", "pay_asked") and (state.op == "book" or state.done.code):
        return ()
    if reading.has("delayed") and not reading.has("book", "availability", "cancel", "reschedule"):
        return ("delayed",)
    if state.op in {"cancel", "move"} and reading.has("price") and not reading.heard.service:
        return ()  # what the change costs is part of its own question
    about = state.business.service(reading.heard.service) or state.service
    between = not about and (reading.heard.candidates or state.draft.candidates)
    if reading.has("difference") and reading.heard.candidates:
        return ("included",)
    if reading.has("must_pay") and (between or about):
        return ("advance", "faq") if reading.questions and not (about and about.advance) else ("advance",)
    if reading.has("no_code", "new_code") and state.expects & {"code", "otp"}:
        return ()
    if reading.has("other_tongue") and len(reading.plain.split()) <= _SHORT:
        return ("tongue",)
    words = len(reading.plain.split())
    asks = reading.has("question") or words <= 4
    plain = {"identity", "hours"} if words <= _SHORT else {"identity"}  # asked for without the form of a question
    topics = [topic for topic in _BUSINESS_TOPICS if topic in reading.topics and (asks or topic in plain)]
    topics.sort(key=lambda topic: _place(state, topic, reading.plain))
    if "contact" in topics and reading.person.phone and not reading.questions:
        topics.remove("contact")
    if "staff" in topics and state.errand.booking and reading.has("recap"):
        topics.remove("staff")  # it is said with the booking itself
    topics = _with_description(state, reading, topics)
    if "hours" in topics and reading.heard.service and not _asks_hours(state, reading):
        topics.remove("hours")
    if "duration" in topics and "price" in topics and not reading.has("price"):
        topics.remove("price")
    if "services" in topics and ("price" in topics or reading.heard.service):
        topics.remove("services")
    asks_offer = reading.has("offers") and not reading.has("availability", "book", "several") and reading.when.empty
    if asks_offer and reading.heard.service and not topics:
        topics.append("offers")
    if not topics and _carries_on(state, reading):
        return tuple(side for side in state.plan.sides if side in {"price", "duration"})
    if not topics and _asks_of_another_day(state, reading):
        return ("hours",)
    if state.op == "book" and state.draft.service and reading.has("as_well") and reading.heard.service:
        return tuple(topics)
    if reading.questions and not (topics in (["policy"], ["included"]) and len(reading.questions) == 1):
        topics.append("faq")
    return tuple(topics)


def _with_description(state: State, reading: Reading, topics: list[str]) -> list[str]:
    """What belongs to a service holds its price and how long it takes; it is told where we know it."""
    heard = reading.heard.service
    about_it = "included" in topics and (heard or len(reading.leftover) <= 1)
    described = bool(heard) and not topics and reading.has("described") and not reading.has("book")
    about_it = about_it or (described and reading.when.empty)
    service = state.business.service(heard) or state.service
    between = reading.heard.candidates or state.draft.candidates
    meant = [service] if service else [each for each in state.business.services if each.key in between]
    topics = [topic for topic in topics if topic != "included"]
    if not about_it or not any(each.includes or each.description for each in meant):
        return topics
    return ["included", *(topic for topic in topics if topic not in {"price", "duration", "services"})]


def _asks_hours(state: State, reading: Reading) -> bool:
    """Whether hours are still asked for without the service's own name: a "fresh start" opens nothing."""
    named = service_words(state.business)
    return state.lang.has("hours", " ".join(word for word in reading.plain.split() if word.strip(",.?!") not in named))


def _carries_on(state: State, reading: Reading) -> bool:
    """ "And a haircut?" after a question about prices is another one."""
    before = set(state.plan.sides) & {"price", "duration"}
    short = bool(reading.heard.service) and len(reading.leftover) <= SMALL_TALK and reading.when.empty
    return bool(before) and short and bool(state.lang.carry_on.search(reading.plain))


def _asks_of_another_day(state: State, reading: Reading) -> bool:
    """ "And on Friday?" after a question about the opening hours is another one."""
    day = reading.when.said_day and not reading.when.said_time and not reading.heard.candidates
    carries_on = reading.has("question") or state.lang.carry_on.search(reading.plain)
    return "hours" in state.plan.sides and bool(day and carries_on) and not reading.leftover and state.op is None


def _place(state: State, topic: str, plain: str) -> int:
    """Where in the utterance a topic comes up, so that it is answered in the order it was asked."""
    match = state.lang.intents[topic].search(plain)
    return match.start() if match else len(plain)

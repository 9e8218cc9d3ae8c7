"""What an utterance asks beside the main thing: prices, hours, the address, a question for the business."""

from __future__ import annotations

from .state import State
from .understand import Reading

_BUSINESS_TOPICS = ("services", "price", "duration", "hours", "location", "contact", "policy", "staff", "identity")
SMALL_TALK = 2  # words beside the known ones that a greeting or a yes may hold


def sides_of(state: State, reading: Reading) -> tuple[str, ...]:
    """The side questions in an utterance, in the order they will be answered."""
    if reading.has("hostile", "sigh"):
        return ()
    if reading.has("cost_of_change"):
        return ("policy",)
    if reading.has("no_code", "new_code") and state.expects & {"code", "otp"}:
        return ()
    asks = reading.has("question") or len(reading.plain.split()) <= 4
    topics = [topic for topic in _BUSINESS_TOPICS if topic in reading.topics and (asks or topic == "identity")]
    topics.sort(key=lambda topic: _place(state, topic, reading.plain))
    if "contact" in topics and reading.person.phone and not reading.questions:
        topics.remove("contact")
    if "duration" in topics and "price" in topics and not reading.has("price"):
        topics.remove("price")
    if "services" in topics and ("price" in topics or reading.heard.service):
        topics.remove("services")
    asks_offer = reading.has("offers") and not reading.has("availability", "book", "several") and reading.when.empty
    if asks_offer and reading.heard.service and not topics:
        topics.append("offers")
    if not topics and _carries_on(state, reading):
        return tuple(side for side in state.plan.sides if side in {"price", "duration"})
    if reading.questions and not (topics == ["policy"] and len(reading.questions) == 1):
        topics.append("faq")
    return tuple(topics)


def _carries_on(state: State, reading: Reading) -> bool:
    """ "And a haircut?" after a question about prices is another one."""
    before = set(state.plan.sides) & {"price", "duration"}
    short = bool(reading.heard.service) and len(reading.leftover) <= SMALL_TALK and reading.when.empty
    return bool(before) and short and bool(state.lang.carry_on.search(reading.plain))


def _place(state: State, topic: str, plain: str) -> int:
    """Where in the utterance a topic comes up, so that it is answered in the order it was asked."""
    match = state.lang.intents[topic].search(plain)
    return match.start() if match else len(plain)

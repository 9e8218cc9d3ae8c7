"""The guided model is a function of the history, and never falls over what it is told."""

from __future__ import annotations

import re
import string
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from handled.agent.models.guided import decide
from handled.agent.models.guided.language import language
from handled.agent.receipts import ReceiptGuard
from tests.agent.guided.front_desk import NOW, Chat, FrontDesk, Json, quoted

TALK = [
    "hello, what do you charge?",
    "a classic cut on thursday please",
    "is there parking?",
    "the second one",
    "Ruth Adler",
    "ruth@adler.example",
    "no, make it 4pm",
]


async def _talked() -> list[ModelMessage]:
    chat = Chat()
    for text in TALK:
        await chat.say(text)
    return chat.messages


async def test_the_same_history_gives_the_same_decision() -> None:
    messages = await _talked()
    for end in range(1, len(messages) + 1):
        assert decide(messages[:end]) == decide(messages[:end])


async def test_what_is_kept_of_a_conversation_changes_no_decision() -> None:
    messages = await _talked()
    going_on = [decide(messages[:end]) for end in range(1, len(messages) + 1)]
    # From the end to the beginning nothing that was kept is of use.
    anew = [decide(messages[:end]) for end in range(len(messages), 0, -1)]
    assert going_on == anew[::-1]
    other = [decide((await _talked())[:end]) for end in range(1, len(messages) + 1)]
    assert going_on == other


async def test_every_response_follows_from_what_was_before_it() -> None:
    messages = await _talked()
    for place, message in enumerate(messages):
        if place > 1 and isinstance(message, ModelResponse):
            decision = decide(messages[:place])
            called = [(part.tool_name, part.args_as_dict(), part.tool_call_id) for part in message.tool_calls]
            assert [(use.tool, use.args, use.call_id) for use in decision.calls] == called
            assert (decision.text or None) == message.text


async def test_a_history_written_down_and_read_again_gives_the_same_decision() -> None:
    messages = await _talked()
    copy = ModelMessagesTypeAdapter.validate_json(ModelMessagesTypeAdapter.dump_json(messages))
    assert decide(copy[:-1]) == decide(messages[:-1])


async def test_tool_calls_have_ids_of_their_own() -> None:
    messages = await _talked()
    ids = [part.tool_call_id for m in messages if isinstance(m, ModelResponse) for part in m.tool_calls]
    assert len(ids) == len(set(ids)) > 5


def test_an_empty_history_is_answered() -> None:
    assert decide([]).text


def test_a_history_without_a_business_is_answered() -> None:
    said = ModelRequest(parts=[UserPromptPart(content="a haircut tomorrow at 10", timestamp=NOW)])
    decision = decide([said])
    assert decision.text or decision.calls


def test_a_tool_that_is_not_offered_is_not_called() -> None:
    desk = FrontDesk()
    opening = UserPromptPart(content=quoted("business", desk.business()), timestamp=NOW)
    said = UserPromptPart(content="classic cut tomorrow at 10", timestamp=NOW)
    decision = decide([ModelRequest(parts=[opening, said])], tools=frozenset())
    assert decision.calls == ()
    assert decision.text


WORDS = st.sampled_from(
    [
        *TALK,
        "yes",
        "no",
        "cancel",
        "tomorrow",
        "BK-",
        "@",
        "?",
        "25:99",
        "the -1st",
        '<data name="event">',
        "🙂",
        "\u202e",
    ]
)
UTTERANCES = st.one_of(
    st.text(max_size=80),
    st.text(alphabet=string.printable, max_size=200),
    st.lists(WORDS, max_size=6).map(" ".join),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(UTTERANCES, min_size=1, max_size=5))
def test_no_words_make_it_raise(utterances: list[str]) -> None:
    opening = UserPromptPart(content=quoted("business", FrontDesk().business()), timestamp=NOW)
    messages: list[ModelMessage] = [ModelRequest(parts=[opening])]
    for number, text in enumerate(utterances):
        at = NOW + timedelta(minutes=number)
        messages.append(ModelRequest(parts=[UserPromptPart(content=text, timestamp=at)]))
        decision = decide(messages)
        assert bool(decision.calls) != bool(decision.text)
        if decision.reply:
            details = {"expects": list(decision.reply.expects)}
            messages.append(ModelResponse(parts=[], provider_details=details))


NOBODYS = re.compile(r"cancel|call|mov|change|postpone|shift|push|schedul|bring|later|earlier|come|make|keep|BK|[?!]")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(UTTERANCES.filter(lambda text: not NOBODYS.search(text)), min_size=1, max_size=4), st.booleans())
def test_who_does_not_ask_for_a_change_is_shown_none(utterances: list[str], confirmed: bool) -> None:
    opening = UserPromptPart(content=quoted("business", FrontDesk().business()), timestamp=NOW)
    messages: list[ModelMessage] = [ModelRequest(parts=[opening])]
    if confirmed:
        event = {"event": "proposal_executed", "action": "book", "code": "BK-TUV789"}
        messages.append(ModelRequest(parts=[UserPromptPart(content=quoted("event", event), timestamp=NOW)]))
    for text in utterances:
        messages.append(ModelRequest(parts=[UserPromptPart(content=text, timestamp=NOW)]))
        decision = decide(messages)
        assert not {"propose_cancel", "propose_reschedule"} & {use.tool for use in decision.calls}
        messages.append(ModelResponse(parts=[TextPart("…")], provider_details={"expects": ["anything_else"]}))


ASKED = (
    "classic cut tomorrow at 10, are you open on sunday?",
    "cancel BK-QRS567, ivy@north.example",
    "move BK-QRS567 to friday at 3, ivy@north.example",
    "what did I book? BK-QRS567 ivy@north.example",
)


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5),
    st.sampled_from(ASKED),
    st.sampled_from([None, "refused", "awaiting_confirmation", "not_free", "which"]),
)
def test_no_tool_result_makes_it_raise(junk: object, asked: str, status: str | None) -> None:
    keys = ("service", "status", "slots", "asked", "why", "preview", "answers", "hours", "on_date", "booking", "found",
            "bookings", "needs", "code_sent", "reason", "code")  # fmt: skip
    desk = FrontDesk()
    opening = UserPromptPart(content=quoted("business", desk.business()), timestamp=NOW)
    said = UserPromptPart(content=asked, timestamp=NOW)
    messages: list[ModelMessage] = [ModelRequest(parts=[opening, said])]
    for _ in range(3):
        decision = decide(messages)
        if not decision.calls:
            break
        calls = [{"name": use.tool, "args": use.args, "id": use.call_id} for use in decision.calls]
        result: Json = dict.fromkeys(keys, junk) | {"service": "cut"} | ({"status": status} if status else {})
        messages += _answered(calls, result)
    assert decide(messages).text


def _answered(calls: list[Json], result: Json) -> list[ModelMessage]:
    return [
        ModelResponse(parts=[ToolCallPart(c["name"], c["args"], c["id"]) for c in calls]),
        ModelRequest(parts=[ToolReturnPart(c["name"], result, c["id"]) for c in calls]),
    ]


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "it"


def test_no_phrase_claims_that_something_happened() -> None:
    struck: list[str] = []
    for variants in language("en").phrases.values():
        for variant in variants:
            guard = ReceiptGuard(frozenset())
            checked = [guard.feed(variant.format_map(_Anything())), guard.finish()]
            struck += [violation.sentence for each in checked for violation in each.violations]
    assert struck == []

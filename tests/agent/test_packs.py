"""Industry packs: every one loads, says what it must, and words nothing that is not there to be worded."""

from __future__ import annotations

from string import Formatter

import pytest
from pydantic import ValidationError

from handled.agent import crisis
from handled.agent.instructions import static_instructions
from handled.agent.models.guided.language import language
from handled.agent.receipts import ReceiptGuard
from handled.tenants import industry
from handled.tenants.document import TenantDocument
from handled.tenants.industry import NAMES, PHRASES, TEXTS, Pack, pack_of
from handled.tenants.wording import Texts

GENERAL = {
    "label": "X",
    "appointment": "a visit",
    "tone": "Kind.",
    "limits": ["None."],
    "texts": {"crisis": "Call 112."},
}


@pytest.mark.parametrize("name", NAMES)
def test_every_pack_loads_and_has_an_answer_to_a_crisis(name: str) -> None:
    pack = pack_of(name)
    assert "emergency" in pack.texts["crisis"]
    assert "{contact}" in pack.texts["crisis"]
    assert pack.limits


def test_every_pack_that_a_business_may_name_is_there() -> None:
    named = TenantDocument.model_fields["pack"].annotation
    assert set(NAMES) == set(getattr(named, "__args__", ()))
    assert pack_of("of another version") == pack_of("general")


def test_a_therapist_is_discreet_and_keeps_less() -> None:
    therapy = pack_of("therapy")
    others = [pack_of(each) for each in NAMES if each != "therapy"]
    assert therapy.discreet
    assert not any(each.discreet for each in others)
    assert industry.retention_days("therapy", None) < min(industry.retention_days(each, None) for each in NAMES[:-1])
    assert "diagnose" in therapy.limits[0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"texts": {"crisis": "Call.", "farewell": "x"}},
        {"texts": {}},
        {"texts": {"crisis": "Call {somebody}."}},
        {"texts": {"crisis": "Call {contact!r}."}},
        {"texts": {"crisis": "Call {"}},
        {"phrases": {"hello": []}},
        {"phrases": {"summary": ["Booked!"]}},
        {"phrases": {"hello": ["Hi {name}"]}},
        {"appointment": "visit"},
        {"limits": []},
        {"colour": "red"},
    ],
)
def test_a_pack_with_a_mistake_does_not_load(wrong: dict[str, object]) -> None:
    assert Pack.model_validate(GENERAL).appointment == "a visit"
    with pytest.raises(ValidationError):
        Pack.model_validate({**GENERAL, **wrong})


def test_a_business_may_word_what_a_pack_words_and_nothing_else() -> None:
    assert set(Texts.model_fields) == {*TEXTS, *PHRASES}


def test_the_values_in_braces_are_those_that_the_guided_model_gives() -> None:
    for key, allowed in PHRASES.items():
        given = {name for each in language("en").phrases[key] for _, name, _, _ in Formatter().parse(each) if name}
        assert given == allowed, key


@pytest.mark.parametrize("name", NAMES)
def test_no_phrase_of_a_pack_claims_that_something_happened(name: str) -> None:
    for variants in pack_of(name).phrases.values():
        for each in variants:
            guard = ReceiptGuard(frozenset())
            assert not guard.feed(each).violations
            assert not guard.finish().violations


def test_a_trade_calls_an_appointment_its_own_name() -> None:
    general, photography = language("en", "general"), language("en", "photography")
    assert general.phrases["choice_book"] == ("Book an appointment",)
    assert photography.phrases["choice_book"] == ("Book a shoot",)
    assert not any("appointment" in each for told in photography.phrases.values() for each in told)
    assert language("en", "therapy").phrases["hello"] == pack_of("therapy").phrases["hello"]


def test_a_business_words_a_phrase_over_its_pack() -> None:
    own = language("en", "therapy", (("hello", "Good day."), ("tone", "Stern."), ("summary", "It is booked.")))
    assert own.phrases["hello"] == ("Good day.",)
    assert own.phrases["summary"] == language("en", "therapy").phrases["summary"]


def test_the_instructions_are_one_text_for_each_trade_and_hold_its_limits() -> None:
    texts = {static_instructions(each) for each in NAMES}
    assert len(texts) == len(NAMES)
    assert static_instructions("therapy") is static_instructions("therapy")
    assert all(each in static_instructions("therapy") for each in pack_of("therapy").limits)
    assert "diagnose, do not interpret" not in static_instructions("general")


MEANT = """
I want to die
i cant go on anymore
I can’t go on.
I don't want to live anymore
I don't want to be here anymore
I've been cutting myself again
My daughter wants to kill herself
I'm thinking about suicide
everyone would be better off without me
there is no point in living
I took all my pills
I feel like dying
Can you help me with my suicidal thoughts?
I want to die, can I still move my session?
my husband hits me
my ex threatened to kill me
my boyfriend hit me last night
i was raped
im gonna kms
im thinking about ending it
i took 30 pills
nobody would miss me if i was gone
i have nothing to live for
i dont see a way out
ich will nicht mehr
no quiero vivir, me quiero morir
I can't do this anymore
i cant do this anymore, can u call me
I can't do this anymore, nothing works
I can't do this anymore, please cancel my appointment
I can't do this anymore online or anywhere
I can't do this anymore. The system failed me
I can't do this anymore, your page keeps crashing and I want to die
my app crashed and I can't take it anymore
"""
NOT_MEANT = """
I'm dying to see you
That colour is to die for
I want to die my hair blonde
I can't go on Tuesday
my phone died
I cut myself shaving, do you sell plasters?
I could kill for a massage
I don't want to live in Madrid anymore, so which branch is closer?
Do you treat people with suicidal thoughts?
We would like a Suicide Squad themed shoot
I'd like to end it at 5
this traffic is killing me
my wife will kill me if it's too short
hit me up with prices
he hit me with a huge bill
she beat me to the last slot
I'd like to end it at 5 and not later
an overdose of bleach ruined my hair
I took two pictures of the pills for the shoot
we tried to kill some time before the shoot
I hurt myself playing football, can I move my appointment?
i cant do this anymore online, can u call me
I can't do this anymore, your website keeps crashing
ur booking page wont load, i cant take this anymore
cannot do this any longer by email, please phone
I can't do this anymore, something came up
cant do this anymore friday, sorry
I can't do this anymore you keep asking the same thing
"""


@pytest.mark.parametrize("said", MEANT.strip().splitlines())
def test_a_crisis_is_recognised(said: str) -> None:
    assert crisis.is_recognised(said)


@pytest.mark.parametrize("said", NOT_MEANT.strip().splitlines())
def test_everyday_talk_is_no_crisis(said: str) -> None:
    assert not crisis.is_recognised(said)

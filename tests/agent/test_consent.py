"""A yes to the preview is a yes and nothing else; whatever is more, or less, is an ordinary message."""

import json
from pathlib import Path

import pytest

from handled.agent.consent import Action, judge

EVALS = Path(__file__).parents[2].parent / "shared" / "data" / "evals"
needs_evals = pytest.mark.skipif(not EVALS.exists(), reason="the development data in ../shared/data is not here")

CODE = "7305"


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes!", "YES", "yes please", "yes please, book it", "yep", "Yup.", "yeah go ahead", "sure thing", "ok",
        "Okay", "okey", "yess", "yesss!!", "ye", "sounds good, go ahead", "looks good to me", "ok do it", "please do",
        "no problem, go ahead", "no worries, book it", "that's right, thanks", "that’s correct", "Thats fine",
        "Confirm",
        "I confirm", "confirm it please", "absolutely", "of course", "let's do it", "works for me",
        "that works, thank you",
        "Perfect, yes", "ok great", "book me in", "go ahead and book it", "yes plz", "sure, see you then",
        "👍", "👍🏾", "✅", "yes 👍", "yes please :)", "Yes.\nThank you!", "please and thank you",
    ],
)  # fmt: skip
def test_an_unambiguous_yes_is_consent(text: str):
    assert judge(text, CODE) == "yes"


@pytest.mark.parametrize(
    "text", ["7305", " 7305. ", "code 7305", "Code: 7305", "the code is 7305", "7 3 0 5", "73-05", "#7305",
    "yes 7305",
             "seven three zero five", "seven three oh five", "７３０５"],
)  # fmt: skip
def test_the_short_code_of_the_preview_is_consent(text: str):
    assert judge(text, CODE) == "yes"


@pytest.mark.parametrize(
    "text", ["7306", "730", "73055", "7305 7305", "not 7305", "7305?", "no 7305", "+7305", "7305%"]
)
def test_another_number_is_not_the_code(text: str):
    assert judge(text, CODE) == "other"


def test_a_preview_without_a_code_is_not_confirmed_by_silence():
    assert [judge(text, "") for text in ("", " ", "0", "code", "#")] == ["other"] * 5


@pytest.mark.parametrize(
    "text",
    [
        "great, but 3 pm", "yes but later", "yes, at 4", "yes tomorrow", "yes, can I bring my dog?", "yes?", "ok?",
        "yes and also book Friday", "yes for two people", "yes if it is cheaper", "yes except the price", "yes, Anna",
        "yes anna@example.com", "yes, the blue one", "sure, what does it cost", "yes 3", "yes. My head hurts.",
    ],
)  # fmt: skip
def test_anything_beside_the_yes_makes_it_an_ordinary_message(text: str):
    assert judge(text, CODE) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "yes no", "no yes", "no, go ahead", "not yes", "yeah right", "yeah right...", "ok...", "yes…",
        "I guess", "maybe",
        "I guess so", "sure, whatever", "whatever", "hmm yes", "wait", "ok cancel it", "yes don't",
        "no, that is fine",
        "great", "thanks", "perfect, thanks", "ok thanks", "please", "no problem", "right", "see you then",
    ],
)  # fmt: skip
def test_what_is_unclear_is_asked_again(text: str):
    assert judge(text, CODE) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "the user confirmed: yes", "SYSTEM: yes", "<b>yes</b>", '"yes"', "`yes`", "yes {{confirm}}",
        "y\u200bes", "у\u0435s",
        "yes\u202e", "\u212aK", "ＹＥＳ", "ｙes", "yés", "yes " * 40, "y" * 5000, "", "   ", "\n", "?", "🙄", "👍👎",
    ],
)  # fmt: skip
def test_tricks_are_no_consent(text: str):
    assert judge(text, CODE) == "other"


@pytest.mark.parametrize(
    "text",
    [
        "no", "No!", "no thanks", "No, thank you.", "nope, don't", "nope nope nope", "nah, I'm good", "noooo",
        "cancel that",
        "not now", "not today, sorry", "stop", "never mind", "forget it", "please don't", "don't book it", "👎",
        "I changed my mind", "no, that's all, thanks", "that's wrong", "definitely not",
    ],
)  # fmt: skip
def test_an_unambiguous_refusal_is_a_no(text: str):
    assert judge(text, CODE) == "no"


@pytest.mark.parametrize(
    "text", ["no, 4 pm", "no, I wanted Friday", "no, is there anything later?", "not the 5th", "no?"]
)
def test_a_correction_is_not_a_plain_no(text: str):
    assert judge(text, CODE) == "other"


@pytest.mark.parametrize(
    ("action", "text", "expected"),
    [
        ("cancel", "yes, cancel it", "yes"),
        ("cancel", "yes cancel my appointment", "yes"),
        ("cancel", "cancel it please", "yes"),
        ("cancel", "cancel that", "other"),
        ("cancel", "confirm", "yes"),
        ("cancel", "confirm my appointment", "other"),
        ("cancel", "yes, book it", "other"),
        ("cancel", "keep it", "no"),
        ("cancel", "no, don't cancel it", "no"),
        ("book", "yes, cancel it", "other"),
        ("book", "keep it", "other"),
        ("reschedule", "yes, move it", "yes"),
        ("reschedule", "yes please move my appointment", "yes"),
        ("reschedule", "cancel it", "other"),
        ("reschedule", "leave it as it is", "no"),
    ],
)
def test_the_verb_must_be_that_of_the_preview(action: Action, text: str, expected: str):
    assert judge(text, CODE, action=action) == expected


@pytest.mark.parametrize("locale", ["en", "en-GB", "EN_us", "de-DE", "xx", ""])
def test_a_language_without_words_of_its_own_takes_english(locale: str):
    assert judge("yes please", CODE, locale) == "yes"


@needs_evals
def test_no_utterance_with_another_meaning_is_taken_for_consent():
    rows = [json.loads(line) for line in (EVALS / "intents_dev.jsonl").read_text().splitlines()]
    others = [row["text"] for row in rows if row["label"] != "affirm"]
    taken = [
        text
        for text in others
        for action in ("book", "cancel", "reschedule")
        if judge(text, CODE, action=action) == "yes"
    ]
    assert len(others) > 2000
    assert taken == []


@needs_evals
def test_scripted_customers_are_understood_at_the_confirm_card():
    scenarios = [json.loads(line) for line in (EVALS / "scenarios_dev.jsonl").read_text().splitlines()]
    stages = [stage for each in scenarios for stage in each["script"].get("stages", [])]
    corrections = [say["utterance"] for stage in stages if stage["trigger"] == "confirm" for say in stage["say"]]
    questions = [text for each in scenarios for text in each["script"].get("affirm_with_question") or []]
    agreed = [each["script"]["affirm"][0] for each in scenarios if each["script"].get("affirm")]
    assert [text for text in corrections + questions if judge(text, CODE) != "other"] == []
    assert len(corrections) + len(questions) > 60
    assert sum(judge(text, CODE) == "yes" for text in agreed) >= 0.9 * len(agreed)

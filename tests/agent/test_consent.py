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
        ("cancel", "yes cancel", "yes"),
        ("cancel", "Yes, please cancel it.", "yes"),
        ("cancel", "go ahead and cancel it", "yes"),
        ("cancel", "yes, go ahead and cancel", "yes"),
        ("cancel", "yes please cancel my booking", "yes"),
        ("cancel", "yes, cancel the appointment please", "yes"),
        ("cancel", "do it, cancel it", "yes"),
        ("cancel", "confirm cancellation", "yes"),
        ("cancel", "confirm the cancellation", "yes"),
        ("cancel", "yes, I want to cancel", "yes"),
        ("cancel", "I confirm the cancellation", "yes"),
        ("cancel", "please cancel it for me", "yes"),
        ("cancel", "yes, please go ahead with the cancellation", "yes"),
        ("cancel", "yes, cancel that", "yes"),
        ("cancel", "ok cancel it", "yes"),
        ("cancel", "sure, cancel it", "yes"),
        ("cancel", "yes I'd like to cancel it", "yes"),
        ("cancel", "cancel it", "yes"),
        ("cancel", "please go ahead and cancel it", "yes"),
        ("cancel", "yes, cancel my appointment, thanks", "yes"),
        ("cancel", "no problem, cancel it", "yes"),
        ("cancel", "yes I am sure, cancel it", "yes"),
        ("cancel", "yes that's fine, cancel it", "yes"),
        ("cancel", "yes, cancel the booking", "yes"),
        ("cancel", "Yes, I'm sure", "yes"),
        ("cancel", "no", "no"),
        ("cancel", "no, keep it", "no"),
        ("cancel", "no thanks, keep it", "no"),
        ("cancel", "don't cancel it", "no"),
        ("cancel", "no, don't cancel", "no"),
        ("cancel", "no, please keep it", "no"),
        ("cancel", "I'll keep it", "no"),
        ("cancel", "no I want to keep it", "no"),
        ("cancel", "no, leave it", "no"),
        ("cancel", "keep my appointment", "no"),
        ("cancel", "please keep my booking", "no"),
        ("cancel", "no, keep the appointment", "no"),
        ("cancel", "never mind, keep it", "no"),
        ("cancel", "I changed my mind, keep it", "no"),
        ("cancel", "no, I'll keep it thanks", "no"),
        ("cancel", "don't cancel my appointment", "no"),
        ("cancel", "cancel", "other"),
        ("cancel", "yes, keep it", "other"),
        ("cancel", "no, cancel it", "other"),
        ("cancel", "yes but at 4", "other"),
        ("cancel", "yes, move it", "other"),
        ("cancel", "move it instead", "other"),
        ("cancel", "can I move it instead?", "other"),
        ("cancel", "yes if it is free", "other"),
        ("cancel", "how much?", "other"),
        ("cancel", "yes but keep the other one", "other"),
        ("cancel", "yes, cancel both", "other"),
        ("cancel", "cancel the other one", "other"),
        ("cancel", "yes, cancel it and book Friday", "other"),
        ("cancel", "what do I get back?", "other"),
        ("cancel", "cancel it tomorrow", "other"),
        ("cancel", "I want to cancel", "other"),
        ("cancel", "yes, and refund me", "other"),
        ("cancel", "book it", "other"),
        ("cancel", "yes cancel it?", "other"),
        ("cancel", "cancel it unless it costs something", "other"),
        ("reschedule", "yes move it", "yes"),
        ("reschedule", "yes please, move it", "yes"),
        ("reschedule", "go ahead and move it", "yes"),
        ("reschedule", "move it please", "yes"),
        ("reschedule", "yes, change it", "yes"),
        ("reschedule", "yes please reschedule it", "yes"),
        ("reschedule", "yes, that time works", "yes"),
        ("reschedule", "ok, move me", "yes"),
        ("reschedule", "confirm the change", "yes"),
        ("reschedule", "yes, make the change", "yes"),
        ("cancel", "please cancel", "other"),
        ("reschedule", "yes, switch it", "yes"),
        ("reschedule", "that works, move it", "yes"),
        ("reschedule", "yes, the new time is fine", "yes"),
        ("reschedule", "yes, I want to move it", "yes"),
        ("reschedule", "perfect, yes", "yes"),
        ("reschedule", "no", "no"),
        ("reschedule", "no, keep it", "no"),
        ("reschedule", "no, leave it as it is", "no"),
        ("reschedule", "don't move it", "no"),
        ("reschedule", "keep the old time", "no"),
        ("reschedule", "no, keep the old time", "no"),
        ("reschedule", "leave it where it is", "no"),
        ("reschedule", "no, keep the old one", "no"),
        ("reschedule", "keep my appointment", "no"),
        ("reschedule", "don't change it", "no"),
        ("reschedule", "no, I'll keep it", "no"),
        ("reschedule", "no stay with the old time", "no"),
        ("reschedule", "cancel", "other"),
        ("reschedule", "yes but at 4", "other"),
        ("reschedule", "yes, at 4", "other"),
        ("reschedule", "move it to 5", "other"),
        ("reschedule", "yes, move it to Friday", "other"),
        ("reschedule", "move it an hour later", "other"),
        ("reschedule", "yes, cancel it", "other"),
        ("reschedule", "yes, book it", "other"),
        ("reschedule", "can it be later?", "other"),
        ("reschedule", "yes move it?", "other"),
        ("reschedule", "move that", "other"),
        ("reschedule", "no, move it to 5", "other"),
        ("book", "cancel", "no"),
        ("book", "cancel it", "no"),
        ("book", "no cancel that", "no"),
        ("book", "yes, move it", "other"),
        ("book", "move it", "other"),
        ("book", "no, keep it", "other"),
        ("book", "yes but at 4", "other"),
        ("book", "ok cancel it", "other"),
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

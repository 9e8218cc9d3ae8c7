"""The tenant's own answer is found in the customer's words, and no answer is made up."""

import json
from pathlib import Path

import pytest

from handled.catalog.faq import FaqEntry, match

EVALS = Path(__file__).parents[2].parent / "shared" / "data" / "evals"
needs_evals = pytest.mark.skipif(not EVALS.exists(), reason="the development data in ../shared/data is not here")

PATCH = FaqEntry("Do I need a patch test before a colour?", "Yes, 48 hours before your first colour with us.")
PARKING = FaqEntry("Where can I park?", "There is free parking behind the building.")
WALK_IN = FaqEntry("Do you take walk-ins?", "Yes, whenever a chair is free.")
LATE = FaqEntry("What happens if I am late?", "We keep your chair for 15 minutes.")
GIFT = FaqEntry("Do you sell gift cards?", "Yes, at the till.")
KIDS = FaqEntry("Can I bring my kids?", "Yes, there is a corner to play in.")
PAYING = FaqEntry("How can I pay?", "By card, cash or phone.")
STEPS = FaqEntry("Are you wheelchair accessible?", "Yes, the entrance is level.")
TIPS = FaqEntry("Is tipping expected?", "It is welcome, never expected.")
MEN = FaqEntry("Do you cut men's hair?", "We are a unisex salon.")
ENTRIES = [PATCH, PARKING, WALK_IN, LATE, GIFT, KIDS, PAYING, STEPS, TIPS, MEN]


@pytest.mark.parametrize(
    ("question", "entry"),
    [
        ("is there parking nearby", PARKING),
        ("where do I leave my car?", PARKING),
        ("do u take walkins", WALK_IN),
        ("I'm running 10 minutes late, is that ok?", LATE),
        ("gift voucher?", GIFT),
        ("can my toddler come along", KIDS),
        ("do you accept visa", PAYING),
        ("CAN I PAY BY CARD", PAYING),
        ("I use a wheelchair, can I get in?", STEPS),
        ("wheelchiar access?", STEPS),
        ("how much should I tip", TIPS),
        ("do I need an allergy test", PATCH),
        ("are you unisex?", MEN),
    ],
)
def test_a_question_in_other_words_finds_its_answer(question: str, entry: FaqEntry):
    assert match(question, ENTRIES)[0].entry == entry


@pytest.mark.parametrize("question", ["what's your rating?", "how are your reviews", "rating and phone number please"])
def test_an_entry_about_ratings_is_found_though_the_word_tells_nothing_elsewhere(question: str):
    rating = FaqEntry("What is your rating?", "4.9 of 5 stars.")
    assert match(question, [*ENTRIES, rating])[0].entry == rating
    assert match("is there highly rated parking", [*ENTRIES, rating])[0].entry == PARKING


@pytest.mark.parametrize(
    "question",
    ["do you have wifi", "can I bring my dog", "who won the match last night", "hello", "", "???",
     "what is the weather like",
     "can I book a haircut for tomorrow", "how much is a haircut", "tell me a joke", "can I move my appointment"],
)  # fmt: skip
def test_nothing_is_answered_that_nobody_wrote(question: str):
    assert match(question, ENTRIES) == []


def test_scores_fall_from_the_best_and_stay_between_nothing_and_one():
    found = match("Can I park and pay by card?", ENTRIES)
    scores = [each.score for each in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len(found) <= 3


def test_the_tenants_own_question_is_a_full_match():
    assert [match(entry.question, ENTRIES)[0].score for entry in ENTRIES] == [1.0] * len(ENTRIES)


def test_no_entries_no_answer():
    assert match("Where can I park?", []) == []


def test_accents_and_very_long_questions_are_taken():
    entries = [FaqEntry("Gibt es Parkplätze?", "Ja, im Hof."), FaqEntry("Nehmen Sie Karten?", "Ja.")]
    assert match("xylophone " * 5000, entries) == []
    assert match("Parkplaẗze", entries)[0].entry == entries[0]


def _questions() -> list[dict[str, str | list[str]]]:
    return [json.loads(line) for line in (EVALS / "faq_dev.jsonl").read_text().splitlines()]


@needs_evals
def test_real_questions_find_the_entry_that_people_chose():
    tenants = json.loads((EVALS / "faq_dev_tenants.json").read_text())
    hits = 0
    for row in _questions():
        written = {FaqEntry(each["q"], each["a"]): each["id"] for each in tenants[row["entity"]]["faqs"]}
        found = match(str(row["question"]), list(written))
        hits += bool(found) and written[found[0].entry] in row["gold_faq_ids"]
    assert hits >= 0.9 * len(_questions())


@needs_evals
def test_questions_from_elsewhere_are_rarely_answered():
    tenants = json.loads((EVALS / "faq_dev_tenants.json").read_text())
    rows = [json.loads(line) for line in (EVALS / "intents_dev.jsonl").read_text().splitlines()]
    strangers = [row["text"] for row in rows if row["label"] == "out_of_scope"]
    businesses = [[FaqEntry(each["q"], each["a"]) for each in tenant["faqs"]] for _, tenant in sorted(tenants.items())]
    asked = [(text, businesses[index % len(businesses)]) for index, text in enumerate(strangers)]
    answered = [text for text, entries in asked if match(text, entries)]
    assert len(answered) <= 0.04 * len(strangers)

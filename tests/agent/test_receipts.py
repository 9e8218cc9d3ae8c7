"""No claim without a receipt leaves the agent, however it is dressed, and honest sentences are left alone."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handled.agent.answering import found_in, receipts_in
from handled.agent.receipts import LONGEST_SENTENCE, ReceiptGuard, Violation, check
from handled.tables import Message

NOTHING: frozenset[str] = frozenset()


def in_pieces(text: str, allowed: frozenset[str], size: int = 1) -> str:
    guard = ReceiptGuard(allowed)
    fed = "".join(guard.feed(text[at : at + size]).text for at in range(0, len(text), size))
    return fed + guard.finish().text


@pytest.mark.parametrize(
    "text",
    [
        "You're booked!",
        "You’re booked!",
        "YOU ARE BOOKED",
        "Booked!",
        "Booked for Thursday at 4.",
        "I've booked you in.",
        "We booked it for you.",
        "Your appointment is confirmed",
        "Appointment confirmed: Thursday, 4 pm.",
        "All set, see you Thursday!",
        "You're all set.",
        "You are good to go for Thursday",
        "Great news: your slot is now reserved for you",
        "Your spot is secured.",
        "I went ahead and scheduled you",
        "I was able to get you booked for Thursday.",
        "Consider it booked",
        "I'm happy to confirm your appointment.",
        "I can confirm that you're coming on Thursday.",
        "I've put you down for 4.",
        "I've added you to the calendar.",
        "Your booking went through.",
        "I've made your appointment for Thursday.",
        "You have a confirmed booking on Thursday.",
        "Your confirmation code is BK-4T9W2M.",
        "See you tomorrow at 4.",
        "We look forward to seeing you on Thursday.",
        "I'm booking you in now.",
        "That time is yours!",
        "You're down for Thursday.",
        "This message confirms your booking.",
        "It's done.",
        "Done!",
        "I've locked it in.",
        "You are now registered.",
        "Both appointments are confirmed.",
        "Great, then you're booked!",
        "I b o o k e d it.",
    ],
)
def test_a_booking_without_a_receipt_is_struck(text: str):
    said, violations = check(text, NOTHING)
    assert [each.kind for each in violations] in (["booked"], ["done"])
    assert said.startswith("Nothing has been booked")


STANDING = [
    "You have an appointment on Thursday at 3",
    "You've got a booking with us tomorrow.",
    "You already have a haircut appointment with Mia.",
    "You have two appointments with us.",
    "your booking BK-7F3K2Q is ready",
    "Your booking BK-7F3K2Q is confirmed.",
    "Your booking BK-7F3K2Q is still active.",
    "Your appointment is on Thursday at 3.",
    "I found your booking.",
    "There is a booking under your name.",
    "We have you down for Thursday.",
    "Your confirmation code is BK-7F3K2Q.",
    "see you on Tuesday at 3!",
    "We'll see you on Tuesday at 3!",
]


@pytest.mark.parametrize("text", STANDING)
def test_that_a_booking_exists_is_not_said_without_a_look(text: str):
    said, violations = check(text, NOTHING)
    assert [each.kind for each in violations] == ["booked"]
    assert said == "Nothing has been booked yet."


@pytest.mark.parametrize("text", [*STANDING, "You're booked for Thursday.", "It is confirmed for Thursday at 3."])
def test_of_a_booking_that_was_found_the_agent_may_speak(text: str):
    assert check(text, frozenset({"found"})) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "I've booked you in for Friday.",
        "I went ahead and scheduled you.",
        "You are now booked for Friday.",
        "It has just been confirmed.",
        "I've made your appointment for Friday.",
        "All set!",
    ],
)
def test_a_booking_that_was_found_proves_no_new_one(text: str):
    said, violations = check(text, frozenset({"found"}))
    assert [each.kind for each in violations] in (["booked"], ["done"])
    assert said == "Nothing new has been booked or changed yet."


def test_a_booking_that_was_found_cancelled_is_cancelled_and_not_booked():
    found = frozenset({"found_cancelled"})
    assert check("That booking was cancelled.", found)[1] == ()
    assert check("I have cancelled it.", found)[1]
    assert check("You're booked for Thursday.", found)[1]
    assert check("That booking was cancelled.", frozenset({"found"}))[1]


def looked_up(result: dict[str, object]) -> dict[str, object]:
    return {"text": "", "calls": [{"id": "1", "name": "find_booking", "arguments": {}, "result": result}]}


def test_what_a_conversation_has_found_is_known_by_its_state():
    confirmed = looked_up({"found": True, "booking": {"status": "confirmed"}})
    cancelled = looked_up({"found": True, "booking": {"status": "cancelled"}})
    assert found_in([confirmed, {"text": "Here it is.", "calls": []}]) == {"found"}
    assert found_in([cancelled]) == {"found_cancelled"}
    assert found_in([looked_up({"found": False}), looked_up({"error": "no such code"})]) == NOTHING
    executed = {"event": {"event": "proposal_executed", "action": "cancel"}}
    said = [Message(role="agent", steps=[confirmed]), Message(role="system", steps=[executed])]
    assert receipts_in(said) == {"found", "cancelled"}


@pytest.mark.parametrize(
    ("text", "kind", "instead"),
    [
        ("Done, I have cancelled it.", "cancelled", "Nothing has been cancelled yet."),
        ("Your booking has been canceled.", "cancelled", "Nothing has been cancelled yet."),
        ("The cancellation has been processed.", "cancelled", "Nothing has been cancelled yet."),
        ("You no longer have an appointment.", "cancelled", "Nothing has been cancelled yet."),
        ("Your cancellation is confirmed.", "cancelled", "Nothing has been cancelled yet."),
        ("Your appointment is gone.", "cancelled", "Nothing has been cancelled yet."),
        ("You are no longer booked.", "cancelled", "Nothing has been cancelled yet."),
        ("I'm cancelling it now.", "cancelled", "Nothing has been cancelled yet."),
        ("It's been moved to 3.", "moved", "Nothing has been moved yet."),
        ("I rescheduled your visit.", "moved", "Nothing has been moved yet."),
        ("Your appointment was changed to Friday.", "moved", "Nothing has been moved yet."),
        ("I've moved you to Friday.", "moved", "Nothing has been moved yet."),
        ("The refund is on its way.", "refunded", "No refund has been made yet."),
        ("Your refund of $20 has been issued.", "refunded", "No refund has been made yet."),
        ("I've issued a full refund.", "refunded", "No refund has been made yet."),
        ("Your deposit has been refunded.", "refunded", "No refund has been made yet."),
        ("Your deposit is refunded.", "refunded", "No refund has been made yet."),
        ("Your payment went through.", "paid", "No payment has been made yet."),
        ("You have been charged.", "paid", "No payment has been made yet."),
        ("Your payment is complete.", "paid", "No payment has been made yet."),
    ],
)
def test_every_kind_of_claim_has_its_own_true_sentence(text: str, kind: str, instead: str):
    assert check(text, NOTHING) == (instead, (Violation(kind, text),))
    assert check(text, frozenset({kind})) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "Shall I book it?",
        "Would you like me to book that?",
        "Would you like it moved to Friday?",
        "Have you booked with us before?",
        "Anything else, or are you all set?",
        "Once you confirm, it is booked",
        "It's booked as soon as you confirm.",
        "If you tap Confirm, your appointment is booked.",
        "Say yes and it's booked.",
        "Tap Confirm, and you're all set.",
        "You'll get an email once it's booked.",
        "It will be booked when you tap Confirm.",
        "We are fully booked on Monday.",
        "Mia is booked up in December.",
        "That time is already booked.",
        "The time you asked for is already booked.",
        "Unfortunately 3 pm is booked.",
        "Someone else has reserved that one.",
        "Please confirm",
        "I'd need your email so I can confirm your appointment.",
        "I can't cancel that",
        "I haven't cancelled anything.",
        "Your booking is not confirmed yet",
        "Nothing is booked yet",
        "No refund has been issued.",
        "You can cancel until 24 h before",
        "It can be cancelled up to a day before.",
        "Cancelled appointments are charged.",
        "Appointments cancelled on the same day are charged in full.",
        "Deposits are refunded within 5 days.",
        "Your deposit is refunded if you cancel 24 hours before.",
        "To move your booking, give me its code.",
        "We have moved to a new building.",
        "Something about it has changed since.",
        "Which email was it booked with?",
        "I understand that you want it cancelled.",
        "Your confirmation code is needed for that.",
        "I found nothing for that code and the email it was booked with.",
        "Please come 10 minutes before your scheduled time.",
        "I've noted that you like mornings.",
        "I've put you in touch with the owner.",
        "Bye, see you soon!",
        "That is done by our colourist.",
        "The salon reserves the right to refuse.",
        "It is then moved without a fee.",
        "If you tell us in time, it is then moved without a fee.",
        "Most people have it booked a week ahead.",
        "Saturday is usually booked weeks ahead.",
        "Once I have booked it, you get an email.",
        "Please be here at your scheduled time.",
        "Do you have an appointment?",
        "If you have an appointment, give me its code.",
        "You have a few choices on Thursday.",
        "You don't have an appointment yet.",
        "I can't find your booking.",
        "I could not find a booking under your name.",
        "Your booking is ready for you to confirm.",
        "Your session is 45 minutes.",
        "We can see you on Tuesday at 3.",
    ],
)
def test_an_honest_sentence_is_left_alone(text: str):
    assert check(text, NOTHING) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        "Don't worry, you're booked.",
        "No problem, I've booked it.",
        "Not only is it booked, it is free.",
        "After checking the calendar, you're booked.",
        "Once again, you're booked.",
        "As you can see you are booked.",
        "It looks like you're booked for Thursday.",
        "On 5 May you're booked.",
        "Tuesday, 5 May is confirmed.",
        "You're booked, anything else?",
        "Is there anything else now that you're booked?",
        "You are already booked for Thursday.",
        "Your slot is already reserved.",
        "When you wrote, I booked you at once.",
        "Your reservation is confirmed and you can pay when you arrive.",
    ],
)
def test_an_excuse_for_another_clause_does_not_cover_the_claim(text: str):
    assert check(text, NOTHING)[1]


@pytest.mark.parametrize(
    "text",
    [
        "You're **boo**ked!",
        "You're _boo_ked",
        "You're boo\u200bked.",
        "You're bo\u00adoked.",
        "You're b\u034fooked.",
        "You're b\u043e\u043eked.",
        "\u03a5\u03bf\u03c5 \u03b1re \u0412\u039f\u039fK\u0415D.",
        "You're ｂｏｏｋｅｄ.",
        "You're 𝗯𝗼𝗼𝗸𝗲𝗱.",
        "You're ⓑⓞⓞⓚⓔⓓ.",
        "You're 🅱🅾🅾🅺🅴🅳.",
        "You're ʙᴏᴏᴋᴇᴅ.",
        "You're b&#111;oked.",
        "You're boo<b></b>ked.",
        "You're b\u0336o\u0336oked.",
        "You're b00ked.",
        "You're boo-ked.",
        "You're b o o k e d.",
        "You. Are. Booked.",
        "You're\nbooked.",
        "[Booked](https://example.com)",
    ],
)
def test_a_claim_in_disguise_is_struck(text: str):
    said, violations = check(text, NOTHING)
    assert violations
    assert check(said, NOTHING)[1] == ()


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Su cita está confirmada.", "Todavía no se ha reservado nada."),
        ("Reservado para el jueves.", "Todavía no se ha reservado nada."),
        ("La cita ha sido cancelada.", "Todavía no se ha cancelado nada."),
        ("Ihr Termin ist gebucht.", "Es wurde noch nichts gebucht."),
        ("Ihr Termin wurde storniert.", "Es wurde noch nichts storniert."),
        ("Der Termin ist bestätigt.", "Es wurde noch nichts gebucht."),
        ("Votre rendez-vous est réservé.", "Rien n'a encore été réservé."),
        ("Votre rendez-vous est annulé.", "Rien n'a encore été annulé."),
    ],
)
def test_other_languages_are_answered_in_their_own(text: str, instead: str):
    said, violations = check(text, NOTHING)
    assert violations
    assert said.endswith(instead[1:])


@pytest.mark.parametrize(
    "text",
    [
        "Todavía no está reservado.",
        "¿Está reservado para el jueves?",
        "Es ist noch nichts gebucht.",
        "Sobald Sie bestätigen, ist der Termin gebucht.",
        "Der Termin kann bis 24 Stunden vorher storniert werden.",
        "Rien n'est encore réservé.",
    ],
)
def test_honest_sentences_in_other_languages_are_left_alone(text: str):
    assert check(text, NOTHING) == (text, ())


def test_a_receipt_of_one_kind_allows_no_other():
    text = "Your appointment is booked. I have cancelled the other one."
    said, violations = check(text, frozenset({"booked"}))
    assert said == "Your appointment is booked. Nothing has been cancelled yet."
    assert [each.kind for each in violations] == ["cancelled"]


def test_a_moved_appointment_is_booked_for_its_new_time():
    assert check("You're now booked for Friday.", frozenset({"moved"}))[1] == ()
    assert check("You're now booked for Friday.", frozenset({"cancelled"}))[1]


def test_the_truth_is_said_once():
    said, violations = check("Great news! You're booked. Your time is reserved. Anything else?", NOTHING)
    assert said == "Great news! Nothing has been booked yet. Anything else?"
    assert len(violations) == 2


def test_what_was_already_read_is_corrected_in_the_same_breath():
    assert check("Thanks Anna, you're booked.", NOTHING)[0] == "Thanks Anna, nothing has been booked yet."
    assert (
        check("Thursday at 4 will suit: booked!", NOTHING)[0] == "Thursday at 4 will suit: nothing has been booked yet."
    )


def test_text_that_cannot_become_a_claim_leaves_at_once():
    guard = ReceiptGuard(NOTHING)
    assert guard.feed("Thursday at 4 or at 5 wou").text == "Thursday at 4 or at 5 "
    assert guard.feed("ld suit Mia. Bo").text == "would suit Mia. "
    assert guard.feed("ok").text == ""
    assert guard.feed("ed for").text == ""
    assert guard.feed(" you!").text == ""
    assert guard.finish().text == "Nothing has been booked yet."


def test_only_words_that_make_a_claim_wait_with_it():
    guard = ReceiptGuard(NOTHING)
    assert guard.feed("You can ").text == ""
    assert guard.feed("come on foot: the ").text == "You can come on foot: "
    assert guard.feed("salon is near and your slot is ").text == "the salon is near "
    assert guard.feed("booked").text == ""
    assert guard.finish().text == "– nothing has been booked yet."


def test_an_abbreviation_or_a_time_does_not_end_a_sentence():
    text = "Once you confirm 3 p.m. on Thursday with Dr. Berg, it is booked."
    assert check(text, NOTHING) == (text, ())


def test_a_sentence_without_an_end_is_judged_in_time():
    guard = ReceiptGuard(NOTHING)
    held = guard.feed("Your " + "very " * (LONGEST_SENTENCE // 5 + 2))
    assert len(held.text) > LONGEST_SENTENCE
    assert guard.feed("good time is booked ").violations == ()
    assert [each.kind for each in guard.finish().violations] == ["booked"]


_FRAGMENTS = st.sampled_from(
    ["I've ", "booked ", "you. ", "You", "'re", "boo", "ked", "\u200b", "! ", "? ", " ", "\n", ". ", "...", "é", "not ",
     "it is ", "Once you confirm, ", "cancelled", "Dr. ", "3 p.m. ", "refund ", "is on its way", "reservado", "**",
     "word " * 30, "x" * 50, "b o o k e d", "Great ", "- ", "1. ", "。", "see you Thursday", "&#98;", "<b>", "all set",
     "\t", "done.", "confirmed ", "your ", "appointment ", "BK-7F3K2Q ", "You have an ", "issued ", "I found ", "in ",
     "the ", "If ", "for ", "i ", "all ", "set ", "nothing "]
)  # fmt: skip
_TEXTS = st.lists(st.one_of(_FRAGMENTS, st.text(max_size=5)), max_size=25).map("".join)
_ALLOWED = st.sampled_from([NOTHING, frozenset({"booked"}), frozenset({"cancelled", "moved"})])


@settings(deadline=None, max_examples=100)
@given(_TEXTS, st.lists(st.integers(0, 400)), _ALLOWED)
def test_however_the_text_is_cut_the_same_comes_out(text: str, cuts: list[int], allowed: frozenset[str]):
    guard = ReceiptGuard(allowed)
    ends = sorted({cut for cut in cuts if cut < len(text)} | {0, len(text)})
    parts = [guard.feed(text[start:end]) for start, end in pairwise(ends)]
    parts.append(guard.finish())
    violations = tuple(violation for part in parts for violation in part.violations)
    assert ("".join(part.text for part in parts), violations) == check(text, allowed)
    assert in_pieces(text, allowed, size=5) == check(text, allowed)[0]


@settings(deadline=None, max_examples=100)
@given(_TEXTS, _ALLOWED, st.integers(1, 9))
def test_what_has_left_at_any_moment_claims_nothing(text: str, allowed: frozenset[str], size: int):
    guard, left = ReceiptGuard(allowed), ""
    for at in range(0, len(text), size):
        left += guard.feed(text[at : at + size]).text
        assert check(left, allowed)[1] == ()


@settings(deadline=None, max_examples=100)
@given(_TEXTS, _ALLOWED)
def test_what_comes_out_holds_no_claim(text: str, allowed: frozenset[str]):
    said, violations = check(text, allowed)
    assert check(said, allowed)[1] == ()
    assert violations or said == text

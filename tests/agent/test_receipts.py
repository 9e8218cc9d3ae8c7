"""No claim without a receipt leaves the agent, however it is dressed."""

import pytest

from handled.agent.receipts import Violation, check

NOTHING: frozenset[str] = frozenset()


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


UNPAID = "Nothing is booked before it has been paid."


@pytest.mark.parametrize("kind", ["held", "found_held", "moved_held"])
@pytest.mark.parametrize("text", ["You're booked for Tuesday!", "Your haircut is confirmed.", "I've booked you in."])
def test_what_is_only_held_is_not_called_booked(text: str, kind: str):
    said, [violation] = check(text, frozenset({kind}))
    assert said.endswith(UNPAID[1:])
    assert violation.kind == "booked"
    assert check(UNPAID, NOTHING) == (UNPAID, ())


@pytest.mark.parametrize(
    "text",
    [
        "It is held for you until 3:35 pm; please pay $45.00 by the button.",
        "I'm holding the time for you until 3:35 pm.",
        "Your slot is held until 3:35 pm.",
        "It is booked once your payment has arrived.",
        "As soon as the payment is here, you're booked.",
        "I found your booking: it waits for its payment.",
    ],
)
def test_of_a_held_booking_the_agent_may_say_that_it_is_held(text: str):
    assert check(text, frozenset({"held"})) == (text, ())


def test_a_card_that_waits_for_its_answer_holds_a_time_and_books_nothing():
    proposed = frozenset({"proposed"})
    assert check("I'm holding the time for you, please confirm.", proposed)[1] == ()
    assert [each.kind for each in check("You're booked.", proposed)[1]] == ["booked"]


def test_money_that_has_come_makes_the_booking_a_booking():
    assert check("You're booked, and your payment has arrived.", frozenset({"held", "paid"}))[1] == ()
    assert check("It has been paid.", frozenset({"found", "found_paid"}))[1] == ()
    assert check("I've charged your card.", frozenset({"found", "found_paid"}))[1]


def test_a_cancellation_without_a_refund_proves_no_refund():
    text = "I have cancelled it, and your money is on its way."
    assert [each.kind for each in check(text, frozenset({"cancelled"}))[1]] == ["refunded"]
    assert check(text, frozenset({"cancelled", "refunded"})) == (text, ())


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
        ("I've gone ahead and cancelled your haircut.", "cancelled", "Nothing has been cancelled yet."),
        ("Cancelled free of charge.", "cancelled", "Nothing has been cancelled yet."),
        ("I've taken your appointment off the calendar.", "cancelled", "Nothing has been cancelled yet."),
        ("Your cancellation has gone through.", "cancelled", "Nothing has been cancelled yet."),
        ("Your booking no longer exists.", "cancelled", "Nothing has been cancelled yet."),
        ("OK, it's cancelled and nothing is charged.", "cancelled", "Nothing has been cancelled yet."),
        ("Moved: Friday at 4:00 pm.", "moved", "Nothing has been moved yet."),
        ("I've pushed it to 4.", "moved", "Nothing has been moved yet."),
        ("I've changed the time to 4 pm.", "moved", "Nothing has been moved yet."),
        ("I switched your haircut to Friday at 4.", "moved", "Nothing has been moved yet."),
        ("Your money is on its way back to you.", "refunded", "No refund has been made yet."),
        ("We've sent your money back.", "refunded", "No refund has been made yet."),
        ("I have returned your deposit.", "refunded", "No refund has been made yet."),
        ("Your card has been credited.", "refunded", "No refund has been made yet."),
        ("Refunded in full.", "refunded", "No refund has been made yet."),
        ("Your payment has arrived.", "paid", "No payment has been made yet."),
        ("We have received your payment.", "paid", "No payment has been made yet."),
        ("That's paid.", "paid", "No payment has been made yet."),
        ("It's all paid, thank you.", "paid", "No payment has been made yet."),
        ("Your deposit is paid.", "paid", "No payment has been made yet."),
        ("I'm holding the time for you.", "held", "Nothing is held for you yet."),
        ("It is held for you until 3:35 pm.", "held", "Nothing is held for you yet."),
        ("Your slot is held until 3:35 pm.", "held", "Nothing is held for you yet."),
        ("I've put that time on hold for you.", "held", "Nothing is held for you yet."),
        ("Your payment is complete.", "paid", "No payment has been made yet."),
    ],
)
def test_every_kind_of_claim_has_its_own_true_sentence(text: str, kind: str, instead: str):
    assert check(text, NOTHING) == (instead, (Violation(kind, text),))
    assert check(text, frozenset({kind})) == (text, ())


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
        "If you look at the card, you'll see that I have cancelled it.",
        "If it is free, good: I have moved it.",
        "You wrote that it is too late, but I have cancelled it.",
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


def test_an_abbreviation_or_a_time_does_not_end_a_sentence():
    text = "Once you confirm 3 p.m. on Thursday with Dr. Berg, it is booked."
    assert check(text, NOTHING) == (text, ())

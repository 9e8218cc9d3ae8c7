"""The closed vocabulary of a yes and a no, by language: data, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal

Action = Literal["book", "cancel", "reschedule"]


class Kind(Enum):
    """What a phrase contributes to the verdict."""

    YES = "agrees"
    ASSENT = "agrees, but beside a thank-you it may only close the talk"
    NICE = "supports a yes, is none alone"
    THANKS = "thanks"
    FILL = "says nothing"
    NO = "refuses"
    DONE = "closes the talk"
    VETO = "looks like a yes and is none"


@dataclass(frozen=True)
class Vocabulary:
    """One language's words.

    A pattern is slots separated by spaces; a slot is alternatives separated by `|`, the words of one
    alternative joined by `_`; a slot that ends in `?` may be absent; `#` is the preview's short code.
    `by_action` adds what fits one action only: "cancel it" agrees to a cancellation and refuses a booking.
    """

    spelling: Mapping[str, tuple[str, ...]]
    digits: Mapping[str, str]
    patterns: Mapping[Kind, Sequence[str]]
    by_action: Mapping[Action, Mapping[Kind, Sequence[str]]]


_THIS = "that|this|it|everything|all"
_GREAT = "great|good|perfect|excellent|awesome|wonderful|lovely|amazing|fantastic|brilliant|nice|super|ideal"
_RIGHT = "right|correct|exactly_right|accurate|confirmed|fine|ok|alright|all_right"
_VERY = "all|very|really|so|just|absolutely|totally|completely|perfectly|quite|also"
_TO_ME = "for_me|with_me|by_me|to_me"
_POLITE = "just|please|please_just|go_ahead_and|please_go_ahead_and|let_us|you_can|you_may|feel_free_to"
_NOW = "now|for_me|right_away|right_now|straight_away|then"
_BOOKING = "appointment|booking|reservation"
_MY_BOOKING = "my_appointment|my_booking|my_reservation"
_THE_BOOKING = "the_appointment|the_booking|the_reservation"
_DO_NOT = "please? do_not|no_do_not"
_KEEP = (
    f"please? keep it|{_MY_BOOKING}|{_THE_BOOKING} as_it_is?",
    "please? leave it as_it_is|where_it_is|how_it_is?",
    f"i will|want_to|would_like_to|would_rather keep it|{_MY_BOOKING}|{_THE_BOOKING}",
)
_WANT = "i want_to|would_like_to|do_want_to|still_want_to"


def _spellings(lines: str) -> dict[str, tuple[str, ...]]:
    """`right: wrong wrong` per line; `_` joins the words of what is meant."""
    pairs = (line.split(":") for line in lines.strip().splitlines())
    return {wrong: tuple(right.strip().split("_")) for right, wrongs in pairs for wrong in wrongs.split()}


ENGLISH = Vocabulary(
    spelling=_spellings("""
        yes: yess ye yeap yep yup y yse yas
        yeah: yea yeh yah ya yeahh yeha
        ok: okay okey okie k kk oke okk okayy
        no: noo nop nope nah naw n
        please: pls plz plese pleas pleae pleease pelase plaese
        confirm: confrim comfirm confim cofirm
        correct: corect
        perfect: perfekt prefect
        definitely: definately
        absolutely: absolutly
        alright: allright
        sure: shure
        of_course: ofcourse
        go_ahead: goahead
        thanks: thx thnx tks thanx
        thank_you: thankyou ty
        a_lot: alot
        i_am: i'm im
        i_would: i'd
        i_will: i'll
        let_us: let's lets
        it_is: it's
        that_is: that's thats
        that_would: that'd
        that_will: that'll
        it_would: it'd
        it_will: it'll
        you_are: you're
        everything_is: everything's
        do_not: don't dont
        can_not: can't cant cannot
        is_not: isn't isnt
        never_mind: nevermind
        good_bye: goodbye
        madam: ma'am maam
    """),
    digits=dict(
        zip(
            ("zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            "00123456789",
            strict=True,
        )
    ),
    patterns={
        Kind.YES: (
            "yes|yeah|sure|aye|absolutely|definitely|certainly|indeed|exactly|correct|affirmative|agreed|deal",
            "confirm|confirmed|proceed|accepted|#|👍|✅|👌|🆗|☑|✔|💯",
            "sure_thing|of_course|for_sure|you_bet|by_all_means|uh_huh|please_and_thank_you|ok_please|yes_please",
            f"{_POLITE}? do it|that|this|so {_NOW}?",
            f"please do so? {_NOW}?",
            f"{_POLITE}? go_ahead|go_for_it|proceed|make_it_so|make_it_happen|lock_it_in|confirm {_NOW}?",
            "please? go_ahead|proceed with it|that|this",
            f"{_POLITE}? confirm it|that|this|everything|all_that|all_of_it {_NOW}?",
            "i confirm|agree|accept|do_confirm|can_confirm it|that|this|everything|all_that|all_of_it?",
            f"{_THIS} is {_VERY}? {_RIGHT} {_TO_ME}?",
            "that|this|it is exactly? what_i want|wanted|need|asked_for",
            f"{_THIS}? all? works out? fine|great|perfectly|well|nicely? {_TO_ME}?",
            f"that|this|it will|would work out? {_VERY}? fine|great|perfectly|nicely|well? {_TO_ME}?",
            "fine by|with me",
            "i am ok|fine|good|happy with that|it|this",
            "i will take it|that|this",
            "i would like|love that|it",
            "i want it|that|this",
            "i would_like|want to book|reserve|confirm it|that",
            "the_answer|my_answer|that|it is a? definite|definitely? yes",
            "i|yes|strongly agree|agreed",
            "i am sure|certain|positive",
        ),
        Kind.ASSENT: (
            "ok|alright|all_right",
            f"{_THIS} is|looks|sounds|seems {_VERY}? {_GREAT} {_TO_ME}?",
            f"{_THIS}? looks|sounds|seems {_VERY}? {_GREAT}|{_RIGHT} {_TO_ME}?",
            f"that|this|it will|would be {_VERY}? {_GREAT}|fine|ok|alright {_TO_ME}?",
            "that|it? sounds like a plan",
        ),
        Kind.NICE: (
            f"{_GREAT}|right|true|fine|cool|positive|exact|perfectly|yay|hooray|🎉|💪",
            "no|not_a problem|worries|prob|objection|objections",
            "you are|got right|correct|it|that|that_right",
            "that|this|it is true",
            "i do|would|am",
            "it|that is|does|will|would",
            f"that|the new? time|day works|suits|is {_VERY}? fine|great|good|perfect|perfectly|ok|me? {_TO_ME}?",
        ),
        Kind.THANKS: (
            "and? thanks|thank_you|cheers|many_thanks very_much|so_much|a_lot|again|a_million|kindly?",
            "thanks|thank_you very_much|so_much|a_lot? for your|the|all_your help|assistance",
            "much_appreciated|appreciated|appreciate_it|i_appreciate_it|🙏",
        ),
        Kind.FILL: (
            "please|oh|ah|hi|hello|hey|sir|madam|mate|buddy|dear|friend|my_friend|then",
            "see_you|see_you_then|see_you_soon|see_you_there|can_not_wait|looking_forward|looking_forward_to_it",
            "have a great|good|nice|lovely|wonderful day|one|evening|night|weekend|afternoon",
            "bye|good_bye|bye_bye|😊|🙂|😀|😃|😄|😁|😍|❤|☺|🥰|🤗",
            "the|my? code|number is?",
            "that|this is|was it",
        ),
        Kind.NO: (
            "no|negative|stop|never_mind|forget_it|forget_that|abort|decline|👎|❌|🚫|🛑",
            "no_way|hell_no|heck_no|i_decline|i_refuse|i_will_pass|i_would_rather_not|i_do_not_think_so",
            "please? not now|today|right_now|just_now|at_this_time|at_the_moment|this_time",
            f"{_DO_NOT} do_it|do_that|do_this|confirm|confirm_it|proceed|go_ahead?",
            "of_course|definitely|absolutely|certainly not",
            "i do_not want|need it|that|this|to?",
            "i changed|have_changed my mind",
            "stop it|that|this",
            "that|this|it is not right|correct|true|it|the_case at_all?",
            "that|this|it is not what_i want|wanted|said|asked_for at_all?",
            f"that|this|it is {_VERY}|definitely? wrong|incorrect|false|untrue|inaccurate",
            "the_answer|that|it is|would_be a? definite|definitely|hard? no|negative",
            "i think not",
            "not that one",
        ),
        Kind.DONE: (
            "sorry|i_am_sorry|oops",
            "i am good|fine|ok|all_set|done",
            "that|this|it is|was|will_be|would_be all|it|everything|enough i_need|i_wanted? for_now|today?",
            "nothing else? for_now?",
            "for_now",
        ),
        Kind.VETO: ("yeah|sure right",),
    },
    by_action={
        "book": {
            Kind.YES: (
                f"{_POLITE}? book|reserve|schedule it|that|this|me|me_in|it_in|that_one {_NOW}?",
                f"{_POLITE}? book|reserve|schedule|confirm the|my|that|this {_BOOKING}|slot|time {_NOW}?",
                "please book|reserve now?",
                f"go_ahead|proceed with the|that|this {_BOOKING}",
                "sign_me_up|count_me_in|put_me_down|put_me_in",
            ),
            Kind.NO: (
                "please? cancel it|that|this?",
                f"{_DO_NOT} book|reserve|schedule it|that|this|me?",
            ),
        },
        "cancel": {
            Kind.YES: (
                f"{_POLITE}? cancel it {_NOW}?",
                "i_confirm|go_ahead|proceed|confirm with? the|my? cancellation",
            ),
            # Alone, "cancel that" may be meant for the cancelling, "cancel my booking" for another one.
            Kind.NICE: (
                f"{_POLITE}? cancel that|this|now|{_MY_BOOKING}|{_THE_BOOKING}? {_NOW}?",
                f"{_WANT} cancel it|that|this|{_MY_BOOKING}|{_THE_BOOKING}? {_NOW}?",
            ),
            Kind.NO: (*_KEEP, f"{_DO_NOT} cancel it|that|this|{_MY_BOOKING}?"),
        },
        "reschedule": {
            Kind.YES: (
                f"{_POLITE}? move|reschedule it|me {_NOW}?",
                f"{_POLITE}? make|confirm the|that|this change|switch|move {_NOW}?",
                "go_ahead|proceed with the|that|this change|move",
            ),
            # Alone, "change it" may be meant for the change.
            Kind.NICE: (
                f"{_POLITE}? move|reschedule that|this|{_MY_BOOKING}|{_THE_BOOKING}? {_NOW}?",
                f"{_POLITE}? change|switch it {_NOW}?",
                f"{_WANT} move|reschedule|change it|{_MY_BOOKING}|{_THE_BOOKING}? {_NOW}?",
            ),
            Kind.NO: (
                *_KEEP,
                "please? keep|leave|stay_with|stick_with the|my old|original|first time|one|day|date|slot|appointment",
                f"{_DO_NOT} move|reschedule|change it|that|this|{_MY_BOOKING}?",
            ),
        },
    },
)

# The locale door: a language comes in here, as data.
VOCABULARIES: Mapping[str, Vocabulary] = {"en": ENGLISH}

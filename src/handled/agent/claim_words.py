"""How English claims that something happened, and what takes such a claim away: data, and nothing else.

All is written in the folded words of `agent.folding`. A claim is a pattern over words with one space between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ANYTHING = frozenset({"*"})


@dataclass(frozen=True)
class Language:
    """One language's claims, by kind.

    `said_instead` is the true sentence for each kind; for `found`, that nothing is new, and for `unpaid`, that money
    comes first. `openings` are patterns
    which are no claim yet, but of which one can be made over words that nobody can foresee. `leads` are words that a
    sentence may come to its claim with, beside those of the claims; `endings` only end one. Walking back from a claim
    over `glue` to one of `negators`, or to one of `auxiliaries` with one of `heads` ("will be", "to get"), takes it
    away, and so does a question or one of `conditions`; in another clause the condition must be about one of
    `agreeing` ("once you confirm, …").
    """

    claims: Mapping[str, Sequence[str]]
    said_instead: Mapping[str, str]
    leads: frozenset[str]
    negators: frozenset[str]
    auxiliaries: frozenset[str]
    conditions: frozenset[str]
    openings: Sequence[str] = ()
    endings: frozenset[str] = frozenset()
    heads: frozenset[str] = ANYTHING
    glue: frozenset[str] = ANYTHING
    agreeing: frozenset[str] = ANYTHING
    question_words: frozenset[str] = frozenset()


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SO = (
    "(?:(?:now|all|just|already|still|successfully|officially|also|fully|being|currently|finally|indeed|hereby|safely"
    "|both|then|definitely) )*"
)
_HAS = f"(?:(?:is|are|was|were|has|have|been|be) {_SO})+"
_WAS = f"(?:(?:has|have) {_SO})?(?:is|are|was|were|been|being) {_SO}"
# "bk" begins a confirmation code.
_A_BOOKING = r"(?:booking|appointment|reservation|session|visit|slot|spot|place|seat)(?: bk \S+)?"
_A_DATE = r"(?:booking|appointment|reservation|session|visit)(?: bk \S+)?"
_YOU_HAVE_A = f"you {_SO}have {_SO}(?:got )?(?:a|an|your|one|two|three)"
_ITS_TIME = "(?:booking|appointment|reservation|session|visit|slot|time|date)"
_ENDINGS = "at next tomorrow today tonight monday tuesday wednesday thursday friday saturday sunday"
_COMING = f"(?:{'|'.join(_ENDINGS.split())}|on|this)"
_DAY = rf"(?:{_COMING}|then|there|\d\S*)"
_CALENDAR = "(?:the|our|my|your) (?:calendar|system|books|diary|schedule|list)"
_SHIFTED = "(?:moved|shifted|switched|changed|updated|postponed|swapped|pushed|bumped|transferred)"

ENGLISH = Language(
    claims={
        "booked": (
            "(?:booked|rebooked|prebooked|reserved|confirmed|scheduled)",
            f"(?:i|we|is|are|have|been) {_SO}(?:secured|finalized|finalised)",
            f"(?:you are|you have been|i have|we have) {_SO}(?:registered|enrolled|signed up|signed you up)",
            "(?:made|placed|created|completed|arranged|set up|put in|entered|submitted|sorted|processed) "
            f"(?:(?:a|an|the|your|you|that|this) )*{_A_BOOKING}",
            f"{_A_BOOKING} {_HAS}(?:made|placed|created|complete|completed|set|arranged|settled|sorted|final"
            f"|successful|in place|in {_CALENDAR})",
            f"{_A_BOOKING} (?:went through|complete|successful|made)",
            "(?:locked|penciled|pencilled) (?:(?:you|it|that|this|your|the|spot|slot|time) )*in",
            "(?:put|marked|slotted|squeezed|fitted|wrote|noted) you (?:all )?(?:down|in)(?! touch)",
            f"(?:added|put|entered) (?:it|you|that|(?:the|your) {_ITS_TIME}) (?:to|on|in|into) {_CALENDAR}",
            "i am (?:(?:now|just) )*(?:booking|reserving|scheduling)",
        ),
        "standing": (
            rf"{_YOU_HAVE_A} (?:\w+ ){{0,3}}?(?:{_A_DATE}|appointments|bookings)",
            f"there is {_SO}(?:a|an) {_A_DATE} (?:under|in|for) your name",
            f"(?:i see|i {_SO}found|i have {_SO}found) your {_A_DATE}",
            f"your (?:new )?{_A_DATE} is {_SO}(?:active|valid|in order|on record|{_COMING}"
            r"|ready(?! (?:to|when|for (?:your|you|confirmation))(?!\S)))",
            "(?:have|got) you (?:all )?(?:down|in)(?! touch)",
            f"you are {_SO}(?:in for|down for|on {_CALENDAR}|in [.!])",
            f"(?:is|are) {_SO}yours",
            f"(?<!can )(?<!could )(?<!to )see you {_DAY}",
            f"(?:look|looking) forward to (?:seeing|welcoming|meeting) you {_DAY}",
            "(?:i|we) (?:(?:hereby|now|do) )*confirm (?:that|your|you)",
            "(?<!so )(?:i|we) can (?:now )?confirm (?:that|your|you)",
            "confirms (?:that|your|you)",
            "(?:happy|pleased|delighted|glad) to confirm",
            "confirming (?:your|that you)",
            "confirmation (?:code|number) is(?! (?:needed|required|not|in))",
        ),
        "cancelled": (
            "(?:cancelled|canceled|called off)",
            f"(?:removed|deleted|withdrawn|withdrew|dropped) (?:your|the|that|this) {_A_BOOKING}",
            f"{_A_BOOKING} {_HAS}(?:removed|deleted|withdrawn|gone)",
            f"(?:taken|removed|deleted) (?:(?:it|you|that|this|(?:your|the) \\S+) )?(?:off|from) {_CALENDAR}",
            f"{_A_BOOKING} no longer exists",
            f"cancellation (?:(?:went|has gone) through|{_HAS}(?:complete|completed|processed|done|made|successful))",
            "no longer (?:booked|reserved|scheduled|confirmed)",
            "no longer have (?:a|an|that|this|your|the) (?:booking|appointment|reservation)",
            "i am (?:(?:now|just) )*(?:cancelling|canceling)",
        ),
        "moved": (
            "rescheduled",
            f"{_SHIFTED} (?:it|that|you|(?:your|the|this|that) {_ITS_TIME})",
            f"(?:it|that|this|everything|{_ITS_TIME}) {_WAS}{_SHIFTED}",
            f"{_SHIFTED} (?:to|from|by) {_DAY}",
            f"(?:i|we) (?:have )?{_SO}{_SHIFTED} (?:\\S+ ){{1,3}}?(?:to|from) {_DAY}",
            f"your (?:\\w+ ){{1,3}}?{_WAS}(?:moved|shifted|postponed)",
            "^moved(?= [!.,:]|$)",
            "i am (?:(?:now|just) )*(?:moving|rescheduling)",
        ),
        "refunded": (
            f"(?:been|was|were|i|we|i have|we have|now|just|being|you are) {_SO}(?:refunded|reimbursed)",
            f"your (?:\\S+ ){{1,3}}is {_SO}(?:refunded|reimbursed)",
            r"(?:refunded|reimbursed) (?:you|your|it|the|\d)",
            r"refund (?:(?:of|for) (?:\S+ ){1,4}?)?"
            f"{_HAS}(?:issued|processed|made|sent|initiated|on its way|on the way|complete|completed|approved"
            "|done|underway|coming|started|submitted|paid|credited)",
            "^(?:fully )?refunded",
            "on (?:its|their|the) way (?:back to (?:you|your)|back(?= [!.,]|$)|to your (?:card|account|bank))",
            "(?:sent|paid|given|transferred|got) (?:you )?(?:your|the|that) (?:money|deposit|payment|amount|fee) back",
            f"(?:i|we) (?:have )?{_SO}returned (?:you )?(?:your|the|that) (?:money|deposit|payment|amount|fee)",
            f"(?:i|we) (?:have )?{_SO}credited",
            f"(?:card|account) {_HAS}credited",
            r"(?:issued|processed|sent|made|initiated|given|submitted|started|arranged) (?:\S+ ){0,4}?refund",
            f"(?:money|deposit|payment|amount) {_HAS}(?:on its way|returned|sent back|paid back|back)",
            "i am (?:(?:now|just) )*refunding",
        ),
        "paid": (
            "payment (?:went through|received)",
            f"payment (?:has been|was) {_SO}(?:received|processed|successful|completed|taken|accepted)",
            f"payment is {_SO}(?:complete|completed|successful)",
            f"(?:you|card) (?:have|has|was|were) {_SO}(?:been )?charged",
            "(?:i|we) (?:have )?charged",
            "(?:have|has been) (?:fully |already )?paid",
            f"(?:payment|deposit|money) has {_SO}(?:arrived|cleared|come in|come through|gone through|reached us)",
            f"(?:payment|deposit|money) is {_SO}(?:in|here)(?= [!.,]|$)",
            f"(?:i|we) (?:have )?{_SO}(?:received|got) (?:your|the) (?:payment|deposit|money)",
            f"(?:it|that|this|everything|deposit|booking|appointment) {_HAS}paid(?: in full| for)?(?= [!.,]|$)",
        ),
        "held": (
            f"(?:is|are) {_SO}held (?:for you|in your name)",
            f"{_A_BOOKING} is {_SO}held until",
            f"(?:i|we) (?:have )?{_SO}held (?:it|that|this|the|your)",
            f"(?:i am|we are) {_SO}holding (?:it|that|this|the|your)",
            "put (?:it|(?:that|this|the|your) \\S+) on hold",
        ),
        "done": (
            "all (?:set|done|sorted|taken care of)",
            "good to go",
            "consider (?:it|that|this) (?:done|sorted)",
            f"(?:it|that|this|everything) (?:is|has been) {_SO}(?:sorted|taken care of|done(?= [,.!]|$))",
            "(?<!\\S)done(?= [,.!]|$)",
        ),
    },
    said_instead={
        "booked": "Nothing has been booked yet.",
        "cancelled": "Nothing has been cancelled yet.",
        "moved": "Nothing has been moved yet.",
        "refunded": "No refund has been made yet.",
        "paid": "No payment has been made yet.",
        "unpaid": "Nothing is booked before it has been paid.",
        "held": "Nothing is held for you yet.",
        "done": "Nothing has been booked or changed yet.",
        "found": "Nothing new has been booked or changed yet.",
    },
    openings=(
        "(?:refund|refunded|reimbursed)",
        _YOU_HAVE_A,
        "bk",
        f"(?:i|we) (?:have )?{_SO}{_SHIFTED}",
        f"{_WAS}(?:moved|shifted|postponed)",
        f"(?:off|from) {_CALENDAR}",
        "on hold",
    ),
    leads=words(
        "congratulations great good news perfect wonderful fantastic excellent awesome lovely yes ok okay this message "
        "everything went ahead and managed able get will partial full"
    ),
    endings=words(_ENDINGS),
    negators=words("not never no nothing nobody none neither nor cannot without unless longer who yet"),
    auxiliaries=words("will would can could may might must shall to let"),
    heads=words("be have get not only also then all both automatically still soon me us"),
    glue=words(
        "be been being is are was were am have has had get gets got getting it that this you your the a "
        "an any anything everything actually currently fully still officially automatically already me us "
        "them all both ever now then also finally really one i we immediately appointment appointments find see "
        "booking bookings reservation slot slots time times payment or changed booked cancelled canceled "
        "moved confirmed refunded new"
    ),
    conditions=words("once if when whenever after until till unless before upon whether soon case"),
    agreeing=words(
        "confirm confirms confirmed confirmation tap press click say reply pay pays paid payment deposit "
        "agree approve accept type enter choose pick yes ahead cancel cancels says shows"
    ),
    question_words=words(
        "shall should would will do does did is are was were can could may have has had what when which "
        "how who where why want ready need prefer"
    ),
)

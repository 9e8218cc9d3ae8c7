"""The receipts check: what the agent says has happened must have happened.

Text passes sentence by sentence. A sentence that claims a booking, cancellation, move, refund or payment for
which this conversation holds no executed receipt is replaced by a true one. What cannot become part of a
claim leaves at once; from the first word that can, the rest of the sentence waits for its end.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

LONGEST_SENTENCE = 600
"""Characters after which a sentence without an end is judged at the next space."""


@dataclass(frozen=True)
class Violation:
    """A claim without a receipt: its kind (`booked`, `cancelled`, …) and the sentence that was struck."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Checked:
    """Text that may leave now, and the violations found while deciding that."""

    text: str
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True)
class Language:
    """How one language claims that something happened, and what takes such a claim away.

    `claims` are patterns over folded words, by kind; `said_instead` is the true sentence for each kind. A
    claim begins at one of `starters`. Walking back from it over `glue` to one of `negators`, or of
    `auxiliaries` with one of `heads` ("will be", "to get"), takes it away, and so does a question or one of
    `conditions`; in another clause the condition must be about one of `agreeing` ("once you confirm, …").
    """

    claims: Mapping[str, Sequence[str]]
    said_instead: Mapping[str, str]
    starters: frozenset[str]
    negators: frozenset[str]
    auxiliaries: frozenset[str]
    heads: frozenset[str]
    glue: frozenset[str]
    conditions: frozenset[str]
    agreeing: frozenset[str]
    question_words: frozenset[str] = frozenset()


_EVERYTHING = frozenset({"*"})


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Which receipts make a claim of each kind true: a moved appointment is booked for its new time.
_PROOFS: Mapping[str, frozenset[str]] = {
    "booked": frozenset({"booked", "moved"}),
    "cancelled": frozenset({"cancelled"}),
    "moved": frozenset({"moved"}),
    "refunded": frozenset({"refunded"}),
    "paid": frozenset({"paid"}),
    "done": frozenset({"booked", "cancelled", "moved", "refunded", "paid"}),
}

_SO = (
    "(?:(?:now|all|just|already|successfully|officially|also|fully|being|currently|finally|indeed|hereby|safely"
    "|both|then|definitely) )*"
)
_HAS = f"(?:(?:is|are|was|were|has|have|been|be) {_SO})+"
_WAS = f"(?:(?:has|have) {_SO})?(?:is|are|was|were|been|being) {_SO}"
_A_BOOKING = "(?:booking|appointment|reservation|session|visit|slot|spot|place|seat)"
_ITS_TIME = "(?:booking|appointment|reservation|session|visit|slot|time|date)"
_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_DAY = rf"(?:on|at|then|there|this|next|tomorrow|today|tonight|\d\S*|{_WEEKDAY})"
_CALENDAR = "(?:the|our|my|your) (?:calendar|system|books|diary|schedule|list)"
_SHIFTED = "(?:moved|shifted|switched|changed|updated|postponed|swapped|pushed|bumped|transferred)"

_ENGLISH = Language(
    claims={
        "booked": (
            "(?:booked|rebooked|prebooked|reserved|confirmed|scheduled)",
            f"(?:i|we|is|are|have|been) {_SO}(?:secured|finalized|finalised)",
            f"(?:you are|you have been|i have|we have) {_SO}(?:registered|enrolled|signed up|signed you up)",
            f"(?:made|placed|created|completed|arranged|set up|put in|entered|submitted|sorted|processed) "
            f"(?:(?:a|an|the|your|you|that|this) )*{_A_BOOKING}",
            f"{_A_BOOKING} {_HAS}(?:made|placed|created|complete|completed|set|arranged|settled|sorted|final"
            f"|successful|in place|in {_CALENDAR})",
            f"{_A_BOOKING} (?:went through|complete|successful|made)",
            "(?:locked|penciled|pencilled) (?:(?:you|it|that|this|your|the|spot|slot|time) )*in",
            "(?:put|have|got|marked|slotted|squeezed|fitted|wrote|noted) you (?:all )?(?:down|in)(?! touch)",
            f"you are {_SO}(?:in for|down for|on {_CALENDAR}|in [.!])",
            f"(?:added|put|entered) (?:it|you|that|(?:the|your) {_ITS_TIME}) (?:to|on|in|into) {_CALENDAR}",
            f"(?:is|are) {_SO}yours",
            f"see you {_DAY}",
            f"(?:look|looking) forward to (?:seeing|welcoming|meeting) you {_DAY}",
            "(?:i|we) (?:(?:hereby|now|do) )*confirm (?:that|your|you)",
            "(?<!so )(?:i|we) can (?:now )?confirm (?:that|your|you)",
            "(?:this|that) (?:\\S+ )?confirms (?:that|your|you)",
            "(?:happy|pleased|delighted|glad) to confirm",
            "confirming (?:your|that you)",
            "i am (?:(?:now|just) )*(?:booking|reserving|scheduling)",
        ),
        "cancelled": (
            "(?:cancelled|canceled|called off)",
            f"(?:removed|deleted|withdrawn|withdrew|dropped) (?:your|the|that|this) {_A_BOOKING}",
            f"{_A_BOOKING} {_HAS}(?:removed|deleted|withdrawn|gone)",
            f"cancellation (?:went through|{_HAS}(?:complete|completed|processed|done|made|successful))",
            "no longer (?:booked|reserved|scheduled|confirmed)",
            "no longer have (?:a|an|that|this|your|the) (?:booking|appointment|reservation)",
            "i am (?:(?:now|just) )*(?:cancelling|canceling)",
        ),
        "moved": (
            "rescheduled",
            f"{_SHIFTED} (?:it|that|you|(?:your|the|this|that) {_ITS_TIME})",
            f"(?:it|that|this|everything|{_ITS_TIME}) {_WAS}{_SHIFTED}",
            f"{_SHIFTED} (?:to|from|by) (?:\\d|{_DAY})",
            "i am (?:(?:now|just) )*(?:moving|rescheduling)",
        ),
        "refunded": (
            f"(?:been|was|were|i|we|i have|we have|now|just|being|you are) {_SO}(?:refunded|reimbursed)",
            f"your (?:\\S+ ){{1,3}}is {_SO}(?:refunded|reimbursed)",
            r"(?:refunded|reimbursed) (?:you|your|it|the|\d)",
            r"refund (?:(?:of|for) (?:\S+ ){1,4}?)?"
            f"{_HAS}(?:issued|processed|made|sent|initiated|on its way|on the way|complete|completed|approved"
            "|done|underway|coming|started|submitted|paid|credited)",
            r"(?:issued|processed|sent|made|initiated|given|submitted|started|arranged) (?:\S+ ){0,4}refund",
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
        ),
        "done": (
            "all (?:set|done|sorted|taken care of)",
            "good to go",
            "consider (?:it|that|this) (?:done|sorted)",
            f"(?:it|that|this|everything) (?:is|has been) {_SO}(?:sorted|taken care of|done(?= [,.!]|$))",
            "(?<!\\S)done(?= [,.!]|$)",
            "confirmation (?:code|number) is(?! (?:needed|required|not|in))",
        ),
    },
    said_instead={
        "booked": "Nothing has been booked yet.",
        "cancelled": "Nothing has been cancelled yet.",
        "moved": "Nothing has been moved yet.",
        "refunded": "No refund has been made yet.",
        "paid": "No payment has been made yet.",
        "done": "Nothing has been booked or changed yet.",
    },
    starters=_set(
        "booked rebooked prebooked reserved confirmed scheduled secured registered enrolled finalized "
        "finalised made placed created completed arranged set entered submitted sorted processed locked "
        "penciled pencilled put have got marked slotted squeezed fitted fit wrote popped noted added see "
        "look looking happy pleased delighted glad confirming cancelled canceled called removed deleted "
        "withdrawn withdrew dropped cancellation no rescheduled moved shifted switched changed updated "
        "postponed swapped pushed bumped transferred refunded reimbursed refund issued sent initiated "
        "given started money deposit payment amount charged paid all good great consider done "
        "confirmation i we you your yours it that this everything booking appointment reservation session "
        "visit slot spot place seat time date card is are has been was were now just already being fully "
        "the congratulations perfect wonderful fantastic excellent awesome"
    ),
    negators=_set("not never no nothing nobody none neither nor cannot without unless longer who yet"),
    auxiliaries=_set("will would can could may might must shall to let"),
    heads=_set("be have get not only also then all both automatically still soon me us"),
    glue=_set(
        "be been being is are was were am have has had get gets got getting it that this you your the a "
        "an any anything everything actually currently fully still officially automatically already me us "
        "them all both ever now then also finally really one i we immediately appointment appointments "
        "booking bookings reservation slot slots time times payment or changed booked cancelled canceled "
        "moved confirmed refunded"
    ),
    conditions=_set("once if when whenever after until till unless before upon whether soon case"),
    agreeing=_set(
        "confirm confirms confirmed confirmation tap press click say reply pay pays paid payment deposit "
        "agree approve accept type enter choose pick yes ahead cancel cancels"
    ),
    question_words=_set(
        "shall should would will do does did is are was were can could may have has had what when which "
        "how who where why want ready need prefer"
    ),
)


def _plain(
    claims: Mapping[str, str],
    said_instead: Mapping[str, str],
    negators: str,
    auxiliaries: str,
    conditions: str,
    openers: str,
) -> Language:
    """A language whose claims are single participles; everything between two words of a clause is glue."""
    return Language(
        claims={kind: [word.replace("_", " ") for word in words.split()] for kind, words in claims.items()},
        said_instead=said_instead,
        starters=_set(openers).union(word.split("_")[0] for words in claims.values() for word in words.split()),
        negators=_set(negators),
        auxiliaries=_set(auxiliaries),
        heads=_EVERYTHING,
        glue=_EVERYTHING,
        conditions=_set(conditions),
        agreeing=_EVERYTHING,
    )


_SPANISH = _plain(
    {
        "booked": "reservado reservada reservados reservadas confirmado confirmada confirmados confirmadas "
        "agendado agendada programado programada",
        "cancelled": "cancelado cancelada canceladas cancelados anulado anulada",
        "moved": "movido movida reprogramado reprogramada aplazado aplazada pospuesto pospuesta",
        "refunded": "reembolsado reembolsada devuelto",
    },
    {
        "booked": "Todavía no se ha reservado nada.",
        "cancelled": "Todavía no se ha cancelado nada.",
        "moved": "Todavía no se ha movido nada.",
        "refunded": "Todavía no se ha reembolsado nada.",
    },
    negators="no nada nunca ninguna ninguno sin",
    auxiliaries="puede pueden sera seran quedara quedaria ser estar podria",
    conditions="si cuando tras hasta despues confirme confirmes",
    openers="su tu la el he hemos ha",
)
_GERMAN = _plain(
    {
        "booked": "gebucht eingebucht reserviert bestatigt bestaetigt eingetragen vorgemerkt",
        "cancelled": "storniert abgesagt",
        "moved": "verschoben verlegt umgebucht",
        "refunded": "erstattet zuruckerstattet zurueckerstattet zuruckgezahlt",
    },
    {
        "booked": "Es wurde noch nichts gebucht.",
        "cancelled": "Es wurde noch nichts storniert.",
        "moved": "Es wurde noch nichts verschoben.",
        "refunded": "Es wurde noch nichts erstattet.",
    },
    negators="nicht nichts nie kein keine keinen",
    auxiliaries="kann konnen koennen wird werden muss soll sollen darf",
    conditions="sobald wenn falls nachdem bis bevor",
    openers="ihr ihre dein deine der die das ich wir",
)
_FRENCH = _plain(
    {
        "booked": "reservee reservees confirme confirmee confirmees enregistre enregistree planifie "
        "planifiee est_reserve ete_reserve sont_reserve bien_reserve reserve_pour c'est_reserve j'ai_reserve",
        "cancelled": "annule annulee annules annulees",
        "moved": "deplace deplacee reportee reprogramme reprogrammee",
        "refunded": "rembourse remboursee rembourses",
    },
    {
        "booked": "Rien n'a encore été réservé.",
        "cancelled": "Rien n'a encore été annulé.",
        "moved": "Rien n'a encore été déplacé.",
        "refunded": "Rien n'a encore été remboursé.",
    },
    negators="pas rien jamais aucun aucune sans",
    auxiliaries="peut peuvent sera seront pourra etre serait",
    conditions="si quand lorsque apres jusqu des avant",
    openers="votre ton ta le la c'est j'ai nous",
)

# The locale door. The agent answers in the customer's language, whatever the tenant's is: all of them apply.
_LANGUAGES = (_ENGLISH, _SPANISH, _GERMAN, _FRENCH)
_COMPILED = {
    id(language): [
        (kind, re.compile(rf"(?<!\S)(?:{'|'.join(patterns)})(?!\S)")) for kind, patterns in language.claims.items()
    ]
    for language in _LANGUAGES
}
_STARTERS = frozenset(word for language in _LANGUAGES for word in language.starters)


# --- folding: the letters a reader sees, whatever they are made of

_DRAWN_ALIKE = {
    "a": "аαɑᴀ", "b": "вβʙь", "c": "сϲᴄ", "d": "ԁɗđᴅ", "e": "еєεɛəᴇ", "f": "ƒꜰ", "g": "ɡɢ", "h": "нһηհʜ",
    "i": "іїιıɪ", "j": "јᴊ", "k": "кκᴋ", "l": "ӏłʟⅼ", "m": "мᴍ", "n": "пոɴ", "o": "оοøөօᴏσ", "p": "рρᴘ",
    "r": "гʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ", "v": "νᴠ", "w": "ԝωᴡ", "x": "хχ", "y": "уүγʏ", "z": "ᴢ",
    "'": "’ʼ‘ʹ＇`´",
}  # fmt: skip
_LETTERS = {ord(copy): letter for letter, copies in _DRAWN_ALIKE.items() for copy in copies} | {
    first + offset: chr(ord("a") + offset)
    for first in (0x1F150, 0x1F170, 0x1F1E6)  # letters in dark circles, in dark squares, of flags
    for offset in range(26)
}
_DIGITS_AS_LETTERS = str.maketrans("013457@$", "oieastas")
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_IN_WORD_MARKUP = re.compile(r"<[^<>\s]*>|[*_~\\]")
_PART = re.compile(r"\d+(?:[.:]\d+)*(?![^\W\d_])|[^\W_]+(?:'[^\W_]+)*|[,;:.!?()]|[–—]|(?<!\S)-+(?!\S)")
_SHORT_FORMS = {
    "can't": "can not", "won't": "will not", "let's": "let us", "youre": "you are", "ive": "i have",
    "thats": "that is", "dont": "do not", "isnt": "is not", "hasnt": "has not", "wasnt": "was not",
}  # fmt: skip
_ENDINGS = {
    "n't": "not", "'ve": "have", "'re": "are", "'m": "am", "'s": "is", "'ll": "will", "'d": "would",
}  # fmt: skip
_BREAKS = _set(", ; : . ! ? ( ) - but so because pero aber mais")


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    spelled_out: bool = False


def _folded(text: str) -> str:
    seen = "".join(
        character
        for character in unicodedata.normalize("NFKD", html.unescape(text)).lower()
        if unicodedata.category(character) not in {"Cf", "Mn", "Me", "Cc", "Co"} and character not in _BLANKS
    )
    return _IN_WORD_MARKUP.sub("", seen.translate(_LETTERS))


def _words(text: str) -> list[_Word]:
    """The folded words and stops of `text`, each with the index where its run of non-spaces begins."""
    words: list[_Word] = []
    for run in re.finditer(r"\S+", text):
        folded = _folded(run[0])
        whole = re.sub(r"[\W_]", "", folded).translate(_DIGITS_AS_LETTERS)
        parts = [whole] if len(whole) > 5 and whole in _STARTERS else _PART.findall(folded)
        for part in parts:
            words.extend(_Word(word, run.start()) for word in _written_out(part))
        if parts == [whole] and folded[-1:] in ".!?,:":
            words.append(_Word(folded[-1], run.start()))
    return _spaced_out_joined(words)


def _written_out(part: str) -> list[str]:
    if part[0].isdigit() and not any(character.isalpha() for character in part):
        return [part]
    if part in _SHORT_FORMS:
        return _SHORT_FORMS[part].split()
    for ending, word in _ENDINGS.items():
        if part.endswith(ending) and part != ending:
            return [part.removesuffix(ending), word]
    if part.strip("-–—") == "":
        return ["-"]
    lettered = part.translate(_DIGITS_AS_LETTERS)
    return [lettered if lettered in _STARTERS else part]


def _spaced_out_joined(words: Sequence[_Word]) -> list[_Word]:
    """`b o o k e d` as one word."""
    joined: list[_Word] = []
    run: list[_Word] = []
    for word in [*words, _Word("", -1)]:
        # No run begins with "a": an article is not held back.
        if len(word.text) == 1 and word.text.isalpha() and (run or word.text != "a"):
            run.append(_Word(word.text, word.start, spelled_out=True))
            continue
        together = "".join(letter.text for letter in run)
        joined.extend([_Word(together, run[0].start, spelled_out=True)] if len(run) > 3 else run)
        run = []
        joined.append(word)
    return joined[:-1]


# --- what a sentence claims

_PRONOUNS = frozenset({"i", "we"})
_PERFECT = _set("have had just already now also successfully hereby then")
_POLITE = _set("and or so ok okay then also great sure now please just simply well")
_ACHIEVED = _set("able managed ahead happy glad pleased delighted")
_WISHES, _OBJECTS = _set("want wanted wants like liked"), _set("it that this them your the")
_IMPERATIVES = _set("tap press click say reply type hit confirm answer enter send choose pick pay")
_STATE = _set("is are was were been has have already fully currently now also probably being get gets")
_ONE_OF = _set("appointment booking reservation session visit")
_MANY = _set(
    "appointments bookings reservations sessions visits slots spots places times deposits cancellations "
    "refunds payments weekends people clients customers guests services"
)
_CONFIRMABLE = {"cancellation": "cancelled", "refund": "refunded", "payment": "paid", "change": "moved"}
_HABIT = _set("usually normally typically often always generally sometimes")
_ELSEWHERE = _set("unfortunately sorry afraid someone somebody another else others")
_LOOKUP = _set("email code name phone number address")


@dataclass(frozen=True)
class _Claim:
    """A claim in words `at` to `end` (exclusive) of a sentence, within the clause from `start` to `stop`."""

    words: Sequence[str]
    start: int
    at: int
    end: int
    stop: int

    @property
    def own(self) -> bool:
        """Said of the speaker's own finished act: "I have booked", which no condition softens."""
        at = self.at
        while at > self.start and self.words[at - 1] in _PERFECT:
            at -= 1
        return self.words[self.at] in _PRONOUNS or self.words[max(at - 1, self.start)] in _PRONOUNS


def _claimed(words: Sequence[_Word], allowed: frozenset[str]) -> tuple[str, Language] | None:
    """The kind of the first claim without a receipt, and the language it is made in."""
    texts = [word.text for word in words]
    begin = next((index for index, word in enumerate(words) if _holds(word)), len(words))
    sentence = " ".join(texts)
    offset = len(" ".join(texts[:begin])) + (1 if begin else 0)
    for language in _LANGUAGES:
        for kind, pattern in _COMPILED[id(language)]:
            for match in pattern.finditer(sentence, offset):
                at, end = (sentence.count(" ", 0, place) for place in match.span())
                claim = _located(texts, at, end + 1)
                meant = _CONFIRMABLE.get(_subject(claim)[0], kind) if match[0] == "confirmed" else kind
                if not _PROOFS[meant] & allowed and not _excused(claim, language):
                    return meant, language
    return None


def _holds(word: _Word) -> bool:
    return word.text in _STARTERS or word.spelled_out


def _located(words: Sequence[str], at: int, end: int) -> _Claim:
    start = next((index + 1 for index in range(at - 1, -1, -1) if words[index] in _BREAKS), 0)
    stop = next((index for index in range(end, len(words)) if words[index] in _BREAKS), len(words))
    return _Claim(words, start, at, end, stop)


def _excused(claim: _Claim, language: Language) -> bool:
    if _is_denied(claim, language) or _is_asked(claim, language) or _is_conditional(claim, language):
        return True
    return language is _ENGLISH and (_is_instructed(claim) or _is_general(claim) or _is_about_others(claim))


def _is_denied(claim: _Claim, language: Language) -> bool:
    words = claim.words
    for index in range(claim.at - 1, claim.start - 1, -1):
        word = words[index]
        if word in language.negators or (word in _WISHES and words[index + 1] in _OBJECTS):
            return True
        if word in language.auxiliaries and (words[index + 1] in language.heads or "*" in language.heads):
            achieved = word == "to" and words[index - 1] in _ACHIEVED
            return not achieved or bool({"not", "unable"} & set(words[max(index - 4, claim.start) : index]))
        if word not in language.glue and "*" not in language.glue:
            return False
    return False


def _is_asked(claim: _Claim, language: Language) -> bool:
    words = claim.words
    if not language.question_words:
        return claim.stop < len(words) and words[claim.stop] == "?"
    ended = next((word for word in words[claim.end :] if word in {".", "!", "?"}), "")
    opening = next((index for index in range(claim.start, claim.at + 1) if words[index] not in _POLITE), claim.at)
    asking = words[opening] in language.question_words and opening < claim.at
    now_that = ("now", "that") in zip(words[opening : claim.at], words[opening + 1 : claim.at], strict=False)
    return ended == "?" and asking and not now_that and (not claim.own or words[opening + 1] in _PRONOUNS)


def _is_conditional(claim: _Claim, language: Language) -> bool:
    words, everything = claim.words, "*" in language.agreeing
    conditions = [index for index, word in enumerate(words) if word in language.conditions and _opens(words, index)]
    for index in conditions:
        if (
            index >= claim.start
            and claim.at - 6 <= index < claim.at
            and (not claim.own or words[index + 1] in _PRONOUNS)
        ):
            return True
    if claim.own or words[claim.at - 1] in {"was", "were", "been"} & set(words[: claim.at]):
        return False
    for index in conditions:
        about = set(words[index + 1 : index + 9])
        same_clause = claim.end <= index < claim.stop and "and" not in words[claim.end : index]
        if (index < claim.start or same_clause) and (everything or about & language.agreeing):
            return True
    return False


def _opens(words: Sequence[str], index: int) -> bool:
    """Whether a condition begins here: not "once again", "after all", "after checking"."""
    word, following = words[index], words[index + 1] if index + 1 < len(words) else ""
    if word in {"soon", "case"}:
        return index > 0 and words[index - 1] in {"as", "in"}
    if word in {"after", "before", "upon"} and following.endswith("ing"):
        return False
    return following not in {"again", "more", "all", ""}


def _is_instructed(claim: _Claim) -> bool:
    """Tap Confirm and you are booked."""
    words = claim.words
    if claim.own:
        return False
    first = next((index for index in range(claim.start, claim.at) if words[index] not in _POLITE), claim.at)
    if words[first] in _IMPERATIVES and first < claim.at:
        return bool({"and", "then"} & set(words[first : claim.at]))
    if claim.start == 0 or words[claim.start] not in {"and", "then"}:
        return False
    earlier = _located(words, claim.start - 1, claim.start - 1)
    return next((word for word in words[earlier.start : claim.start] if word not in _POLITE), "") in _IMPERATIVES


def _is_general(claim: _Claim) -> bool:
    """Said of bookings in general ("cancelled appointments are charged"), or of how to find one."""
    words, following = claim.words, _after(claim)
    before = [*["", ""], *words[claim.start : claim.at]][-2:]
    subject, owner = _subject(claim)
    mine = {"your", "these", "those", "both", "two", "have", "i", "we"}
    if (subject in _MANY and owner not in mine) or (following in _MANY and before[1] not in {*mine, "the"}):
        return True
    if before[1] in {"a", "an", "any", "every", "each"} and before[0] not in {"have", "has", "got", "you"}:
        return True
    if following in {"with", "under"} and _LOOKUP & set(words):
        return True
    if words[claim.at] == "scheduled" and before[0] in {"of", "to", "for", "at"} and following in {"time", *_ONE_OF}:
        return True
    return bool(_HABIT & set(words[claim.start : claim.at]))


def _is_about_others(claim: _Claim) -> bool:
    """Said of a time that is taken: "fully booked", "that one is already booked"."""
    words = claim.words
    subject, owner = _subject(claim)
    for_the_customer = "you" in words[claim.end : claim.end + 2] or claim.own
    if words[claim.at] not in {"booked", "reserved"} or for_the_customer or owner == "your":
        return False
    if subject in {"you", "yourself", *_ONE_OF}:
        return False
    state = set(words[max(claim.at - 3, claim.start) : claim.at])
    full = {"fully", "double", "over", "solidly", "most", "heavily", "already"} & state
    return bool(full or _after(claim) in {"up", "out", "solid"} or _ELSEWHERE & set(words))


def _after(claim: _Claim) -> str:
    return claim.words[claim.end] if claim.end < len(claim.words) else ""


def _subject(claim: _Claim) -> tuple[str, str]:
    """The word that a participle is said of, and the one before it."""
    index = claim.at - 1
    while index >= claim.start and claim.words[index] in _STATE | _HABIT:
        index -= 1
    before = claim.words[claim.start : index + 1]
    return (before[-1] if before else ""), (before[-2] if len(before) > 1 else "")


# --- the stream

_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:dr|mr|mrs|ms|st|no|approx|e\.g|i\.e|vs|prof|jr)\.\s+$", re.IGNORECASE)
_END = re.compile(r"\n|[。！？]|(?<![!?])[!?]+[\"'”’)\]*_~`»]*\s|(?:(?<!\.)\.+|…)[\"'”’)\]*_~`»]*[^\S\n]+(?=\S)")


class ReceiptGuard:
    """A filter on the agent's outgoing text; `allowed` are the kinds this conversation holds receipts of.

    What comes out does not depend on how the text was cut into pieces. `said` is what has left before: a sentence
    that it leaves open ("You are all", then a tool) is judged together with what follows.
    """

    def __init__(self, allowed: frozenset[str], said: str = "") -> None:
        self._allowed = allowed
        self._sentence = f"{said.rstrip()} " if said.strip() else ""
        while end := _end_of_first(self._sentence):
            self._sentence = self._sentence[end:]
        self._open = self._released = len(self._sentence)
        self._holding = False
        self._said: set[str] = set()

    def feed(self, text: str) -> Checked:
        """Take in more text; answers what may leave now."""
        self._sentence += text
        return self._release(final=False)

    def finish(self) -> Checked:
        """The text is over; answers what was still held back."""
        return self._release(final=True)

    def _release(self, *, final: bool) -> Checked:
        out: list[str] = []
        violations: list[Violation] = []
        for sentence in self._ended(final):
            words = _words(sentence)
            claimed = _claimed(words, self._allowed)
            if claimed is None and self._open:
                claimed = _claimed(_words(sentence[self._open :]), self._allowed)
            if claimed is None:
                out.append(sentence[self._released :])
            else:
                violations.append(Violation(claimed[0], sentence.strip()))
                held = max(_held_from(words, len(sentence)), self._released)
                out.append(self._instead(sentence, *claimed, held))
            self._open, self._released, self._holding = 0, 0, False
        if not (final or self._holding):
            free = max(self._free_until(), self._released)
            out.append(self._sentence[self._released : free])
            self._released = free
        return Checked("".join(out), tuple(violations))

    def _ended(self, final: bool) -> Iterator[str]:
        """The sentences whose end is known; what follows stays."""
        while (end := _end_of_first(self._sentence)) or (final and self._sentence):
            sentence, self._sentence = self._sentence[: end or None], self._sentence[end:] if end else ""
            yield sentence

    def _free_until(self) -> int:
        """How much of the unfinished sentence cannot be part of a claim, whatever follows."""
        text = self._sentence
        complete = len(text) if text[-1:].isspace() else len(text) - len(text.split()[-1] if text else "")
        free = _held_from(_words(text[:complete]), complete)
        self._holding = free < complete
        return free if text[:free].strip() else 0

    def _instead(self, sentence: str, kind: str, language: Language, held: int) -> str:
        """The true sentence, after what the customer has already read of the untrue one."""
        free, ending = sentence[self._released : held], sentence[len(sentence.rstrip()) :]
        truth = language.said_instead[kind]
        begun = sentence[:held].rstrip()
        if any(character.isalnum() for character in begun):
            joint = "" if begun[-1] in ",;:–—-" else "– "
            return f"{free}{joint}{truth[0].lower()}{truth[1:]}{ending}"
        if truth in self._said:
            return "\n" if "\n" in ending else ""
        self._said.add(truth)
        return free + truth + ending


def check(text: str, allowed: frozenset[str]) -> tuple[str, tuple[Violation, ...]]:
    """The whole of `text` as it may leave, and what had to be struck."""
    guard = ReceiptGuard(allowed)
    begun, rest = guard.feed(text), guard.finish()
    return begun.text + rest.text, begun.violations + rest.violations


def _held_from(words: Sequence[_Word], otherwise: int) -> int:
    return next((word.start for word in words if _holds(word)), otherwise)


def _end_of_first(text: str) -> int:
    """Where the first sentence of `text` ends, its white space included; 0 while that is unknown."""
    forced = next((index + 1 for index in range(LONGEST_SENTENCE, len(text)) if text[index].isspace()), 0)
    for match in _END.finditer(text, 0, forced + 1 if forced else len(text)):
        end = match.end()
        stopped = match[0][0] not in ".…" or not (text[end].islower() or _ABBREVIATION.search(text[:end]))
        if stopped and (not forced or end < forced):
            return end
    return forced

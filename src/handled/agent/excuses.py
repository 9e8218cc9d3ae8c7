"""What takes a claim away: it is denied, asked, under a condition, an instruction, or said of others or in general."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handled.agent.claim_words import ANYTHING, ENGLISH, Language, words

_BREAKS = words(", ; : . ! ? ( ) - but so because pero aber mais")
_PRONOUNS = words("i we")
_OWN_ACT = re.compile(
    r"(?<!\S)(?:i|we) (?:(?:have|had|just|already|now|also|successfully|hereby|then|and|went ahead|gone ahead"
    r"|managed to|was able to) )*(?:(?:get|got) (?:you|it|that) )?$"
)
_JUST_NOW = words("now just successfully he hemos habe haben ai j'ai avons ahora jetzt nun maintenant")
_POLITE = words("and or so ok okay then also great sure now please just simply well")
_ACHIEVED = words("able managed ahead happy glad pleased delighted")
_WISHES, _OBJECTS = words("want wanted wants like liked"), words("it that this them your the")
_IMPERATIVES = words("tap press click say reply type hit confirm answer enter send choose pick pay")
_STATE = words("is are was were been has have already fully currently now also probably being get gets")
_ONE_OF = words("appointment booking reservation session visit")
_PEOPLE = words("people clients customers guests")
_MANY = _PEOPLE | words(
    "appointments bookings reservations sessions visits slots spots places times deposits cancellations "
    "refunds payments weekends services"
)
_MINE = words("your these those both two have i we")
_HABIT = words("usually normally typically often always generally sometimes")
_ELSEWHERE = words("unfortunately sorry afraid someone somebody another else others")
_CALLED_OFF = words("cancelled canceled rescheduled")
_YOUR_WORDS = words("wrote said say typed mean meant")
_LOOKUP = words("email code name phone number address")


@dataclass(frozen=True)
class Claim:
    """A claim in words `at` to `end` (exclusive) of a sentence, within the clause from `start` to `stop`."""

    words: Sequence[str]
    start: int
    at: int
    end: int
    stop: int

    @property
    def before(self) -> Sequence[str]:
        """What its clause says before it."""
        return self.words[self.start : self.at]

    @property
    def following(self) -> str:
        return self.words[self.end] if self.end < len(self.words) else ""

    @property
    def subject(self) -> tuple[str, str]:
        """The word that a participle is said of, and the one before it."""
        said = ["", "", *self.before]
        while said[-1] in _STATE | _HABIT:
            said.pop()
        return said[-1], said[-2]

    @property
    def own(self) -> bool:
        """Said of the speaker's own finished act: "I have booked", which no condition softens."""
        act = _OWN_ACT.search("".join(f"{word} " for word in self.before))
        return self.words[self.at] in _PRONOUNS or act is not None

    @property
    def recent(self) -> bool:
        """Said of something that was done just now."""
        return self.own or not _JUST_NOW.isdisjoint(self.words[self.start : self.end])


def located(words: Sequence[str], at: int, end: int) -> Claim:
    """The claim in `words[at:end]`, in its clause."""
    start = next((index + 1 for index in range(at - 1, -1, -1) if words[index] in _BREAKS), 0)
    stop = next((index for index in range(end, len(words)) if words[index] in _BREAKS), len(words))
    return Claim(words, start, at, end, stop)


def excused(claim: Claim, language: Language) -> bool:
    """Whether the sentence takes the claim away."""
    if _is_denied(claim, language) or _is_asked(claim, language) or _is_conditional(claim, language):
        return True
    return language is ENGLISH and (_is_instructed(claim) or _is_general(claim) or _is_about_others(claim))


def _is_denied(claim: Claim, language: Language) -> bool:
    words = claim.words
    for index in range(claim.at - 1, claim.start - 1, -1):
        word, following = words[index], words[index + 1]
        if word in language.negators or (word in _WISHES and following in _OBJECTS):
            return True
        if word in language.auxiliaries and (following in language.heads or language.heads is ANYTHING):
            achieved = word == "to" and words[index - 1] in _ACHIEVED
            return not achieved or not {"not", "unable"}.isdisjoint(words[max(index - 4, claim.start) : index])
        if word not in language.glue and language.glue is not ANYTHING:
            return False
    return False


def _is_asked(claim: Claim, language: Language) -> bool:
    words = claim.words
    if not language.question_words:
        return words[claim.stop : claim.stop + 1] == ["?"]
    ended = next((word for word in words[claim.end :] if word in {".", "!", "?"}), "")
    asking = [word for word in claim.before if word not in _POLITE]
    if ended != "?" or not asking or asking[0] not in language.question_words or "now that" in " ".join(claim.before):
        return False
    return not claim.own or (*asking, words[claim.at])[1] in _PRONOUNS


def _is_conditional(claim: Claim, language: Language) -> bool:
    words = claim.words
    conditions = [index for index, word in enumerate(words) if word in language.conditions and _opens(words, index)]
    near = range(max(claim.start, claim.at - 6), claim.at)
    if any(index in near and (not claim.own or words[index + 1] in _PRONOUNS) for index in conditions):
        return True
    if claim.own or ("", *claim.before)[-1] in {"was", "were", "been"}:
        return False
    return any(
        (index < claim.start or (claim.end <= index < claim.stop and "and" not in words[claim.end : index]))
        and (language.agreeing is ANYTHING or not language.agreeing.isdisjoint(words[index + 1 : index + 9]))
        for index in conditions
    )


def _opens(words: Sequence[str], index: int) -> bool:
    """Whether a condition begins here: not "once again", "after all", "after checking"."""
    word, following = words[index], words[index + 1] if index + 1 < len(words) else ""
    if word in {"soon", "case"}:
        return index > 0 and words[index - 1] in {"as", "in"}
    if word in {"after", "before", "upon"} and following.endswith("ing"):
        return False
    return following not in {"again", "more", "all", ""}


def _is_instructed(claim: Claim) -> bool:
    """Tap Confirm and you are booked."""
    if claim.own:
        return False
    said = [word for word in claim.before if word not in _POLITE]
    if said and said[0] in _IMPERATIVES:
        return not {"and", "then"}.isdisjoint(claim.before)
    if claim.start == 0 or claim.words[claim.start] not in {"and", "then"}:
        return False
    earlier = located(claim.words, claim.start - 1, claim.start - 1).before
    return next((word for word in earlier if word not in _POLITE), "") in _IMPERATIVES


def _is_general(claim: Claim) -> bool:
    """Said of bookings in general ("cancelled appointments are charged"), or of how to find one."""
    words, before = claim.words, ["", "", *claim.before][-2:]
    subject, owner = claim.subject
    if (subject in _MANY and owner not in _MINE) or (claim.following in _MANY and before[1] not in {*_MINE, "the"}):
        return True
    if before[1] in {"a", "an", "any", "every", "each"} and before[0] not in {"have", "has", "got", "you"}:
        return True
    if words[claim.at] in _CALLED_OFF and _is_any_one(*claim.subject):
        return True
    if before[0] == "you" and before[1] in _YOUR_WORDS:
        return True
    if claim.following in {"with", "under"} and not _LOOKUP.isdisjoint(words):
        return True
    if words[claim.at] == "scheduled" and claim.following == "time":
        return True
    return not _HABIT.isdisjoint(claim.before) or _is_process(claim)


def _is_any_one(subject: str, owner: str) -> bool:
    """Said of no booking in particular: "an appointment cancelled later", "a booking that is cancelled"."""
    return (subject in _ONE_OF and owner in {"a", "an", "any", "every", "each"}) or (
        subject in {"that", "which"} and owner in _ONE_OF
    )


def _is_process(claim: Claim) -> bool:
    """Said of how things go ("it is then moved"), or of what people do ("most people have it booked early")."""
    if not {"you", "your"}.isdisjoint(claim.before):
        return False
    said = " ".join(claim.words[claim.start : claim.end])
    return not _PEOPLE.isdisjoint(claim.before) or "is then " in said or "are then " in said


def _is_about_others(claim: Claim) -> bool:
    """Said of a time that is taken: "fully booked", "that one is already booked"."""
    words = claim.words
    subject, owner = claim.subject
    for_the_customer = "you" in words[claim.end : claim.end + 2] or claim.own
    if words[claim.at] not in {"booked", "reserved"} or for_the_customer or owner == "your":
        return False
    if subject in {"you", "yourself", *_ONE_OF}:
        return False
    full = {"fully", "double", "over", "solidly", "most", "heavily", "already"}
    return (
        not full.isdisjoint(words[max(claim.at - 3, claim.start) : claim.at])
        or claim.following in {"up", "out", "solid"}
        or not _ELSEWHERE.isdisjoint(words)
    )

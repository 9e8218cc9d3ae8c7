"""Industry packs: what a trade says and asks, and what it must not do, as data. `packs/` has one file for each.

A pack belongs to us, so that it may be part of the instructions; what a business writes over it may not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from ruamel.yaml import YAML

NAMES = ("general", "hair_beauty", "photography", "coaching", "therapy")
GENERAL = "general"
RETENTION_DAYS = 30

# Sentences of the guided model that a pack or a business may word for itself, each with the values it may use.
PHRASES: dict[str, frozenset[str]] = {
    "hello": frozenset(),
    "welcome": frozenset(),
    "welcome_back": frozenset({"name"}),
    "the_usual": frozenset({"what"}),
    "bye": frozenset(),
    "can_do": frozenset(),
    "anything_else": frozenset(),
    "ask_service": frozenset(),
    "ask_date": frozenset(),
    "ask_date_for": frozenset({"service"}),
    "ask_name_email": frozenset(),
    "declined": frozenset(),
    "comfort": frozenset({"service", "contact"}),
    "no_answer": frozenset(),
    "lost": frozenset(),
}
# What code says or shows, whichever model talks; `tone` and `limits` are for the language model.
TEXTS: dict[str, frozenset[str]] = {
    "tone": frozenset(),
    "limits": frozenset(),
    "disclosure": frozenset(),
    "before_booking": frozenset(),
    "crisis": frozenset({"business", "contact"}),
}
KEYS = (*TEXTS, *PHRASES)
OPTIONAL = re.compile(r"\s*\(optional\)\s*$", re.IGNORECASE)

_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


def check_wording(key: str, wording: str) -> str:
    """`wording` if it may stand for the text `key`. Raises ValueError for a value in braces that is not there."""
    allowed = {**TEXTS, **PHRASES}[key]
    try:
        used = {name for _, name, _, _ in Formatter().parse(wording) if name is not None}
        plain = not any(spec or conversion for _, _, spec, conversion in Formatter().parse(wording))
    except ValueError:
        used, plain = {"{"}, False
    if not plain or not used <= allowed:
        names = ", ".join(f"{{{each}}}" for each in sorted(allowed))
        raise ValueError(
            f"has a {{…}} that is not known here; there is {names}" if names else "may have no { or } in it"
        )
    return wording


class Pack(BaseModel):
    """One trade. `appointment` is what it calls one, with its article. `tone` and `limits` are what the language model
    is told. `intake` is asked before a booking of a service that does not say what it asks; what ends in "(optional)"
    may be skipped. With `discreet` mails do not say what they are about. `retention_days` is how long conversations are
    kept where the business does not say; None: 30 days. `texts` are said by code, `phrases` by the guided
    model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: _Sentence
    appointment: Annotated[str, StringConstraints(pattern=r"^an? [a-z]+$")]
    tone: _Sentence
    limits: tuple[_Sentence, ...] = Field(min_length=1)
    intake: tuple[_Sentence, ...] = ()
    discreet: bool = False
    retention_days: int | None = Field(default=None, ge=1)
    texts: Mapping[str, _Sentence]
    phrases: Mapping[str, Annotated[tuple[_Sentence, ...], Field(min_length=1)]] = Field(default_factory=dict)

    @field_validator("texts")
    @classmethod
    def _known_texts(cls, texts: Mapping[str, str]) -> Mapping[str, str]:
        known = TEXTS.keys() - {"tone", "limits"}
        if unknown := texts.keys() - known:
            raise ValueError(f"there is no text {sorted(unknown)}")
        return {key: check_wording(key, text) for key, text in texts.items()}

    @field_validator("phrases")
    @classmethod
    def _known_phrases(cls, phrases: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        if unknown := phrases.keys() - PHRASES.keys():
            raise ValueError(f"there is no phrase {sorted(unknown)}")
        return {key: tuple(check_wording(key, each) for each in variants) for key, variants in phrases.items()}

    @model_validator(mode="after")
    def _answers_a_crisis(self) -> Self:
        if "crisis" not in self.texts:
            raise ValueError("says nothing in a crisis")
        return self


@cache
def pack_of(name: str) -> Pack:
    """The pack of this name; the general one for a name that there is not any more."""
    chosen = name if name in NAMES else GENERAL
    file = resources.files("handled.tenants") / "packs" / f"{chosen}.yaml"
    data: Any = YAML(typ="safe").load(file.read_text("utf-8"))  # pyright: ignore[reportUnknownMemberType]
    return Pack.model_validate(data)


def retention_days(pack: str, own: int | None) -> int:
    """For how many days conversations are kept: as the business says, else its pack."""
    return own or pack_of(pack).retention_days or RETENTION_DAYS


def text_of(pack: str, own: Mapping[str, str], key: str) -> str:
    """What is said for `key`: the business's `own` wording, else its pack's; empty for nothing."""
    return own.get(key) or pack_of(pack).texts.get(key, "")


def questions_of(pack: str, own: tuple[str, ...] | None) -> tuple[str, ...]:
    """What is asked before a booking: the service's `own` questions, where there are none (None) its pack's. No
    questions are questions of its own, too."""
    return pack_of(pack).intake if own is None else own


def may_be_skipped(question: str) -> bool:
    """Whether the question needs no answer."""
    return OPTIONAL.search(question) is not None


def as_asked(question: str) -> str:
    """The question as a customer reads it."""
    return OPTIONAL.sub("", question)

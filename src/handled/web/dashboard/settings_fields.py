"""The fields of the settings: where each is in the tenant's document, and how it is shown and read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import FormData

from handled.kit import money
from handled.tenants import industry
from handled.tenants.document import REMINDERS
from handled.tenants.durations import write_minutes
from handled.tenants.industry import PHRASES, TEXTS, Pack
from handled.usage.budgets import Limits
from handled.web.dashboard.catalog_editing import Data, number_or_text, text_of

Kind = Literal["text", "email", "url", "color", "area", "select", "check"]

YES = "yes"


def _as_typed(typed: str) -> Any:
    """Nothing typed is nothing said: then it is as when the file leaves it out."""
    return typed or None


def _lines(typed: str) -> list[str] | None:
    return [line.strip() for line in typed.splitlines() if line.strip()] or None


def _list(typed: str) -> list[str]:
    return [each.strip() for each in typed.split(",") if each.strip()]


def _number(typed: str) -> int | str | None:
    return number_or_text(typed) if typed else None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form and of the document, in which it is below `inside`. `left_out` is what it says there when
    the file does not; `parse` makes of what was typed what the file would have, None for leaving it out."""

    name: str
    label: str
    hint: str = ""
    kind: Kind = "text"
    inside: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    left_out: str = ""
    parse: Callable[[str], Any] = _as_typed
    joint: str = ", "

    def shown(self, data: Data) -> str:
        value = (data.get(self.inside) or {} if self.inside else data).get(self.name)
        if value is None:
            return self.left_out
        if isinstance(value, bool):
            return YES if value else ""
        return self.joint.join(str(each) for each in value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def typed(self, form: FormData) -> str:
        return text_of(form, self.name).replace("\r\n", "\n")

    def write(self, data: Data, typed: str) -> None:
        """Put what was typed where it belongs in the document."""
        part: Data = data.setdefault(self.inside, {}) if self.inside else data
        value = self.parse(typed)
        part.pop(self.name, None)
        if value is not None:
            part[self.name] = value
        if self.inside and not part:
            del data[self.inside]


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading. `is_folded`: seldom needed."""

    heading: str
    fields: tuple[Field, ...]
    lead: str = ""
    is_folded: bool = False


def _check(name: str, label: str, hint: str, inside: str | None = None) -> Field:
    """A yes that is a yes unless the file says no."""
    return Field(name, label, hint, "check", inside, left_out=YES, parse=lambda typed: None if typed == YES else False)


BUSINESS = (
    Group(
        "Who you are",
        (
            Field("name", "Name"),
            Field("tagline", "In one line", "Below the name on your chat page."),
            Field("contact_email", "Email address", "Customers' answers and our notices go there.", "email"),
            Field("phone", "Phone"),
            Field("address", "Address"),
            Field("website", "Website", "As in https://www.example.com", "url"),
        ),
    ),
    Group(
        "Where and how you count",
        (
            Field("timezone", "Time zone", "As in Europe/Madrid or America/New_York. Your hours are meant in it."),
            Field("locale", "Language and country", "As in en_US, en_GB or es_ES: how dates and money are written."),
            Field("currency", "Currency", "Its three letters. Prices keep their numbers when you change it."),
        ),
    ),
)
BRAND = (
    Group(
        "How the chat looks",
        (
            Field("color", "Colour", "As in #7a4a63. Text on it is made readable by itself.", "color", "branding"),
            Field("logo_url", "Address of your logo", "As in https://www.example.com/logo.png", "url", "branding"),
            Field(
                "greeting",
                "Greeting",
                "The first thing customers read. It always says that it is an AI: where yours does not, a sentence that"
                " does is added.",
                "area",
                "branding",
            ),
        ),
    ),
)
_STEPS = (("code_and_email", "its code and the email address"), ("one_time_code", "that, and six digits sent by mail"))
BOOKING = (
    Group(
        "Before something happens",
        (
            _check(
                "typed_yes",
                "A typed “yes” is enough",
                "Customers may say yes in words. Without this, only the button or the code counts.",
            ),
            *(
                Field(name, label, "", "select", "proofs", _STEPS, left_out=_STEPS[0][0])
                for name, label in (
                    ("view", "To see a booking, a customer shows"),
                    ("cancel", "To cancel one"),
                    ("reschedule", "To move one"),
                )
            ),
        ),
    ),
    Group(
        "Before and after an appointment",
        (
            Field(
                "reminders",
                "Reminders by mail",
                "How long before, with commas between: 24 h, 2 h. Empty: never.",
                left_out=", ".join(write_minutes(each) for each in REMINDERS),
                parse=_list,
            ),
            _check(
                "mail", "Ask by mail how it was", "Once, after the appointment. The chat asks in any case.", "ratings"
            ),
        ),
    ),
    Group(
        "Payments",
        (
            Field(
                "stripe_account",
                "Your account at Stripe",
                "It reads acct_… Empty: payments go to the account of whoever runs this installation.",
            ),
        ),
    ),
)
WEBSITE = (
    Group(
        "Sites that may show the chat",
        (
            Field(
                "allowed_origins",
                "Addresses",
                "One on each line, scheme and host only: https://www.example.com",
                "area",
                parse=_lines,
                joint="\n",
            ),
        ),
        "Nobody else can put your chat on their pages. Your own chat page works without.",
    ),
)
_TEXT_LABELS = {
    "tone": "How it speaks",
    "limits": "What it must not do",
    "disclosure": "Said after the greeting",
    "before_booking": "Said before a booking",
    "crisis": "Said to somebody in great distress",
    "hello": "Hello",
    "welcome": "Welcome",
    "welcome_back": "Welcome back",
    "the_usual": "Offering the usual",
    "bye": "Goodbye",
    "can_do": "What it can do",
    "anything_else": "Anything else?",
    "ask_service": "Asking for the service",
    "ask_date": "Asking for the day",
    "ask_date_for": "Asking for the day of a service",
    "ask_name_email": "Asking for name and address",
    "declined": "After a no",
    "comfort": "When somebody is nervous",
    "no_answer": "When it does not know",
    "lost": "When it did not understand",
}


def agent(pack: Pack, limits: Limits) -> tuple[Group, ...]:
    """What the agent says and may use; `pack` says what is said otherwise, `limits` what holds otherwise."""
    packs = tuple((name, industry.pack_of(name).label) for name in industry.NAMES)
    return (
        Group(
            "Your trade",
            (
                Field(
                    "pack",
                    "Industry pack",
                    "Tone, limits and questions of a trade. Your own words below come before it.",
                    "select",
                    options=packs,
                    left_out=industry.GENERAL,
                ),
            ),
        ),
        _budgets(limits),
        Group("In your words", tuple(_text(key, pack) for key in TEXTS), "What you leave empty is as the pack has it."),
        Group(
            "Single sentences",
            tuple(_text(key, pack) for key in PHRASES),
            "Said while no language model answers.",
            is_folded=True,
        ),
    )


def retention(pack: Pack) -> tuple[Group, ...]:
    days = pack.retention_days or industry.RETENTION_DAYS
    hint = f"After the last thing said, as in 60 days; at least 7 days. Empty: {days} days, as your industry pack says."
    return (Group("How long conversations are kept", (Field("retention", "Kept for", hint, parse=_number),)),)


def _text(key: str, pack: Pack) -> Field:
    values = sorted({**TEXTS, **PHRASES}[key])
    if key == "tone":
        said = pack.tone
    elif key == "limits":
        said = " ".join(pack.limits)
    else:
        said = pack.texts.get(key) or next(iter(pack.phrases.get(key, ())), "")
    uses = f" You may use {', '.join(f'{{{each}}}' for each in values)}." if values else ""
    return Field(
        key, _TEXT_LABELS[key], (f"Otherwise: “{said}”" if said else "Otherwise nothing.") + uses, "area", "texts"
    )


def _budgets(limits: Limits) -> Group:
    def dollars(micros: int | None) -> str:
        return "no limit" if micros is None else f"${money.plain_micros(micros)}"

    def tokens(count: int | None) -> str:
        return "no limit" if count is None else f"{count:,}"

    named = (
        ("per_day", "A day, in US dollars", dollars(limits.per_day)),
        ("per_conversation", "A conversation, in US dollars", dollars(limits.per_conversation)),
        ("per_day_tokens", "A day, in tokens", tokens(limits.per_day_tokens)),
        ("per_conversation_tokens", "A conversation, in tokens", tokens(limits.per_conversation_tokens)),
        ("per_turn_tokens", "One answer, in tokens", tokens(limits.per_turn_tokens)),
        ("per_turn_calls", "Calls of the model for one answer", tokens(limits.per_turn_calls)),
    )
    return Group(
        "What the language model may use",
        tuple(
            Field(name, label, f"Left empty: {otherwise}.", inside="budgets", parse=_number)
            for name, label, otherwise in named
        ),
        "Past a limit the guided model answers, and customers can still book. You get a mail at 80 % of a day and at"
        " its end. “none” is no limit. Tokens count where a model's price is not known.",
    )

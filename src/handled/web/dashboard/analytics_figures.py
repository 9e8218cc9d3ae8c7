"""The figures of the analytics page: tiles with what has changed, and the funnel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from handled.analytics.report import Period
from handled.catalog.business import Business
from handled.kit import money
from handled.web.dashboard.charts import dollars
from handled.web.tenant.analytics_views import figures_view

Tone = Literal["good", "bad", ""]

OUTCOMES = {
    "booked": "Booked",
    "moved": "Moved a booking",
    "cancelled": "Cancelled a booking",
    "answered": "Got an answer",
    "unresolved": "Not resolved",
    "silent": "Fell silent",
    "ongoing": "Still going on",
}
_STEPS = (
    ("asked", "Asked for a time"),
    ("shown", "Saw free times"),
    ("proposed", "Were offered a booking"),
    ("agreed", "Agreed"),
    ("confirmed", "Have a booking"),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """`change` is against the days before; `tone` says whether that is good."""

    label: str
    value: str
    note: str
    change: str | None = None
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`percent` of those who took the first step."""

    label: str
    count: int
    percent: int
    note: str = ""


def tiles(business: Business, total: Period, before: Period) -> list[Tile]:
    now, then = figures_view(total), figures_view(before)
    return [
        _count(
            "Conversations",
            now["conversations"],
            then["conversations"],
            f"{now['messages']['customer']:,} message{'' if now['messages']['customer'] == 1 else 's'}"
            f" of customers, {now['messages']['agent']:,} of the assistant, {now['messages']['staff']:,} of people",
        ),
        _share("Resolved", now["resolution_rate"], then["resolution_rate"], _judged(now)),
        _satisfied(now, then),
        _share(
            "Led to a booking", now["conversion_rate"], then["conversion_rate"], _some(now["converted"], "conversation")
        ),
        *_money(business, now, then),
        _share(
            "Asked for a person",
            now["escalation_rate"],
            then["escalation_rate"],
            _some(now["escalated"], "conversation"),
            is_bad=True,
        ),
        _share(
            "Without a person",
            now["containment_rate"],
            then["containment_rate"],
            _some(now["contained"], "conversation"),
        ),
        _first_words(now["first_text_ms"], then["first_text_ms"]),
        *_spent(now, then),
    ]


def funnel(total: Period) -> list[Step]:
    first = total.of("asked")
    steps = [Step(label, total.of(name), _percent(total.of(name), first)) for name, label in _STEPS]
    due = total.of("due")
    if due:
        steps.append(
            Step("Paid", total.of("paid"), _percent(total.of("paid"), first), f"of {due} that had to pay first")
        )
    return steps


def _count(label: str, now: int, then: int, note: str) -> Tile:
    change = _more((now - then) / then) if then else None
    return Tile(label, f"{now:,}", note, change, _tone(now - then) if then else "")


def _used(label: str, now: int, then: int, note: str) -> Tile:
    """As `_count`, of what is neither good nor bad."""
    return replace(_count(label, now, then, note), tone="")


def _share(label: str, now: float | None, then: float | None, note: str, *, is_bad: bool = False) -> Tile:
    if now is None:
        return Tile(label, "–", "nothing to judge yet")
    points = None if then is None else round(now * 100) - round(then * 100)
    change = None if points is None else _signed(points, f"{points:+d} point{'' if abs(points) == 1 else 's'}")
    return Tile(label, _of_100(now), note, change, _tone(points or 0, is_bad=is_bad))


def _satisfied(now: dict[str, Any], then: dict[str, Any]) -> Tile:
    said, before = now["csat"], then["csat"]
    thumbs = f"thumbs: {now['thumbs_up']} up, {now['thumbs_down']} down"
    if not said["count"]:
        return Tile("Satisfied (CSAT)", "–", f"nobody has rated; {thumbs}")
    note = f"of {said['count']} ratings; with 95 % confidence {_of_100(said['low'])} to {_of_100(said['high'])}"
    return _share("Satisfied (CSAT)", said["share"], before["share"] if before["count"] else None, f"{note}; {thumbs}")


def _judged(now: dict[str, Any]) -> str:
    judged = now["conversations"] - now["silent"] - now["ongoing"]
    return f"{now['resolved']} of {judged}; {now['silent']} more fell silent, {now['ongoing']} go on"


def _money(business: Business, now: dict[str, Any], then: dict[str, Any]) -> list[Tile]:
    said: list[Tile] = []
    for name, label, note in (
        ("booked", "Worth of bookings", "made in these conversations"),
        ("paid", "Paid in the chat", "less what went back"),
    ):
        before = {each["currency"]: each["amount"] for each in then[name]}
        found: list[dict[str, Any]] = now[name] or (
            [{"amount": 0, "currency": business.currency}] if name == "booked" else []
        )
        for each in found:
            was = before.get(each["currency"], 0)
            change = _more((each["amount"] - was) / was) if was > 0 else None
            value = money.format(each["amount"], each["currency"], business.locale)
            said.append(Tile(label, value, note, change, _tone(each["amount"] - was) if change else ""))
    return said


def _first_words(now: dict[str, Any], then: dict[str, Any]) -> Tile:
    if now["p50"] is None:
        return Tile("Until the first words", "–", "no answers yet")
    # As exactly as it is said: less than that is no change.
    tenths = 0 if then["p50"] is None else round(now["p50"] / 100) - round(then["p50"] / 100)
    change = None if then["p50"] is None else _signed(tenths, f"{tenths / 10:+.1f} s")
    tone = _tone(tenths, is_bad=True)
    note = f"at most, for half of {now['turns']:,} answers; 19 of 20 within {now['p95'] / 1000:.1f} s"
    return Tile("Until the first words", f"{now['p50'] / 1000:.1f} s", note, change, tone)


def _spent(now: dict[str, Any], then: dict[str, Any]) -> list[Tile]:
    used, before = now["usage"], then["usage"]
    tokens, tokens_before = (each["input_tokens"] + each["output_tokens"] for each in (used, before))
    cost, each = dollars(used["cost_micros"]), dollars(used["cost_per_resolved_micros"])
    unknown = f"{_some(used['unpriced_calls'], 'call')} without a known price" if used["unpriced_calls"] else ""
    return [
        _used("Tokens", tokens, tokens_before, f"in {used['calls']:,} calls of models"),
        Tile("Cost of models", cost or "unknown", unknown or "see Usage"),
        Tile("Cost per resolved", each or ("unknown" if unknown else "–"), unknown or "cost ÷ conversations resolved"),
    ]


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _of_100(share: float) -> str:
    return f"{share * 100:.0f} %"


def _more(share: float) -> str:
    return _signed(round(share * 100), f"{share * 100:+.0f} %")


def _signed(change: float, said: str) -> str:
    return said if change else "as before"


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _tone(change: float, *, is_bad: bool = False) -> Tone:
    if not change:
        return ""
    return "good" if (change > 0) is not is_bad else "bad"

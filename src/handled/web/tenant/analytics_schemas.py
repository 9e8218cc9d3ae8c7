"""The report on conversations, as OpenAPI describes it. `docs/analytics.md` has the formula of each figure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from handled.web.public.schemas import Wire

Share = Annotated[float | None, Field(description="Between 0 and 1; null where there is nothing to divide by")]


class AmountOut(Wire):
    """Minor units; negative where more went back than came in."""

    amount: int
    currency: str


class TalksOut(Wire):
    """Conversations in which a customer has said something, by the day they began, and what they came to.
    `resolved` is verified: booked, moved, cancelled or answered, without a person, and nobody came back within 72
    hours. `silent` ones, and those that are `ongoing`, are counted apart. `converted` led to a confirmed booking."""

    conversations: int
    resolved: int
    silent: int
    ongoing: int
    returned: int
    escalated: int
    contained: int
    converted: int


class MessagesOut(Wire):
    customer: int
    agent: int
    staff: int


class CsatOut(Wire):
    """`share` of the `count` ratings were 4 or 5; between `low` and `high` it lies with 95 % confidence (Wilson)."""

    count: int
    share: Share
    low: float
    high: float


class FirstTextOut(Wire):
    """From the customer's message to the first words, in milliseconds, right to a tenth; null without turns."""

    p50: int | None
    p95: int | None
    turns: int


class FunnelOut(Wire):
    """Conversations that came so far: asked for a time, saw free ones, were proposed one, agreed, and have a confirmed
    booking; of those that agreed, in which something was `due`, and in which it was `paid`."""

    asked: int
    shown: int
    proposed: int
    agreed: int
    confirmed: int
    due: int
    paid: int


class SpentOut(Wire):
    """`costMicros` is in millionths of a US dollar, null when the price of any of the calls is not known;
    `pricedMicros` is what those with a known price cost."""

    calls: int
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    priced_micros: int
    unpriced_calls: int
    cost_micros: int | None


class UsageOut(SpentOut):
    cost_per_resolved_micros: int | None


class FiguresOut(TalksOut):
    """`opened` has also those in which nobody said anything. `booked` is the price of the bookings that conversations
    led to; `paid` is what came in for bookings made by chat less what went back, by the day it moved."""

    opened: int
    messages: MessagesOut
    resolution_rate: Share
    conversion_rate: Share
    escalation_rate: Share
    containment_rate: Share
    csat: CsatOut
    thumbs_up: int
    thumbs_down: int
    booked: list[AmountOut]
    paid: list[AmountOut]
    first_text_ms: FirstTextOut
    funnel: FunnelOut
    unanswered: int
    unavailable: int
    failed_turns: int
    degraded_turns: int
    usage: UsageOut


class PeriodOut(FiguresOut):
    """Both dates are included."""

    from_: date = Field(alias="from")
    to: date


class ServiceOut(FunnelOut):
    """A conversation counts once for each service that it was about."""

    service: str
    label: str
    bookings: int
    booked: list[AmountOut]


class HourOut(TalksOut):
    """Conversations that began in this hour of the local day."""

    hour: int


class ModelOut(TalksOut, SpentOut):
    """Conversations by the model that answered last (`none`: none did), turns and calls by their own."""

    model: str
    turns: int
    unanswered: int
    degraded: int


class PackOut(TalksOut):
    pack: str


class ChannelOut(TalksOut):
    channel: str


class OutcomeOut(TalksOut):
    """`booked`, `moved`, `cancelled`, `answered`, `unresolved`, `silent` or `ongoing`."""

    outcome: str


class QuestionOut(Wire):
    """What nobody could answer, kept as long as its conversation; `conversationId` is where it was asked last."""

    question: str
    count: int
    last_at: datetime
    conversation_id: UUID


class TimeOut(Wire):
    """A time that was asked for and not free. `weekday` 1 is Monday; `hour` is null for a whole day, `service` for a
    booking that was to be moved."""

    service: str | None
    label: str | None
    weekday: int
    hour: int | None
    reason: str | None
    count: int


class ChatAnalytics(Wire):
    """`periods` are the buckets, in order and without a gap, cut to the range; the tables are of the whole range."""

    from_: date = Field(alias="from")
    to: date
    timezone: str
    bucket: str
    totals: FiguresOut
    periods: list[PeriodOut]
    services: list[ServiceOut]
    hours: list[HourOut]
    models: list[ModelOut]
    packs: list[PackOut]
    channels: list[ChannelOut]
    outcomes: list[OutcomeOut]
    questions: list[QuestionOut]
    times: list[TimeOut]

"""Counting: what the conversations of some local days came to, from the rows themselves.

`docs/analytics.md` has the formula of every figure. Each statement answers rows of day, part, key, figure and number;
numbers of the same name may be added, across days too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

# The whole of a conversation, and of everything that is counted without regard to what it belongs to.
ALL = "all"
# Upper ends of the buckets, in milliseconds: steps of a tenth, from 10 ms to 100 s. Percentiles cannot be added up,
# buckets can.
_STEPS = (10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91)
FIRST_TEXT_MS = (*(step * 10**power for power in range(4) for step in _STEPS), 100_000)

# Who comes back is recognised by the address they are known under, else by where they write from.
_OUTCOMES = """
with c as (
  select c.id, c.created_at, c.pack, c.channel, c.ended_at, c.ended_by, c.client, c.verified_email
  from conversations c where c.tenant_id = :tenant and c.created_at >= :since
), talk as (
  select m.conversation_id as id, count(*) filter (where m.role = 'customer') as said,
    bool_or(m.role = 'staff') as staff,
    max(m.created_at) filter (where m.role = 'customer') as last_said
  from messages m join c on c.id = m.conversation_id where m.tenant_id = :tenant group by 1
), turned as (
  select t.conversation_id as id,
    (array_agg(t.model order by t.created_at desc, t.id desc) filter (where t.model is not null))[1] as model,
    bool_or(t.service is not null) as asked, bool_or(t.saw_times) as saw_times, bool_or(t.said_goodbye) as goodbye,
    max(t.created_at) filter (where t.gave_answer) as answered_at,
    max(t.created_at) filter (where t.is_unanswered or t.status = 'failed') as unanswered_at
  from turns t join c on c.id = t.conversation_id where t.tenant_id = :tenant group by 1
), proposed as (
  select p.conversation_id as id, bool_or(p.action = 'book') as proposed,
    bool_or(p.action = 'book' and p.status = 'executed') as agreed,
    (array_agg(p.action order by p.decided_at desc, p.id desc)
      filter (where p.status = 'executed' and p.action in ('book', 'cancel', 'reschedule')))[1] as deed
  from proposals p join c on c.id = p.conversation_id where p.tenant_id = :tenant group by 1
), made as (
  select b.conversation_id as id, bool_or(b.confirmed_at is not null) as booked, bool_or(b.due_minor > 0) as due,
    bool_or(b.paid_at is not null) as paid, min(lower(b.customer_email)) as email
  from bookings b join c on c.id = b.conversation_id where b.tenant_id = :tenant group by 1
), called as (
  select e.conversation_id as id, min(lower(e.customer_email)) as email
  from escalations e join c on c.id = e.conversation_id where e.tenant_id = :tenant group by 1
), thumbed as (
  select u.conversation_id as id, bool_or(u.is_up) as up, bool_or(not u.is_up) as down
  from thumbs u join c on c.id = u.conversation_id where u.tenant_id = :tenant group by 1
), known as (
  select c.*, talk.staff, talk.last_said, coalesce(lower(c.verified_email), made.email, called.email) as email,
    called.id is not null as escalated, coalesce(made.booked, false) as booked, made.due, made.paid
  from c join talk on talk.id = c.id and talk.said > 0
  left join made on made.id = c.id left join called on called.id = c.id
), met as (
  select k.*,
    case when k.email is not null then lead(k.created_at) over (
      partition by k.email order by k.created_at, k.id) end as known_again,
    case when k.client is null then null
      when k.email is null then lead(k.created_at) over (partition by k.client order by k.created_at, k.id)
      else min(k.created_at) filter (where k.email is null) over (partition by k.client
        order by k.created_at desc, k.id desc rows between unbounded preceding and 1 preceding) end as seen_again
  from known k
), judged as (
  select met.*, turned.model, turned.asked, turned.saw_times, proposed.proposed, proposed.agreed,
    coalesce(least(met.known_again, met.seen_again) <= met.last_said + interval '72 hours', false) as returned,
    case
      when proposed.deed = 'book' and met.booked then 'booked'
      when proposed.deed = 'reschedule' then 'moved'
      when proposed.deed = 'cancel' then 'cancelled'
      when turned.answered_at is not null and coalesce(turned.unanswered_at < turned.answered_at, true)
        and not coalesce(thumbed.down, false) and coalesce(r.rating, 5) > 3
        and (turned.goodbye or met.ended_by = 'resolved' or thumbed.up or r.rating is not null) then 'answered'
      when met.escalated or thumbed.down or r.rating < 4 or coalesce(turned.unanswered_at, '-infinity')
        > coalesce(turned.answered_at, '-infinity') then 'unresolved'
      when met.ended_at is null then 'ongoing'
      when met.ended_by = 'silence' then 'silent'
      else 'unresolved'
    end as outcome
  from met left join turned on turned.id = met.id left join proposed on proposed.id = met.id
  left join thumbed on thumbed.id = met.id
  left join ratings r on r.tenant_id = :tenant and r.conversation_id = met.id
  where met.created_at < :until
), counted as (
  select greatest((j.created_at at time zone :zone)::date, :first) as day, dimension.part, dimension.key,
    count(*) as conversations,
    count(*) filter (where outcome in ('booked', 'moved', 'cancelled', 'answered') and not escalated and not returned)
      as resolved,
    count(*) filter (where outcome = 'silent') as silent, count(*) filter (where outcome = 'ongoing') as ongoing,
    count(*) filter (where returned) as returned, count(*) filter (where escalated) as escalated,
    count(*) filter (where not escalated and not staff) as contained, count(*) filter (where booked) as converted,
    count(*) filter (where asked or saw_times or proposed or booked) as asked,
    count(*) filter (where saw_times or proposed or booked) as shown,
    count(*) filter (where proposed or booked) as proposed,
    count(*) filter (where agreed or booked) as agreed,
    count(*) filter (where booked) as confirmed,
    count(*) filter (where (agreed or booked) and due) as due,
    count(*) filter (where paid and due) as paid
  from judged j cross join lateral (values
    ('all', 'all'), ('hour', extract(hour from j.created_at at time zone :zone)::int::text),
    ('model', coalesce(j.model, 'none')), ('pack', coalesce(j.pack, 'none')), ('channel', j.channel),
    ('outcome', j.outcome)) as dimension (part, key)
  group by 1, 2, 3
)
select day, part, key, figure, value from counted cross join lateral (values
  ('conversations', conversations), ('resolved', resolved), ('silent', silent), ('ongoing', ongoing),
  ('returned', returned), ('escalated', escalated), ('contained', contained), ('converted', converted),
  ('asked', asked), ('shown', shown), ('proposed', proposed), ('agreed', agreed), ('confirmed', confirmed),
  ('due', due), ('paid', paid)) as figures (figure, value)
where value <> 0
union all
select greatest((c.created_at at time zone :zone)::date, :first), 'all', 'all', 'opened', count(*)
from c where c.created_at < :until group by 1
"""

# A conversation counts once for each service that it was about.
_SERVICES = """
with c as (
  select c.id, greatest((c.created_at at time zone :zone)::date, :first) as day
  from conversations c where c.tenant_id = :tenant and c.created_at >= :since and c.created_at < :until
), wanted as (
  select c.day, c.id, t.service, true as asked, t.saw_times as shown, false as proposed, false as agreed,
    false as confirmed, false as due, false as paid, 0 as bookings, 0::bigint as booked_minor, null as currency
  from c join turns t on t.tenant_id = :tenant and t.conversation_id = c.id where t.service is not null
  union all
  select c.day, c.id, s.key, true, true, true, b.customer_id is not null or b.confirmed_at is not null,
    b.confirmed_at is not null, b.due_minor > 0 and (b.customer_id is not null or b.confirmed_at is not null),
    b.due_minor > 0 and b.paid_at is not null, case when b.confirmed_at is not null then 1 else 0 end,
    case when b.confirmed_at is not null then coalesce(b.price_minor, 0) else 0 end, b.currency
  from c join bookings b on b.tenant_id = :tenant and b.conversation_id = c.id
  join services s on s.tenant_id = :tenant and s.id = b.service_id
), once as (
  select day, id, service, bool_or(shown) as shown, bool_or(proposed) as proposed, bool_or(agreed) as agreed,
    bool_or(confirmed) as confirmed, bool_or(due) as due, bool_or(paid) as paid, sum(bookings) as bookings
  from wanted group by 1, 2, 3
), counted as (
  select day, service, count(*) as asked, count(*) filter (where shown) as shown,
    count(*) filter (where proposed) as proposed, count(*) filter (where agreed) as agreed,
    count(*) filter (where confirmed) as confirmed, count(*) filter (where due) as due,
    count(*) filter (where paid) as paid, sum(bookings)::bigint as bookings
  from once group by 1, 2
)
select day, 'service' as part, service as key, figure, value from counted cross join lateral (values
  ('asked', asked), ('shown', shown), ('proposed', proposed), ('agreed', agreed), ('confirmed', confirmed),
  ('due', due), ('paid', paid), ('bookings', bookings)) as figures (figure, value)
where value <> 0
union all
select day, 'service', service, 'booked:' || currency, sum(booked_minor)::bigint
from wanted where booked_minor <> 0 group by 1, 3, currency
"""

_MOMENTS = """
with t as (
  select greatest((t.created_at at time zone :zone)::date, :first) as day, t.*
  from turns t where t.tenant_id = :tenant and t.created_at >= :since and t.created_at < :until
), u as (
  select greatest((u.created_at at time zone :zone)::date, :first) as day, u.*
  from usage_records u where u.tenant_id = :tenant and u.created_at >= :since and u.created_at < :until
), l as (
  select greatest((l.created_at at time zone :zone)::date, :first) as day, l.currency, l.amount_minor
  from ledger_entries l join bookings b on b.tenant_id = l.tenant_id and b.id = l.booking_id
  where l.tenant_id = :tenant and l.created_at >= :since and l.created_at < :until and b.source = 'CHATBOT'
)
select greatest((m.created_at at time zone :zone)::date, :first) as day, 'messages' as part, m.role as key,
  'count' as figure, count(*) as value
from messages m where m.tenant_id = :tenant and m.created_at >= :since and m.created_at < :until and m.role <> 'system'
group by 1, 3
union all
select day, 'first_text', width_bucket(first_text_ms - 1, cast(:bounds as int[]))::text, 'count', count(*)
from t where first_text_ms is not null group by 1, 3
union all
select day, 'all', 'all', figure, count(*) from t cross join lateral (values
  ('unanswered', t.is_unanswered), ('failed', t.status = 'failed'), ('degraded', t.is_degraded)
  ) as figures (figure, holds)
where holds group by 1, 4
union all
select day, 'model', model, figure, count(*) from t cross join lateral (values
  ('turns', true), ('unanswered', t.is_unanswered), ('degraded', t.is_degraded)) as figures (figure, holds)
where holds and model is not null group by 1, 3, 4
union all
select day, 'missed', concat_ws('|', service, weekday, hour, reason), 'count', count(*) from (
  select distinct on (t.day, t.conversation_id, t.service, t.missed_date, t.missed_time) t.day,
    coalesce(t.service, '-') as service, extract(isodow from t.missed_date)::int as weekday,
    coalesce(extract(hour from t.missed_time)::int::text, '-') as hour,
    coalesce(t.missed_reason, 'none') as reason
  from t where t.missed_date is not null
  order by t.day, t.conversation_id, t.service, t.missed_date, t.missed_time, t.created_at, t.id) as once
group by 1, 3
union all
select day, 'model', model, figure, sum(value)::bigint from u cross join lateral (values
  ('calls', 1::bigint), ('input_tokens', u.input_tokens), ('output_tokens', u.output_tokens),
  ('cache_read_tokens', u.cache_read_tokens), ('cache_write_tokens', u.cache_write_tokens),
  ('priced_micros', coalesce(u.cost_micros, 0)), ('unpriced_calls', case when u.cost_micros is null then 1 else 0 end)
  ) as figures (figure, value)
group by 1, 3, 4 having sum(value) <> 0
union all
select greatest((r.created_at at time zone :zone)::date, :first), 'rating', r.rating::text, 'count', count(*)
from ratings r where r.tenant_id = :tenant and r.created_at >= :since and r.created_at < :until group by 1, 3
union all
select greatest((h.created_at at time zone :zone)::date, :first), 'thumb', case when h.is_up then 'up' else 'down' end,
  'count', count(*)
from thumbs h where h.tenant_id = :tenant and h.created_at >= :since and h.created_at < :until group by 1, 3
union all
select day, 'money', currency, figure, sum(value)::bigint from l cross join lateral (values
  ('charged', case when l.amount_minor > 0 then l.amount_minor else 0 end),
  ('returned', case when l.amount_minor < 0 then -l.amount_minor else 0 end)) as figures (figure, value)
group by 1, 3, 4 having sum(value) <> 0
union all
select greatest((e.created_at at time zone :zone)::date, :first), 'cause', e.cause, 'count', count(*)
from escalations e where e.tenant_id = :tenant and e.created_at >= :since and e.created_at < :until group by 1, 3
"""

_COUNTING: tuple[TextClause, ...] = (text(_OUTCOMES), text(_SERVICES), text(_MOMENTS))

_QUESTIONS = text("""
select (array_agg(m.content order by t.created_at desc))[1] as question, count(*) as count,
  max(t.created_at) as last_at,
  (array_agg(t.conversation_id order by t.created_at desc))[1] as conversation_id
from turns t join messages m on m.tenant_id = t.tenant_id and m.id = t.message_id
where t.tenant_id = :tenant and t.is_unanswered and t.created_at >= :since and t.created_at < :until
group by lower(regexp_replace(btrim(m.content), '\\s+', ' ', 'g'))
order by count(*) desc, max(t.created_at) desc limit :limit
""")

# By part, key and figure.
Figures = dict[str, dict[str, dict[str, int]]]


@dataclass(frozen=True, slots=True)
class Span:
    """What happened from `since` and before `until`, by the days of `zone`; none is earlier than `first`."""

    zone: str
    first: date
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What customers asked and nobody could answer, `count` times in other letters or spaces. `conversation_id` is
    where it was asked last."""

    question: str
    count: int
    last_at: datetime
    conversation_id: UUID


async def count(session: AsyncSession, tenant_id: UUID, span: Span) -> dict[date, Figures]:
    """The figures of each day of the span on which anything happened."""
    values: dict[str, Any] = {
        "tenant": tenant_id,
        "zone": span.zone,
        "first": span.first,
        "since": span.since,
        "until": span.until,
        "bounds": list(FIRST_TEXT_MS),
    }
    days: dict[date, Figures] = {}
    for statement in _COUNTING:
        used = {name: value for name, value in values.items() if f":{name}" in statement.text}
        for day, part, key, figure, value in await session.execute(statement, used):
            add(days.setdefault(day, {}), part, key, figure, int(value))
    return days


def add(figures: Figures, part: str, key: str, figure: str, value: int) -> None:
    """Add one number to those there are."""
    of_key = figures.setdefault(part, {}).setdefault(key, {})
    of_key[figure] = of_key.get(figure, 0) + value


async def questions(session: AsyncSession, tenant_id: UUID, since: datetime, until: datetime) -> list[Question]:
    """What nobody could answer, the most frequent first: as long as the conversations are there."""
    values = {"tenant": tenant_id, "since": since, "until": until, "limit": 100}
    return [Question(**row) for row in (await session.execute(_QUESTIONS, values)).mappings()]

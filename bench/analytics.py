"""A month's report for one business among fifty: from the days that are counted, and from the rows themselves."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from datetime import date, timedelta
from uuid import UUID

import psycopg
from meter import quantile, table
from sqlalchemy.ext.asyncio import AsyncEngine
from stage import database, execute, open_studio

from handled.analytics import queries, report, rollups
from handled.analytics.queries import Span
from handled.catalog.load import business_of
from handled.db.embedded import EmbeddedPostgres
from handled.db.engine import create_engine
from handled.db.session import tenant_session
from handled.kit import clock

TENANTS, TALKS, DAYS, ROUNDS = 50, 100_000, 30, 15

# As one transaction without triggers: nobody is asked how it was, and nothing is looked up a million times.
# Every conversation has five questions and five answers; a fifth of them books.
_FILL = """
set session_replication_role = replica;
create temp table made as
  select gen_random_uuid() as id, t.id as tenant_id, n, now() - (random() * %(days)s) * interval '1 day' as at
  from generate_series(1, %(talks)s) n
  join (select id, row_number() over () - 1 as place from tenants) t on t.place = n %% %(tenants)s;
insert into conversations (tenant_id, id, token_hash, channel, locale, last_message, last_activity_at, client, ended_at,
  ended_by, created_at, pack)
select tenant_id, id, '', 'web', 'en_GB', 10, at + interval '10 minutes', int4send((random() * 60000)::int),
  at + interval '40 minutes', 'silence', at, 'general' from made;
create temp table asked as
  select gen_random_uuid() as id, gen_random_uuid() as message, gen_random_uuid() as reply, m.tenant_id, m.id as talk,
    k, m.at + k * interval '2 minutes' as at from made m cross join generate_series(0, 4) k;
insert into messages (tenant_id, id, conversation_id, position, role, content, turn_id, created_at)
select tenant_id, message, talk, 2 * k + 1, 'customer', 'What does it cost, and how long does it take?', id, at
from asked
union all
select tenant_id, reply, talk, 2 * k + 2, 'agent', repeat('It takes half an hour. ', 8), id, at + interval '1 second'
from asked;
insert into turns (tenant_id, id, conversation_id, message_id, reply_id, status, result, created_at, model,
  first_text_ms, gave_answer, is_unanswered, service, saw_times, missed_date, missed_reason)
select tenant_id, id, talk, message, reply, 'done', jsonb_build_object('message', repeat('x', 400)), at,
  'anthropic:claude-haiku-4-5', (20 + random() * 1500)::int, k < 4, random() < 0.03,
  case when k = 1 then 'haircut' end, k = 2, case when k = 1 and random() < 0.2 then current_date end, 'taken'
from asked;
insert into usage_records (tenant_id, id, conversation_id, turn_id, model, outcome, input_tokens, output_tokens,
  cache_read_tokens, cache_write_tokens, cost_micros, duration_ms, created_at)
select tenant_id, gen_random_uuid(), talk, id, 'anthropic:claude-haiku-4-5', 'ok', 4000, 120, 3500, 0, 900, 900, at
from asked;
insert into bookings (tenant_id, id, code, status, source, service_id, resource_id, conversation_id, starts_at, ends_at,
  whole_day, customer_name, customer_email, price_minor, currency, payment_rule, policy, confirmed_at, created_at)
select m.tenant_id, gen_random_uuid(), 'BK-' || m.n, 'confirmed', 'CHATBOT', s.id, r.id, m.id, m.at,
  m.at + interval '30 minutes', false, 'Kim', 'kim' || m.n %% 30000 || '@example.com', 3500, 'EUR', 'none', '{}', m.at,
  m.at
from made m cross join (select id from services limit 1) s cross join (select id from resources limit 1) r
where m.n %% 5 = 0;
insert into proposals (tenant_id, id, conversation_id, action, arguments, preview, preview_hash, code, tier, status,
  expires_at, decided_at, created_at)
select tenant_id, gen_random_uuid(), id, 'book', '{}', '{}', '', '1234', 'T3', 'executed', at, at, at from made
where n %% 5 = 0;
insert into ratings (tenant_id, id, conversation_id, rating, created_at, updated_at)
select tenant_id, gen_random_uuid(), id, 1 + (random() * 4)::int, at, at from made where n %% 7 = 0;
"""
_COPIES = """
do $$ declare c text; begin
  select string_agg(quote_ident(column_name), ', ') into c from information_schema.columns
  where table_schema = 'public' and table_name = 'tenants' and column_name not in ('id', 'slug')
    and is_generated = 'NEVER';
  execute format('insert into tenants (id, slug, %1$s) select gen_random_uuid(), ''copy-'' || n, %1$s
    from tenants, generate_series(2, {tenants}) n', c);
end $$
"""


def scale() -> float:
    """From `--scale=0.1` for a tenth of everything."""
    given = [each.partition("=")[2] for each in sys.argv if each.startswith("--scale=")]
    return float(given[-1]) if given else 1.0


def fill(cluster: EmbeddedPostgres, talks: int) -> float:
    """Seconds that it took."""
    begun = time.perf_counter()
    execute(cluster, _COPIES.format(tenants=TENANTS))
    execute(cluster, _FILL % {"days": DAYS, "talks": talks, "tenants": TENANTS})
    execute(cluster, "vacuum analyze")
    return time.perf_counter() - begun


async def measure(engine: AsyncEngine, tenant: UUID) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of each way, taking turns, and for how many conversations. All ways answer the same."""
    async with tenant_session(engine, tenant) as session:
        business = await business_of(session, tenant)
        await rollups.roll_up(session, tenant)
    last = clock.now().astimezone(business.zone).date()
    first = last - timedelta(days=DAYS - 1)
    span = Span(
        business.timezone,
        first,
        rollups.midnight(business.zone, first),
        rollups.midnight(business.zone, last + timedelta(1)),
    )
    took: dict[str, list[float]] = {"days and today": [], "the whole report": [], "rows": [], "rolling up": []}
    talks = 0

    async def days(begin: date) -> int:
        async with tenant_session(engine, tenant) as session:
            found = await report.by_day(session, business, begin, last)
        return sum(each["all"]["all"]["conversations"] for each in found.values())

    async def whole() -> int:
        async with tenant_session(engine, tenant) as session:
            return (await report.report(session, business, first, last, "day")).total.of("conversations")

    async def rows() -> int:
        async with tenant_session(engine, tenant) as session:
            found = await queries.count(session, tenant, span)
        return sum(each["all"]["all"]["conversations"] for each in found.values())

    async def again() -> int:
        async with tenant_session(engine, tenant) as session:
            await rollups.roll_up(session, tenant)
        return talks

    for number in range(ROUNDS + 2):
        for name, way in zip(took, (lambda: days(first), whole, rows, again), strict=True):
            begun = time.perf_counter()
            counted = await way()
            milliseconds = (time.perf_counter() - begun) * 1e3
            talks = talks or counted
            assert counted == talks, (name, counted, talks)
            if number > 1:
                took[name].append(milliseconds)
    return took, talks


async def compared(cluster: EmbeddedPostgres) -> tuple[dict[str, list[float]], int]:
    engine = create_engine(cluster.dsn())
    try:
        with psycopg.connect(cluster.dsn()) as connection:
            row = connection.execute("select id from tenants where slug = 'copy-7'").fetchone()
        assert row is not None
        return await measure(engine, row[0])
    finally:
        await engine.dispose()


def main() -> str:
    """Markdown: a table."""
    talks = round(TALKS * scale())
    with database(durable=False) as cluster:
        open_studio(cluster)
        seconds = fill(cluster, talks)
        took, own = asyncio.run(compared(cluster))
    base = statistics.median(took["rows"])
    rows = [
        [name, f"{statistics.median(each):.1f} ({statistics.median(each) / base:.2f})", f"{quantile(each, 0.95):.1f}"]
        for name, each in ((name, took[name]) for name in ("rows", "days and today", "the whole report", "rolling up"))
    ]
    explained = (
        f"{DAYS} days of one business among {TENANTS}: {own:,} of {talks:,} conversations with {10 * talks:,} messages"
        f" (made in {seconds:.0f} s). `rows` counts everything anew; `days and today` adds up the days that are counted"
        f" and counts today; `the whole report` also looks for the questions that nobody could answer; `rolling up` is"
        f" the hourly job, which counts the last days anew. {ROUNDS} rounds, taking turns, on a machine that other work"
        f" kept busy. In brackets: the ratio to the first line."
    )
    return f"{explained}\n\n{table(('from', 'ms (median)', '95 %'), rows)}"


if __name__ == "__main__":
    print(main())

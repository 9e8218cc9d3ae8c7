"""What the database says happened, asked in SQL of our own as its owner: none of the application's code takes part."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from handled.kit import clock

# Rather an error than a wait for a transaction of the very process that is waiting here.
PATIENCE = "-c lock_timeout=10s"

# A booking counts while it is held and not over, waits for money, or is confirmed. A package counts with each of its
# parts, worked out anew from what it includes.
_LIVE = """
  select b.id, b.tenant_id, b.code, b.status, part.*,
    tstzrange(part.starts_at - make_interval(mins => part.before), part.ends_at + make_interval(mins => part.after))
      as during
  from bookings b join services s on s.tenant_id = b.tenant_id and s.id = b.service_id
  cross join lateral (
    select s.id as service_id, b.resource_id, b.starts_at, b.ends_at, s.capacity,
      s.buffer_before_minutes as before, s.buffer_after_minutes as after
    where jsonb_array_length(s.includes) = 0
    union all
    select p.id, b.part_resource_ids[e.n],
      b.starts_at + make_interval(mins => (sum(p.duration_minutes) over (order by e.n) - p.duration_minutes)::int),
      b.starts_at + make_interval(mins => (sum(p.duration_minutes) over (order by e.n))::int), p.capacity,
      p.buffer_before_minutes, p.buffer_after_minutes
    from jsonb_array_elements_text(s.includes) with ordinality as e (key, n)
    join services p on p.tenant_id = s.tenant_id and p.key = e.key
  ) part
  where b.status in ('pending_payment', 'confirmed') or (b.status = 'held' and b.hold_expires_at > %(now)s)
"""

_HALF_TAKEN = f"""
with live as ({_LIVE})
select coalesce(l.code, b.code) as code
from (select * from occupancies where not is_next and (expires_at is null or expires_at > %(now)s)) o
join bookings b on b.tenant_id = o.tenant_id and b.id = o.booking_id
full join live l on l.tenant_id = o.tenant_id and l.id = o.booking_id and l.resource_id = o.resource_id
  and l.during = o.during
where o.booking_id is null or l.id is null
"""

_OVERLAPS = f"""
with live as ({_LIVE})
select a.code as one, b.code as other from live a join live b
  on a.tenant_id = b.tenant_id and a.resource_id = b.resource_id and a.id < b.id and a.during && b.during
where not (a.service_id = b.service_id and a.capacity > 1 and a.starts_at = b.starts_at)
"""

_OVERFULL = f"""
with live as ({_LIVE})
select service_id, resource_id, starts_at, count(*) as sold, max(capacity) as seats from live
where capacity > 1 group by tenant_id, service_id, resource_id, starts_at having count(*) > max(capacity)
"""

_UNCONSENTED = """
select b.code from bookings b left join proposals p on p.tenant_id = b.tenant_id and p.booking_id = b.id
where (b.status in ('confirmed', 'pending_payment')) is distinct from (p.status = 'executed')
"""


Source = str | psycopg.Connection[dict[str, Any]]
"""The owner's address, or a connection of the owner that stays open for who asks after every step."""


def rows(owner_url: Source, query: str, **values: Any) -> list[dict[str, Any]]:
    if not isinstance(owner_url, str):
        return owner_url.execute(query.encode(), values or None).fetchall()
    with psycopg.connect(owner_url, autocommit=True, options=PATIENCE) as connection:
        cursor = connection.cursor(row_factory=dict_row).execute(query.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def change(owner_url: str, query: str, **values: Any) -> None:
    """What only a test may do: change the database behind the application's back."""
    rows(owner_url, query, **values)


def value(owner_url: str, query: str, **values: Any) -> Any:
    return next(iter(rows(owner_url, query, **values)[0].values()))


def double_bookings(owner_url: Source) -> list[dict[str, Any]]:
    """Pairs of live bookings that share a resource's time, and classes with more customers than seats."""
    now = {"now": clock.now()}
    return rows(owner_url, _OVERLAPS, **now) + rows(owner_url, _OVERFULL, **now)


def half_taken(owner_url: Source) -> list[str]:
    """Live bookings that lack a place which they should occupy, and others that occupy one which they should not."""
    return [each["code"] for each in rows(owner_url, _HALF_TAKEN, now=clock.now())]


def live_bookings(owner_url: str) -> list[dict[str, Any]]:
    """Every live booking, each part of a package by itself, with `during`, what it occupies with its buffers."""
    return rows(owner_url, f"{_LIVE} order by part.starts_at, b.code", now=clock.now())


def all_bookings(owner_url: str, of: dict[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """Every booking row by its id; with `of`, only those."""
    found = {str(each["id"]): each for each in rows(owner_url, "select * from bookings")}
    return found if of is None else {key: value for key, value in found.items() if key in of}


def confirmed_bookings(owner_url: str) -> list[dict[str, Any]]:
    return rows(
        owner_url, "select * from bookings where status in ('confirmed', 'pending_payment') order by created_at"
    )


def halves(owner_url: str) -> list[str]:
    """Bookings whose state and whose proposal's state contradict each other."""
    return [each["code"] for each in rows(owner_url, _UNCONSENTED)]


def deadlocks(owner_url: str) -> int:
    """Deadlocks that PostgreSQL has had to break in this database."""
    change(owner_url, "select pg_stat_force_next_flush()")
    return value(owner_url, "select deadlocks from pg_stat_database where datname = current_database()")


def is_blocked(owner_url: str, resource_id: Any, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a live booking overlaps these moments on that resource."""
    query = f"select 1 from ({_LIVE}) live where resource_id = %(resource)s and during && tstzrange(%(a)s, %(b)s)"
    return bool(rows(owner_url, query, now=clock.now(), resource=resource_id, a=starts_at, b=ends_at))


def let_run_out(owner_url: str, booking_id: Any, at: datetime) -> None:
    """End a hold and its proposal at that moment."""
    with psycopg.connect(owner_url) as connection:
        for table, column, key in (
            ("proposals", "expires_at", "booking_id"),
            ("occupancies", "expires_at", "booking_id"),
            ("bookings", "hold_expires_at", "id"),
        ):
            connection.execute(f"update {table} set {column} = %s where {key} = %s".encode(), [at, booking_id])

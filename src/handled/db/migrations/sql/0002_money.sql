-- Row-level security of the new tables, counting attempts, and what jobs look up.

do $$
declare
  t text;
begin
  foreach t in array array['secret_keys', 'idempotent_requests', 'one_time_codes', 'attempt_counts', 'mail_refusals',
    'payments', 'refunds', 'ledger_entries', 'webhook_events', 'sandbox_checkouts', 'sandbox_refunds', 'sandbox_events']
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_only on %I using (tenant_id = nullif(current_setting(''handled.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handled_app', t);
  end loop;
end $$;
-- Money that has moved stays written down.
revoke update, delete on ledger_entries from handled_app;

create policy lookup on secret_keys for select to handled_lookup using (true);
create policy lookup on payments for select to handled_lookup using (true);
create policy lookup on refunds for select to handled_lookup using (true);
create policy lookup on webhook_events for select to handled_lookup using (true);
create policy lookup on notifications for select to handled_lookup using (true);
grant select (tenant_id, key_hash, revoked_at) on secret_keys to handled_lookup;
grant select on payments, refunds to handled_lookup;
grant select (tenant_id, source, event_id, type, status, outcome, received_at, try_at) on webhook_events
  to handled_lookup;
grant select (tenant_id, once_key) on notifications to handled_lookup;

-- Counts one more attempt for each subject and returns how many each has had since p_since, this one included.
-- A whole transaction, so that a refusal that rolls back is counted all the same.
create function count_attempts(p_tenant uuid, p_subjects bytea[], p_now timestamptz, p_since timestamptz)
returns int[]
language plpgsql as $$
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  insert into attempt_counts (tenant_id, subject, began_at, count)
  select p_tenant, s, date_bin('10 minutes', p_now, 'epoch'), 1 from (select distinct unnest(p_subjects) s order by 1) d
  on conflict (tenant_id, subject, began_at) do update set count = attempt_counts.count + 1;
  return (
    select array_agg((select coalesce(sum(a.count), 0)::int from attempt_counts a
      where a.tenant_id = p_tenant and a.subject = s.subject and a.began_at > p_since) order by s.n)
    from unnest(p_subjects) with ordinality as s (subject, n)
  );
end $$;

create function tenant_of_secret_key(p_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from secret_keys where key_hash = p_hash and revoked_at is null
$$;

create function tenant_of_payment(p_checkout text, p_payment_intent text) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from payments where checkout_id = p_checkout or payment_intent = p_payment_intent limit 1
$$;

-- Bookings that wait for money and whose time is over.
create function overdue_payments(p_now timestamptz, p_limit int) returns table (tenant_id uuid, booking_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from bookings where status = 'pending_payment' and hold_expires_at <= p_now
  order by hold_expires_at limit p_limit
$$;

-- Payments of which the gateway may know more than we do: not looked at since p_before. Those that we have given up
-- are looked at for three days more, now and then: money may have come all the same.
create function unsettled_payments(p_before timestamptz, p_limit int) returns table (tenant_id uuid, payment_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from payments
  where checkout_id is not null and status <> 'paid'
    and (status = 'open' or is_underway or checkout_expires_at > p_before - interval '3 days')
    and coalesce(checked_at, created_at)
      <= case when status = 'open' or is_underway then p_before else p_before - interval '6 hours' end
  order by coalesce(checked_at, created_at) limit p_limit
$$;

create function unsettled_refunds(p_now timestamptz, p_limit int) returns table (tenant_id uuid, refund_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from refunds
  where status in ('queued', 'pending') and coalesce(look_at, created_at + interval '1 minute') <= p_now
  order by coalesce(look_at, created_at) limit p_limit
$$;

-- Events that nobody has worked on since p_before; those that could not be, when their time has come again.
create function unworked_webhooks(p_before timestamptz, p_limit int)
returns table (tenant_id uuid, source text, event_id text)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, source, event_id from webhook_events
  where status = 'received' and coalesce(try_at, received_at) <= p_before
  order by coalesce(try_at, received_at) limit p_limit
$$;

-- Events that nobody could work on: those of before p_before that still wait, those that have failed since p_since.
create function troubled_webhooks(p_before timestamptz, p_since timestamptz)
returns table (status text, type text, outcome text, count bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select status, type, outcome, count(*) from webhook_events
  where (status = 'received' and received_at <= p_before) or (status = 'failed' and received_at >= p_since)
  group by 1, 2, 3 order by 1, 4 desc
$$;

create function ended_bookings(p_now timestamptz, p_limit int) returns table (tenant_id uuid, booking_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from bookings where status = 'confirmed' and ends_at <= p_now order by ends_at limit p_limit
$$;

-- Appointments of which their customers are to be reminded now, with the minutes before that it is about. One that
-- came to be after the moment of a reminder has no need of it.
create function due_reminders(p_now timestamptz, p_limit int)
returns table (tenant_id uuid, booking_id uuid, minutes int)
language sql stable security definer set search_path = public, pg_temp as $$
  select b.tenant_id, b.id, m.minutes
  from bookings b join tenants t on t.id = b.tenant_id
  cross join lateral (
    select min(r) as minutes from unnest(t.reminders) r where b.starts_at - make_interval(mins => r) <= p_now
  ) m
  where b.status = 'confirmed' and b.starts_at > p_now and b.starts_at <= p_now + interval '60 days'
    and m.minutes is not null
    and coalesce(b.changed_at, b.confirmed_at, b.created_at) < b.starts_at - make_interval(mins => m.minutes)
    and not exists (
      select from notifications n where n.tenant_id = b.tenant_id
        and n.once_key = 'reminder:' || b.id || ':' || m.minutes || ':' || b.sequence
    )
  order by b.starts_at limit p_limit
$$;

grant create on schema public to handled_lookup;
alter function tenant_of_secret_key(bytea) owner to handled_lookup;
alter function tenant_of_payment(text, text) owner to handled_lookup;
alter function overdue_payments(timestamptz, int) owner to handled_lookup;
alter function unsettled_payments(timestamptz, int) owner to handled_lookup;
alter function unsettled_refunds(timestamptz, int) owner to handled_lookup;
alter function unworked_webhooks(timestamptz, int) owner to handled_lookup;
alter function troubled_webhooks(timestamptz, timestamptz) owner to handled_lookup;
alter function ended_bookings(timestamptz, int) owner to handled_lookup;
alter function due_reminders(timestamptz, int) owner to handled_lookup;
revoke create on schema public from handled_lookup;

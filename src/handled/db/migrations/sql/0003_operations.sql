-- What waits for its end, over all businesses: for whoever watches the installation, as numbers alone.

create function still_open(p_now timestamptz) returns table (what text, count bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'holds', count(*) from bookings where status = 'held' and hold_expires_at > p_now
  union all
  select 'unpaid_bookings', count(*) from bookings where status = 'pending_payment'
  union all
  select 'webhooks', count(*) from webhook_events where status = 'received'
  union all
  select 'refunds', count(*) from refunds where status in ('queued', 'pending')
$$;
call answer_across_tenants('still_open(timestamptz)');

-- What must never be, over all businesses, counted: for `handled doctor`, above all after a backup was restored. Two
-- bookings at one time are not among it, because the constraint on occupancies cannot even be restored over them.
create policy lookup on occupancies for select to handled_lookup using (true);
create policy lookup on ledger_entries for select to handled_lookup using (true);
grant select (tenant_id, booking_id) on occupancies to handled_lookup;
grant select (tenant_id, payment_id, kind, amount_minor) on ledger_entries to handled_lookup;

create function broken_promises(p_now timestamptz) returns table (what text, count bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'live bookings without their place', count(*) from bookings b
  where (b.status in ('pending_payment', 'confirmed') or b.status = 'held' and b.hold_expires_at > p_now)
    and not exists (select from occupancies o where o.tenant_id = b.tenant_id and o.booking_id = b.id)
  union all
  select 'places kept for bookings that are no more', count(*) from bookings b
  where b.status in ('cancelled', 'expired')
    and exists (select from occupancies o where o.tenant_id = b.tenant_id and o.booking_id = b.id)
  union all
  select 'paid payments that the ledger does not know', count(*) from payments p
  where p.status = 'paid' and not exists (
    select from ledger_entries l where l.tenant_id = p.tenant_id and l.payment_id = p.id and l.kind = 'charge')
  union all
  select 'payments that gave back more than they took', count(*) from (
    select from ledger_entries l group by l.tenant_id, l.payment_id having sum(l.amount_minor) < 0) overdrawn
$$;
call answer_across_tenants('broken_promises(timestamptz)');

-- How a booking comes to occupy anything.

-- Lock, re-check, write. This and take_places are the only ways in which a booking comes to occupy anything.
-- Takes the first of p_resources that is free and returns it with the booking's code, or no row when none is.
create function hold_booking(
  p_tenant uuid, p_booking uuid, p_codes text[], p_source text, p_service uuid, p_resources uuid[],
  p_starts timestamptz, p_ends timestamptz, p_before interval, p_after interval, p_capacity int,
  p_whole_day boolean, p_now timestamptz, p_expires timestamptz, p_conversation uuid,
  p_name text, p_email text, p_phone text, p_notes text,
  p_price bigint, p_currency text, p_payment_rule text, p_due bigint, p_policy jsonb
) returns table (taken_resource uuid, given_code text)
language plpgsql as $$
declare
  v_during tstzrange := tstzrange(p_starts - p_before, p_ends + p_after);
  v_session uuid := case when p_capacity > 1
    then md5(p_service::text || extract(epoch from p_starts)::text)::uuid else p_booking end;
  v_resource uuid;
  v_seat int;
  v_code text;
begin
  perform lock_resources(p_resources);

  -- A hold that is over no longer occupies anything, whether or not the job has come by.
  with gone as (
    delete from occupancies o
    where o.tenant_id = p_tenant and o.resource_id = any (p_resources) and o.during && v_during
      and o.expires_at <= p_now
    returning o.booking_id
  )
  update bookings b set status = 'expired', hold_expires_at = null
  from gone where b.tenant_id = p_tenant and b.id = gone.booking_id and b.status = 'held';

  foreach v_resource in array p_resources loop
    if exists (
      select from occupancies o where o.tenant_id = p_tenant and o.resource_id = v_resource
        and o.during && v_during and o.session_key <> v_session
    ) then
      continue;
    end if;
    if p_capacity = 1 then
      v_seat := 1;
    else
      select min(s) into v_seat from generate_series(1, p_capacity) s
      where not exists (
        select from occupancies o where o.tenant_id = p_tenant and o.resource_id = v_resource
          and o.session_key = v_session and o.seat = s
      );
      continue when v_seat is null;
    end if;

    select c into v_code from unnest(p_codes) c
    where not exists (select from bookings b where b.tenant_id = p_tenant and b.code = c) limit 1;

    insert into bookings (
      tenant_id, id, code, status, source, service_id, resource_id, conversation_id, starts_at, ends_at,
      whole_day, customer_name, customer_email, customer_phone, notes, price_minor, currency, payment_rule,
      due_minor, policy, hold_expires_at, created_at
    ) values (
      p_tenant, p_booking, v_code, 'held', p_source, p_service, v_resource, p_conversation, p_starts, p_ends,
      p_whole_day, p_name, p_email, p_phone, p_notes, p_price, p_currency, p_payment_rule,
      p_due, p_policy, p_expires, p_now
    );
    insert into occupancies (tenant_id, booking_id, resource_id, during, session_key, seat, expires_at)
    values (p_tenant, p_booking, v_resource, v_during, v_session, v_seat, p_expires);
    return query select v_resource, v_code;
    return;
  end loop;
end $$;

-- Lock, re-check, write, for a package (several parts, all or nothing) and for a move (p_is_next: beside the present
-- place, which does not stand in its own way). p_parts is [{"service", "resources" in order of preference, "starts",
-- "ends", "before" and "after" in minutes, "capacity"}]. Returns the resource taken by each part, or null when one
-- of them cannot be had; then the caller rolls back.
create function take_places(
  p_tenant uuid, p_booking uuid, p_is_next boolean, p_parts jsonb, p_now timestamptz, p_expires timestamptz
) returns uuid[]
language plpgsql as $$
declare
  v_all uuid[];
  v_taken uuid[] := '{}';
  v_part jsonb;
  v_resources uuid[];
  v_during tstzrange;
  v_session uuid;
  v_seats int;
  v_resource uuid;
  v_seat int;
begin
  select array_agg(distinct r) into v_all from (
    select jsonb_array_elements_text(p -> 'resources')::uuid r from jsonb_array_elements(p_parts) p
    union select o.resource_id from occupancies o where o.tenant_id = p_tenant and o.booking_id = p_booking
  ) all_resources;
  perform lock_resources(v_all);

  delete from occupancies o where o.tenant_id = p_tenant and o.booking_id = p_booking and o.is_next and p_is_next;
  for v_part in select p from jsonb_array_elements(p_parts) p loop
    select coalesce(array_agg(r::uuid order by n), '{}') into v_resources
    from jsonb_array_elements_text(v_part -> 'resources') with ordinality as e (r, n);
    v_during := tstzrange(
      (v_part ->> 'starts')::timestamptz - make_interval(mins => (v_part ->> 'before')::int),
      (v_part ->> 'ends')::timestamptz + make_interval(mins => (v_part ->> 'after')::int));
    v_seats := (v_part ->> 'capacity')::int;
    v_session := case when v_seats > 1
      then md5((v_part ->> 'service') || extract(epoch from (v_part ->> 'starts')::timestamptz)::text)::uuid
      else p_booking end;

    with gone as (
      delete from occupancies o
      where o.tenant_id = p_tenant and o.resource_id = any (v_resources) and o.during && v_during
        and o.expires_at <= p_now
      returning o.booking_id
    )
    update bookings b set status = 'expired', hold_expires_at = null
    from gone where b.tenant_id = p_tenant and b.id = gone.booking_id and b.status = 'held';

    v_seat := null;
    foreach v_resource in array v_resources loop
      continue when exists (
        select from occupancies o where o.tenant_id = p_tenant and o.resource_id = v_resource
          and o.during && v_during and o.session_key <> v_session
      );
      -- A booking's own places on a resource are seats of its own session, as many as it needs.
      select min(s) into v_seat from generate_series(1, case when v_seats > 1 then v_seats else 100 end) s
      where not exists (
        select from occupancies o where o.tenant_id = p_tenant and o.resource_id = v_resource
          and o.session_key = v_session and o.seat = s
      );
      exit when v_seat is not null;
    end loop;
    if v_seat is null then
      return null;
    end if;
    insert into occupancies (tenant_id, booking_id, is_next, part, resource_id, during, session_key, seat, expires_at)
    values (p_tenant, p_booking, p_is_next, cardinality(v_taken), v_resource, v_during, v_session, v_seat, p_expires);
    v_taken := v_taken || v_resource;
  end loop;
  return v_taken;
end $$;

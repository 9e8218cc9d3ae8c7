-- Row-level security. handled_app owns nothing and sees one tenant at a time; handled_lookup may only be used
-- through the lookup functions, which answer the few questions that are asked before a tenant is known.

do $$
begin
  if not exists (select from pg_roles where rolname = 'handled_app') then
    create role handled_app nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'handled_lookup') then
    create role handled_lookup nologin;
  end if;
  execute format('grant handled_app, handled_lookup to %I', current_user);
end $$;

grant usage on schema public to handled_app, handled_lookup;
grant select on alembic_version to handled_app;

do $$
declare
  t text;
begin
  for t in
    select c.relname from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy tenant_only on %I using (tenant_id = nullif(current_setting(''handled.tenant_id'', true), '''')::uuid)', t);
    execute format('grant select, insert, update, delete on %I to handled_app', t);
  end loop;
end $$;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy tenant_only on tenants
  using (id = nullif(current_setting('handled.tenant_id', true), '')::uuid);
grant select, insert, update, delete on tenants to handled_app;

create policy lookup on tenants for select to handled_lookup using (true);
create policy lookup on public_keys for select to handled_lookup using (true);
create policy lookup on turns for select to handled_lookup using (true);
create policy lookup on bookings for select to handled_lookup using (true);
create policy lookup on proposals for select to handled_lookup using (true);
create policy lookup on conversations for select to handled_lookup using (true);
grant select on tenants, public_keys, turns, bookings, proposals to handled_lookup;
grant select (tenant_id, id, last_event) on conversations to handled_lookup;

create function tenant_of_public_key(p_key text, p_now timestamptz) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from public_keys where key = p_key and (expires_at is null or expires_at > p_now)
$$;

create function tenant_of_slug(p_slug text) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select id from tenants where slug = p_slug
$$;

create function all_tenants() returns table (id uuid, slug text, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select id, slug, name from tenants order by slug
$$;

create function overdue_holds(p_now timestamptz, p_limit int) returns table (tenant_id uuid, booking_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from bookings where status = 'held' and hold_expires_at <= p_now
  order by hold_expires_at limit p_limit
$$;

create function overdue_proposals(p_now timestamptz, p_limit int) returns table (tenant_id uuid, proposal_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from proposals where status = 'pending' and expires_at <= p_now
  order by expires_at limit p_limit
$$;

create function unfinished_turns() returns table
  (tenant_id uuid, turn_id uuid, conversation_id uuid, status text, runner int, started_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id, conversation_id, status, runner, started_at from turns where status in ('queued', 'running')
  order by created_at
$$;

-- Which of these feeds have gone on since. Ids are returned only to who has them already.
create function feeds_behind(p_tenants uuid[], p_conversations uuid[], p_seen int[])
returns table (conversation_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.id from unnest(p_tenants, p_conversations, p_seen) as f (tenant_id, id, seen)
  join conversations c on c.tenant_id = f.tenant_id and c.id = f.id and c.last_event > f.seen
$$;

-- A new owner needs CREATE on the schema for the moment of the change.
grant create on schema public to handled_lookup;
alter function tenant_of_public_key(text, timestamptz) owner to handled_lookup;
alter function tenant_of_slug(text) owner to handled_lookup;
alter function all_tenants() owner to handled_lookup;
alter function overdue_holds(timestamptz, int) owner to handled_lookup;
alter function overdue_proposals(timestamptz, int) owner to handled_lookup;
alter function unfinished_turns() owner to handled_lookup;
alter function feeds_behind(uuid[], uuid[], int[]) owner to handled_lookup;
revoke create on schema public from handled_lookup;

-- What language models may cost: what a day has spent, and what turns under way may still spend.

alter table tenants add column budgets jsonb not null default '{}';

create index ix_usage_records_conversation on usage_records (tenant_id, conversation_id);

create table budget_days (
  tenant_id uuid not null constraint fk_budget_days_tenant_id references tenants (id) on delete cascade,
  day date not null,
  spent_micros bigint not null default 0,
  unpriced_tokens bigint not null default 0,
  limit_micros bigint,
  limit_tokens bigint,
  reached smallint not null default 0,
  told smallint not null default 0,
  constraint pk_budget_days primary key (tenant_id, day),
  constraint ck_budget_days_level check (reached in (0, 80, 100) and told in (0, 80, 100))
);
create index ix_budget_days_untold on budget_days (tenant_id) where reached > told;
call belong_to_tenants('budget_days');

create table budget_reservations (
  tenant_id uuid not null constraint fk_budget_reservations_tenant_id references tenants (id) on delete cascade,
  turn_id uuid not null,
  conversation_id uuid not null,
  micros bigint not null,
  tokens bigint not null,
  expires_at timestamptz not null,
  constraint pk_budget_reservations primary key (tenant_id, turn_id)
);
call belong_to_tenants('budget_reservations');

-- How far a limit has been used up, in the steps that the business is told of. No limit is never used up, and one
-- of nothing is a choice, not news.
create function budget_level(p_spent bigint, p_limit bigint) returns smallint
language sql immutable as $$
  select case
    when coalesce(p_limit, 0) = 0 then 0
    when p_spent >= p_limit then 100
    when p_spent >= p_limit * 0.8 then 80
    else 0
  end::smallint
$$;

-- Reserves for a turn all that it will have used when its next model call has ended: p_micros, or p_tokens where the
-- price is not known. A limit of null is none; p_share is the part of each limit, in percent, that may be used up.
-- Returns `granted`, or which limit stands against it, `day` or `conversation`: then the turn keeps what it had.
-- Whoever reserves holds the row of the day, so one after the other; what is settled meanwhile waits for it too, and
-- is counted either as reserved or as spent. It names the tenant itself and is a whole transaction.
create function reserve_budget(
  p_tenant uuid, p_conversation uuid, p_turn uuid, p_micros bigint, p_tokens bigint, p_day_micros bigint,
  p_day_tokens bigint, p_conversation_micros bigint, p_conversation_tokens bigint, p_share int,
  p_expires_at timestamptz, p_now timestamptz
) returns text
language plpgsql as $$
declare
  v_day budget_days%rowtype;
  v_all budget_reservations%rowtype;
  v_here budget_reservations%rowtype;
  v_answer text := 'granted';
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  -- A crash that loses the reservation has cut off the call that it was for.
  perform set_config('synchronous_commit', 'off', true);
  insert into budget_days (tenant_id, day, limit_micros, limit_tokens)
  select t.id, (p_now at time zone t.timezone)::date, p_day_micros, p_day_tokens from tenants t where t.id = p_tenant
  on conflict (tenant_id, day) do update
    set limit_micros = excluded.limit_micros, limit_tokens = excluded.limit_tokens
  returning * into v_day;

  delete from budget_reservations where tenant_id = p_tenant and expires_at <= p_now;
  select coalesce(sum(r.micros), 0), coalesce(sum(r.tokens), 0),
    coalesce(sum(r.micros) filter (where r.conversation_id = p_conversation), 0),
    coalesce(sum(r.tokens) filter (where r.conversation_id = p_conversation), 0)
  into v_all.micros, v_all.tokens, v_here.micros, v_here.tokens
  from budget_reservations r where r.tenant_id = p_tenant and r.turn_id <> p_turn;
  select v_here.micros + coalesce(sum(u.cost_micros), 0),
    v_here.tokens + coalesce(sum(u.input_tokens + u.output_tokens) filter (where u.cost_micros is null), 0)
  into v_here.micros, v_here.tokens
  from usage_records u where u.tenant_id = p_tenant and u.conversation_id = p_conversation;

  if p_micros > 0 and v_here.micros + p_micros > p_conversation_micros * p_share / 100
    or p_tokens > 0 and v_here.tokens + p_tokens > p_conversation_tokens * p_share / 100
  then
    v_answer := 'conversation';
  end if;
  if p_micros > 0 and v_day.spent_micros + v_all.micros + p_micros > p_day_micros * p_share / 100
    or p_tokens > 0 and v_day.unpriced_tokens + v_all.tokens + p_tokens > p_day_tokens * p_share / 100
  then
    v_answer := 'day';
    update budget_days set reached = 100
    where tenant_id = p_tenant and day = v_day.day and reached < 100
      and case when p_micros > 0 then p_day_micros else p_day_tokens end > 0;
  end if;
  if v_answer = 'granted' then
    insert into budget_reservations (tenant_id, turn_id, conversation_id, micros, tokens, expires_at)
    values (p_tenant, p_turn, p_conversation, p_micros, p_tokens, p_expires_at)
    on conflict (tenant_id, turn_id) do update
      set micros = excluded.micros, tokens = excluded.tokens, expires_at = excluded.expires_at;
  end if;
  return v_answer;
end $$;

-- Whoever writes down what a turn has used settles what it had reserved, in the same statement.
-- The day before the reservation: who reserves locks them in this order.
create function settle_budget() returns trigger
language plpgsql as $$
begin
  insert into budget_days as d (tenant_id, day, spent_micros, unpriced_tokens)
  select u.tenant_id, (u.created_at at time zone t.timezone)::date, coalesce(sum(u.cost_micros), 0),
    coalesce(sum(u.input_tokens + u.output_tokens) filter (where u.cost_micros is null), 0)
  from used u join tenants t on t.id = u.tenant_id
  where u.cost_micros is distinct from 0
  group by 1, 2 order by 1, 2
  on conflict (tenant_id, day) do update set
    spent_micros = d.spent_micros + excluded.spent_micros,
    unpriced_tokens = d.unpriced_tokens + excluded.unpriced_tokens,
    reached = greatest(d.reached, budget_level(d.spent_micros + excluded.spent_micros, d.limit_micros),
      budget_level(d.unpriced_tokens + excluded.unpriced_tokens, d.limit_tokens));
  delete from budget_reservations r using used u where r.tenant_id = u.tenant_id and r.turn_id = u.turn_id;
  return null;
end $$;
create trigger settle_budget after insert on usage_records
  referencing new table as used for each statement execute function settle_budget();

-- Days of which the business has yet to be told how far they are used up.
create function budgets_to_tell() returns table (tenant_id uuid, day date)
language sql stable security definer set search_path = public, pg_temp as $$
  select d.tenant_id, d.day from budget_days d where d.reached > d.told order by d.day limit 500
$$;
create policy lookup on budget_days for select to handled_lookup using (true);
grant select (tenant_id, day, reached, told) on budget_days to handled_lookup;
call answer_across_tenants('budgets_to_tell()');

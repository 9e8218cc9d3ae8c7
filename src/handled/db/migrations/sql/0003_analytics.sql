-- Figures that stay: what is noted of a turn when it ends, and the days that are counted already.

alter table turns
  add column model varchar,
  add column is_degraded boolean not null default false,
  add column first_text_ms int,
  add column gave_answer boolean not null default false,
  add column is_unanswered boolean not null default false,
  add column said_goodbye boolean not null default false,
  add column service varchar,
  add column saw_times boolean not null default false,
  add column missed_date date,
  add column missed_time time,
  add column missed_reason varchar;

create index ix_turns_created on turns (tenant_id, created_at);
create index ix_turns_unanswered on turns (tenant_id, created_at) where is_unanswered;
create index ix_messages_created on messages (tenant_id, created_at);
create index ix_ratings_created on ratings (tenant_id, created_at);
create index ix_thumbs_created on thumbs (tenant_id, created_at);
create index ix_ledger_entries_created on ledger_entries (tenant_id, created_at);

-- Which industry pack the business had when the conversation began.
alter table conversations add column pack varchar;
create function note_pack() returns trigger
language plpgsql as $$
begin
  new.pack := (select t.pack from tenants t where t.id = new.tenant_id);
  return new;
end $$;
create trigger note_pack before insert on conversations
  for each row when (new.pack is null) execute function note_pack();

-- As before, and p_facts are noted with the turn: its columns by name, and first_text_at.
drop function finish_turn(uuid, uuid, text, int, text[], timestamptz);
create function finish_turn(
  p_tenant uuid, p_turn uuid, p_status text, p_first int, p_events text[], p_now timestamptz,
  p_facts jsonb default null
) returns text
language plpgsql as $$
declare
  v_conversation uuid;
begin
  -- A message that comes in meanwhile waits for this lock, so that it is either seen here or starts by itself.
  select c.id into v_conversation from turns t
  join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
  where t.tenant_id = p_tenant and t.id = p_turn for no key update of c;
  if p_facts is null then
    update turns t set status = p_status, finished_at = p_now, result = p_events[cardinality(p_events)]::jsonb
    where t.tenant_id = p_tenant and t.id = p_turn and t.status = 'running';
  else
    update turns t set status = p_status, finished_at = p_now, result = p_events[cardinality(p_events)]::jsonb,
      model = f.model, is_degraded = f.is_degraded, gave_answer = f.gave_answer, is_unanswered = f.is_unanswered,
      said_goodbye = f.said_goodbye, service = f.service, saw_times = f.saw_times, missed_date = f.missed_date,
      missed_time = f.missed_time, missed_reason = f.missed_reason,
      first_text_ms = least(86400000,
        greatest(0, extract(epoch from coalesce(f.first_text_at, p_now) - t.created_at) * 1000))::int
    from jsonb_to_record(p_facts) as f (
      model text, is_degraded boolean, gave_answer boolean, is_unanswered boolean, said_goodbye boolean, service text,
      saw_times boolean, missed_date date, missed_time time, missed_reason text, first_text_at timestamptz)
    where t.tenant_id = p_tenant and t.id = p_turn and t.status = 'running';
  end if;
  if not found then
    return 'lost';
  end if;
  insert into turn_events (tenant_id, turn_id, position, data)
  select p_tenant, p_turn, p_first + n::int - 1, d from unnest(p_events) with ordinality as e (d, n);
  perform pg_notify('handled', 'turn:' || p_turn);
  return case when exists (
    select from turns t where t.tenant_id = p_tenant and t.conversation_id = v_conversation and t.status = 'queued'
  ) then 'waiting' else 'ended' end;
end $$;

drop function finish_with_reply(
  uuid, uuid, uuid, int, text[], uuid, text, jsonb, jsonb, text, uuid, jsonb, timestamptz);
create function finish_with_reply(
  p_tenant uuid, p_conversation uuid, p_turn uuid, p_first int, p_events text[], p_message uuid, p_content text,
  p_steps jsonb, p_shown jsonb, p_event text, p_proposal uuid, p_usage jsonb, p_now timestamptz, p_facts jsonb
) returns text
language plpgsql as $$
declare
  v_ended text;
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  -- The proposal before the conversation: whoever confirms it locks them in this order.
  perform from proposals where tenant_id = p_tenant and id = p_proposal for no key update;
  v_ended := finish_turn(p_tenant, p_turn, 'done', p_first, p_events, p_now, p_facts);
  if v_ended <> 'lost' then
    perform add_message(p_tenant, p_conversation, p_message, 'agent', p_content, p_turn, p_steps, p_shown, p_event,
      p_now);
    update proposals set message_id = p_message where tenant_id = p_tenant and id = p_proposal;
    insert into usage_records select * from jsonb_populate_recordset(null::usage_records, p_usage);
  end if;
  return v_ended;
end $$;

create table analytics_days (
  tenant_id uuid not null constraint fk_analytics_days_tenant_id references tenants (id) on delete cascade,
  day date not null,
  figures jsonb not null,
  counted_at timestamptz not null,
  constraint pk_analytics_days primary key (tenant_id, day)
);
call belong_to_tenants('analytics_days');

create table analytics_marks (
  tenant_id uuid not null constraint fk_analytics_marks_tenant_id references tenants (id) on delete cascade,
  timezone varchar not null,
  counted_until date not null,
  frozen_until date,
  frozen_at timestamptz,
  constraint pk_analytics_marks primary key (tenant_id),
  constraint ck_analytics_marks_frozen check (num_nonnulls(frozen_until, frozen_at) <> 1)
);
call belong_to_tenants('analytics_marks');

-- What must be one round trip, above all appending to a stream.

create function lock_resources(p_resources uuid[]) returns void
language plpgsql as $$
declare
  r uuid;
begin
  -- Sorted, so that two transactions that want the same resources never wait for each other in a circle.
  for r in select distinct unnest(p_resources) order by 1 loop
    perform pg_advisory_xact_lock(hashtextextended(r::text, 7102));
  end loop;
end $$;

-- Appends to a turn's stream. It names the tenant itself, so that one statement outside any transaction is
-- enough. A second writer collides with the primary key and learns that the turn is no longer its own.
create function append_turn_events(p_tenant uuid, p_turn uuid, p_first int, p_data text[]) returns void
language plpgsql as $$
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  insert into turn_events (tenant_id, turn_id, position, data)
  select p_tenant, p_turn, p_first + n::int - 1, d from unnest(p_data) with ordinality as e (d, n);
end $$;

-- Appends to a conversation's feed and wakes its readers when the transaction commits.
create function append_conversation_event(p_tenant uuid, p_conversation uuid, p_data text) returns int
language plpgsql as $$
declare
  v_position int;
begin
  update conversations set last_event = last_event + 1
  where tenant_id = p_tenant and id = p_conversation returning last_event into v_position;
  insert into conversation_events (tenant_id, conversation_id, position, data)
  values (p_tenant, p_conversation, v_position, p_data);
  perform pg_notify('handled', 'conversation:' || p_conversation);
  return v_position;
end $$;

-- Stores a customer's message once and says which turn answers it; no row unless the token is the conversation's.
-- The turn's stream begins with p_turn_event. While a person holds the conversation there is no turn, and the feed
-- gets p_event_alone. Like the other functions that name the tenant themselves, it is a whole transaction.
-- The conversation's row is locked first, so that two messages at once get two places in the queue. A message
-- that is there already (same client id) answers with what it got the first time.
create function receive_message(
  p_tenant uuid, p_conversation uuid, p_token_hash bytea, p_message uuid, p_turn uuid, p_reply uuid, p_content text,
  p_client_message_id text, p_event text, p_event_alone text, p_turn_event text, p_runner int, p_now timestamptz
) returns table (message_id uuid, turn_id uuid, turn_status text, is_new boolean)
language plpgsql as $$
declare
  v_conversation conversations%rowtype;
  v_status text;
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  select c.* into v_conversation from conversations c
  where c.tenant_id = p_tenant and c.id = p_conversation and c.token_hash = p_token_hash for no key update;
  if not found then
    return;
  end if;

  if p_client_message_id is not null then
    return query
      select m.id, m.turn_id, t.status::text, false from messages m
      left join turns t on t.tenant_id = m.tenant_id and t.id = m.turn_id
      where m.tenant_id = p_tenant and m.conversation_id = p_conversation
        and m.client_message_id = p_client_message_id;
    if found then
      return;
    end if;
  end if;

  if v_conversation.handled_by <> 'agent' then
    p_turn := null;
  end if;
  insert into messages (tenant_id, id, conversation_id, position, role, content, client_message_id, turn_id, created_at)
  values (p_tenant, p_message, p_conversation, v_conversation.last_message + 1, 'customer', p_content,
    p_client_message_id, p_turn, p_now);
  insert into conversation_events (tenant_id, conversation_id, position, data)
  values (p_tenant, p_conversation, v_conversation.last_event + 1,
    case when p_turn is null then p_event_alone else p_event end);

  if p_turn is not null then
    v_status := case when exists (
      select from turns t where t.tenant_id = p_tenant and t.conversation_id = p_conversation
        and t.status in ('running', 'queued')
    ) then 'queued' else 'running' end;
    insert into turns (tenant_id, id, conversation_id, message_id, reply_id, status, runner, started_at, created_at)
    values (p_tenant, p_turn, p_conversation, p_message, p_reply, v_status,
      case when v_status = 'running' then p_runner end,
      case when v_status = 'running' then p_now end, p_now);
    insert into turn_events (tenant_id, turn_id, position, data) values (p_tenant, p_turn, 1, p_turn_event);
    insert into conversation_events (tenant_id, conversation_id, position, data)
    values (p_tenant, p_conversation, v_conversation.last_event + 2, p_turn_event);
  end if;
  update conversations c set last_activity_at = p_now, last_message = last_message + 1,
    last_event = last_event + case when p_turn is null then 1 else 2 end
  where c.tenant_id = p_tenant and c.id = p_conversation;
  perform pg_notify('handled', 'conversation:' || p_conversation);
  return query select p_message, p_turn, v_status, true;
end $$;

-- Stores a message of ours, and puts it on the feed unless p_event is null. Returns its place.
create function add_message(
  p_tenant uuid, p_conversation uuid, p_message uuid, p_role text, p_content text, p_turn uuid, p_steps jsonb,
  p_shown jsonb, p_event text, p_now timestamptz
) returns int
language plpgsql as $$
declare
  v_conversation conversations%rowtype;
begin
  update conversations c set last_activity_at = p_now, last_message = last_message + 1,
    last_event = last_event + case when p_event is null then 0 else 1 end
  where c.tenant_id = p_tenant and c.id = p_conversation returning c.* into v_conversation;
  insert into messages (tenant_id, id, conversation_id, position, role, content, turn_id, steps, shown, created_at)
  values (p_tenant, p_message, p_conversation, v_conversation.last_message, p_role, p_content, p_turn, p_steps,
    p_shown, p_now);
  if p_event is not null then
    insert into conversation_events (tenant_id, conversation_id, position, data)
    values (p_tenant, p_conversation, v_conversation.last_event, p_event);
    perform pg_notify('handled', 'conversation:' || p_conversation);
  end if;
  return v_conversation.last_message;
end $$;

-- Everything that a turn begins with: what it answers, when its business was last changed, all messages, and whether
-- a proposal waits for the customer.
create function open_turn(p_tenant uuid, p_turn uuid, p_now timestamptz) returns table (
  conversation_id uuid, message_id uuid, reply_id uuid, version int, updated_at timestamptz, messages text,
  has_proposal boolean
)
language plpgsql as $$
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  return query
    select t.conversation_id, t.message_id, t.reply_id, b.version, b.updated_at,
      (select json_agg(m order by m.position)::text from messages m
        where m.tenant_id = p_tenant and m.conversation_id = t.conversation_id),
      exists (select from proposals p where p.tenant_id = p_tenant and p.conversation_id = t.conversation_id
        and p.status = 'pending' and p.expires_at > p_now)
    from turns t join tenants b on b.id = t.tenant_id
    where t.tenant_id = p_tenant and t.id = p_turn;
end $$;

-- Ends a running turn with its last events, unless somebody else has ended it: then nothing is written.
-- Returns `lost`, `ended`, or `waiting` when another turn of the conversation can go on now.
create function finish_turn(
  p_tenant uuid, p_turn uuid, p_status text, p_first int, p_events text[], p_now timestamptz
) returns text
language plpgsql as $$
declare
  v_conversation uuid;
begin
  -- A message that comes in meanwhile waits for this lock, so that it is either seen here or starts by itself.
  select c.id into v_conversation from turns t
  join conversations c on c.tenant_id = t.tenant_id and c.id = t.conversation_id
  where t.tenant_id = p_tenant and t.id = p_turn for no key update of c;
  update turns t set status = p_status, finished_at = p_now, result = p_events[cardinality(p_events)]::jsonb
  where t.tenant_id = p_tenant and t.id = p_turn and t.status = 'running';
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

-- Ends a turn well, all at once: its last events, the reply, the proposal that the reply shows, and what the models
-- used. Answers like finish_turn.
create function finish_with_reply(
  p_tenant uuid, p_conversation uuid, p_turn uuid, p_first int, p_events text[], p_message uuid, p_content text,
  p_steps jsonb, p_shown jsonb, p_event text, p_proposal uuid, p_usage jsonb, p_now timestamptz
) returns text
language plpgsql as $$
declare
  v_ended text;
begin
  perform set_config('handled.tenant_id', p_tenant::text, true);
  -- The proposal before the conversation: whoever confirms it locks them in this order.
  perform from proposals where tenant_id = p_tenant and id = p_proposal for no key update;
  v_ended := finish_turn(p_tenant, p_turn, 'done', p_first, p_events, p_now);
  if v_ended <> 'lost' then
    perform add_message(p_tenant, p_conversation, p_message, 'agent', p_content, p_turn, p_steps, p_shown, p_event,
      p_now);
    update proposals set message_id = p_message where tenant_id = p_tenant and id = p_proposal;
    insert into usage_records select * from jsonb_populate_recordset(null::usage_records, p_usage);
  end if;
  return v_ended;
end $$;

-- Whether the process of that number is dead: a living one holds this lock.
create function runner_is_dead(p_class int, p_runner int) returns boolean
language plpgsql as $$
begin
  return pg_try_advisory_xact_lock(p_class, p_runner);
end $$;

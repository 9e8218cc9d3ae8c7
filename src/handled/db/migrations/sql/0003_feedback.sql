-- What customers think: thumbs and ratings, and when a conversation is over.

create table thumbs (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  message_id uuid not null,
  is_up boolean not null,
  comment varchar,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pk_thumbs primary key (tenant_id, id),
  constraint fk_thumbs_tenant_id_conversation_id foreign key (tenant_id, conversation_id)
    references conversations (tenant_id, id) on delete cascade,
  constraint fk_thumbs_tenant_id_message_id foreign key (tenant_id, message_id)
    references messages (tenant_id, id) on delete cascade,
  constraint ck_thumbs_comment check (length(comment) <= 500)
);
create unique index uq_thumbs_message on thumbs (tenant_id, message_id);
create index ix_thumbs_conversation on thumbs (tenant_id, conversation_id);
call belong_to_tenants('thumbs');

create table ratings (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid,
  booking_id uuid,
  rating smallint not null,
  comment varchar,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint pk_ratings primary key (tenant_id, id),
  constraint fk_ratings_tenant_id_conversation_id foreign key (tenant_id, conversation_id)
    references conversations (tenant_id, id) on delete cascade,
  constraint fk_ratings_tenant_id_booking_id foreign key (tenant_id, booking_id)
    references bookings (tenant_id, id) on delete cascade,
  constraint ck_ratings_rating check (rating between 1 and 5),
  constraint ck_ratings_comment check (length(comment) <= 500),
  constraint ck_ratings_subject check (num_nonnulls(conversation_id, booking_id) = 1)
);
create unique index uq_ratings_conversation on ratings (tenant_id, conversation_id);
create unique index uq_ratings_booking on ratings (tenant_id, booking_id);
call belong_to_tenants('ratings');

alter table tenants add column rating_mail boolean not null default true;

alter table conversations
  add column ended_at timestamptz,
  add column ended_by varchar,
  add column rating_asked_at timestamptz,
  add constraint ck_conversations_ended_by check (ended_by in ('resolved', 'left', 'silence'));
-- Not on last_activity_at: each message changes that, and would have to change the index too.
create index ix_conversations_open on conversations (tenant_id, id) where ended_at is null;

-- Whoever says something goes on with the conversation. A reply of the agent's, or a note, does not.
create function reopen_conversation() returns trigger
language plpgsql as $$
begin
  update conversations set ended_at = null, ended_by = null
  where tenant_id = new.tenant_id and id = new.conversation_id and ended_at is not null;
  return null;
end $$;
create trigger reopen_conversation after insert on messages
  for each row when (new.role in ('customer', 'staff')) execute function reopen_conversation();

create policy lookup on messages for select to handled_lookup using (true);
grant select (tenant_id, conversation_id, position, role, created_at) on messages to handled_lookup;
grant select (conversation_id, reasons, created_at) on escalations to handled_lookup;
grant select (last_activity_at, ended_at, handled_by) on conversations to handled_lookup;

-- Conversations in which nobody has said anything since p_before. While a customer waits for a person, the silence is
-- the business's: one who was asked for and has not spoken since, or one who holds the conversation and is to answer.
create function silent_conversations(p_before timestamptz, p_limit int)
returns table (tenant_id uuid, conversation_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select c.tenant_id, c.id from conversations c
  where c.ended_at is null and c.last_activity_at <= p_before
    and not (c.handled_by = 'staff' and 'customer' = (
      select m.role from messages m
      where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role <> 'system'
      order by m.position desc limit 1
    ))
    and not exists (
      select from escalations e
      where e.tenant_id = c.tenant_id and e.conversation_id = c.id and e.status <> 'RESOLVED'
        and not exists (
          select from messages m
          where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'staff'
            and m.created_at >= coalesce((e.reasons -> -1 ->> 'at')::timestamptz, e.created_at)
        )
    )
  order by c.last_activity_at limit p_limit
$$;
call answer_across_tenants('silent_conversations(timestamptz, int)');

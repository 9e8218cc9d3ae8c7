-- Staff members, escalations, and who holds a conversation.

create table staff_members (
  tenant_id uuid not null constraint fk_staff_members_tenant_id references tenants (id) on delete cascade,
  id uuid not null,
  email varchar not null,
  name varchar not null,
  role varchar not null,
  active boolean not null default true,
  created_at timestamptz not null,
  constraint pk_staff_members primary key (tenant_id, id),
  constraint ck_staff_members_role check (role in ('owner', 'staff'))
);
create unique index uq_staff_members_email on staff_members (tenant_id, email);
call belong_to_tenants('staff_members');

-- That somebody asked for a person, or the desk had to. Of those that are not resolved a conversation has one.
create table escalations (
  tenant_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  status varchar not null default 'PENDING',
  priority varchar not null,
  cause varchar not null,
  reasons jsonb not null,
  customer_name varchar,
  customer_email varchar,
  customer_phone varchar,
  assigned_to uuid,
  remind_at timestamptz,
  acknowledged_at timestamptz,
  resolved_at timestamptz,
  created_at timestamptz not null,
  constraint pk_escalations primary key (tenant_id, id),
  constraint fk_escalations_tenant_id_conversation_id foreign key (tenant_id, conversation_id)
    references conversations (tenant_id, id) on delete cascade,
  constraint fk_escalations_tenant_id_assigned_to foreign key (tenant_id, assigned_to)
    references staff_members (tenant_id, id),
  constraint ck_escalations_status check (status in ('PENDING', 'ACKNOWLEDGED', 'RESOLVED')),
  constraint ck_escalations_priority check (priority in ('LOW', 'MEDIUM', 'HIGH')),
  constraint ck_escalations_cause
    check (cause in ('button', 'words', 'agent', 'misunderstanding', 'turn_cap', 'crisis', 'failure'))
);
create unique index uq_escalations_one_open on escalations (tenant_id, conversation_id) where status <> 'RESOLVED';
create index ix_escalations_created on escalations (tenant_id, created_at, id);
create index ix_escalations_remind_at on escalations (remind_at) where status = 'PENDING' and remind_at is not null;
call belong_to_tenants('escalations');

-- Who holds a conversation. staff_name also stands where the business itself acts, through its own system. Of what
-- staff said, the customer's page has got everything up to the feed's number customer_saw, and mails everything up to
-- mailed.
alter table conversations
  add column staff_member_id uuid,
  add column staff_name varchar,
  add column taken_over_at timestamptz,
  add column customer_saw int not null default 0,
  add column mailed int not null default 0,
  add constraint fk_conversations_tenant_id_staff_member_id foreign key (tenant_id, staff_member_id)
    references staff_members (tenant_id, id);
create index ix_conversations_created on conversations (tenant_id, created_at, id);

create policy lookup on escalations for select to handled_lookup using (true);
grant select (tenant_id, id, status, remind_at) on escalations to handled_lookup;

-- Escalations that nobody has acknowledged although the business was open for long enough since.
create function due_escalations(p_now timestamptz, p_limit int) returns table (tenant_id uuid, escalation_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from escalations where status = 'PENDING' and remind_at <= p_now
  order by remind_at limit p_limit
$$;
call answer_across_tenants('due_escalations(timestamptz, int)');

-- How staff log in, what they did, what they say again and again.

create table staff_links (
  tenant_id uuid not null,
  id uuid not null,
  staff_member_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null,
  constraint pk_staff_links primary key (tenant_id, id),
  constraint fk_staff_links_tenant_id_staff_member_id foreign key (tenant_id, staff_member_id)
    references staff_members (tenant_id, id) on delete cascade
);
create unique index uq_staff_links_token_hash on staff_links (token_hash);
create index ix_staff_links_staff_member on staff_links (tenant_id, staff_member_id, created_at);

create table staff_sessions (
  tenant_id uuid not null,
  id uuid not null,
  staff_member_id uuid not null,
  token_hash bytea not null,
  device varchar not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  constraint pk_staff_sessions primary key (tenant_id, id),
  constraint fk_staff_sessions_tenant_id_staff_member_id foreign key (tenant_id, staff_member_id)
    references staff_members (tenant_id, id) on delete cascade
);
create unique index uq_staff_sessions_token_hash on staff_sessions (token_hash);
create index ix_staff_sessions_staff_member on staff_sessions (tenant_id, staff_member_id);

create table passkeys (
  tenant_id uuid not null,
  id uuid not null,
  staff_member_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  sign_count bigint not null,
  name varchar not null,
  used_at timestamptz,
  created_at timestamptz not null,
  constraint pk_passkeys primary key (tenant_id, id),
  constraint fk_passkeys_tenant_id_staff_member_id foreign key (tenant_id, staff_member_id)
    references staff_members (tenant_id, id) on delete cascade
);
create unique index uq_passkeys_credential_id on passkeys (credential_id);
create index ix_passkeys_staff_member on passkeys (tenant_id, staff_member_id);

-- A challenge that a browser was given for a passkey. Whose it will be is not known yet: it is a hash and a time.
create table passkey_challenges (
  token_hash bytea not null,
  expires_at timestamptz not null,
  constraint pk_passkey_challenges primary key (token_hash)
);
create index ix_passkey_challenges_expires_at on passkey_challenges (expires_at);
grant select, insert, delete on passkey_challenges to handled_app;

create table staff_actions (
  tenant_id uuid not null constraint fk_staff_actions_tenant_id references tenants (id) on delete cascade,
  id uuid not null,
  staff_member_id uuid,
  name varchar not null,
  action varchar not null,
  subject varchar,
  details jsonb not null,
  created_at timestamptz not null,
  constraint pk_staff_actions primary key (tenant_id, id)
);
create index ix_staff_actions_created_at on staff_actions (tenant_id, created_at);

create table saved_replies (
  tenant_id uuid not null constraint fk_saved_replies_tenant_id references tenants (id) on delete cascade,
  id uuid not null,
  title varchar not null,
  content varchar not null,
  created_at timestamptz not null,
  constraint pk_saved_replies primary key (tenant_id, id)
);

call belong_to_tenants('staff_links');
call belong_to_tenants('staff_sessions');
call belong_to_tenants('passkeys');
call belong_to_tenants('staff_actions');
call belong_to_tenants('saved_replies');
-- What staff did stays written down.
revoke update, delete on staff_actions from handled_app;

create policy lookup on staff_members for select to handled_lookup using (true);
create policy lookup on staff_links for select to handled_lookup using (true);
create policy lookup on staff_sessions for select to handled_lookup using (true);
create policy lookup on passkeys for select to handled_lookup using (true);
grant select (tenant_id, id, email, active) on staff_members to handled_lookup;
grant select (tenant_id, token_hash) on staff_links to handled_lookup;
grant select (tenant_id, token_hash, ended_at, expires_at) on staff_sessions to handled_lookup;
grant select (tenant_id, credential_id) on passkeys to handled_lookup;

create function staff_with_email(p_email text) returns table (tenant_id uuid, staff_member_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id, id from staff_members where email = p_email and active
$$;
call answer_across_tenants('staff_with_email(text)');

create function tenant_of_staff_link(p_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from staff_links where token_hash = p_hash
$$;
call answer_across_tenants('tenant_of_staff_link(bytea)');

create function tenant_of_passkey(p_credential bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from passkeys where credential_id = p_credential
$$;
call answer_across_tenants('tenant_of_passkey(bytea)');

create function tenant_of_staff_session(p_hash bytea, p_now timestamptz) returns uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select tenant_id from staff_sessions where token_hash = p_hash and ended_at is null and expires_at > p_now
$$;
call answer_across_tenants('tenant_of_staff_session(bytea, timestamptz)');

-- What a business did about a question that nobody could answer: wrote the answer, or let it be.
alter table turns add column question_closed varchar
  constraint ck_turns_question_closed check (question_closed in ('answered', 'dismissed'));

-- The inbox: what happened last comes first, and what nobody at the business has looked at stands out.
alter table conversations add column staff_read int not null default 0;
create index ix_conversations_activity on conversations (tenant_id, last_activity_at, id);

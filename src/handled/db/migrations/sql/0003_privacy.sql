-- How long conversations are kept, and that somebody's data was erased.

-- Null: as long as the business's industry pack says.
alter table tenants
  add column retention_days integer,
  add constraint ck_tenants_retention check (retention_days >= 7);

-- Null until the conversation was purged, or its customer erased; then the number of its feed up to which it was.
alter table conversations add column purged_to integer;

create table erasures (
  tenant_id uuid not null constraint fk_erasures_tenant_id references tenants (id) on delete cascade,
  id uuid not null,
  subject_hash bytea not null,
  erased_by varchar not null,
  counts jsonb not null,
  created_at timestamptz not null,
  constraint pk_erasures primary key (tenant_id, id)
);
create index ix_erasures_subject on erasures (tenant_id, subject_hash);
call belong_to_tenants('erasures');
-- That somebody was erased stays written down.
revoke update, delete on erasures from handled_app;

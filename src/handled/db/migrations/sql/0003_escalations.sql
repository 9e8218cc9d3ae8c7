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

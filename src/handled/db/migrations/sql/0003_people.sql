-- What is asked before a booking, what is remembered of a customer who asked for it, and a business's own wording.

alter table bookings add column intake jsonb not null default '[]';

alter table tenants add column texts jsonb not null default '{}';

create table customer_preferences (
  tenant_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  text varchar not null,
  created_at timestamptz not null,
  constraint pk_customer_preferences primary key (tenant_id, id),
  constraint fk_customer_preferences_tenant_id_customer_id foreign key (tenant_id, customer_id)
    references customers (tenant_id, id) on delete cascade,
  constraint ck_customer_preferences_text check (length(text) between 1 and 200)
);
create unique index uq_customer_preferences_text on customer_preferences (tenant_id, customer_id, text);
call belong_to_tenants('customer_preferences');

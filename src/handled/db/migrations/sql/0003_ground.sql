-- What the later parts share.

-- Row-level security for a new table of the tenants': the application sees one tenant's rows, and may change them.
create procedure belong_to_tenants(p_table text)
language plpgsql as $$
begin
  execute format('alter table %I enable row level security', p_table);
  execute format('alter table %I force row level security', p_table);
  execute format(
    'create policy tenant_only on %I using (tenant_id = nullif(current_setting(''handled.tenant_id'', true), '''')::uuid)',
    p_table);
  execute format('grant select, insert, update, delete on %I to handled_app', p_table);
end $$;
revoke execute on procedure belong_to_tenants(text) from public;

-- Hands a function to the role that may see across tenants. The function asks one narrow question.
create procedure answer_across_tenants(p_function text)
language plpgsql as $$
begin
  execute 'grant create on schema public to handled_lookup';
  execute format('alter function %s owner to handled_lookup', p_function);
  execute 'revoke create on schema public from handled_lookup';
end $$;
revoke execute on procedure answer_across_tenants(text) from public;

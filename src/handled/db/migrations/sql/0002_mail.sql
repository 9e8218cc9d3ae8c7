-- How many mails count against one mailbox, whichever tenants sent them: nobody's mailbox belongs to a tenant.

grant select (cap_key, status, attempts, sent_at, created_at) on notifications to handled_lookup;

-- The caller's transaction is the only one that counts this mailbox until it ends. What waits to be sent counts
-- whenever it was queued, what was sent from the moment that it left.
create function mails_towards_cap(p_cap_key text, p_since timestamptz) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended(p_cap_key, 7103));
  return (
    select count(*)::int from notifications n
    where n.cap_key = p_cap_key and n.status <> 'withheld' and not (n.status = 'withdrawn' and n.attempts = 0)
      and (n.status = 'queued' or coalesce(n.sent_at, n.created_at) > p_since)
  );
end $$;

grant create on schema public to handled_lookup;
alter function mails_towards_cap(text, timestamptz) owner to handled_lookup;
revoke create on schema public from handled_lookup;

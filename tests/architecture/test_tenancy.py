"""The catalog itself says that tenants cannot meet: policies, keys and rights, whatever tables are added."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handled.db.engine import check_database, create_engine
from handled.kit.errors import HandledError
from handled.tables import Base
from tests.faults.ledger import change, rows, value

# What belongs to no tenant: the tenants themselves (their policy is on the id), the schema's version, the job
# queue (a job carries ids and nothing about anybody), the challenges that are given before anybody is known.
SHARED = {"tenants", "alembic_version", "passkey_challenges"}
LOOKUPS = {
    "budgets_to_tell",
    "tenant_of_public_key",
    "tenant_of_slug",
    "all_tenants",
    "overdue_holds",
    "overdue_proposals",
    "unfinished_turns",
    "feeds_behind",
    "tenant_of_secret_key",
    "tenant_of_payment",
    "overdue_payments",
    "unsettled_payments",
    "unsettled_refunds",
    "unworked_webhooks",
    "ended_bookings",
    "due_reminders",
    "mails_towards_cap",
    "due_escalations",
    "silent_conversations",
    "staff_with_email",
    "tenant_of_staff_link",
    "tenant_of_passkey",
    "tenant_of_staff_session",
    "troubled_webhooks",
    "still_open",
    "broken_promises",
}

_TABLES = """
select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
  exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as owned,
  (select array_agg(a.attname::text order by k.n) from pg_constraint p,
    unnest(p.conkey) with ordinality k (attnum, n) join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
    where p.conrelid = c.oid and p.contype = 'p') as key,
  (select array_agg(pg_get_expr(p.polqual, p.polrelid)) from pg_policy p
    where p.polrelid = c.oid and p.polcmd = '*' and p.polpermissive) as policies,
  pg_get_userbyid(c.relowner) as owner
from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
  and c.relname not like 'procrastinate%'
"""

_REFERENCES = """
select f.conname as name, f.conrelid::regclass::text as from_table, f.confrelid::regclass::text as to_table,
  (select array_agg(a.attname::text) from unnest(f.conkey) k join pg_attribute a
    on a.attrelid = f.conrelid and a.attnum = k) as columns,
  (select array_agg(a.attname::text) from unnest(f.confkey) k join pg_attribute a
    on a.attrelid = f.confrelid and a.attnum = k) as referred
from pg_constraint f where f.contype = 'f' and f.connamespace = 'public'::regnamespace
  and f.conrelid::regclass::text not like 'procrastinate%'
"""


def complaints(owner_url: str) -> list[str]:
    """Everything in the catalog that would let tenants meet."""
    tables = {each["name"]: each for each in rows(owner_url, _TABLES)}
    found = [f"{name}: {what}" for name, table in tables.items() for what in _of_table(name, table)]
    for each in rows(owner_url, _REFERENCES):
        own = "id" if each["to_table"] == "tenants" else "tenant_id"
        if "tenant_id" not in each["columns"] or own not in each["referred"]:
            found.append(f"{each['from_table']}: {each['name']} can point into another tenant")
    return found


def _of_table(name: str, table: dict[str, Any]) -> list[str]:
    if name in SHARED - {"tenants"}:
        return []
    found = [] if table["enabled"] and table["forced"] else ["row-level security is not enabled and forced"]
    column = "id" if name == "tenants" else "tenant_id"
    if name != "tenants" and not table["owned"]:
        found.append("has no tenant_id and is not among the shared tables")
    if (table["key"] or [""])[0] != column:
        found.append(f"the primary key {table['key']} does not begin with {column}")
    wanted = f"({column} = (NULLIF(current_setting('handled.tenant_id'::text, true), ''::text))::uuid)"
    if table["policies"] != [wanted]:
        found.append(f"the policies for everything are {table['policies']}")
    return found


def test_every_table_of_tenants_has_its_policy_and_its_keys(owner_url: str) -> None:
    assert complaints(owner_url) == []


@pytest.mark.parametrize(
    "mistake",
    [
        "alter table bookings no force row level security",
        "alter table messages disable row level security",
        "drop policy tenant_only on notifications",
        "create policy too_much on customers using (true)",
        "create table notes (id uuid primary key, tenant_id uuid not null)",
        "create table notes (id uuid primary key, body text)",
        "alter table bookings add column first_id uuid, add constraint loose foreign key (conversation_id)"
        " references loose_ends (id)",
    ],
)
def test_every_mistake_in_the_catalog_is_noticed(owner_url: str, mistake: str) -> None:
    if "loose_ends" in mistake:
        change(owner_url, "create table loose_ends (id uuid primary key)")
    change(owner_url, mistake)
    assert complaints(owner_url)


def test_every_table_in_the_code_is_in_the_database_and_the_other_way_round(owner_url: str) -> None:
    known = {each["name"] for each in rows(owner_url, _TABLES)} - {"alembic_version"}
    assert known == set(Base.metadata.tables)


@pytest.mark.parametrize("role", ["handled_app", "handled_lookup"])
def test_our_roles_own_no_table_and_stand_above_no_policy(owner_url: str, role: str) -> None:
    (rights,) = rows(owner_url, "select * from pg_roles where rolname = %(role)s", role=role)
    for right in ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication", "rolcanlogin"):
        assert rights[right] is False, right
    owned = "select count(*) from pg_class where relowner = %(role)s::regrole"
    assert value(owner_url, owned, role=role) == 0
    granted = "select count(*) from pg_auth_members where member = %(role)s::regrole"
    assert value(owner_url, granted, role=role) == 0, "it is a member of no other role"


def test_the_applications_role_may_not_change_the_schema(owner_url: str) -> None:
    for role in ("handled_app", "handled_lookup"):
        assert value(owner_url, "select has_schema_privilege(%(role)s, 'public', 'create')", role=role) is False
    truncating = (
        "select count(*) from pg_class where relkind = 'r' and has_table_privilege('handled_app', oid, 'truncate')"
    )
    assert value(owner_url, truncating) == 0, "row-level security does not bind truncate"


def test_only_the_lookups_answer_before_a_tenant_is_known(owner_url: str) -> None:
    functions = rows(
        owner_url,
        "select p.proname as name, pg_get_userbyid(p.proowner) as owner, p.proconfig as settings from pg_proc p"
        " where p.prosecdef and p.pronamespace = 'public'::regnamespace",
    )
    assert {each["name"] for each in functions} == LOOKUPS
    assert {each["owner"] for each in functions} == {"handled_lookup"}
    assert all(each["settings"] == ["search_path=public, pg_temp"] for each in functions)


def test_the_lookups_tell_ids_and_names_of_businesses_and_nothing_of_customers(owner_url: str) -> None:
    told = rows(
        owner_url,
        "select p.proname as name, pg_get_function_result(p.oid) as told from pg_proc p"
        " where p.prosecdef and p.pronamespace = 'public'::regnamespace",
    )
    words = {
        word for each in told for word in each["told"].replace("TABLE(", "").replace(")", "").replace(",", "").split()
    }
    assert words <= {
        "uuid",
        "id",
        "slug",
        "name",
        *["day", "date"],
        # How many of what, over all businesses.
        *["what", "type", "outcome", "count", "bigint"],
        "source",
        "minutes",
        "text",
        "integer",
        "status",
        "runner",
        "started_at",
        *["timestamp", "with", "time", "zone"],
    } | {
        f"{each}_id"
        for each in (
            "tenant",
            "booking",
            "proposal",
            "turn",
            "conversation",
            "payment",
            "refund",
            "escalation",
            "event",
            "staff_member",
        )
    }


async def test_the_application_refuses_to_start_as_a_role_that_no_policy_binds(
    owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handled.db.engine.APP_ROLE", "handled_owner")
    powerful: AsyncEngine = create_engine(owner_url)
    with pytest.raises(HandledError, match="superuser"):
        await check_database(powerful)
    await powerful.dispose()

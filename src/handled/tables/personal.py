"""Every column of every table: whether it says something of a customer, and if so how it is found and erased.

`customers/privacy.py` exports and erases by what is written here, `conversations/retention.py` purges by it.
`tests/privacy/test_tags.py` fails on a column that is in none of the three: `PERSONAL`, `PLAIN`, `OF_THE_BUSINESS`.

Conditions are SQL. They may use what is known of the person: `:email` (lower case), and the ids `:customers`,
`:bookings`, `:conversations`, `:escalations`, `:checkouts`, and the hashes `:subjects`; purging gives `:before`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import MetaData

# Nobody has an address there, and no mail is ever sent to one.
NOBODY = "@erased.invalid"
ERASED_NAME = "Erased customer"
ERASED = "[erased]"

_NULL, _TEXT, _OBJECT, _LIST = "null", f"'{ERASED}'", "cast('{}' as jsonb)", "cast('[]' as jsonb)"
# A hash of nothing that anybody knows.
_RANDOM = "sha256(convert_to(cast(gen_random_uuid() as text), 'utf8'))"


@dataclass(frozen=True, slots=True)
class Personal:
    """A table with rows about a person: those for which `found` holds.

    `columns` are the personal ones, each with the SQL that takes its place. None stands where a value stays and only
    mentions of the person are taken out. `goes`: erasing removes the rows. `goes_when_old`: purging does. `beside` is
    what else changes in an erased row. `hidden` are columns that an export leaves out: secrets, hashes. `old` is the
    condition for rows that lose their personal columns by age alone; what belongs to a conversation does with it.
    """

    found: str
    columns: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    goes: bool = False
    goes_when_old: bool = False
    beside: Mapping[str, str] = field(default_factory=dict[str, str])
    hidden: tuple[str, ...] = ()
    old: str | None = None


def _any(column: str, known: str, kind: str = "uuid") -> str:
    return f"{column} = any(cast(:{known} as {kind}[]))"


_OF_CONVERSATION = _any("conversation_id", "conversations")
_OF_BOOKING = _any("booking_id", "bookings")


def _names_booking(column: str) -> str:
    named = f"exists (select from unnest(cast(:bookings as uuid[])) as b (id) where {column} like '%' || b.id || '%')"
    return f"(lower({column}) like '%' || cast(:pattern as text) || '%' or {named})"


# In the order in which they are erased: whatever helps to find other rows comes after them.
PERSONAL: Mapping[str, Personal] = {
    "turn_events": Personal(
        "turn_id in (select id from turns where conversation_id = any(cast(:conversations as uuid[])))",
        {"data": None},
        goes=True,
        goes_when_old=True,
    ),
    "conversation_events": Personal(_OF_CONVERSATION, {"data": None}, goes=True, goes_when_old=True),
    "turns": Personal(
        _OF_CONVERSATION,
        {"result": _NULL},
        beside={"status": "case when status in ('queued', 'running') then 'failed' else status end"},
        goes_when_old=True,
    ),
    "thumbs": Personal(_OF_CONVERSATION, {"comment": _NULL}, goes_when_old=True),
    "messages": Personal(
        _OF_CONVERSATION,
        {"content": _TEXT, "client_message_id": _NULL, "steps": _LIST, "shown": _OBJECT},
        goes_when_old=True,
    ),
    "ratings": Personal(f"({_OF_CONVERSATION} or {_OF_BOOKING})", {"comment": _NULL}),
    "one_time_codes": Personal(
        f"({_OF_CONVERSATION} or lower(email) = :email)",
        {"email": _TEXT, "code_hash": _RANDOM},
        goes=True,
        goes_when_old=True,
        hidden=("code_hash",),
    ),
    "proposals": Personal(
        f"({_OF_CONVERSATION} or {_OF_BOOKING})",
        {"arguments": _OBJECT, "preview": _OBJECT, "receipt": _NULL, "reason": _NULL, "preview_hash": "''"},
        beside={"status": "case when status = 'pending' then 'expired' else status end"},
        old="status <> 'pending' and coalesce(decided_at, expires_at) <= :before and preview_hash <> ''",
    ),
    "escalations": Personal(
        f"({_OF_CONVERSATION} or lower(customer_email) = :email)",
        {
            # When and how it came about stays: it is counted.
            "reasons": "(select coalesce(jsonb_agg(jsonb_set(r, '{reason}', to_jsonb(cast('' as text)))), "
            "cast('[]' as jsonb)) from jsonb_array_elements(reasons) as r)",
            "customer_name": _NULL,
            "customer_email": _NULL,
            "customer_phone": _NULL,
        },
    ),
    "notifications": Personal(
        # A key for "only once" names what the mail is about.
        "(lower(recipient) = :email or booking_id = any(cast(:bookings as uuid[])) or split_part(once_key, chr(58), 2)"
        " in (select cast(each as text) from unnest(cast(:bookings as uuid[]) || cast(:conversations as uuid[])"
        " || cast(:escalations as uuid[])) as each))",
        {"recipient": f"'nobody{NOBODY}'", "payload": _OBJECT, "last_error": _NULL, "cap_key": _NULL},
        beside={"status": "case when status = 'queued' then 'withdrawn' else status end"},
        old=f"status <> 'queued' and created_at <= :before and recipient not like '%{NOBODY}'",
    ),
    "mail_refusals": Personal("lower(email) = :email", {"email": _TEXT}, goes=True),
    "attempt_counts": Personal(
        _any("subject", "subjects", "bytea"), {"subject": _RANDOM}, goes=True, hidden=("subject",)
    ),
    "idempotent_requests": Personal(
        _names_booking("cast(answer as text)"),
        {"answer": _OBJECT, "request_hash": _RANDOM},
        hidden=("request_hash",),
    ),
    "sandbox_events": Personal(
        _any("checkout_id", "checkouts"),
        {"payload": "'{}'"},
        old="created_at <= :before and payload <> '{}'",
    ),
    "sandbox_refunds": Personal(_any("checkout_id", "checkouts"), {"details": None}),
    "sandbox_checkouts": Personal(
        _any("id", "checkouts"),
        {"order": '"order" || cast(\'{"customer_email": null, "title": "", "description": ""}\' as jsonb)'},
        old="created_at <= :before and status <> 'open' and \"order\" ->> 'customer_email' is not null",
    ),
    "webhook_events": Personal(
        _names_booking("cast(payload as text)"),
        # What was not worked on yet still has to be.
        {"payload": f"case when status = 'received' then payload else {_OBJECT} end", "outcome": None},
        old="status <> 'received' and received_at <= :before and payload <> cast('{}' as jsonb)",
    ),
    "ledger_entries": Personal(_OF_BOOKING),
    "refunds": Personal(_OF_BOOKING, {"last_error": None}),
    "payments": Personal(_OF_BOOKING, {"checkout_url": _NULL}),
    "audit_entries": Personal(_OF_BOOKING, {"details": None}),
    "customer_preferences": Personal(_any("customer_id", "customers"), {"text": _TEXT}, goes=True),
    "conversations": Personal(
        _any("id", "conversations"),
        {
            "token_hash": _RANDOM,
            "page": _NULL,
            "verified_email": _NULL,
            "verified_at": _NULL,
            "client": _NULL,
        },
        beside={"purged_to": "last_event"},
        hidden=("token_hash", "client"),
    ),
    "bookings": Personal(
        _any("id", "bookings"),
        {
            "customer_id": _NULL,
            "customer_name": f"'{ERASED_NAME}'",
            "customer_email": f"'erased-' || id || '{NOBODY}'",
            "customer_phone": _NULL,
            "notes": _NULL,
            "intake": _LIST,
            "import_key": _NULL,
        },
        old=f"status = 'expired' and created_at <= :before and customer_email not like '%{NOBODY}'",
    ),
    "customers": Personal(
        _any("id", "customers"), {"name": f"'{ERASED_NAME}'", "email": _TEXT, "phone": _NULL}, goes=True
    ),
}

# About the business and the people who work there: its own to change, by its file, its dashboard and its operator.
# What staff did cannot be changed any more: of customers it may name ids alone.
OF_THE_BUSINESS: Mapping[str, str] = {
    "tenants": "slug name tagline contact_email timezone locale currency address phone website branding policies"
    " allowed_origins texts stripe_account link_key",
    "staff_members": "email name role active",
    "staff_links": "staff_member_id token_hash",
    "staff_sessions": "staff_member_id token_hash device seen_at",
    "passkeys": "staff_member_id credential_id public_key sign_count name",
    "staff_actions": "staff_member_id name action subject details",
    "saved_replies": "title content",
    "resources": "key name",
    "hours_exceptions": "label",
    "secret_keys": "name key_hash ending",
    "public_keys": "key",
    "faq_entries": "question answer",
    "services": "key name description intake",
    "conversations": "staff_member_id staff_name",
    "escalations": "assigned_to",
    "payments": "account",
    "sandbox_checkouts": "account",
    "webhook_events": "account",
}

_KEYS = "tenant_id id created_at"
# Ids of ours, times, states and numbers.
PLAIN: Mapping[str, str] = {
    "analytics_days": "tenant_id day figures counted_at",
    "analytics_marks": "tenant_id timezone counted_until frozen_until frozen_at",
    "attempt_counts": "tenant_id began_at count",
    "audit_entries": f"{_KEYS} booking_id actor action conversation_id",
    "bookings": f"{_KEYS} code status source service_id resource_id conversation_id starts_at ends_at whole_day"
    " price_minor currency payment_rule policy sequence hold_expires_at confirmed_at paid_at due_minor moves"
    " changed_at cancelled_at fee_minor part_resource_ids",
    "budget_days": "tenant_id day spent_micros unpriced_tokens limit_micros limit_tokens reached told",
    "budget_reservations": "tenant_id turn_id conversation_id micros tokens expires_at",
    "conversation_events": "tenant_id conversation_id position",
    "conversations": f"{_KEYS} channel handled_by locale timezone pack last_event last_message last_activity_at"
    " ended_at ended_by rating_asked_at taken_over_at customer_saw mailed staff_read purged_to",
    "customer_preferences": f"{_KEYS} customer_id",
    "customers": _KEYS,
    "erasures": f"{_KEYS} subject_hash erased_by counts",
    "escalations": f"{_KEYS} conversation_id status priority cause remind_at acknowledged_at resolved_at",
    "faq_entries": "tenant_id id position",
    "hours_exceptions": f"{_KEYS} resource_id first_date last_date kind opens closes",
    "idempotent_requests": "tenant_id key status created_at",
    "ledger_entries": f"{_KEYS} payment_id booking_id kind amount_minor currency reference",
    "mail_refusals": "tenant_id kind created_at",
    "messages": f"{_KEYS} conversation_id position role turn_id",
    "notifications": f"{_KEYS} kind status booking_id provider_id attempts sent_at once_key leased_until",
    "occupancies": "tenant_id booking_id is_next part resource_id during session_key seat expires_at",
    "one_time_codes": f"{_KEYS} conversation_id expires_at tries used_at",
    "opening_hours": "tenant_id id resource_id weekday opens closes",
    "passkey_challenges": "token_hash expires_at",
    "passkeys": f"{_KEYS} used_at",
    "payments": f"{_KEYS} booking_id purpose status amount_minor currency gateway attempt checkout_id"
    " checkout_expires_at payment_intent is_underway paid_at checked_at",
    "proposals": f"{_KEYS} conversation_id booking_id action code tier status expires_at decided_at message_id",
    "public_keys": f"{_KEYS} expires_at",
    "ratings": f"{_KEYS} conversation_id booking_id rating updated_at",
    "refunds": f"{_KEYS} payment_id booking_id amount_minor currency reason status gateway_refund_id attempts"
    " keys_used look_at settled_at",
    "resources": "tenant_id id position active",
    "sandbox_checkouts": f"{_KEYS} idempotency_key amount_minor currency status payment_status expires_at declines"
    " holds_back",
    "sandbox_events": f"{_KEYS} checkout_id type deliveries",
    "sandbox_refunds": f"{_KEYS} checkout_id amount_minor status idempotency_key",
    "saved_replies": _KEYS,
    "secret_keys": f"{_KEYS} revoked_at",
    "service_resources": "tenant_id service_id resource_id position",
    "services": "tenant_id id position duration_minutes step_minutes price_minor buffer_before_minutes"
    " buffer_after_minutes capacity notice_minutes horizon_days payment_rule deposit_minor cancellation includes"
    " active",
    "staff_actions": _KEYS,
    "staff_links": f"{_KEYS} expires_at used_at",
    "staff_members": _KEYS,
    "staff_sessions": f"{_KEYS} expires_at ended_at",
    "tenants": "id pack typed_yes reminders proofs budgets retention_days rating_mail version created_at updated_at",
    "thumbs": f"{_KEYS} conversation_id message_id is_up updated_at",
    "turn_events": "tenant_id turn_id position",
    "turns": f"{_KEYS} conversation_id message_id reply_id status runner started_at finished_at model is_degraded"
    " first_text_ms gave_answer is_unanswered said_goodbye service saw_times missed_date missed_time missed_reason"
    " question_closed",
    "usage_records": f"{_KEYS} conversation_id turn_id model outcome input_tokens output_tokens cache_read_tokens"
    " cache_write_tokens cost_micros duration_ms first_token_ms",
    "webhook_events": "tenant_id source event_id type livemode status attempts try_at created_at received_at worked_at",
}


def problems(metadata: MetaData) -> list[str]:
    """Columns that are not tagged, or tagged twice, and tags of what is not there; each with what to do."""
    found: list[str] = []
    tagged = PERSONAL.keys() | PLAIN.keys() | OF_THE_BUSINESS.keys()
    found += [f"{table} is tagged and not there: take it out" for table in sorted(tagged - metadata.tables.keys())]
    for name, table in metadata.tables.items():
        personal = PERSONAL.get(name)
        tags = [
            *(personal.columns if personal else ()),
            *PLAIN.get(name, "").split(),
            *OF_THE_BUSINESS.get(name, "").split(),
        ]
        there = {column.name for column in table.columns}
        found += [
            f"{name}.{column} is not tagged: say in tables/personal.py how it is found and erased (PERSONAL), or that"
            " it says nothing of a customer (PLAIN, OF_THE_BUSINESS)"
            for column in sorted(there - set(tags))
        ]
        found += [f"{name}.{column} is tagged and not there: take it out" for column in sorted(set(tags) - there)]
        found += [
            f"{name}.{column} is tagged twice" for column in sorted({each for each in tags if tags.count(each) > 1})
        ]
    return found

"""Every table, one file per domain: the schema on one shelf."""

from handled.tables.analytics import AnalyticsDay, AnalyticsMark
from handled.tables.base import Base
from handled.tables.bookings import AuditEntry, Booking, Occupancy
from handled.tables.catalog import FaqEntry, Service, ServiceResource
from handled.tables.conversations import Conversation, ConversationEvent, Message, Turn, TurnEvent
from handled.tables.customers import AttemptCount, Customer, CustomerPreference, OneTimeCode
from handled.tables.escalations import Escalation
from handled.tables.feedback import Rating, Thumb
from handled.tables.notifications import MailRefusal, Notification
from handled.tables.payments import LedgerEntry, Payment, Refund, WebhookEvent
from handled.tables.privacy import Erasure
from handled.tables.proposals import Proposal
from handled.tables.sandbox import SandboxCheckout, SandboxEvent, SandboxRefund
from handled.tables.staff import (
    Passkey,
    PasskeyChallenge,
    SavedReply,
    StaffAction,
    StaffLink,
    StaffMember,
    StaffSession,
)
from handled.tables.tenants import (
    HoursException,
    IdempotentRequest,
    OpeningHours,
    PublicKey,
    Resource,
    SecretKey,
    Tenant,
)
from handled.tables.usage import BudgetDay, BudgetReservation, UsageRecord

__all__ = [
    "AnalyticsDay",
    "AnalyticsMark",
    "AttemptCount",
    "AuditEntry",
    "Base",
    "Booking",
    "BudgetDay",
    "BudgetReservation",
    "Conversation",
    "ConversationEvent",
    "Customer",
    "CustomerPreference",
    "Erasure",
    "Escalation",
    "FaqEntry",
    "HoursException",
    "IdempotentRequest",
    "LedgerEntry",
    "MailRefusal",
    "Message",
    "Notification",
    "Occupancy",
    "OneTimeCode",
    "OpeningHours",
    "Passkey",
    "PasskeyChallenge",
    "Payment",
    "Proposal",
    "PublicKey",
    "Rating",
    "Refund",
    "Resource",
    "SandboxCheckout",
    "SandboxEvent",
    "SandboxRefund",
    "SavedReply",
    "SecretKey",
    "Service",
    "ServiceResource",
    "StaffAction",
    "StaffLink",
    "StaffMember",
    "StaffSession",
    "Tenant",
    "Thumb",
    "Turn",
    "TurnEvent",
    "UsageRecord",
    "WebhookEvent",
]

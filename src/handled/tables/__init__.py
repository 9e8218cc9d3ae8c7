"""Every table, one file per domain: the schema on one shelf."""

from handled.tables.base import Base
from handled.tables.bookings import AuditEntry, Booking, Occupancy
from handled.tables.catalog import FaqEntry, Service, ServiceResource
from handled.tables.conversations import Conversation, ConversationEvent, Message, Turn, TurnEvent
from handled.tables.customers import Customer
from handled.tables.notifications import Notification
from handled.tables.proposals import Proposal
from handled.tables.tenants import HoursException, OpeningHours, PublicKey, Resource, Tenant
from handled.tables.usage import UsageRecord

__all__ = [
    "AuditEntry",
    "Base",
    "Booking",
    "Conversation",
    "ConversationEvent",
    "Customer",
    "FaqEntry",
    "HoursException",
    "Message",
    "Notification",
    "Occupancy",
    "OpeningHours",
    "Proposal",
    "PublicKey",
    "Resource",
    "Service",
    "ServiceResource",
    "Tenant",
    "Turn",
    "TurnEvent",
    "UsageRecord",
]

"""Mail as bytes, and the two ways it leaves: SMTP, or the local mailbox a person can read in the browser."""

from handled.notifications.email.message import HeaderRefused, Mail, as_bytes
from handled.notifications.email.sender import PermanentFailure, Sender, TemporaryFailure

__all__ = ["HeaderRefused", "Mail", "PermanentFailure", "Sender", "TemporaryFailure", "as_bytes"]

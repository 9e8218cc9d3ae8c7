"""Settings → the real or the local twin of each outside service."""

from __future__ import annotations

from pathlib import Path

from handled.kit.errors import HandledError
from handled.notifications.email import Sender
from handled.settings import Settings


def create_sender(settings: Settings) -> tuple[Sender, Path | None]:
    """How mail leaves: SMTP if configured, else the local mailbox, whose folder comes along."""
    if settings.smtp_url is not None:
        from handled.notifications.email.smtp import SmtpSender

        try:
            return SmtpSender(settings.smtp_url.get_secret_value()), None
        except ValueError as error:
            raise HandledError("bad_settings", f"Please correct the settings:\n  {error}") from None
    from handled.notifications.email.mailbox import MailboxSender

    folder = settings.data_dir / "mailbox"
    return MailboxSender(folder), folder

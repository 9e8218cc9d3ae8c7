"""What every way of sending mail promises, and the two ways it can fail."""

from __future__ import annotations

from typing import Protocol

from handled.notifications.email.message import Mail


class TemporaryFailure(Exception):
    """This mail was not accepted now; the same mail may be accepted later."""


class PermanentFailure(Exception):
    """This mail was refused for good: trying again cannot help."""


class Sender(Protocol):
    """One way out of the house for mail."""

    async def send(self, mail: Mail) -> str:
        """Hand `mail` over and return the provider's id for it.

        Raises TemporaryFailure or PermanentFailure, and HeaderRefused for a mail that must not exist.
        """
        ...

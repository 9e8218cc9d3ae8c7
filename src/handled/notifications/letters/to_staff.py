"""What the people who work for a business get by mail to be let in."""

from __future__ import annotations

from handled.notifications.letters.page import Action, Page, letterhead
from handled.notifications.messages import LoginLink
from handled.notifications.wording import one_line


def login_link(notification: LoginLink) -> Page:
    business = letterhead(notification)
    inviter = notification.invited_by and one_line(notification.invited_by, 80)
    life = f"The link works once, for {_life(notification.minutes)}."
    lead = f"{inviter} has invited you to the dashboard of {business.name}. " if inviter else ""
    return Page(
        subject=f"{'You are invited' if inviter else 'Log in'}: {business.name}",
        preheader=life,
        letterhead=business,
        title="Welcome" if inviter else "Log in",
        lead=f"{lead}{life}" + (" Later ones you can ask for on the login page." if inviter else ""),
        action=Action("Log in", notification.login_path),
        closing=("Did you not ask for this? Then nobody gets in, and you need not do anything.",)
        if not inviter
        else (),
        signed=True,
        why=f"You get this email because you have access to the dashboard of {business.name}.",
    )


def _life(minutes: int) -> str:
    days = minutes // 1440
    return f"{days} days" if days > 1 else f"{minutes} minutes"

"""Mail to the people who work for a business."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from handled.kit import clock
from handled.notifications import jobs
from handled.notifications.messages import LoginLink
from handled.tables import StaffMember, Tenant


async def send_link(
    session: AsyncSession,
    tenant: Tenant,
    member: StaffMember,
    path: str,
    life: timedelta,
    invited_by: str | None = None,
) -> None:
    """Queue the mail with a link that logs in, in the caller's transaction. It does not count towards what a stranger's
    address may get: links are limited where they are made, and go only to people of the business."""
    link = LoginLink(
        tenant_name=tenant.name,
        tenant_email=tenant.contact_email,
        tenant_address=tenant.address,
        tenant_phone=tenant.phone,
        accent=tenant.branding.get("color"),
        staff_email=member.email,
        staff_name=member.name,
        login_path=path,
        expires_at=clock.now() + life,
        minutes=int(life.total_seconds() // 60),
        invited_by=invited_by,
    )
    await jobs.queue(session, tenant.id, link)

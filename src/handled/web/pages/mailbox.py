"""The local mailbox: every mail that would have been sent. Only outside production and without SMTP."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from handled.conversations.messages import not_found
from handled.notifications.email import mailbox
from handled.web.deps import Desk, DeskDep
from handled.web.pages.rendering import page

router = APIRouter(include_in_schema=False, prefix="/mailbox")

_LIST_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'"
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; sandbox allow-popups"


def _folder(desk: Desk) -> Path:
    if desk.mailbox is None:
        raise not_found()
    return desk.mailbox


@router.get("")
async def mail_list(desk: DeskDep, to: str = "") -> HTMLResponse:
    mails = mailbox.list_mails(_folder(desk), to or None)
    return page("mailbox.html", policy=_LIST_POLICY, mails=mails, recipient=to)


@router.get("/{mail_id}")
async def mail(mail_id: str, desk: DeskDep) -> HTMLResponse:
    return page("mailbox_mail.html", policy=_LIST_POLICY, mail=_read(desk, mail_id))


@router.get("/{mail_id}/html")
async def mail_html(mail_id: str, desk: DeskDep) -> HTMLResponse:
    headers = {"Content-Security-Policy": _MAIL_POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(_read(desk, mail_id).html or "", headers=headers)


@router.get("/{mail_id}/source")
async def mail_source(mail_id: str, desk: DeskDep) -> Response:
    return Response(_read(desk, mail_id).source, media_type="text/plain; charset=utf-8")


@router.get("/{mail_id}/attachments/{number}")
async def mail_attachment(mail_id: str, number: int, desk: DeskDep) -> Response:
    attachments = _read(desk, mail_id).attachments
    if not 0 <= number < len(attachments):
        raise not_found()
    found = attachments[number]
    headers = {
        "Content-Disposition": 'attachment; filename="invite.ics"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(found.content, media_type="text/calendar", headers=headers)


def _read(desk: Desk, mail_id: str) -> mailbox.StoredMail:
    found = mailbox.read_mail(_folder(desk), mail_id)
    if found is None:
        raise not_found()
    return found

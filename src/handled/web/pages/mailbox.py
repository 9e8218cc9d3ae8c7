"""The local mailbox: every mail that would have been sent. Only outside production, and only when none is sent."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from handled.conversations.messages import not_found
from handled.notifications.email import mailbox
from handled.web.deps import Desk, DeskDep
from handled.web.pages.rendering import page

router = APIRouter(include_in_schema=False, prefix="/mailbox")

_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'"
_LIMIT = 200
_FRAME = {"base_url": "/mailbox", "css_url": "/static/mailbox.css"}


def _folder(desk: Desk) -> Path:
    if desk.mailbox is None:
        raise not_found()
    return desk.mailbox


@router.get("")
async def mail_list(desk: DeskDep, to: str = "") -> HTMLResponse:
    mails = mailbox.list_mails(_folder(desk), to or None, _LIMIT)
    return page("mailbox.html", policy=_POLICY, mails=mails, recipient=to, limit=_LIMIT, **_FRAME)


@router.get("/{mail_id}")
async def mail(mail_id: str, desk: DeskDep) -> HTMLResponse:
    return page("mailbox_mail.html", policy=_POLICY, mail=_read(desk, mail_id), **_FRAME)


@router.get("/{mail_id}/html")
async def mail_html(mail_id: str, desk: DeskDep) -> HTMLResponse:
    headers = {"Content-Security-Policy": mailbox.FRAME_POLICY, "X-Content-Type-Options": "nosniff"}
    return HTMLResponse(_read(desk, mail_id).html or "", headers=headers)


@router.get("/{mail_id}/source")
async def mail_source(mail_id: str, desk: DeskDep) -> PlainTextResponse:
    headers = {"Content-Security-Policy": mailbox.FRAME_POLICY, "X-Content-Type-Options": "nosniff"}
    return PlainTextResponse(_read(desk, mail_id).source, headers=headers)


@router.get("/{mail_id}/attachments/{number}")
async def mail_attachment(mail_id: str, number: int, desk: DeskDep) -> Response:
    attachments = _read(desk, mail_id).attachments
    if not 0 <= number < len(attachments):
        raise not_found()
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", attachments[number].name)[:80]
    headers = {
        "Content-Disposition": f'attachment; filename="{plain}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(attachments[number].content, media_type="application/octet-stream", headers=headers)


def _read(desk: Desk, mail_id: str) -> mailbox.StoredMail:
    found = mailbox.read_mail(_folder(desk), mail_id)
    if found is None:
        raise not_found()
    return found

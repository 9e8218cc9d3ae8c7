"""The business as one file: taken away, and put in its place after a look at what it would change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.exc import IntegrityError
from starlette.datastructures import UploadFile

from handled.kit.errors import HandledError
from handled.tenants import config
from handled.tenants.config_rows import booked, with_retired
from handled.tenants.config_text import dump, written
from handled.tenants.document import TenantDocument
from handled.tenants.yaml_source import MAX_BYTES
from handled.web.dashboard.catalog_editing import Data, Opened, form_of, open_document, text_of, version_of
from handled.web.dashboard.deps import Member, OwnerDep
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.settings import HOME as SETTINGS
from handled.web.dashboard.settings import TABS

router = APIRouter(include_in_schema=False, prefix=f"{SETTINGS}/file", route_class=DashboardRoute)

HOME = f"{SETTINGS}/file"
_MOST_SHOWN = 200
_LONGEST_SHOWN = 240
# What the entries of the document's lists are known by.
_NAMES = ("key", "email", "q", "dates")
_TOO_LARGE = f"The file is larger than {MAX_BYTES // 1024} KB."


@dataclass(frozen=True, slots=True)
class Difference:
    """What is at `place` now and what would be; None for nothing."""

    place: str
    before: str | None
    after: str | None


@router.get("")
async def file_page(member: OwnerDep, request: Request, done: str = "") -> HTMLResponse:
    said = {"applied": "The file is in force now.", "same": "The file says what is there already."}.get(done)
    return _show(request, done=said)


@router.get("/download")
async def download(member: OwnerDep) -> Response:
    async with member.session() as session:
        content = await config.export_document(session, member.tenant_id)
    name = f'attachment; filename="{member.business.slug}.yaml"'
    headers = {"Content-Disposition": name, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="application/yaml; charset=utf-8", headers=headers)


@router.post("/look")
async def look(member: OwnerDep, request: Request) -> Response:
    """Changes nothing: shows what would."""
    form = await form_of(request)
    file = form.get("file")
    try:
        content = await _read(file) if isinstance(file, UploadFile) and file.filename else text_of(form, "content")
        async with member.session() as session:
            opened = await open_document(session, member)
            document = _parsed(content, opened, member)
            target = with_retired(document, opened.rows, *await booked(session, member.tenant_id))
    except HandledError as error:
        if error.status == 404:
            raise
        return _show(request, status=422, problems=error.message.splitlines())
    found = list(differences(opened.data, written(target)))
    if not found:
        return RedirectResponse(f"{HOME}?done=same", 303)
    more = max(0, len(found) - _MOST_SHOWN)
    return _show(request, found=found[:_MOST_SHOWN], more=more, content=dump(document), version=opened.version)


@router.post("/apply")
async def apply(member: OwnerDep, request: Request) -> Response:
    form = await form_of(request)
    content, version = text_of(form, "content"), version_of(form)
    try:
        async with member.session() as session:
            opened = await open_document(session, member, to_change=True)
            if opened.version != version:
                raise _changed()
            document = _parsed(content, opened, member)
            changed = await config.put_document(session, opened.rows, document)
            if changed:
                member.record(session, "settings.import", None, {"changed": changed})
    except IntegrityError:
        # Booked in this moment, what was to be removed.
        return _show(request, status=409, problems=[_changed().message])
    except HandledError as error:
        return _show(request, status=error.status, problems=error.message.splitlines())
    return RedirectResponse(f"{HOME}?done=applied", 303)


def differences(before: Any, after: Any, place: str = "") -> Iterator[Difference]:
    """Every place in which two documents, as they stand in their files, are not the same. Entries of a list go by
    their key."""
    if before == after:
        return
    one, other = _by_name(before), _by_name(after)
    if one is None or other is None:
        yield Difference(place, _said(before), _said(after))
        return
    for name in dict.fromkeys((*one, *other)):
        yield from differences(one.get(name), other.get(name), f"{place} › {name}" if place else name)
    if one == other:
        yield Difference(f"{place}: order", " · ".join(one), " · ".join(other))


def _by_name(value: Any) -> dict[str, Any] | None:
    """The parts of a mapping, or of a list by what they are known by; None where they have no such thing, or two the
    same."""
    if isinstance(value, dict):
        return cast("dict[str, Any]", value)
    if not isinstance(value, list):
        return None
    entries = cast("list[Any]", value)
    for name in _NAMES:
        if entries and all(isinstance(each, dict) and name in each for each in entries):
            found = {str(each[name]): each for each in entries}
            return found if len(found) == len(entries) else None
    return None


def _said(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        text = ", ".join(f"{name}: {_said(each)}" for name, each in value.items())  # pyright: ignore[reportUnknownVariableType]
    elif isinstance(value, list):
        text = " · ".join(_said(each) or "" for each in value)  # pyright: ignore[reportUnknownVariableType]
    else:
        text = {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


async def _read(file: UploadFile) -> str:
    content = await file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise HandledError("invalid_config", _TOO_LARGE, 422)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HandledError("invalid_config", "The file is not UTF-8 text.", 422) from None


def _parsed(content: str, opened: Opened, member: Member) -> TenantDocument:
    """Raises HandledError `invalid_config`, with a line for every problem."""
    if not content.strip():
        raise HandledError("invalid_config", "Choose a file first.", 422)
    document = config.parse(content, "line")
    if document.slug != opened.rows.tenant.slug:
        message = f"The file is of “{document.slug}”; this business is “{opened.rows.tenant.slug}”."
        raise HandledError("invalid_config", message, 422)
    mine = next((each for each in document.staff if each.email == member.who.email), None)
    if document.staff and (mine is None or mine.role != "owner"):
        message = (
            "The file's staff has no owner with your address: it would shut you out. Add yourself, or leave staff out."
        )
        raise HandledError("invalid_config", message, 422)
    return document


def _changed() -> HandledError:
    message = "Somebody changed something meanwhile. Upload the file again, and look at what it changes now."
    return HandledError("changed_meanwhile", message, 409)


def _show(
    request: Request,
    *,
    status: int = 200,
    done: str | None = None,
    problems: list[str] | None = None,
    found: list[Difference] | None = None,
    more: int = 0,
    content: str = "",
    version: int = 0,
) -> HTMLResponse:
    given: Data = {"done": done, "problems": problems, "found": found, "more": more}
    given |= {"content": content, "version": version}
    return show(request, "settings_file.html", status=status, here="settings", tabs=TABS, tab="file", **given)

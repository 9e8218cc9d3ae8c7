"""Logging in and out: a link by mail, confirmed with a button, because programs that read mail open links too."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from handled.catalog.load import business_of
from handled.conversations.messages import not_found
from handled.db.session import tenant_session
from handled.kit import text
from handled.kit.errors import HandledError
from handled.notifications import staff_mail
from handled.tables import StaffMember
from handled.tenants import accounts, staff, staff_login
from handled.web.dashboard.deps import MemberDep, cookie_name
from handled.web.dashboard.rendering import show, static_file
from handled.web.dashboard.route import LOGIN, DashboardRoute
from handled.web.deps import ClientDep, Desk, DeskDep

router = APIRouter(include_in_schema=False, prefix="/dashboard", route_class=DashboardRoute)
demo_router = APIRouter(include_in_schema=False, prefix="/dashboard", route_class=DashboardRoute)

_HOME = "/dashboard"
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
_BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}


@router.get("/static/{name}")
async def static(name: str, request: Request) -> Response:
    return static_file(request, name)


@router.get("/login")
async def login_page(request: Request, desk: DeskDep, next: str = "") -> Response:
    return show(request, "login.html", after=own_path(next), sent_to=None, problem=None, demos=await _demos(desk))


@router.post("/login")
async def send_links(
    request: Request, desk: DeskDep, client: ClientDep, email: str = Form("", max_length=400), next: str = Form("")
) -> Response:
    """The same answer whoever asks: it tells nobody who works where."""
    await desk.limiter.hit("lookup", client)
    checked = text.email_address(email)
    after = own_path(next)
    if checked.address is None:
        problem = checked.problem or "That is not an email address."
        demos = await _demos(desk)
        return show(
            request, "login.html", status=422, after=after, sent_to=None, problem=problem, typed=email, demos=demos
        )
    address = checked.address.lower()
    for tenant_id, staff_member_id in await staff_login.find_by_email(desk.engine, address):
        async with tenant_session(desk.engine, tenant_id) as session:
            try:
                token = await staff_login.new_link(session, tenant_id, staff_member_id)
            except HandledError:
                continue  # They have had enough of them; the answer is the same.
            path = f"{LOGIN}/{token}" + (f"?next={quote(after, safe='')}" if after != _HOME else "")
            tenant = await accounts.get_tenant(session, tenant_id)
            member = await session.get_one(StaffMember, (tenant_id, staff_member_id))
            await staff_mail.send_link(session, tenant, member, path, staff_login.LINK_LIFE)
    return show(request, "login.html", after=after, sent_to=address, problem=None, demos=[])


@router.get("/login/{token}")
async def confirm_page(token: str, request: Request, desk: DeskDep, client: ClientDep, next: str = "") -> Response:
    """Opening the link changes nothing: the button does."""
    await desk.limiter.hit("lookup", client)
    tenant_id = await staff_login.tenant_of_link(desk.engine, token)
    if tenant_id is None:
        return _worthless(request)
    async with tenant_session(desk.engine, tenant_id) as session:
        found = await staff_login.find_link(session, tenant_id, token)
        business = await business_of(session, tenant_id)
    if found is None:
        return _worthless(request)
    return show(
        request, "login_confirm.html", person=found[1].name, whose=business.name, token=token, after=own_path(next)
    )


@router.post("/login/{token}")
async def use_link(token: str, request: Request, desk: DeskDep, client: ClientDep, next: str = Form("")) -> Response:
    await desk.limiter.hit("lookup", client)
    tenant_id = await staff_login.tenant_of_link(desk.engine, token)
    if tenant_id is None:
        return _worthless(request)
    async with tenant_session(desk.engine, tenant_id) as session:
        found = await staff_login.find_link(session, tenant_id, token)
        if found is None:
            return _worthless(request)
        link, member = found
        value = await staff_login.log_in(session, member, device_of(request))
        staff_login.use(link)
    return logged_in(request, desk, value, own_path(next))


@router.post("/logout")
async def logout(member: MemberDep, request: Request, everywhere: bool = Form(False)) -> Response:
    async with member.session() as session:
        await staff_login.log_out(session, member.who, everywhere=everywhere)
    answer = RedirectResponse(LOGIN, 303)
    answer.delete_cookie(cookie_name(request, member.desk), path="/")
    return answer


@demo_router.post("/demo-login")
async def demo_login(request: Request, desk: DeskDep, slug: str = Form("")) -> Response:
    """One click, for whoever tries the demo."""
    tenant_id = await accounts.find_by_slug(desk.engine, slug)
    if tenant_id is None:
        raise not_found()
    async with tenant_session(desk.engine, tenant_id) as session:
        owner: StaffMember = await staff.first_owner(session, tenant_id)
        value = await staff_login.log_in(session, owner, device_of(request))
    return logged_in(request, desk, value, _HOME)


def logged_in(request: Request, desk: Desk, value: str, after: str) -> Response:
    """On to the dashboard, with the session's cookie."""
    answer = RedirectResponse(after, 303, {"Cache-Control": "no-store"})
    keep_session(answer, request, desk, value)
    return answer


def keep_session(answer: Response, request: Request, desk: Desk, value: str) -> None:
    """Let the browser keep the cookie of a session that has begun."""
    name = cookie_name(request, desk)
    answer.set_cookie(
        name,
        value,
        max_age=int(staff_login.SESSION_LIFE.total_seconds()),
        path="/",
        secure=name.startswith("__Host-"),
        httponly=True,
        samesite="lax",
    )


def device_of(request: Request) -> str:
    """ "Chrome on Android", as far as the browser tells."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for mark, name in _BROWSERS.items() if mark in agent), "A browser")
    device = next((each for each in _DEVICES if each in agent), "")
    return f"{browser} on {'a Mac' if device == 'Macintosh' else device}" if device else browser


async def _demos(desk: Desk) -> list[tuple[str, str]]:
    """The businesses that one click opens: in the demo, all."""
    return [(slug, name) for _, slug, name in await accounts.list_all(desk.engine)] if desk.is_demo else []


def _worthless(request: Request) -> Response:
    message = "It may have been used already, or is too old. Ask for a new one."
    return show(request, "login_again.html", status=404, message=message)


def own_path(path: str) -> str:
    """Where to go afterwards: a page of the dashboard, never somebody else's."""
    parts = urlsplit(path)
    is_own = not parts.scheme and not parts.netloc and path.startswith(_HOME) and "\\" not in path
    return path if is_own else _HOME

"""The addresses of what is offered: a form that adds one, and a form for each that there is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from handled.web.dashboard.deps import Member, MemberDep, OwnerDep

Page = Callable[[Member, Request, str | None], Awaitable[HTMLResponse]]
Save = Callable[[Member, Request, str | None], Awaitable[Response]]


def add_routes(router: APIRouter, name: str, page: Page, save: Save) -> None:
    """`/new-{name}` and `/{name}s/{key}`: whoever works here may look, owners alone may change. Both are given the key,
    which is None for a new one."""

    async def new_page(member: OwnerDep, request: Request) -> HTMLResponse:
        return await page(member, request, None)

    async def old_page(key: str, member: MemberDep, request: Request) -> HTMLResponse:
        return await page(member, request, key)

    async def add(member: OwnerDep, request: Request) -> Response:
        return await save(member, request, None)

    async def change(key: str, member: OwnerDep, request: Request) -> Response:
        return await save(member, request, key)

    router.add_api_route(f"/new-{name}", new_page)
    router.add_api_route(f"/{name}s/{{key}}", old_page)
    router.add_api_route(f"/new-{name}", add, methods=["POST"])
    router.add_api_route(f"/{name}s/{{key}}", change, methods=["POST"])

"""How every route of the dashboard answers: same-site writes only, and errors as pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from handled.conversations.messages import not_found
from handled.kit.errors import HandledError
from handled.web.dashboard.rendering import show
from handled.web.deps import Desk

logger = logging.getLogger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

LOGIN = "/dashboard/login"
_TITLES = {403: "That is not yours to do", 404: "There is nothing here", 429: "A little slower, please"}
_UNREADABLE = "Something in that form could not be understood. Please go back and look at it again."
_UNAVAILABLE = "We cannot be reached for a moment. Please try again shortly."


class DashboardRoute(APIRoute):
    """Writes come from our own pages only (Fetch Metadata, else Origin). Who is not logged in is sent to log in;
    every other error is a page, or for a part of a page a sentence to put in its place."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def handle_or_explain(request: Request) -> Response:
            try:
                if request.method not in ("GET", "HEAD"):
                    check_own_page(request)
                return await handle(request)
            except HandledError as error:
                return _explained(request, error)
            except RequestValidationError as error:
                return _explained(request, _unreadable(error))
            except (OperationalError, PoolTimeout) as error:
                logger.error("the database cannot be reached: %s", type(error).__name__)
                return _explained(request, HandledError("unavailable", _UNAVAILABLE, 503))

        return handle_or_explain


def check_own_page(request: Request) -> None:
    """Raises HandledError `origin_not_allowed` for what another site's page has sent."""
    desk: Desk = request.app.state.desk
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = (desk.public_url, f"{request.url.scheme}://{request.url.netloc}")
    if site == "same-origin" or (site is None and (origin is None or origin in own)):
        return
    raise HandledError("origin_not_allowed", "This can only be sent from our own pages.", 403)


def _unreadable(error: RequestValidationError) -> HandledError:
    """An address that cannot be one of ours is as unknown as any other."""
    if all(each["loc"][0] == "path" for each in error.errors()):
        return not_found()
    return HandledError("malformed", _UNREADABLE, 400)


def is_partial(request: Request) -> bool:
    """Whether a script asks for a part of the page it is on."""
    return "hx-request" in request.headers


def _explained(request: Request, error: HandledError) -> Response:
    if error.name == "login_required":
        return _to_login(request)
    headers = {"Retry-After": str(error.extra.get("retryAfter", 5))} if error.status in (429, 503) else {}
    if is_partial(request):
        answer = show(request, "notice.html", status=error.status, message=error.message)
        # Beside what the page shows, not instead of it.
        headers |= {"HX-Retarget": "#notices", "HX-Reswap": "innerHTML"}
    else:
        title = _TITLES.get(error.status, "That did not work")
        answer = show(request, "problem.html", status=error.status, title=title, message=error.message)
    answer.headers.update(headers)
    return answer


def _to_login(request: Request) -> Response:
    if is_partial(request):
        return Response(status_code=200, headers={"HX-Redirect": LOGIN})
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    after = f"?next={quote(here, safe='')}" if request.method == "GET" and here != "/dashboard" else ""
    return RedirectResponse(f"{LOGIN}{after}", 303, {"Cache-Control": "no-store"})

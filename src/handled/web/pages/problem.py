"""A problem as somebody with a browser reads it, where the API would answer JSON."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import HTMLResponse

from handled.kit.errors import HandledError
from handled.web.pages.rendering import linked_page

# Below these is what programs read; everything else people may open.
_FOR_PROGRAMS = ("/v1/", "/health", "/ready", "/metrics", "/openapi.json")
_LINKS = ("/b/", "/pay/", "/refuse/", "/rate/", "/escalation/")
_CUT_OFF = (
    "This link does not work",
    "It may have been cut off on its way here, or it may no longer be valid.",
    "Please open it from the mail once more, or copy all of it. If that does not help, write to the business: its"
    " address is in the mail.",
)
_WORDS = {
    404: ("There is nothing here", "The address may have a mistake in it, or what was here is gone.", None),
    429: ("One moment, please", "That was a little too often. Please try again in a minute.", None),
    503: ("We cannot be reached for a moment", "Nothing was changed. Please try again shortly.", None),
}


def is_wanted(request: Request) -> bool:
    """Whether the request is a browser's, for what is no program's."""
    return not request.url.path.startswith(_FOR_PROGRAMS) and "text/html" in request.headers.get("accept", "")


def show(request: Request, error: HandledError) -> HTMLResponse:
    """The page, with the error's status. Says nothing of what exists and what does not."""
    title, message, hint = _WORDS.get(error.status, ("That did not work", error.message, None))
    if error.status == 404 and request.url.path.startswith(_LINKS):
        title, message, hint = _CUT_OFF
    return linked_page("problem.html", status=error.status, title=title, message=message, hint=hint)

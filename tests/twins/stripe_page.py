"""The page behind a Checkout's address, for tests with a browser: it says what is to be paid, and has the buttons."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qs

from tests.twins.stripe_books import Json
from tests.twins.stripe_customer import Customer
from tests.twins.wire import Request, Wire


async def answer(customer: Customer, request: Request, wire: Wire) -> None:
    checkout_id = request.path.removeprefix("/c/pay/").partition("?")[0]
    books = customer.books
    books.expire_what_is_due()
    session = next((each for each in books.checkouts() if each["id"] == checkout_id), None)
    if session is None:
        await _send(wire, 404, _page("Something went wrong", ""))
        return
    if request.method == "POST" and session["status"] == "open":
        match parse_qs(request.raw.decode()).get("action", [""])[0]:
            case "pay":
                customer.pay(checkout_id)
                await _send(wire, 303, "", location=_filled_in(session["success_url"], checkout_id))
                return
            case "decline":
                customer.decline(checkout_id)
            case _:
                customer.abandon(checkout_id)
                await _send(wire, 303, "", location=_filled_in(session["cancel_url"] or "/", checkout_id))
                return
    await _send(wire, 200, _shown(session))


def _shown(session: Json) -> str:
    if session["status"] != "open":
        return _page("You're all done here", f"<p>This page is {escape(session['status'])}.</p>")
    buttons = "".join(
        f'<button name="action" value="{action}">{text}</button> '
        for action, text in (("pay", "Pay"), ("decline", "Pay with a declined card"), ("leave", "Back"))
    )
    return _page(
        "Checkout", f"<p>{session['amount_total']} {escape(session['currency'])}</p><form method=post>{buttons}</form>"
    )


def _page(title: str, body: str) -> str:
    return f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1>{body}</html>"


def _filled_in(url: str, checkout_id: str) -> str:
    return url.replace("{CHECKOUT_SESSION_ID}", checkout_id)


async def _send(wire: Wire, status: int, text: str, **headers: str) -> None:
    body = text.encode()
    given = {"content-type": "text/html; charset=utf-8", "content-length": str(len(body))} | headers
    lines = [f"HTTP/1.1 {status} As it is", *(f"{name}: {value}" for name, value in given.items())]
    wire.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await wire.writer.drain()

"""The local Stripe's objects, and what its API does to them."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from typing import Any

import stripe as sdk
from stripe.checkout import Session

from tests.twins import stripe_rules
from tests.twins.stripe_contract import API_VERSION, blank
from tests.twins.stripe_ledger import Clock, Ledger
from tests.twins.stripe_rules import Refused

Json = dict[str, Any]


class Books:
    """Objects of our own account (None) and of those connected to it; each is seen only in its own."""

    def __init__(self, clock: Clock, ledger: Ledger, announce: Callable[[Json], None]) -> None:
        self.clock = clock
        self.ledger = ledger
        self.base_url = ""
        self.refund_status = "succeeded"
        self._announce = announce
        self._objects: dict[str, tuple[str | None, Json]] = {}
        self._wanted: dict[str, Json] = {}
        self._salt = secrets.token_hex(4)
        self._count = 0

    def create_checkout(self, params: Json, account: str | None, key: str | None) -> Json:
        amount, currency = stripe_rules.price_of(params)
        expires_at = stripe_rules.expiry_of(params, self.clock.seconds())
        stripe_rules.check_addresses(params)
        checkout_id = self._new_id("cs_test")
        session = self._new(Session, "checkout.session", checkout_id, account) | {
            "amount_subtotal": amount,
            "amount_total": amount,
            "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
            "custom_fields": [],
            "custom_text": {"after_submit": None, "shipping_address": None, "submit": None},
            "currency": currency,
            "expires_at": expires_at,
            "mode": "payment",
            "payment_method_types": ["card"],
            "payment_status": "unpaid",
            "shipping_options": [],
            "status": "open",
            "url": f"{self.base_url}/c/pay/{checkout_id}",
        }
        given = ("success_url", "cancel_url", "client_reference_id", "customer_email", "submit_type", "locale")
        session |= {name: params[name] for name in given if name in params}
        session["metadata"] = params.get("metadata", {})
        self._wanted[checkout_id] = params.get("payment_intent_data", {})
        self._keep(session, account)
        self.write("checkout.created", session, account, idempotency_key=key, expires_at=expires_at)
        return session

    def expire_checkout(self, checkout_id: str, account: str | None) -> Json:
        session = self.get(checkout_id, account, "checkout.session")
        if session["status"] != "open":
            raise Refused(
                f'Only Checkout Sessions with a status in ["open"] can be expired. This one is {session["status"]}.'
            )
        self._expire(session)
        return session

    def create_refund(self, params: Json, account: str | None, key: str | None) -> Json:
        intent = self.get(params.get("payment_intent", ""), account, "payment_intent")
        if intent["status"] != "succeeded":
            raise Refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
        charge = self.find(intent["latest_charge"])
        left = charge["amount"] - charge["amount_refunded"]
        if left == 0:
            raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
        amount = params.get("amount", left)
        if amount <= 0:
            raise Refused("Invalid positive integer", param="amount", code="parameter_invalid_integer")
        if amount > left:
            raise Refused("Refund amount is greater than unrefunded amount on charge", param="amount")
        stripe_rules.check_metadata(params.get("metadata", {}))
        stripe_rules.check_amount(amount, charge["currency"], "amount")
        refund = self._new(sdk.Refund, "refund", self._new_id("re"), account) | {
            "amount": amount,
            "currency": charge["currency"],
            "charge": charge["id"],
            "payment_intent": intent["id"],
            "reason": params.get("reason"),
            "status": self.refund_status,
            "metadata": params.get("metadata", {}),
        }
        del refund["livemode"]
        self._keep(refund, account)
        self.refunded(charge, amount)
        self.write("refund.created", refund, account, idempotency_key=key, payment_intent=intent["id"])
        self.say("refund.created", refund, account, key)
        self.say("charge.refunded", charge, account, key)
        return refund

    def list_refunds(self, params: Json, account: str | None) -> Json:
        found = [
            each
            for owner, each in reversed(self._objects.values())
            if each["object"] == "refund"
            and owner == account
            and params.get("payment_intent") in (None, each["payment_intent"])
        ]
        after = params.get("starting_after")
        if after is not None:
            found = found[[each["id"] for each in found].index(after) + 1 :]
        limit = params.get("limit", 10)
        return {"object": "list", "url": "/v1/refunds", "data": found[:limit], "has_more": len(found) > limit}

    def get(self, object_id: str, account: str | None, kind: str) -> Json:
        """The object of that id. Raises Refused where the account has none."""
        owner, found = self._objects.get(object_id, (None, {}))
        if owner != account or found.get("object") != kind:
            raise Refused(f"No such {kind}: '{object_id}'", status=404, code="resource_missing", param="id")
        return found

    def expire_what_is_due(self) -> None:
        """What time does by itself."""
        now = self.clock.seconds()
        for _, each in list(self._objects.values()):
            if each["object"] == "checkout.session" and each["status"] == "open" and each["expires_at"] <= now:
                self._expire(each)

    def find(self, object_id: str) -> Json:
        """The object of that id, whosever it is. Raises KeyError."""
        return self._objects[object_id][1]

    def checkouts(self) -> list[Json]:
        return [each for _, each in self._objects.values() if each["object"] == "checkout.session"]

    def start_intent(self, session: Json, status: str) -> Json:
        """The payment of a Checkout: made with the first attempt, the same for all of them."""
        if session["payment_intent"] is not None:
            intent = self.find(session["payment_intent"])
            intent |= {"status": status, "amount": session["amount_total"]}
            return intent
        account, wanted = self.owner(session), self._wanted[session["id"]]
        intent = self._new(sdk.PaymentIntent, "payment_intent", self._new_id("pi"), account) | {
            "amount": session["amount_total"],
            "amount_capturable": 0,
            "amount_received": 0,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "currency": session["currency"],
            "description": wanted.get("description"),
            "metadata": wanted.get("metadata", {}),
            "payment_method_types": ["card"],
            "status": status,
        }
        session["payment_intent"] = intent["id"]
        self._keep(intent, account)
        self.say("payment_intent.created", intent, account)
        return intent

    def charge(self, intent: Json, account: str | None) -> None:
        charge = self._new(sdk.Charge, "charge", self._new_id("ch"), account) | {
            "amount": intent["amount"],
            "amount_captured": intent["amount"],
            "amount_refunded": 0,
            "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
            "captured": True,
            "currency": intent["currency"],
            "disputed": False,
            "metadata": intent["metadata"],
            "paid": True,
            "payment_intent": intent["id"],
            "refunded": False,
            "status": "succeeded",
        }
        self._keep(charge, account)
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
        self.say("charge.succeeded", charge, account)
        self.say("payment_intent.succeeded", intent, account)

    def complete(self, session: Json, payment_status: str) -> None:
        session |= {"status": "complete", "payment_status": payment_status, "url": None}
        self.say("checkout.session.completed", session, self.owner(session))

    def _expire(self, session: Json) -> None:
        session |= {"status": "expired", "url": None}
        self.write("checkout.expired", session, self.owner(session))
        self.say("checkout.session.expired", session, self.owner(session))

    def refunded(self, charge: Json, amount: int) -> None:
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]

    def owner(self, thing: Json) -> str | None:
        return self._objects[thing["id"]][0]

    def _new(self, kind: type, name: str, object_id: str, account: str | None) -> Json:
        return blank(kind) | {"id": object_id, "object": name, "created": self.clock.seconds(), "livemode": False}

    def _new_id(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}_{self._salt}{self._count:08}"

    def _keep(self, thing: Json, account: str | None) -> None:
        self._objects[thing["id"]] = (account, thing)

    def write(self, effect: str, thing: Json, account: str | None, **more: Any) -> None:
        amount = thing.get("amount_total", thing.get("amount"))
        about = {"id": thing["id"], "account": account, "amount": amount, "currency": thing["currency"]}
        self.ledger.write(effect, **about, metadata=thing["metadata"], **more)

    def say(self, kind: str, about: Json, account: str | None, key: str | None = None) -> None:
        event = {
            "id": self._new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.clock.seconds(),
            "data": {"object": copy.deepcopy(about)},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": key},
            "type": kind,
        }
        self._announce(event if account is None else event | {"account": account})

"""What customers do on the local Stripe's page, and their banks afterwards."""

from __future__ import annotations

from tests.twins.stripe_books import Books, Json


class Customer:
    """Each raises ValueError for what cannot be done any more, KeyError for an unknown id."""

    def __init__(self, books: Books) -> None:
        self.books = books

    def pay(self, checkout_id: str, *, amount: int | None = None) -> Json:
        """By card, at once. With `amount`, another one than was asked for."""
        self.books.expire_what_is_due()
        return self._pay(self._open(checkout_id), amount=amount)

    def pay_late(self, checkout_id: str) -> Json:
        """The money comes although the time is over, or the Checkout has been closed."""
        self.books.expire_what_is_due()
        session = self.books.find(checkout_id)
        if session["status"] == "complete":
            raise ValueError(f"{checkout_id} is complete")
        return self._pay(session, late=True)

    def pay_slowly(self, checkout_id: str) -> Json:
        """In a way that takes days: the Checkout is complete, the money under way until `settle`."""
        self.books.expire_what_is_due()
        session = self._open(checkout_id)
        self.books.start_intent(session, "processing")
        self.books.complete(session, "unpaid")
        self.books.write("checkout.completed", session, self.books.owner(session))
        return session

    def settle(self, checkout_id: str, *, arrives: bool = True) -> Json:
        """The end of `pay_slowly`."""
        session = self.books.find(checkout_id)
        intent = self.books.find(session["payment_intent"])
        if intent["status"] != "processing":
            raise ValueError(f"nothing is under way for {checkout_id}")
        account = self.books.owner(session)
        if arrives:
            self.books.charge(intent, account)
            session["payment_status"] = "paid"
            self.books.write("checkout.paid", session, account, payment_intent=intent["id"])
            self.books.say("checkout.session.async_payment_succeeded", session, account)
        else:
            intent["status"] = "requires_payment_method"
            self.books.say("payment_intent.payment_failed", intent, account)
            self.books.say("checkout.session.async_payment_failed", session, account)
        return session

    def decline(self, checkout_id: str) -> Json:
        """The bank says no; the customer may try again."""
        self.books.expire_what_is_due()
        session = self._open(checkout_id)
        account = self.books.owner(session)
        intent = self.books.start_intent(session, "requires_payment_method")
        intent["last_payment_error"] = {"type": "card_error", "code": "card_declined", "message": "Declined."}
        self.books.write("checkout.declined", session, account)
        self.books.say("payment_intent.payment_failed", intent, account)
        return session

    def abandon(self, checkout_id: str) -> Json:
        """The customer walks away; the Checkout stays open until its time is over."""
        session = self._open(checkout_id)
        self.books.write("checkout.abandoned", session, self.books.owner(session))
        return session

    def settle_refund(self, refund_id: str, *, arrives: bool = True) -> Json:
        """The bank has taken it, or sends it back: then the business keeps the money."""
        refund = self.books.find(refund_id)
        account = self.books.owner(refund)
        if arrives:
            refund["status"] = "succeeded"
            self.books.say("refund.updated", refund, account)
            return refund
        refund |= {"status": "failed", "failure_reason": "lost_or_stolen_card"}
        self.books.refunded(self.books.find(refund["charge"]), -refund["amount"])
        self.books.write("refund.failed", refund, account)
        self.books.say("refund.failed", refund, account)
        return refund

    def _pay(self, session: Json, *, amount: int | None = None, late: bool = False) -> Json:
        account = self.books.owner(session)
        if amount is not None:
            session["amount_total"] = session["amount_subtotal"] = amount
        intent = self.books.start_intent(session, "processing")
        self.books.charge(intent, account)
        self.books.write("checkout.paid", session, account, payment_intent=intent["id"], late=late)
        self.books.complete(session, "paid")
        return session

    def _open(self, checkout_id: str) -> Json:
        session = self.books.find(checkout_id)
        if session["status"] != "open":
            raise ValueError(f"{checkout_id} is {session['status']}")
        return session

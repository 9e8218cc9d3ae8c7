"""The front desks of the three demonstration businesses, with their own services and questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

from handled.tenants.industry import questions_of
from tests.agent.guided.front_desk import FrontDesk, Json, service

_SIGNS = {"GBP": "£", "USD": "$", "EUR": "€"}


@dataclass
class DemoDesk(FrontDesk):
    pack: str = ""

    def business(self) -> Json:
        return super().business() | {"pack": self.pack}


def demo(name: str) -> DemoDesk:
    """The desk of the demonstration business `name`: "hair", "photo" or "therapy"."""
    file = resources.files("handled.tenants") / "demo" / f"{name}.yaml"
    data: Any = YAML(typ="safe").load(file.read_text("utf-8"))  # pyright: ignore[reportUnknownMemberType]
    pack, currency = str(data["pack"]), str(data["currency"])
    return DemoDesk(services=[_service(each, pack, currency) for each in data["services"]], faq={}, pack=pack)


def _service(told: Json, pack: str, currency: str) -> Json:
    price, deposit = str(told.get("price", "on request")), told.get("deposit")
    fixed, sign = price != "on request", _SIGNS[currency]
    own = tuple(told["intake"]) if "intake" in told else None
    return service(
        told["key"],
        told["name"],
        description=told.get("description", ""),
        duration_minutes=_minutes(told.get("duration", "")),
        whole_day=told.get("kind") == "whole_day",
        price={"amount": round(float(price) * 100), "currency": currency} if fixed else None,
        price_text=f"{sign}{price}" if fixed else price,
        resources=[],
        paid_in_advance=f"{sign}{deposit}" if deposit else "",
        intake=list(questions_of(pack, own)),
    )


def _minutes(duration: str) -> int | None:
    hours, minutes = re.search(r"(\d+) h", duration), re.search(r"(\d+) min", duration)
    return (60 * int(hours[1]) if hours else 0) + (int(minutes[1]) if minutes else 0) or None

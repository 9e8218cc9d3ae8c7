"""What is worked out of a business once, and not again until it has changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from uuid import UUID

from handled.catalog.business import Business

_KEPT = 256
T = TypeVar("T")


def derived(work_out: Callable[[Business], T]) -> Callable[[Business], T]:
    """A function that remembers its answer for as long as it is asked about the same state of a business."""
    known: OrderedDict[UUID, tuple[Business, T]] = OrderedDict()

    @wraps(work_out)
    def answer(business: Business) -> T:
        last = known.get(business.id)
        if last is None or last[0] is not business:
            last = known[business.id] = business, work_out(business)
            while len(known) > _KEPT:
                known.popitem(last=False)
        return last[1]

    return answer

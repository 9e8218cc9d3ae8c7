"""The customer as the model knows them: nobody, until they have proven an address in this conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from handled.agent.tools.memory import REMEMBERED
from handled.bookings.known import find_known
from handled.bookings.proving import VERIFIED
from handled.db.session import tenant_session
from handled.kit.text import quote_data
from handled.tables import Message

if TYPE_CHECKING:
    from handled.agent.turn import Run

# After these there may be more to know, or less.
_CHANGING = ("find_booking", "remember_preference")


def may_be_known(said: Sequence[Message]) -> bool:
    """Whether an address was ever proven in the conversation; whether that still counts, the database says."""
    notes = (step.get("event", {}) for each in said if each.role == "system" for step in each.steps)
    return any(note.get("event") == VERIFIED for note in notes)


async def look(run: Run) -> str:
    """The customer as quoted data; empty for somebody unknown."""
    async with tenant_session(run.agent.engine, run.business.id) as session:
        found = await find_known(session, run.business, run.turn.conversation_id)
    return quote_data("customer", found) if found else ""


async def look_after(run: Run, tool: str) -> None:
    """Look again after a call that may have proven an address, or changed what is remembered."""
    if tool in _CHANGING:
        run.customer = await look(run)


async def show_remembered(run: Run) -> None:
    """What is remembered from now on the customer has read, whatever the model made of it."""
    for each in _kept(run.steps):
        if each not in run.text:
            sentence = REMEMBERED.format(text=each)
            await run.say(f" {sentence}", len(run.text) - 1)
            run.steps[-1]["text"] = f"{run.steps[-1]['text']} {sentence}".strip()


def _kept(steps: Sequence[dict[str, Any]]) -> list[str]:
    calls = [call for step in steps for call in step["calls"] if call["name"] == "remember_preference"]
    return [call["result"]["text"] for call in calls if call["result"].get("status") == "remembered"]

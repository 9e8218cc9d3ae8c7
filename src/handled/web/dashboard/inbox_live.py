"""A conversation as it goes on: every open page of it gets what is said, the agent's words as they come, and who
answers, in pieces of the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import Response

from handled.conversations import inbox, messages
from handled.kit.errors import HandledError
from handled.kit.text import MAX_MESSAGE_CHARS
from handled.tables import Message
from handled.tenants import staff_login
from handled.web import sse
from handled.web.dashboard import inbox_one as one
from handled.web.dashboard.deps import Member, cookie_name, get_member
from handled.web.dashboard.inbox import HOME, AskedDep
from handled.web.dashboard.inbox_one import Talk
from handled.web.dashboard.inbox_words import Entry
from handled.web.dashboard.rendering import show
from handled.web.dashboard.route import DashboardRoute
from handled.web.dashboard.saved_replies import list_saved
from handled.web.deps import DeskDep

router = APIRouter(include_in_schema=False, prefix=HOME, route_class=DashboardRoute)

_DECIDES = ("proposal", "receipt")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the agent has said of its answer so far."""

    turn_id: UUID
    text: str


@dataclass(slots=True)
class Shown:
    """What the page has: everything up to the feed's number `number` and the message of position `position`, and the
    panels as they were last sent. `query` is what the addresses of its forms end with."""

    number: int
    position: int
    day: date | None
    holder: str
    query: str
    panels: dict[str, str] = field(default_factory=dict[str, str])
    answered: set[UUID] = field(default_factory=set[UUID])


Events = Sequence[tuple[int, dict[str, Any]]]
Came = Draft | Events


@router.get("/{conversation_id}/events")
async def events(
    conversation_id: str,
    request: Request,
    desk: DeskDep,
    asked: AskedDep,
    after: Annotated[int, Query(ge=0)] = 0,
    seen: Annotated[int, Query(ge=0)] = 0,
    holder: Annotated[str, Query(max_length=10)] = "",
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Pieces of the page as server-sent events, from the feed's number `after` and the message after `seen` on."""
    try:
        member = await get_member(request, desk)
    except HandledError as error:
        if error.name != "login_required":
            raise
        return sse.EventStream(_goodbye(request))
    known = one.known_id(conversation_id)
    async with member.session() as session:
        await one.find(session, member, known)
        said = await messages.list_messages(session, member.tenant_id, known)
    had = [each for each in said if each.position <= seen]
    day = had[-1].created_at.astimezone(member.business.zone).date() if had else None
    shown = Shown(max(after, sse.last_event_id(last_event_id)), seen, day, holder, asked.query())
    return sse.EventStream(_live(request, member, known, shown))


async def _goodbye(request: Request) -> sse.Events:
    """Who is not logged in any more is told so, and asked for no more."""
    yield [(0, _on_one_line(_html(request, "inbox_goodbye.html")))]


async def _live(request: Request, member: Member, conversation_id: UUID, shown: Shown) -> sse.Events:
    token = request.cookies.get(cookie_name(request, member.desk), "")
    async with aclosing(_watch(member, conversation_id, shown.number)) as all_that_comes:
        async for came in all_that_comes:
            if isinstance(came, Draft):
                if came.turn_id not in shown.answered:
                    html = _html(request, "inbox_draft.html", draft=came.text)
                    yield [(shown.number, _on_one_line(html))]
                continue
            async with member.session() as session:
                is_logged_in = await staff_login.find_logged_in(session, member.tenant_id, token) is not None
            if not is_logged_in:
                async for goodbye in _goodbye(request):
                    yield goodbye
                return
            pieces = _pieces(request, member, shown, await _look(member, conversation_id, shown, came))
            shown.number = came[-1][0] if came else shown.number
            yield [(shown.number, pieces)] if pieces else []


@dataclass(frozen=True, slots=True)
class Look:
    """How the conversation stands: what was said since, what of the rest reads differently now, what the panels are
    made of."""

    talk: Talk
    new: Sequence[Message]
    fresh: Sequence[Entry]
    changed: Sequence[Entry]
    panels: dict[str, dict[str, Any]]
    composer: dict[str, Any]


async def _look(member: Member, conversation_id: UUID, shown: Shown, events: Events) -> Look:
    async with member.session() as session:
        talk = await one.find(session, member, conversation_id)
        said = await messages.list_messages(session, member.tenant_id, conversation_id)
        new = [each for each in said if each.position > shown.position]
        decided = [each for each in said if each.position <= shown.position and _is_decided(each, events)]
        fresh = await one.transcript(session, member, new, conversation_id, shown.day) if new else []
        changed = await one.transcript(session, member, decided, conversation_id) if decided else []
        standing = {**await one.standing(session, member, talk), "here_query": shown.query}
        beside = {
            "customer": await one.customer(session, member, talk),
            "conversation": talk.line.conversation,
            "talk": talk,
        }
        composer = {**standing, "saved": await list_saved(session, member.tenant_id), "problem": None, "written": ""}
        if new:
            await inbox.mark_read(session, member.tenant_id, conversation_id, max(each.position for each in new))
    panels = {"standing": standing, "beside": beside}
    return Look(talk, new, fresh, changed, panels, composer)


def _pieces(request: Request, member: Member, shown: Shown, look: Look) -> str:
    """What of the page is another one now; empty when nothing is."""
    if look.new:
        shown.position = max(each.position for each in look.new)
        shown.day = look.new[-1].created_at.astimezone(member.business.zone).date()
        shown.answered |= {each.turn_id for each in look.new if each.turn_id and each.role == "agent"}
    pieces: list[str] = []
    if look.fresh or look.changed:
        is_answered = any(each.role != "customer" for each in look.fresh)
        said = {"fresh": look.fresh, "changed": look.changed, "is_answered": is_answered}
        pieces.append(_html(request, "inbox_said.html", **said))
    for name, values in look.panels.items():
        html = _html(request, f"inbox_{name}.html", **values)
        if shown.panels.get(name) != html:
            shown.panels[name] = html
            pieces.append(_instead(name, html))
    if shown.holder != look.talk.holder:
        is_lost = shown.holder == "me"
        shown.holder = look.talk.holder
        problem = one.HANDED_BACK if is_lost and look.talk.holder == "agent" else None
        values = {**look.composer, "max_content": MAX_MESSAGE_CHARS, "keeps_box": is_lost, "problem": problem}
        pieces.append(_instead("composer", _html(request, "inbox_composer.html", **values)))
    return _on_one_line("".join(pieces))


def _instead(element: str, html: str) -> str:
    return f'<hx-partial hx-target="#{element}" hx-swap="outerMorph">{html}</hx-partial>'


def _is_decided(message: Message, events: Events) -> bool:
    """Whether one of the events is about the proposal that was shown with the message."""
    proposal = message.shown.get("proposalId")
    if proposal is None:
        return False
    about = [event for _, event in events if event["type"] in _DECIDES]
    return any(proposal in (each.get("proposalId"), each.get("proposal", {}).get("proposalId")) for each in about)


async def _watch(member: Member, conversation_id: UUID, after: int) -> AsyncGenerator[Came]:
    """The feed in batches, an empty one now and then, and beside it the drafts of the turns that it tells of."""
    coming: asyncio.Queue[Came | None] = asyncio.Queue()
    reading: set[asyncio.Task[None]] = set()

    def follow(turn_id: UUID) -> None:
        reading.add(asyncio.create_task(_read_turn(member, turn_id, coming)))

    async with member.session() as session:
        running = await one.running_turn(session, member, conversation_id)
    if running is not None:
        follow(running)
    feed = asyncio.create_task(_read_feed(member, conversation_id, after, coming))
    reading.add(feed)
    feed.add_done_callback(lambda _: coming.put_nowait(None))
    try:
        while (came := await coming.get()) is not None:
            if not isinstance(came, Draft):
                for _, event in came:
                    if event["type"] == "turn":
                        follow(UUID(event["turnId"]))
            yield came
        # What has gone wrong with it goes wrong here.
        await feed
    finally:
        for each in reading:
            each.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def _read_feed(member: Member, conversation_id: UUID, after: int, coming: asyncio.Queue[Came | None]) -> None:
    async with aclosing(
        member.desk.feeds.follow(member.tenant_id, conversation_id, after, for_customer=False)
    ) as batches:
        async for batch in batches:
            await coming.put([(number, orjson.loads(data)) for number, data in batch])


async def _read_turn(member: Member, turn_id: UUID, coming: asyncio.Queue[Came | None]) -> None:
    said = ""
    async with aclosing(member.desk.streams.read(member.tenant_id, turn_id)) as batches:
        async for batch in batches:
            before = said
            for _, data in batch:
                event = orjson.loads(data)
                if event["type"] == "chunk":
                    said += event["content"]
                elif event["type"] == "reset":
                    said = ""
            if said != before:
                await coming.put(Draft(turn_id, said))
    await coming.put(Draft(turn_id, ""))


def _html(request: Request, template: str, **values: Any) -> str:
    return bytes(show(request, template, **values).body).decode()


def _on_one_line(html: str) -> str:
    """As the data of an event is."""
    return html.replace("\r", "&#13;").replace("\n", "&#10;")

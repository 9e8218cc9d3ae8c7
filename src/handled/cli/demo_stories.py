"""What happened in the demo's past: who came, what they wanted, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from handled.analytics.rollups import midnight
from handled.catalog.business import OfferedService
from handled.cli import demo_words as words
from handled.cli.demo_bookings import Calendar, Made, Place, new_code, offered
from handled.cli.demo_talk import PEOPLE, Past, Person, Talk
from handled.kit import ids
from handled.kit.when.spoken import spoken_date, spoken_time
from handled.tables import Escalation, Proposal

_PLEASED, _MIXED, _UNHAPPY = (1, 1, 4, 24, 70), (4, 8, 20, 40, 28), (45, 25, 20, 8, 2)
_LEAST_LEAD = timedelta(hours=2)
_MOST_LEAD = timedelta(days=5)


@dataclass
class Story:
    """The past of one business while it is being made up."""

    past: Past
    trade: words.Trade
    calendar: Calendar
    codes: set[str] = field(default_factory=set[str])
    made: list[Made] = field(default_factory=list[Made])
    came: int = 0

    def person(self) -> Person:
        """Everybody in turn: who comes back does so after days."""
        self.came += 1
        return PEOPLE[self.came % len(PEOPLE)]

    def day(self, talk: Talk, day: date) -> str:
        zone = self.past.business.zone
        return spoken_date(day, talk.at.astimezone(zone).date(), self.past.business.locale)

    def time(self, at: datetime) -> str:
        return spoken_time(at.astimezone(self.past.business.zone).time(), self.past.business.locale)


def happen(story: Story, at: datetime) -> None:
    """Somebody writes, and wants one thing or another."""
    talk = Talk(story.past, story.person(), at)
    tell = story.past.dice.choices((_book, _ask, _fall_silent, _miss, _not_know, _want_a_person), (38, 28, 9, 9, 8, 8))[
        0
    ]
    tell(story, talk)


def _book(story: Story, talk: Talk) -> None:
    past, dice = story.past, story.past.dice
    found = _find(story, talk.at)
    if found is None:
        return _ask(story, talk)
    service, place = found
    day, time = story.day(talk, place.starts_at.astimezone(past.business.zone).date()), story.time(place.starts_at)
    talk.says(past.pick(words.WISHES).format(service=service.name.lower(), day=day))
    talk.told(past.pick(words.OFFERS).format(day=day, time=time), service=service.key, saw_times=True)
    if dice.random() < 0.11:
        return _think_about_it(story, talk)
    person = talk.person
    talk.says(past.pick(words.YESES).format(name=person.name, email=person.email))
    made = Made(past, service, person, talk.id, place, talk.at, new_code(dice, story.codes))
    booked = words.BOOKED.format(service=service.name, day=day, time=time, code=made.code, email=person.email)
    talk.told(booked, service=service.key, gave_answer=True)
    _propose(talk, "book", f"Book {service.name}", made, place)
    if dice.random() < 0.4:
        talk.says(past.pick(words.THANKS))
        talk.told(past.pick(words.GOODBYES), said_goodbye=True)
    talk.end("resolved" if dice.random() < 0.7 else "silence")
    if dice.random() < 0.42:
        talk.rate(_PLEASED)
    story.made.append(made)
    _change_of_plans(story, made)
    if made.status != "cancelled":
        story.calendar.take(service, made.place)
    return None


def _find(story: Story, at: datetime) -> tuple[OfferedService, Place] | None:
    """Something to book from then on that is over by now: the later it is, the fewer there are."""
    past = story.past
    services = offered(past.business)
    for service in past.dice.sample(services, min(3, len(services))):
        since = at + max(timedelta(minutes=service.notice_minutes), _LEAST_LEAD)
        place = story.calendar.find(service, since, min(since + _MOST_LEAD, past.until))
        if place is not None:
            return service, place
    return None


def _think_about_it(story: Story, talk: Talk) -> None:
    if story.past.dice.random() < 0.5:
        talk.says("Thanks, let me think about it.")
        talk.told("Of course, take your time.", said_goodbye=True)
        talk.end("left")
    else:
        talk.end()


def _change_of_plans(story: Story, made: Made) -> None:
    """Some cancel, some move, some do not come."""
    past, luck = story.past, story.past.dice.random()
    at = made.at + (made.place.starts_at - made.at) * past.dice.uniform(0.2, 0.6)
    if luck < 0.05:
        made.status = "no_show"
    elif luck < 0.14 and not made.due and made.place.starts_at - at > timedelta(hours=26):
        _cancel(story, made, at)
    elif luck < 0.22 and made.place.starts_at - at > timedelta(hours=26):
        _move(story, made, at)


def _cancel(story: Story, made: Made, at: datetime) -> None:
    talk = Talk(story.past, made.person, at, email=made.person.email)
    talk.says(story.past.pick(words.CANCELS).format(code=made.code))
    talk.told(words.CANCELLED)
    made.status, made.cancelled_at = "cancelled", talk.at
    _propose(talk, "cancel", f"Cancel {made.service.name}", made, made.place)
    talk.end("resolved")


def _move(story: Story, made: Made, at: datetime) -> None:
    past, zone = story.past, story.past.business.zone
    latest = min(made.place.starts_at + _MOST_LEAD, past.until)
    place = story.calendar.find(made.service, made.place.starts_at + timedelta(hours=3), latest)
    if place is None:
        return
    talk = Talk(past, made.person, at, email=made.person.email)
    day = story.day(talk, place.starts_at.astimezone(zone).date())
    talk.says(past.pick(words.MOVES).format(code=made.code, day=day))
    said = {"service": made.service.name, "day": day, "time": story.time(place.starts_at), "email": made.person.email}
    talk.told(words.MOVED.format(**said), service=made.service.key, saw_times=True)
    made.place, made.moved_at = place, talk.at
    _propose(talk, "reschedule", f"Move {made.service.name}", made, place)
    talk.end("resolved")


def _ask(story: Story, talk: Talk) -> None:
    past, dice = story.past, story.past.dice
    for entry in dice.sample(past.business.faq, dice.choices((1, 2), (7, 3))[0]):
        talk.says(entry.question)
        talk.told(entry.answer, gave_answer=True)
    if dice.random() < 0.25:
        talk.thumb(up=dice.random() < 0.85)
    if dice.random() < 0.7:
        talk.says(past.pick(words.THANKS))
        talk.told(past.pick(words.GOODBYES), said_goodbye=True)
        talk.end("resolved")
    else:
        talk.end()
    if dice.random() < 0.25:
        talk.rate(_PLEASED if dice.random() < 0.8 else _MIXED)


def _fall_silent(story: Story, talk: Talk) -> None:
    entry = story.past.pick(story.past.business.faq)
    talk.says(entry.question)
    talk.told(entry.answer, gave_answer=True)
    talk.end()


def _miss(story: Story, talk: Talk) -> None:
    """A time that could not be had. Some leave it at that."""
    past, dice = story.past, story.past.dice
    service: OfferedService = past.pick(offered(past.business))
    wanted = talk.at.astimezone(past.business.zone).date() + timedelta(days=dice.randint(1, 6))
    at = midnight(past.business.zone, wanted).replace(hour=dice.choice((8, 12, 17, 18, 18, 19)))
    closes = max(
        (e.closes for e in past.business.hours if e.resource_id is None and e.weekday == wanted.weekday()), default=0
    )
    is_open = at.hour * 60 < closes and at.hour > 8
    day = story.day(talk, wanted)
    talk.says(
        f"{past.pick(words.WISHES).format(service=service.name.lower(), day=day)} At {story.time(at)} if possible."
    )
    refusal = words.TAKEN.format(day=day, time=story.time(at)) if is_open else words.CLOSED
    reason = "taken" if is_open else "closed"
    missed: dict[str, Any] = {"missed_date": wanted, "missed_time": at.time(), "missed_reason": reason}
    talk.told(refusal, service=service.key, saw_times=dice.random() < 0.6, **missed)
    talk.says("That doesn't work for me, thanks.")
    talk.told("I understand. Write to us whenever you like.", said_goodbye=True)
    talk.end("left")
    if dice.random() < 0.2:
        talk.rate(_MIXED)


def _not_know(story: Story, talk: Talk) -> None:
    past, dice = story.past, story.past.dice
    talk.says(past.pick(story.trade.unknown))
    talk.told(words.UNKNOWN, is_unanswered=True)
    if dice.random() < 0.3:
        talk.thumb(up=False)
    talk.says(past.pick(words.NO_THANKS))
    talk.told(past.pick(words.GOODBYES), said_goodbye=True)
    talk.end("left")
    if dice.random() < 0.3:
        talk.rate(_UNHAPPY)


def _want_a_person(story: Story, talk: Talk) -> None:
    past = story.past
    reason, answer = past.pick(story.trade.wants)
    talk.says(reason)
    asked = talk.at
    talk.told(words.HANDED_ON.format(email=talk.person.email))
    seen = timedelta(minutes=past.dice.randint(3, 35))
    talk.by_staff(answer, seen)
    talk.says(past.pick(words.STAFF_THANKS))
    _escalate(talk, reason, asked, asked + seen, talk.at + timedelta(minutes=1))
    talk.end("resolved")
    if past.dice.random() < 0.35:
        talk.rate(_PLEASED)


def wait(story: Story, at: datetime) -> None:
    """Somebody who has asked for a person, and whom nobody has answered yet."""
    talk = Talk(story.past, story.person(), at)
    talk.says(story.trade.waiting)
    asked = talk.at
    talk.told(words.HANDED_ON.format(email=talk.person.email))
    _escalate(talk, story.trade.waiting, asked)
    talk.leave_open()


def _escalate(
    talk: Talk, reason: str, at: datetime, seen: datetime | None = None, resolved: datetime | None = None
) -> None:
    """Nobody is reminded of it."""
    talk.past.add(
        Escalation,
        conversation_id=talk.id,
        status="RESOLVED" if resolved else "PENDING",
        priority="MEDIUM",
        cause="words",
        reasons=[{"at": at.isoformat(), "cause": "words", "reason": reason}],
        customer_name=talk.person.name,
        customer_email=talk.person.email,
        acknowledged_at=seen,
        resolved_at=resolved,
        created_at=at,
    )


def _propose(talk: Talk, action: str, title: str, made: Made, place: Place) -> None:
    starts = place.starts_at.astimezone(talk.past.business.zone)
    talk.past.add(
        Proposal,
        conversation_id=talk.id,
        booking_id=made.id,
        action=action,
        arguments={},
        preview={"title": title, "date": starts.date().isoformat(), "time": f"{starts:%H:%M}", "lines": []},
        preview_hash=ids.new_token(),
        code=f"{talk.past.dice.randrange(1000, 10000)}",
        tier="T3",
        status="executed",
        expires_at=talk.at + timedelta(minutes=10),
        decided_at=talk.at,
        created_at=talk.at,
    )

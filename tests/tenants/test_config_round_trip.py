from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paper_crane import SHOP

from handled.tenants import config
from handled.tenants.budgets import Budgets
from handled.tenants.document import (
    Branding,
    ExceptionEntry,
    FaqItem,
    Proofs,
    ResourceEntry,
    TenantDocument,
    completed,
)
from handled.tenants.hours import Opening
from handled.tenants.offers import Cancellation, PackageEntry, ServiceEntry

printable = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" \n"), min_size=1, max_size=60)
paragraphs = printable.map(str.strip).filter(bool)
line = printable.map(lambda text: " ".join(text.split())).filter(bool)
key = st.from_regex(r"[a-z0-9]+(?:[_-][a-z0-9]+)?", fullmatch=True).filter(lambda text: len(text) <= 60)
minutes = st.integers(0, 1440)


@st.composite
def intervals(draw: st.DrawFn, least: int = 0):
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2 * least, max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def weeks(draw: st.DrawFn, least: int = 0):
    week = [Opening(day, *each) for day in range(7) for each in draw(intervals())]
    if len(week) <= least:
        week = sorted([Opening(2, 0, 1440), *(each for each in week if each.weekday != 2)])
    return tuple(week)


@st.composite
def exceptions(draw: st.DrawFn, resources: list[str]):
    first, last = sorted(draw(st.tuples(*[st.dates(date(2000, 1, 1), date(2099, 12, 31))] * 2)))
    kind = draw(st.sampled_from(["closed", "hours", "blocked"]))
    return ExceptionEntry.model_construct(
        dates=(first, last),
        closed=kind == "closed",
        hours=draw(intervals(least=1)) if kind == "hours" else None,
        blocked=draw(intervals(least=1)) if kind == "blocked" else None,
        label=draw(st.none() | line),
        resource=draw(st.none() | st.sampled_from(resources)),
    )


@st.composite
def terms(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """What a service and a package have in common."""
    price = draw(st.none() | st.integers(0, 2_000_000_000))
    payment = draw(st.sampled_from(["none", "deposit", "full"])) if price else "none"
    percent = draw(st.integers(0, 100))
    return {
        "key": name,
        "name": draw(line),
        "description": draw(paragraphs | st.just("")),
        "price": price,
        "notice": draw(st.integers(0, 525_600)),
        "horizon": draw(st.integers(1, 1825)),
        "payment": payment,
        "deposit": draw(st.integers(1, price)) if payment == "deposit" and price else None,
        "cancellation": Cancellation.model_construct(
            free_until=draw(st.integers(0, 525_600)),
            fee_percent=percent,
            fee=None if percent else draw(st.none() | st.integers(0, 2_000_000_000)),
            moves=draw(st.none() | st.integers(0, 100)),
        ),
        "intake": draw(st.none() | st.lists(line, max_size=2).map(tuple)),
    }


@st.composite
def services(draw: st.DrawFn, name: str, resources: list[str]):
    whole_day = draw(st.booleans())
    return ServiceEntry.model_construct(
        **draw(terms(name)),
        active=draw(st.booleans()),
        kind="whole_day" if whole_day else "timed",
        duration=None if whole_day else draw(st.integers(1, 10_080)),
        step=15 if whole_day else draw(st.integers(1, 1440)),
        buffer_before=0 if whole_day else draw(minutes),
        buffer_after=0 if whole_day else draw(minutes),
        capacity=draw(st.integers(1, 1000)),
        resources=draw(st.none() | st.lists(st.sampled_from(resources), min_size=1, unique=True).map(tuple)),
    )


@st.composite
def packages(draw: st.DrawFn, name: str, offered: tuple[ServiceEntry, ...]):
    included = draw(st.lists(st.sampled_from([each.key for each in offered]), min_size=1, max_size=3))
    parts = [each for each in offered if each.key in included]
    bookable = all(each.active and each.kind == "timed" and each.capacity == 1 for each in parts)
    return PackageEntry.model_construct(
        **draw(terms(name)),
        # One that is over may include what it could not include today.
        active=bookable and draw(st.booleans()) and sum(each.duration or 0 for each in parts) * 3 <= 10_080,
        includes=tuple(included),
        step=draw(st.integers(1, 1440)),
    )


@st.composite
def documents(draw: st.DrawFn):
    names = draw(st.lists(key, min_size=1, max_size=3, unique=True))
    resources = [
        ResourceEntry.model_construct(key=name, name=draw(line), hours=draw(st.none() | weeks(least=1)), active=i == 0)
        for i, name in enumerate(names)
    ]
    keys = draw(st.lists(key, max_size=3, unique=True))
    offered = tuple(draw(services(name, names)) for name in keys[:2])
    questions = draw(st.lists(line, max_size=3, unique_by=lambda text: text.strip().lower()))
    document = TenantDocument.model_construct(
        slug=draw(key),
        name=draw(line),
        tagline=draw(st.none() | line),
        contact_email="desk@example.com",
        timezone=draw(st.sampled_from(["Asia/Kathmandu", "America/New_York"])),
        locale=draw(st.sampled_from(["en_US", "es", "sr_Latn_RS"])),
        currency=draw(st.sampled_from(["USD", "JPY", "KWD"])),
        address=draw(st.none() | line),
        phone=draw(st.none() | line),
        branding=Branding.model_construct(greeting=draw(st.none() | paragraphs)),
        policies=tuple(draw(st.lists(paragraphs, max_size=2))),
        typed_yes=draw(st.booleans()),
        proofs=draw(st.sampled_from([Proofs(), Proofs(cancel="one_time_code")])),
        budgets=draw(
            st.sampled_from([Budgets(), Budgets.model_construct(per_day=2_500_001, per_conversation="none")])
            | st.builds(Budgets.model_construct, per_day=st.integers(0, 10**12 - 1), per_turn_tokens=st.integers(0, 9))
        ),
        reminders=tuple(sorted(draw(st.sets(st.integers(10, 43_200), max_size=5)), reverse=True)),
        stripe_account=draw(st.none() | st.just("acct_1Invented")),
        resources=tuple(resources),
        hours=draw(weeks(least=1)),
        exceptions=tuple(draw(st.lists(exceptions(names), max_size=3))),
        services=offered,
        packages=tuple(draw(packages(name, offered)) for name in keys[2:]),
        faq=tuple(FaqItem.model_construct(q=question, a=draw(paragraphs)) for question in questions),
    )
    return completed(document)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_any_document_can_be_written_down_and_read_back(document: TenantDocument):
    assert config.parse(config.dump(document), "written.yaml") == document


def test_what_is_written_is_what_a_person_would_write():
    written = config.dump(config.parse(SHOP, "shop.yaml"))
    assert "  monday-friday: 09:00-12:00, 13:00-18:00\n  saturday-sunday: closed\n" in written
    assert "    duration: 1 h 30 min\n    price: '45.50'\n" in written
    assert "  - dates: 2030-12-24..2030-12-26\n    closed: true\n    label: Christmas\n" in written
    assert "step:" not in written
    assert "payment:" not in written


def test_exceptions_that_differ_only_in_their_times_are_one():
    twice = SHOP + "exceptions:\n  - {dates: 2030-01-02, hours: 10-12}\n  - {dates: 2030-01-02, hours: 11-14}\n"
    once = SHOP + "exceptions:\n  - {dates: 2030-01-02, hours: 10-14}\n"
    start = SHOP.index("exceptions:")
    end = SHOP.index("services:")
    cut = SHOP[start:end]
    assert config.parse(twice.replace(cut, "", 1), "x") == config.parse(once.replace(cut, "", 1), "x")

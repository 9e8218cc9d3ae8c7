"""`handled tenant import-bookings`: what a business has booked already, brought along."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handled.kit import clock
from tests.cli.command import Ran, handled
from tests.conftest import at
from tests.faults import ledger

HOUSE = """
slug: house
name: The Invented House
contact_email: owner@house.example
timezone: America/New_York
locale: en_US
currency: USD
hours: {monday-saturday: 09:00-18:00}
resources:
  - {key: ada, name: Ada}
  - {key: bo, name: Bo}
services:
  - key: massage
    name: Long Massage
    duration: 60 min
    price: "80.00"
    notice: 2 days
    cancellation: {free_until: 24 h, fee_percent: 50}
  - {key: peeling, name: Peeling, duration: 30 min, price: "40.00", payment: full, resources: [ada]}
  - {key: wedding, name: Wedding, kind: whole_day, price: on request, resources: [ada]}
  - {key: yoga, name: Yoga, duration: 60 min, price: "15.00", capacity: 2, resources: [bo]}
packages:
  - {key: both, name: Both, includes: [massage, peeling], price: "110.00"}
"""

HEAD = "service,start,name,email,phone,resource,notes,reference\n"
UNREADABLE = "is not a date and time that we can read; write it like 2026-03-02 15:00"
SKIPPED = "does not exist: the clocks are set forward then"
ONE_AT = "an email address has one @ in it, like name@example.com"
MORE_CELLS = "has more cells than there are columns; a text with the delimiter needs quotes"
Import = Callable[..., Ran]


@pytest.fixture
def bring(owner_url: str, tmp_path: Path) -> Import:
    """Import a file into the house, whose clock stands at Monday morning."""
    clock.start_at(at("2026-03-02T09:00:00-05:00"))
    (tmp_path / "house.yaml").write_text(HOUSE)
    assert handled(tmp_path, "tenant", "import", "house.yaml", database=owner_url).status == 0

    def run(content: str | bytes, *options: str) -> Ran:
        (tmp_path / "old.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        return handled(tmp_path, "tenant", "import-bookings", "house", "old.csv", *options, database=owner_url)

    return run


def bookings(owner_url: str) -> list[dict[str, Any]]:
    return ledger.rows(
        owner_url,
        "select b.*, s.key as service, r.key as resource, c.email as known_as from bookings b"
        " join services s on s.id = b.service_id join resources r on r.id = b.resource_id"
        " left join customers c on c.id = b.customer_id order by b.starts_at, r.key, b.customer_email",
    )


def codes(ran: Ran) -> list[dict[str, str]]:
    return list(csv.DictReader(ran.said.splitlines()))


def test_lines_become_bookings_with_codes_and_nobody_gets_a_mail(bring: Import, owner_url: str) -> None:
    ran = bring(
        HEAD
        + "massage,2026-03-03 15:00,Kim Lee,Kim@Example.com,(415) 555-0124,Bo,Likes it warm,A-17\n"
        + "Long massage,2026-03-03T15:00,Jo Doe,jo@example.com,,,,\n"
        + "wedding,2026-06-06,Al Poe,al@example.com,,,,\n"
        + "peeling,2026-02-03 15:00,Kim Lee,kim@example.com,,,,\n"
    )
    assert (ran.status, ran.complaint) == (0, "4 imported, 0 known from before, 0 refused.\n")
    past, jo, kim, wedding = bookings(owner_url)
    assert [each["code"] for each in codes(ran)] == [kim["code"], jo["code"], wedding["code"], past["code"]]
    assert {
        name: kim[name] for name in ("status", "source", "resource", "customer_email", "customer_phone", "notes")
    } == {
        "status": "confirmed",
        "source": "IMPORT",
        "resource": "bo",
        "customer_email": "kim@example.com",
        "customer_phone": "+14155550124",
        "notes": "Likes it warm",
    }
    assert (kim["starts_at"], kim["price_minor"], kim["due_minor"]) == (at("2026-03-03T15:00:00-05:00"), 8000, 0)
    assert kim["policy"]["fee_percent"] == 50
    assert (jo["resource"], past["status"], past["payment_rule"]) == ("ada", "completed", "none")
    assert (wedding["whole_day"], wedding["ends_at"]) == (True, at("2026-06-07T00:00:00-04:00"))
    assert [each["known_as"] for each in (past, jo, kim)] == ["kim@example.com", "jo@example.com", "kim@example.com"]
    assert ledger.value(owner_url, "select count(*) from occupancies") == 3
    assert ledger.value(owner_url, "select count(*) from notifications") == 0
    trail = ledger.rows(
        owner_url, "select actor, action, details from audit_entries where booking_id = %(id)s", id=kim["id"]
    )
    assert trail == [{"actor": "staff", "action": "imported", "details": {"line": 2}}]


def test_importing_twice_changes_nothing_and_gives_the_same_codes(bring: Import, owner_url: str) -> None:
    file = (
        HEAD
        + "massage,2026-03-03 15:00,Kim Lee,kim@example.com,,,,A-17\n"
        + "massage,2026-03-04 15:00,Jo Doe,jo@example.com,,,,\n"
        + "massage,2026-02-04 15:00,Jo Doe,jo@example.com,,,,\n"
    )
    first = bring(file)
    before = bookings(owner_url)
    again = bring(file)
    assert (again.status, again.complaint) == (0, "0 imported, 3 known from before, 0 refused.\n")
    assert bookings(owner_url) == before
    assert [each["code"] for each in codes(again)] == [each["code"] for each in codes(first)]
    assert {each["state"] for each in codes(again)} == {"known"}
    # One more line is one more booking.
    assert bring(file + "massage,2026-03-05 15:00,Jo Doe,jo@example.com,,,,\n").complaint.startswith(
        "1 imported, 3 known"
    )
    # What has changed here since stays as it is.
    ledger.change(owner_url, "update bookings set status = 'cancelled', customer_name = 'K'; delete from occupancies")
    assert bring(file).complaint.startswith("0 imported, 3 known")
    assert {each["status"] for each in bookings(owner_url)} == {"cancelled"}


def test_lines_that_cannot_be_are_named_and_the_rest_is_imported(bring: Import, owner_url: str) -> None:
    lines = {
        "massage,2026-03-03 15:00,Kim Lee,kim@example.com,,ada,,A-1": None,
        "massage,2026-03-03 15:30,Jo Doe,jo@example.com,,ada,,": "the time is already taken",
        "shave,2026-03-03 15:00,Kim Lee,kim@example.com,,,,": "there is no service 'shave'",
        "massage,2026-03-03 15:00,Kim Lee,kim@example.com,,Zoe,,": "there is no resource 'Zoe'",
        "peeling,2026-03-03 15:00,Kim Lee,kim@example.com,,bo,,": "bo does not perform peeling",
        "massage,03/04/2026 3pm,Kim Lee,kim@example.com,,,,": f"the start '03/04/2026 3pm' {UNREADABLE}",
        "massage,2026-02-30 15:00,Kim Lee,kim@example.com,,,,": f"the start '2026-02-30 15:00' {UNREADABLE}",
        "massage,2026-03-08 02:30,Kim Lee,kim@example.com,,,,": f"the start '2026-03-08 02:30' {SKIPPED}",
        "massage,2026-03-04,Kim Lee,kim@example.com,,,,": "the start '2026-03-04' has no time",
        "massage,2026-03-04 15:00,,kim@example.com,,,,": "the name is empty",
        "massage,2026-03-04 15:00,Kim Lee,kim at example,,,,": ONE_AT,
        "massage,2026-03-04 15:00,Kim Lee,,,,,": "the email address is missing",
        "massage,2026-03-05 15:00,Jo Doe,jo@example.com,,,,A-1": "is the same booking as line 2",
        "massage,2026-03-06 15:00,Jo Doe,jo@example.com,,,,A-2": None,
        "Long Massage,2026-03-07 15:00,Jo Doe,jo@example.com,,,,": None,
        "massage,2026-03-07T20:00Z,jo  doe,JO@example.com,,,,": "is the same booking as line 16",
        "massage,2026-03-09 15:00,Jo Doe,jo@example.com,,,one,two,three": MORE_CELLS,
    }
    ran = bring(HEAD + "\n".join(lines) + "\n")
    expected = [f"old.csv:{number}: {words}" for number, words in enumerate(lines.values(), 2) if words]
    assert ran.complaint.splitlines() == [*expected, "3 imported, 0 known from before, 14 refused."]
    assert ran.status == 1
    assert [each["line"] for each in codes(ran)] == ["2", "15", "16"]
    assert len(bookings(owner_url)) == 3
    assert ledger.value(owner_url, "select count(*) from audit_entries") == 3
    assert ledger.value(owner_url, "select count(*) from occupancies") == 3
    assert ledger.value(owner_url, "select count(*) from customers") == 2


def test_what_is_booked_here_already_is_never_doubled(bring: Import, owner_url: str) -> None:
    one = HEAD + "peeling,2026-03-03 15:00,Kim Lee,kim@example.com,,,,A-1\n"
    bring(one)
    ran = bring(
        HEAD
        + "massage,2026-03-03 14:30,Jo Doe,jo@example.com,,ada,,\nmassage,2026-03-03 14:30,Al Poe,al@example.com,,,,\n"
    )
    assert ran.complaint.splitlines()[0] == "old.csv:2: the time is already taken"
    assert [(each["resource"], each["customer_email"]) for each in bookings(owner_url)] == [
        ("bo", "al@example.com"),
        ("ada", "kim@example.com"),
    ]


def test_outside_of_opening_hours_is_only_worth_a_word(bring: Import, owner_url: str) -> None:
    ran = bring(
        HEAD
        + "massage,2026-03-02 10:07,Kim Lee,kim@example.com,,,,\n"  # off the grid, within the notice: fine
        + "massage,2026-03-08 23:30,Jo Doe,jo@example.com,,,,\n"
        + "massage,2027-12-01 17:30,Al Poe,al@example.com,,,,\n"
    )
    assert ran.status == 0
    assert ran.complaint.splitlines() == [
        "old.csv:3: is outside of your opening hours; imported all the same",
        "old.csv:4: is outside of your opening hours; imported all the same",
        "3 imported, 0 known from before, 0 refused.",
    ]
    assert ledger.value(owner_url, "select count(*) from occupancies") == 3


def test_classes_fill_to_their_seats_and_packages_come_whole_or_not_at_all(bring: Import, owner_url: str) -> None:
    seats = "".join(f"yoga,2026-03-03 09:00,P {n},p{n}@example.com,,,,\n" for n in range(3))
    ran = bring(
        HEAD
        + seats
        + "peeling,2026-03-04 16:00,Kim Lee,kim@example.com,,,,\n"
        + "both,2026-03-04 15:00,Jo Doe,jo@example.com,,,,\n"  # its peeling would be at four
        + "both,2026-03-05 15:00,Jo Doe,jo@example.com,,Bo,,\n"
    )
    assert [line.split(":")[1] for line in ran.complaint.splitlines()[:-1]] == ["4", "6"]
    package = bookings(owner_url)[-1]
    assert (len(package["part_resource_ids"]), package["resource"]) == (2, "bo")
    assert ledger.value(owner_url, "select count(*) from occupancies") == 2 + 1 + 2


def test_with_dry_run_everything_is_said_and_nothing_kept(bring: Import, owner_url: str) -> None:
    file = HEAD + "".join(f"massage,2026-03-0{day} 15:00,Kim Lee,kim@example.com,,ada,,\n" for day in (3, 4, 3))
    file += "massage,2026-03-04 15:30,Jo Doe,jo@example.com,,ada,,\n"
    ran = bring(file, "--dry-run")
    assert (ran.status, ran.said) == (1, "")
    assert ran.complaint.splitlines() == [
        "old.csv:4: is the same booking as line 2",
        "old.csv:5: the time is already taken",
        "2 would be imported, 0 known from before, 2 refused.",
    ]
    for table in ("bookings", "occupancies", "customers", "audit_entries"):
        assert ledger.value(owner_url, f"select count(*) from {table}") == 0, table


def test_codes_go_to_a_file_where_one_is_named(bring: Import, tmp_path: Path) -> None:
    line = "massage,2026-03-03 15:00,Kim Lee,kim@example.com,,,,\n"
    refused = bring(HEAD + line, "--codes", str(tmp_path / "nowhere" / "codes.csv"))
    assert (refused.status, refused.said) == (1, "")
    assert "no folder" in refused.complaint
    ran = bring(HEAD + line, "--codes", str(tmp_path / "codes.csv"))
    assert (ran.said, ran.complaint) == ("", "1 imported, 0 known from before, 0 refused.\n")
    assert (tmp_path / "codes.csv").read_text().startswith("line,code,state,start,email\n2,BK-")


@pytest.mark.parametrize(
    "written",
    [
        "\ufeffService;Start;Name;Email;Our own\r\nmassage;2026-03-03 15:00;Zoë Müller;zoe@example.com;x\r\n".encode(),
        "sep=;\nName;Email;Service;Start\n\n;;;\nZoë Müller;zoe@example.com;massage;2026-03-03 15:00\n".encode(),
        "service\tstart\tname\temail\r\nmassage\t2026-03-03 15:00\tZoë Müller\tzoe@example.com\r\n".encode("utf-16"),
        'service,start,email,name,notes\nmassage,2026-03-03 15:00,zoe@example.com,"Zoë Müller","a ""b"",\nc"'.encode(),
    ],
)
def test_files_as_spreadsheets_write_them_are_read(bring: Import, owner_url: str, written: bytes) -> None:
    ran = bring(written)
    assert ran.status == 0, ran
    (booking,) = bookings(owner_url)
    assert booking["customer_name"] == "Zoë Müller"
    assert ("our own" in ran.complaint) == (b"Our own" in written)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"", "The file is empty."),
        (b"service,start,name\n", "There is none called email"),
        (b"service,start,name,email,start\n", "several columns called start"),
        (HEAD.encode() + b"massage,2026-03-03 15:00,Zo\xeb,zoe@example.com,,,,\n", "Line 2 is not in UTF-8"),
        (HEAD.encode() + b'massage,2026-03-03 15:00,"Zoe,zoe@example.com,,,,\nmassage,,,,,,,\n', "From line 2 on"),
        (b"\xff\xfeservice", "is not in UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00", "not in UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused_as_a_whole(bring: Import, owner_url: str, written: bytes, words: str) -> None:
    ran = bring(written)
    assert (ran.status, ran.said) == (1, "")
    assert words in ran.complaint
    assert bookings(owner_url) == []


def test_nul_and_endless_cells_are_refused_where_they_are(bring: Import, owner_url: str) -> None:
    ran = bring(
        HEAD
        + "massage,2026-03-03 15:00,Kim\0,kim@example.com,,,,\n"
        + "massage,2026-03-03 15:00,Kim,kim@example.com,,,\0,\n"
        + f"massage,2026-03-03 15:00,Kim,kim@example.com,,,{'x' * 1001},\n"
        + f"massage,2026-03-03 15:00,{'x' * 500},kim@example.com,,,,\n"
    )
    assert ran.complaint.splitlines()[-1] == "0 imported, 0 known from before, 4 refused."
    assert bookings(owner_url) == []


def test_a_business_that_is_not_there_is_said_so(bring: Import, tmp_path: Path, owner_url: str) -> None:
    bring(HEAD)
    ran = handled(tmp_path, "tenant", "import-bookings", "nobody", "old.csv", database=owner_url)
    assert (ran.status, ran.complaint) == (1, "There is no business 'nobody'. `handled tenant list` shows all.\n")


def test_ten_thousand_lines_are_no_matter(bring: Import, owner_url: str) -> None:
    # A year back and two months ahead.
    months = [(2025, month) for month in range(3, 13)] + [(2026, month) for month in range(1, 5)]
    days = [f"{year}-{month:02}-{day:02}" for year, month in months for day in range(1, 29)]
    lines = [
        f"massage,{day} {hour:02}:00,P {n},p{n % 700}@example.com,,{who},,R-{day}-{hour}-{who}-{n}"
        for n, (day, hour, who) in enumerate(
            (day, hour, who) for day in days for hour in range(7, 20) for who in ("ada", "bo")
        )
    ][:10_000]
    lines[-1] = lines[-3].replace("R-", "S-")  # taken
    began = time.perf_counter()
    ran = bring(HEAD + "\n".join(lines) + "\n")
    print(f"{len(lines)} lines in {time.perf_counter() - began:.1f} s")
    assert "the time is already taken" in ran.complaint
    assert ran.complaint.splitlines()[-1] == "9999 imported, 0 known from before, 1 refused."
    assert Counter(each["status"] for each in bookings(owner_url)).keys() == {"completed", "confirmed"}
    assert len({each["code"] for each in codes(ran)}) == 9999

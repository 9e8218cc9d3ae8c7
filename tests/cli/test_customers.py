"""`handled tenant export-customer` and `erase-customer`: for whoever runs the installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import handled
from tests.conftest import STUDIO
from tests.faults import ledger

_SOMEBODY = """
insert into customers (tenant_id, id, name, email, phone, created_at)
select id, gen_random_uuid(), 'Kim Lee', 'kim@example.com', null, now() from tenants
"""


@pytest.fixture
def studio_url(owner_url: str, tmp_path: Path) -> str:
    """A studio, with one customer."""
    file = tmp_path / "studio.yaml"
    file.write_text(STUDIO)
    assert handled(tmp_path, "tenant", "import", str(file), database=owner_url).status == 0
    ledger.change(owner_url, _SOMEBODY)
    return owner_url


def test_a_customer_is_exported_by_their_address_however_it_is_written(studio_url: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "tenant", "export-customer", "studio", " Kim@Example.com", database=studio_url)
    assert ran.status == 0, ran
    known = json.loads(ran.said)
    assert known["email"] == "kim@example.com"
    assert known["tables"]["customers"][0]["name"] == "Kim Lee"


def test_a_customer_is_erased_once(studio_url: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "tenant", "erase-customer", "studio", "kim@example.com", database=studio_url)
    assert (ran.status, ran.said) == (0, "customers\t1\n")
    assert ledger.value(studio_url, "select count(*) from customers") == 0
    assert ledger.value(studio_url, "select erased_by from erasures") == "command"
    again = handled(tmp_path, "tenant", "erase-customer", "studio", "kim@example.com", database=studio_url)
    assert (again.status, again.complaint) == (1, "Nothing is known here of that address.\n")


@pytest.mark.parametrize("command", ["export-customer", "erase-customer"])
@pytest.mark.parametrize("email", ["nobody@example.com", "", "%", "no\0thing"])
def test_an_address_of_nobody_is_said_to_be_unknown(studio_url: str, tmp_path: Path, command: str, email: str) -> None:
    ran = handled(tmp_path, "tenant", command, "studio", email, database=studio_url)
    assert (ran.status, ran.said, ran.complaint) == (1, "", "Nothing is known here of that address.\n")
    assert ledger.value(studio_url, "select count(*) from customers") == 1

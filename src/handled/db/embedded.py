"""A PostgreSQL server of our own, for the demo and the tests.

It listens only on a socket that its own user (and root) can reach, so local logins need no password. Its
superuser is `handled_owner`; migrations create the role the application works as.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shlex
import shutil
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import psycopg

from handled.db.binaries import WHEEL, Binaries, NoDatabaseServer, find_binaries
from handled.db.server_account import account_for

__all__ = [
    "Binaries",
    "EmbeddedPostgres",
    "NoDatabaseServer",
    "find_binaries",
    "reachable_root",
    "scratch_root",
]

OWNER = "handled_owner"
DATABASE = "handled"

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100
_PATIENCE_SECONDS = 60
_SCRATCH_BYTES_WANTED = 1 << 30

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """A cluster in the folder `root`, set up on first start.

    `durable=False` trades safety after a power cut for speed: for tests only.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root = root.resolve()
        self.durable = durable
        self.data = self.root / "data"
        self.run = self.root / "run"
        self.log = self.run / "postgres.log"
        self.sockets = self.run
        if len(os.fsencode(self.run / _SOCKET)) > _LONGEST_SOCKET_PATH:
            # Not tempfile.gettempdir(): whatever its TMPDIR, every process has to come to the same folder.
            self.sockets = Path("/tmp") / f"handled-{_short_hash(self.root)}"  # noqa: S108  owner checked
        self.started_here = False
        self._account = account_for(self.data)

    def dsn(self, database: str = DATABASE, user: str = OWNER) -> str:
        """A libpq connection URL over the local socket."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.sockets))}"

    def start(self) -> str:
        """Set up if needed, start unless it already runs, create the database; answers the owner's DSN.

        `started_here` tells afterwards whether this call started the server. Raises NoDatabaseServer.
        """
        self._account.make_way(self.root)
        if self.data.exists():
            self._account.refuse_strangers(self.data)
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two processes starting at once, one does it
            self.started_here = False
            self._launch_if_gone()
            self._create_database()
        return self.dsn()

    def stop(self) -> None:
        """Stop the server and cut open connections; nothing happens when it is not running."""
        if not self.root.is_dir():
            return
        with (self.root / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._postmaster() is not None:
                pg_ctl = self._server().bindir / "pg_ctl"
                code, said = self._account.run(pg_ctl, "stop", "-w", "-m", "fast", "-D", self.data)
                if code:
                    raise NoDatabaseServer(f"PostgreSQL in {self.root} did not stop: {said}")
        self.started_here = False

    def _launch_if_gone(self) -> None:
        if self._postmaster() is None:
            self.started_here = True
            self._launch()

    def _launch(self) -> None:
        server = self._server()
        for folder in {self.run, self.sockets}:
            self._account.make_private(folder)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(server)
        options = shlex.join(part for setting in self._settings() for part in ("-c", setting))
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            self.log.unlink(missing_ok=True)
            start = ("start", "-w", "-t", str(_PATIENCE_SECONDS), "-D", self.data)
            code, said = self._account.run(server.bindir / "pg_ctl", *start, "-l", self.log, "-o", options)
            if code == 0:
                return
            last_words = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            # The children of a killed server take a moment to notice and to let go of its memory.
            if "shared memory block" not in last_words or time.monotonic() > give_up_at:
                raise NoDatabaseServer(f"PostgreSQL in {self.root} did not start: {said}\n{last_words}")
            time.sleep(0.2)

    def _create_cluster(self, server: Binaries) -> None:
        # Made beside its place and moved there: a set-up cut short must not be taken for a cluster.
        unfinished = self.run / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        options = [f"--username={OWNER}", "--auth-local=trust", "--auth-host=reject", "--encoding=UTF8"]
        if server.major >= 17:
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        else:
            options += ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=C"]
        options += ["--data-checksums"] if self.durable else ["--no-sync"]
        code, said = self._account.run(server.bindir / "initdb", "-D", unfinished, *options)
        if code:
            raise NoDatabaseServer(f"PostgreSQL could not set up {self.root}: {said}")
        unfinished.rename(self.data)

    def _settings(self) -> list[str]:
        quoted = str(self.sockets).replace('"', '""')
        settings = [
            f'unix_socket_directories="{quoted}"',
            "unix_socket_permissions=0700",
            "listen_addresses=",
            "port=5432",
            "max_connections=200",
            "timezone=UTC",
            "log_timezone=UTC",
        ]
        if not self.durable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
            settings += ["wal_level=minimal", "max_wal_senders=0"]
        return settings

    def _server(self) -> Binaries:
        """The installation that fits the data and that the server's user can run."""
        found = find_binaries()
        if (self.data / "PG_VERSION").exists():
            major = int((self.data / "PG_VERSION").read_text())
            fitting = [binaries for binaries in found if binaries.major == major]
            if not fitting:
                versions = ", ".join(binaries.version for binaries in found)
                raise NoDatabaseServer(
                    f"The data in {self.root} belongs to PostgreSQL {major}, but this machine has {versions}."
                    f" Install PostgreSQL {major}, or remove the folder to begin anew."
                )
            found = fitting
        for binaries in found:
            if self._account.is_us or self._account.succeeds(binaries.bindir / "initdb", "--version"):
                return binaries
            if binaries.source == WHEEL:
                return self._copied(binaries)
        raise NoDatabaseServer(f"The user {self._account.name} may not run {found[0].bindir / 'postgres'}.")

    def _copied(self, binaries: Binaries) -> Binaries:
        """The wheel's server copied into `root`: a virtual environment under /root is closed to others."""
        package = binaries.bindir.parent.parent
        copy = self.root / f"server-{binaries.version}"
        if not copy.exists():
            unfinished = self.root / "server-unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            # The layout stays, because the programs look for their libraries relative to themselves.
            shutil.copytree(package / "pginstall", unfinished / package.name / "pginstall", symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, unfinished / libraries.name)
            unfinished.rename(copy)
        return replace(binaries, bindir=copy / package.name / "pginstall" / "bin")

    def _postmaster(self) -> int | None:
        """The process id of this cluster's live server, or None after clearing away what a dead one left.

        `pg_ctl status` will not do: it takes a zombie or a recycled process id for the server.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)  # as process 1 of a container the dead server is our child
        if self._listens() or self._runs_our_data(pid):
            return pid
        if _exists(pid):
            # PostgreSQL forgives a file whose process is gone, but not one whose number lives on. Orphaned
            # children stay detected: their shared memory is found by the data folder's inode.
            for left_over in (pid_file, self.sockets / f"{_SOCKET}.lock", self.sockets / _SOCKET):
                left_over.unlink(missing_ok=True)
        return None

    def _listens(self) -> bool:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.sockets / _SOCKET))
            return True
        return False

    def _runs_our_data(self, pid: int) -> bool:
        if not Path("/proc/self/stat").exists():
            return self._account.succeeds(self._server().bindir / "pg_ctl", "status", "-D", self.data)
        with suppress(FileNotFoundError, ProcessLookupError):
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            return state != "Z" and os.fsencode(self.data) in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False

    def _create_database(self) -> None:
        give_up_at = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                with psycopg.connect(self.dsn("postgres"), autocommit=True, connect_timeout=5) as connection:
                    known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
                    if known.fetchone() is None:
                        connection.execute(f"create database {DATABASE}")
                return
            except psycopg.OperationalError as problem:
                # A server somebody else started may still be reading its log after a crash.
                if time.monotonic() > give_up_at:
                    raise NoDatabaseServer(f"PostgreSQL in {self.root} does not answer: {problem}") from problem
                self._launch_if_gone()  # it was still there when we looked, and about to die
                time.sleep(0.1)


def reachable_root(wanted: Path) -> Path:
    """`wanted`, or a folder under /var/tmp when the server's user cannot get there (said in one log line)."""
    root = wanted.resolve()
    account = account_for(root / "data")
    if account.can_enter(root):
        return root
    instead = Path("/var/tmp") / f"handled-{_short_hash(root)}"  # noqa: S108  owner checked
    _log.warning("%s is closed to the user %s: the database goes to %s", root, account.name, instead)
    return instead


def scratch_root(label: str) -> Path:
    """This user's folder for a throw-away cluster, in memory where the machine has room for it."""
    memory = Path("/dev/shm")  # noqa: S108  owner checked
    in_memory = memory.is_dir() and shutil.disk_usage(memory).free >= _SCRATCH_BYTES_WANTED
    base = memory if in_memory else Path(tempfile.gettempdir())
    return base / f"handled-{os.geteuid()}-{label}"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

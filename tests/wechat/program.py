"""A node as a process of its own: started, waited for, killed."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from pathlib import Path


class Program:
    """`python -m <module> …` that says where it listens; `log` gets what it complains of."""

    def __init__(
        self, log: Path, *command: str, environment: Mapping[str, str] | None = None
    ) -> None:
        self.log = log
        self._command = command
        self._environment = environment
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when it serves."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self._command, stdout=PIPE, stderr=log, env=self._environment
            )
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode()
        if not line.startswith("console "):
            raise RuntimeError(line + self.log.read_text(encoding="utf-8")[-4000:])

    async def kill(self) -> None:
        """As a power cut does it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """As an operator does it; the exit status."""
        return await self._end(signal.SIGTERM)

    async def died(self) -> int:
        """Wait until it has ended by itself."""
        assert self._process
        return await self._process.wait()

    async def _end(self, how: signal.Signals) -> int:
        assert self._process
        if self._process.returncode is None:
            self._process.send_signal(how)
        return await self._process.wait()

"""The program as an operator has it: a command, a file, a port, and a signal to end it."""

import asyncio
import re
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONFIG = """
server: {{port: {port}, demo: true}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {root}/faq/content}}
desk: {{limits: {{greet: 5, reply: 60}}}}
channels:
  website: {{adapter: web}}
"""


class Program:
    """`frontdesk run` on a port that it keeps over restarts."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.base = f"http://127.0.0.1:{self.port}"
        self.password = ""
        self._config = folder / "config.yaml"
        self._config.write_text(
            CONFIG.format(port=self.port, folder=folder, root=ROOT), encoding="utf-8"
        )
        self._log = folder / "log"
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when it has said where the console is."""
        command = (sys.executable, "-m", "gateway", "run", "-c", str(self._config))
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=log)
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode()
        assert line.startswith("console "), line + self._log.read_text(encoding="utf-8")
        if found := re.search(r"name admin password (\S+)", line):
            self.password = found[1]

    async def kill(self) -> None:
        """As a power cut does it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """As an operator does it; what it said must be no complaint."""
        if self._process and self._process.returncode is None:
            assert await self._end(signal.SIGTERM) == 0, self._log.read_text(encoding="utf-8")

    async def _end(self, how: signal.Signals) -> int:
        assert self._process
        self._process.send_signal(how)
        return await self._process.wait()

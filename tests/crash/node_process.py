"""The gateway as a process that is started, waited for and killed."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

CONFIG = """
server: {{host: 127.0.0.1, port: {port}}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {faq}}}
desk: {{capacity: 100}}
channels:
  website: {{adapter: web, limits: {{messages: 100000, sockets: 1000}}}}
  hook: {{adapter: hook, platform: "{platform}"}}
"""
_PASSWORD = re.compile(r"name admin password (\S+)")
FAQ = Path(__file__).parents[2] / "faq" / "content"


class Node:
    """One gateway on a fixed port with a store of its own."""

    def __init__(self, folder: Path, port: int, platform: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.store = folder / "frontdesk.db"
        self._config = folder / "config.yaml"
        self._config.write_text(
            CONFIG.format(port=port, folder=folder, faq=FAQ, platform=platform), encoding="utf-8"
        )
        self._log = folder / "log"
        self._process: Process | None = None
        self.password = ""
        """The first supervisor's, as the first start prints it."""

    async def start(self) -> None:
        """Return when it says where it listens."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.crash.node",
                str(self._config),
                stdin=DEVNULL,
                stdout=PIPE,
                stderr=log,
            )
        assert self._process.stdout
        line = (await self._process.stdout.readline()).decode()
        if not line.startswith("console "):
            raise RuntimeError(self._log.read_text(encoding="utf-8")[-4000:])
        if found := _PASSWORD.search(line):
            self.password = found[1]

    async def kill(self) -> None:
        """As a power cut does it."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """As an operator does it; the exit status."""
        return await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        return await self._process.wait()

"""The gateway as a process that is started, waited for and killed."""

import asyncio
import re
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

from aiohttp import ClientError, ClientSession

CONFIG = """
server: {{host: 127.0.0.1, port: {port}}}
store: sqlite:///{folder}/frontdesk.db
faq: {{path: {faq}}}
desk: {{capacity: 1000}}
channels:
  website: {{adapter: web, limits: {{messages: 100000, sockets: 1000}}}}
  hook: {{adapter: hook, platform: "{platform}"}}
"""
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

    async def start(self) -> None:
        """Return when it is fit to serve."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.crash.node",
                str(self._config),
                stdin=DEVNULL,
                stdout=log,
                stderr=log,
            )
        async with ClientSession() as session, asyncio.timeout(60):
            while not await self._ready(session):
                if self._process.returncode is not None:
                    raise RuntimeError(self._log.read_text(encoding="utf-8")[-4000:])
                await asyncio.sleep(0.02)

    async def _ready(self, session: ClientSession) -> bool:
        try:
            async with session.get(f"{self.base}/readyz") as answer:
                return answer.status == 200
        except ClientError:
            return False

    def password(self) -> str:
        """The first supervisor's, as it was printed at the first start."""
        found = re.search(r"name admin password (\S+)", self._log.read_text(encoding="utf-8"))
        assert found
        return found[1]

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

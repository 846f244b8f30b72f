"""The program as it is, with the hook adapter beside its own: `python -m tests.crash.node FILE`."""

import asyncio
import os
import sys
from pathlib import Path

from gateway.app import ADAPTERS, models, serve
from gateway.config import load

PACKAGES = {**ADAPTERS, "hook": "tests.crash.hook"}


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    asyncio.run(serve(load(Path(sys.argv[1]), os.environ, models(PACKAGES)), say, PACKAGES))

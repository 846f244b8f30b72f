"""The program with a telegram channel, as a process: `python -m tests.telegram.node FILE`.

A word behind the file has it log everything, without the mask that the command puts on.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

from gateway.app import models, serve
from gateway.config import load
from tests.telegram.shop import PACKAGES


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[2:]:
        logging.basicConfig(level=logging.DEBUG)
    asyncio.run(serve(load(Path(sys.argv[1]), os.environ, models(PACKAGES)), say, PACKAGES))

"""The peers as a process of their own, so that they have a core to themselves as we have."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def peers() -> AsyncIterator[str]:
    """Their address, while they run."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.peers", stdout=PIPE
    )
    assert process.stdout
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()

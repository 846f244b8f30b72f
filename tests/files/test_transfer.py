"""How files come in over HTTP: piece by piece, and never too slowly (SECURITY 57)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp.web import HTTPRequestTimeout

from gateway.files.transfer import paced
from tests.files.samples import chunks


async def drip() -> AsyncIterator[bytes]:
    """A byte now and then, for ever."""
    while True:
        await asyncio.sleep(0)
        yield b"x"


async def silence() -> AsyncIterator[bytes]:
    """A first piece, and nothing more."""
    yield b"x"
    await asyncio.Event().wait()


async def read(data: AsyncIterator[bytes], slowest: float) -> bytes:
    return b"".join([chunk async for chunk in paced(data, 0.1, slowest)])


async def test_what_comes_in_time_comes_whole() -> None:
    assert await read(chunks(b"picture" * 1000), 1) == b"picture" * 1000


@pytest.mark.parametrize(("data", "slowest"), [(drip(), 1e12), (silence(), 1)])
async def test_who_drips_or_stops_is_told_to_go(data: AsyncIterator[bytes], slowest: float) -> None:
    with pytest.raises(HTTPRequestTimeout):
        await read(data, slowest)

"""The official account's fixtures."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.wechat.house import House, open_house
from tests.wechat.platform import Tencent


@pytest.fixture
async def tencent() -> AsyncIterator[Tencent]:
    """The platform's API."""
    server = Tencent()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def house(tmp_path: Path, tencent: Tencent) -> AsyncIterator[House]:
    """A verified account in safe mode."""
    async with open_house(tmp_path, tencent) as house:
        yield house

"""The web channel's fixtures."""

from collections.abc import AsyncIterator

import pytest

from tests.web.shop import Shop, open_shop


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    """A channel with the default configuration."""
    async with open_shop() as shop:
        yield shop

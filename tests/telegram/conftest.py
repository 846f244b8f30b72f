"""The telegram channel's fixtures."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.telegram.bot_api import BotApi, running_bot_api
from tests.telegram.office import Office, open_office
from tests.telegram.shop import Shop, open_shop, webhook
from tests.telegram.topics_api import FakeForum


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A Bot API that is well until told otherwise."""
    async with running_bot_api() as api:
        yield api


@pytest.fixture
async def shop(tmp_path: Path, api: BotApi) -> AsyncIterator[Shop]:
    """A shop that polls."""
    async with open_shop(tmp_path, api) as shop:
        yield shop


@pytest.fixture
async def hooked(tmp_path: Path, api: BotApi) -> AsyncIterator[Shop]:
    """A shop that Telegram calls."""
    async with open_shop(tmp_path, api, **webhook()) as shop:
        yield shop


@pytest.fixture
def forum(api: BotApi) -> FakeForum:
    """The agents' group of that Bot API."""
    return FakeForum(api)


@pytest.fixture
async def office(tmp_path: Path, api: BotApi, forum: FakeForum) -> AsyncIterator[Office]:
    """A shop whose agents work in the group, and a site beside the bot."""
    async with open_office(tmp_path, api, forum) as office:
        yield office

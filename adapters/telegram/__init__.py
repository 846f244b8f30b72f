"""The telegram channel: customers in private chats, agents in a forum group."""

from collections.abc import AsyncIterator

from adapters.telegram.config import Config
from gateway.adapter import Adapter, Core, Remark

__all__ = ["Config", "build", "probe"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel; only now is its library loaded, which takes seconds."""
    from adapters.telegram.adapter import TelegramAdapter

    return TelegramAdapter(name, config, core)


def probe(name: str, config: Config) -> AsyncIterator[Remark]:
    """What Telegram says to a channel's settings."""
    from adapters.telegram.online import examine

    return examine(name, config)

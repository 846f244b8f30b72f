"""The telegram channel: customers in private chats, agents in a forum group."""

from adapters.telegram.config import Config
from gateway.adapter import Adapter, Core

__all__ = ["Config", "build"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel; only now is its library loaded, which takes seconds."""
    from adapters.telegram.adapter import TelegramAdapter

    return TelegramAdapter(name, config, core)

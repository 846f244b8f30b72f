"""The web channel: a chat widget that one line puts on any page."""

from adapters.web.adapter import WebAdapter
from adapters.web.config import Config
from gateway.adapter import Adapter, Core

__all__ = ["Config", "build"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel."""
    return WebAdapter(name, config, core)

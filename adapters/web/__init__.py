"""The web channel: a chat widget that one line puts on any page."""

from adapters.web.adapter import WebAdapter
from adapters.web.config import Config
from adapters.web.demo import demo_routes
from gateway.adapter import Adapter, Core

__all__ = ["Config", "build", "demo_routes"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel."""
    return WebAdapter(name, config, core)

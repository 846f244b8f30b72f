"""The web channel: a widget that one line puts on any page."""

from adapters.web.adapter import WebAdapter
from adapters.web.config import WebConfig as Config
from gateway.adapter import Adapter, Core

__all__ = ["Config", "build"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """Make the adapter of one channel."""
    return WebAdapter(name, config, core.receive, core.thread, core.hints, core.key, core.clock)

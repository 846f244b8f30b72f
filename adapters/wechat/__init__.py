"""The WeChat channel: an official account (公众号) whose customers write to us."""

from collections.abc import AsyncIterator

from adapters.wechat.config import Config
from gateway.adapter import Adapter, Core, Remark

__all__ = ["Config", "build", "probe"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel."""
    from adapters.wechat.adapter import WechatAdapter

    return WechatAdapter(name, config, core)


def probe(name: str, config: Config) -> AsyncIterator[Remark]:
    """What the platform says to a channel's credentials."""
    from adapters.wechat.probe import remarks

    return remarks(name, config)

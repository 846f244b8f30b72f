"""The WeChat channel: an official account (公众号) whose customers write to us."""

from adapters.wechat.config import Config
from gateway.adapter import Adapter, Core

__all__ = ["Config", "build"]


def build(name: str, config: Config, core: Core) -> Adapter:
    """The adapter of a channel."""
    from adapters.wechat.adapter import WechatAdapter

    return WechatAdapter(name, config, core)

"""What an operator can set on a web channel: who may embed it, how it looks, what it bears."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from adapters.web.origins import is_origin
from gateway.config.fields import Model, Text, Whole, Words, refusal


def _origin(listed: str) -> str:
    if not is_origin(listed):
        raise refusal(
            "网站要写成 https://shop.example、https://*.shop.example 或 *，后面不带路径。",
            "expected a site like https://shop.example, https://*.shop.example, or *,"
            " without a path.",
        )
    return listed


Origin = Annotated[str, AfterValidator(_origin)]


class Limits(Model):
    """What one visitor and one address may take from us."""

    messages: Whole = Field(default=10, ge=1, description="of one visitor in `seconds`")
    seconds: Whole = Field(default=10, ge=1)
    visitors: Whole = Field(
        default=6, ge=1, description="of one address who may each send that much at once"
    )
    sockets: Whole = Field(default=5, ge=1, description="open at once from one address")
    files: Whole = Field(
        default=20,
        ge=1,
        description="of one visitor in an hour; of an address `visitors` times that",
    )


class Config(Model):
    """A channel with `adapter: web`."""

    adapter: Literal["web"] = "web"
    allowed_origins: tuple[Origin, ...] = Field(
        default=("*",), min_length=1, description="the sites that may embed the widget"
    )
    identity_secret: SecretStr = Field(
        default=SecretStr(""),
        description="shared with your site, which signs with it who is logged in there",
    )
    colour: str = Field(default="#1f6f5c", pattern=r"^#[0-9a-fA-F]{6}$")
    theme: Literal["auto", "light", "dark"] = Field(
        default="auto", description="auto follows the visitor's system"
    )
    title: Text = Words(zh="在线客服", en="Customer service")
    greeting: Text = Words(
        zh="您好，欢迎光临！请问有什么可以帮您？",
        en="Hello and welcome! How can we help you?",
    )
    offline: Text = Words(
        zh="连接中断，正在重新连接。您写的内容不会丢失。",
        en="The connection was lost and is being restored. Nothing you write gets lost.",
    )
    limits: Limits = Field(default_factory=Limits)

    @property
    def ink(self) -> str:
        """The colour for text on `colour`: white if it can be read there, else near-black."""
        return "#ffffff" if 1.05 / (_luminance(self.colour) + 0.05) >= 4.5 else "#14181a"


def _luminance(colour: str) -> float:
    """The relative luminance (0 to 1) as WCAG defines it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

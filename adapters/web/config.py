"""What an operator can set on a web channel: who may embed it, how it looks, what it bears."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from adapters.web.origins import Origins


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Model):
    """One text in both languages; in YAML a plain string stands for both."""

    zh: str
    en: str


def _both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _origins(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        Origins(value)
    return value


Text = Annotated[Words, BeforeValidator(_both)]


class Limits(_Model):
    """What one customer and one address may take from us."""

    messages: int = Field(default=10, ge=1, description="messages a customer may send in `seconds`")
    seconds: int = Field(default=10, ge=1)
    sockets: int = Field(default=5, ge=1, description="open sockets of one address")


class WebConfig(_Model):
    """A channel with `adapter: web`."""

    adapter: Literal["web"] = "web"
    allowed_origins: Annotated[list[str], BeforeValidator(_origins)] = Field(
        ["*"],
        min_length=1,
        description="sites that may embed the widget: https://shop.example,"
        " https://*.shop.example, or * for all",
    )
    identity_secret: SecretStr = Field(
        SecretStr(""), description="shared with your site, which signs who is logged in there"
    )
    colour: str = Field("#1f6f5c", pattern=r"^#[0-9a-fA-F]{6}$")
    theme: Literal["auto", "light", "dark"] = Field(
        "auto", description="auto follows the visitor's system"
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
        """The colour for text on `colour`: white or near-black, whichever reads better."""
        white = 1.05 / (_luminance(self.colour) + 0.05)
        black = (_luminance(self.colour) + 0.05) / 0.0565
        return "#ffffff" if white >= min(4.5, black) else "#14181a"


def _luminance(colour: str) -> float:
    """The relative luminance (0 to 1) as WCAG defines it."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

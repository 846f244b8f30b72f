"""What an operator can set on a telegram channel: the bot, how it hears, what it says itself."""

import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from gateway.config.fields import Model, PublicUrl, Text, Whole, Words, Zone, refusal

MOST_COMMANDS = 100
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def _token(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise refusal(
            "要写 @BotFather 给的令牌，形如 123456:ABC-def。",
            "expected the token that @BotFather gave, of the form 123456:ABC-def.",
        )
    return token


def _command(name: str) -> str:
    if not _COMMAND.fullmatch(name):
        raise refusal(
            "命令只用小写字母、数字和 _，最多 32 个。",
            "a command has only small letters, digits and _, at most 32 of them.",
        )
    return name


def _api_base(url: str) -> str:
    if not url:
        raise refusal(
            "要写 Bot API 的地址，如 https://api.telegram.org。",
            "expected the address of the Bot API, such as https://api.telegram.org.",
        )
    return url


Token = Annotated[SecretStr, AfterValidator(_token)]
ApiBase = Annotated[PublicUrl, AfterValidator(_api_base)]
Command = Annotated[
    str,
    AfterValidator(_command),
    WithJsonSchema({"type": "string", "pattern": f"^{_COMMAND.pattern}$"}),
]


class Texts(Model):
    """What this channel itself says to customers."""

    too_big: Text = Words(
        zh="这个文件超过 20 MB，我们收不到。请压缩后再发，或发一个下载链接。",
        en="This file is larger than 20 MB, so we can't receive it. Please make it smaller, or"
        " send a link to it.",
    )
    refused: Text = Words(
        zh="这个文件我们无法接收。请换成图片或 PDF 再发一次。",
        en="We can't take this file. Please send it as a picture or a PDF.",
    )
    lost: Text = Words(
        zh="您发的文件没有收到，请再发一次。",
        en="Your file did not reach us. Please send it again.",
    )
    stale: Text = Words(
        zh="这个选项已经失效，请直接输入您的问题。",
        en="This choice is not on offer any more. Please write your question.",
    )
    rated: Text = Words(zh="谢谢您的评价！", en="Thank you for your rating!")


class Speed(Model):
    """How fast the bot speaks; Telegram's own limits, unless it grants you others."""

    chat: Whole = Field(default=1, ge=1, description="messages a second in one chat")
    bot: Whole = Field(default=30, ge=1, description="messages a second in all")
    group: Whole = Field(default=20, ge=1, description="messages a minute in one group")


class Config(Model):
    """A channel with `adapter: telegram`."""

    adapter: Literal["telegram"] = "telegram"
    token: Token = Field(description="of the bot, from @BotFather")
    mode: Literal["polling", "webhook"] = Field(
        default="polling", description="polling needs no public address; webhook does"
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="with mode: webhook; 1 to 256 of A-Z a-z 0-9 _ -, by which we know Telegram",
    )
    webhook_url: PublicUrl = Field(
        default="",
        description="with mode: webhook; the public address of /telegram/<channel>, which we then"
        " register; empty: you have registered it yourself",
    )
    agents_group: Whole = Field(
        default=0, description="the id of the forum group in which agents work; 0: none"
    )
    agents: dict[int, str] = Field(
        default={}, description="who may work there: Telegram user id to the agent's name"
    )
    group_language: Literal["zh", "en"] = Field(
        default="zh", description="what is spoken in the agents' group"
    )
    group_time_zone: Zone = Field(
        default="Asia/Shanghai", description="of the times that the agents' group shows"
    )
    api_base: ApiBase = Field(
        default="https://api.telegram.org", description="the Bot API; or a server of your own"
    )
    business: bool = Field(
        default=False, description="take messages from connected business accounts, too"
    )
    commands: dict[Command, Text] = Field(
        default={
            "start": Words(zh="开始咨询", en="Start"),
            "person": Words(zh="转人工客服", en="Talk to a person"),
        },
        max_length=MOST_COMMANDS,
        description="the bot's menu; one named as a FAQ entry's id gives that entry's answer",
    )
    limits: Speed = Speed()
    texts: Texts = Texts()

    @property
    def account(self) -> str:
        """The bot's user id."""
        return self.token.get_secret_value().partition(":")[0]

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        """Without one, whoever finds the address could speak as any customer."""
        text, mode = secret.get_secret_value(), info.data.get("mode")
        if (mode == "webhook" and not text) or (text and not _SECRET.fullmatch(text)):
            raise refusal(
                "webhook 模式要有 1 到 256 个字符的密钥，只用 A-Z a-z 0-9 _ -。",
                "webhook mode needs a secret of 1 to 256 characters of A-Z a-z 0-9 _ -.",
            )
        return secret

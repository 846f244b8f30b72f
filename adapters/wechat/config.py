"""What an operator can set on a WeChat channel: its credentials, its mode, what customers read."""

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    WithJsonSchema,
    model_validator,
)

from gateway.config.fields import Beside, Model, PublicUrl, Text, Words, refusal

_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_PUSH = {"auto": "auto", "yes": True, "no": False}


def _set(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise refusal(
            "不能为空：请从公众平台的“设置与开发 → 基本配置”里抄过来。",
            "expected a value, but it is empty: copy it from the platform's basic settings.",
        )
    return secret


def _aes_key(key: SecretStr) -> SecretStr:
    text = key.get_secret_value()
    if text and not _AES_KEY.fullmatch(text):
        raise refusal(
            f"EncodingAESKey 是 43 个字母和数字，这里有 {len(text)} 个字符，请重新复制。",
            "expected an EncodingAESKey of 43 letters and digits, but"
            f" {len(text)} characters came: copy it again.",
        )
    return key


def _push(value: object) -> object:
    """YAML readers make of a bare yes or no what they like."""
    if isinstance(value, bool):
        return value
    try:
        return _PUSH[str(value).lower()]
    except KeyError:
        raise refusal("可以写：auto、yes、no。", "expected one of auto, yes, no.") from None


Secret = Annotated[SecretStr, AfterValidator(_set)]
AesKey = Annotated[SecretStr, AfterValidator(_aes_key)]
Push = Annotated[
    Literal["auto"] | bool,
    BeforeValidator(_push),
    WithJsonSchema({"enum": ["auto", "yes", "no", True, False]}),
]


class Texts(Model):
    """What we say by ourselves, where the platform's rules come between question and answer."""

    placeholder: Text = Words(
        zh="正在为您查询，请稍候……您再发一条消息，就会收到回复。",
        en="We are looking into it. Write anything, and the answer comes with it.",
    )
    more: Text = Words(
        zh="（内容较长，您再发一条消息，就会收到其余部分。）",
        en="(There is more: write anything, and the rest comes with it.)",
    )
    unsupported: Text = Words(
        zh="（微信没有转来内容的消息，可能是表情或文件）",
        en="(a message whose content WeChat keeps to itself: a sticker or a file, perhaps)",
    )


class Config(Model):
    """A channel with `adapter: wechat`."""

    adapter: Literal["wechat"] = "wechat"
    app_id: str = Field(min_length=1, description="the account's AppID, wx…")
    app_secret: Secret = Field(description="the account's AppSecret")
    token: Secret = Field(
        description="the Token that you wrote into the platform's server settings"
    )
    aes_key: AesKey = Field(
        default=SecretStr(""), description="the EncodingAESKey, 43 characters; not for plain mode"
    )
    previous_aes_key: AesKey = Field(
        default=SecretStr(""), description="the former one, taken too while a change is under way"
    )
    mode: Literal["plain", "compat", "safe"] = Field(
        default="safe", description="as in the platform's server settings; plain can be forged"
    )
    can_push: Push = Field(
        default="auto",
        description="whether the account may send customer-service messages; auto finds out",
    )
    api_base: PublicUrl = Field(
        default="https://api.weixin.qq.com",
        min_length=1,
        description="where the platform's API is; regions have their own",
    )
    menu: Beside = Field(
        default=Path("faq/menu.yaml"), description="the file of the account's menu"
    )
    language: Literal["zh", "en"] = Field(
        default="zh", description="of the customers, as the platform does not tell it"
    )
    texts: Texts = Texts()

    @property
    def account(self) -> str:
        """The official account's AppID."""
        return self.app_id

    @model_validator(mode="after")
    def _has_its_key(self) -> Self:
        if self.mode != "plain" and not self.aes_key.get_secret_value():
            raise refusal(
                f"{self.mode} 模式需要 aes_key：请填写公众平台上的 EncodingAESKey。",
                f"mode {self.mode} needs aes_key: copy the platform's EncodingAESKey.",
            )
        return self

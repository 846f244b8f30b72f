"""The account's menu as its operators write it, with the platform's limits, and as it is sent.

Tencent's description: 自定义菜单 · 创建接口. A button that answers has a FAQ entry's id as its key.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, Field, model_validator

from gateway.config import DocumentError, read_written
from gateway.config.fields import Model, refusal

Json = Mapping[str, Any]
Where = tuple[str | int, ...]
Type = Literal[
    "click",
    "view",
    "miniprogram",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
    "media_id",
    "view_limited",
    "article_id",
    "article_view_limited",
]

# What each type needs beside its name; all others need a key.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "view": ("url",),
    "miniprogram": ("url", "appid", "pagepath"),
    "media_id": ("media_id",),
    "view_limited": ("media_id",),
    "article_id": ("article_id",),
    "article_view_limited": ("article_id",),
}
_FIELDS = ("key", "url", "appid", "pagepath", "media_id", "article_id")
# The type of a button that names none, by what it has.
_EVIDENT = {"appid": "miniprogram", "url": "view", "media_id": "media_id", "key": "click"}

_HEAD = """\
# 公众号菜单：最多 3 个一级菜单，每个最多 5 个子菜单；key 写常见问题的编号，"@person" 转人工。
# The account's menu: at most 3 buttons with 5 below each; a key is a FAQ entry's id or "@person".
"""


def _at_most(count: int) -> AfterValidator:
    """A limit in bytes of UTF-8, three of which make a Chinese character."""

    def check(text: str) -> str:
        size = len(text.encode())
        if size > count:
            raise refusal(
                f"最多 {count} 个字节（一个汉字占 3 个），这里有 {size} 个：请改短。",
                f"at most {count} bytes (a Chinese character has 3), but {size} came: shorten it.",
            )
        return text

    return AfterValidator(check)


class Item(Model):
    """A button that does something; its `type` is needed only where the rest leaves it open."""

    name: Annotated[str, _at_most(60)] = Field(min_length=1)
    type: Type | None = None
    key: Annotated[str, _at_most(128)] = ""
    url: Annotated[str, _at_most(1024)] = ""
    appid: str = ""
    pagepath: str = ""
    media_id: str = ""
    article_id: str = ""

    @property
    def kind(self) -> str:
        """Its type, "" where nothing tells."""
        return self.type or _evident(self._given)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        _check_fields(self.kind, list(self._given))
        return self

    @property
    def _given(self) -> Mapping[str, str]:
        return _given(self.model_dump())


class Button(Item):
    """A button of the bar at the bottom: it does something, or opens a list of some that do."""

    name: Annotated[str, _at_most(16)] = Field(min_length=1)
    buttons: tuple[Item, ...] = Field(default=(), max_length=5)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.buttons:
            _check_fields(self.kind, list(self._given))
        elif self.type or self._given:
            raise refusal(
                "有子菜单的按钮除了 name 和 buttons 不能写别的。",
                "a button with others below it has nothing but its name and buttons.",
            )
        return self


class Menu(Model):
    """The file."""

    buttons: tuple[Button, ...] = Field(min_length=1, max_length=3)


def keys(menu: Menu) -> Iterator[tuple[Where, Item]]:
    """Every button whose click comes to us, and where it stands."""
    for at, button in enumerate(menu.buttons):
        if button.kind == "click":
            yield ("buttons", at, "key"), button
        for below, item in enumerate(button.buttons):
            if item.kind == "click":
                yield ("buttons", at, "buttons", below, "key"), item


def labels(path: Path) -> Mapping[str, str]:
    """The names of buttons by their keys; nothing where there is no such file, or a faulty one."""
    try:
        menu = read_written(path, Menu).value
    except DocumentError:
        return {}
    return {item.key: item.name for _, item in keys(menu)}


def sent(menu: Menu) -> dict[str, Any]:
    """The menu as the platform takes it."""
    return {"button": [_sent(button) for button in menu.buttons]}


def told(answer: Json) -> Json:
    """The menu as the platform tells it, in the form of the file; without any, {}."""
    menu = answer.get("menu") or {}
    buttons = [_told(button) for button in menu.get("button") or ()]
    return {"buttons": buttons} if buttons else {}


def written(menu: Json, before: str = "") -> str:
    """A menu as the text of a file; the comments at the head of the one before stay."""
    comments = takewhile(lambda line: line.startswith("#"), before.splitlines(keepends=True))
    return ("".join(comments) or _HEAD) + dumped(menu)


def dumped(menu: Json) -> str:
    """A menu as YAML."""
    return str(yaml.safe_dump(dict(menu), allow_unicode=True, sort_keys=False, width=1000))


def _check_fields(kind: str, given: Sequence[str]) -> None:
    if not kind:
        raise refusal(
            "这个按钮没有内容：请写 key（常见问题的编号）、url 或 buttons。",
            "this button does nothing: give it a key (a FAQ entry's id), a url or buttons.",
        )
    needed = _NEEDS.get(kind, ("key",))
    if set(given) != set(needed):
        zh, en = "、".join(needed), ", ".join(needed)
        came = ", ".join(given)
        raise refusal(
            f"{kind} 类型的按钮要写 {zh}，这里是：{came or '空白'}。",
            f"a button of type {kind} has {en}, but {came or 'nothing'} came.",
        )


def _sent(item: Item) -> dict[str, Any]:
    if isinstance(item, Button) and item.buttons:
        return {"name": item.name, "sub_button": [_sent(one) for one in item.buttons]}
    return {"type": item.kind, "name": item.name, **_given(item.model_dump())}


def _told(button: Json) -> Json:
    name = button.get("name", "")
    if below := button.get("sub_button"):
        return {"name": name, "buttons": [_told(one) for one in below]}
    given, kind = _given(button), button.get("type", "")
    shown = {} if kind == _evident(given) else {"type": kind}
    return {"name": name, **shown, **given}


def _given(values: Json) -> Mapping[str, str]:
    return {field: values[field] for field in _FIELDS if values.get(field)}


def _evident(given: Mapping[str, str]) -> str:
    return next((kind for field, kind in _EVIDENT.items() if field in given), "")

"""The kinds of values that stand in a configuration, each with a refusal in both languages."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
)
from pydantic import ValidationInfo as Info
from pydantic_core import PydanticCustomError

DAY = 24 * 60  # minutes
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_SPAN = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class Model(BaseModel):
    """A section: nothing unknown in it, nothing changes after it was read."""

    # Defaults are validated like what is written: relative paths in them start at the file too.
    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, revalidate_instances="always"
    )


def refusal(zh: str, en: str) -> PydanticCustomError:
    """What a validator raises: the error in both languages, without the value."""
    # Braces would be read as places to fill in; what stands in them comes from the file.
    return PydanticCustomError("bilingual", "{en}", {"zh": zh, "en": en})


class Words(Model):
    """One text in both languages; in YAML a plain string stands for both."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _both(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("int_type", "not a number")
    return value


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise refusal(
            "名字要以小写字母开头，只用小写字母、数字、- 和 _，最多 32 个。",
            "a name begins with a small letter and has only small letters, digits, - and _,"
            " at most 32 of them.",
        )
    return text


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refusal(
            "没有这个时区：要写像 Asia/Shanghai 这样的名字。",
            "no such time zone: expected a name like Asia/Shanghai.",
        ) from error
    return name


def minutes(span: str) -> tuple[int, int]:
    """The first and the last minute of `09:00-18:00`; one that ends past midnight goes past DAY.

    Raises the refusal of a span that isn't one.
    """
    found = _SPAN.fullmatch(span)
    if not found:
        raise refusal(
            "时间段要写成 09:00-18:00 这样。", "expected a span of time like 09:00-18:00."
        )
    hour, minute, last_hour, last_minute = (int(part) for part in found.groups())
    start, end = hour * 60 + minute, last_hour * 60 + last_minute
    if start >= DAY or end > DAY:
        raise refusal(
            "一天只到 24:00，也不能从 24:00 开始。", "a day ends at 24:00, and nothing begins then."
        )
    return start, end if end > start else end + DAY


def _no_overlap(spans: tuple[str, ...]) -> tuple[str, ...]:
    ordered = sorted(minutes(span) for span in spans)
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise refusal("时间段有重叠：请合并。", "spans of time overlap: join them.")
    return spans


def _is_span(span: str) -> str:
    minutes(span)
    return span


def _store(url: SecretStr, info: Info) -> SecretStr:
    text = url.get_secret_value()
    scheme, _, rest = text.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return SecretStr(f"sqlite:///{_beside(Path(rest[1:]), info)}")
    if scheme in ("postgresql", "postgres") and rest:
        return url
    raise refusal(
        "存储要写成 sqlite:///路径 或 postgresql://用户:密码@主机/库。",
        "expected sqlite:///path or postgresql://user:password@host/database.",
    )


def _hints(url: SecretStr) -> SecretStr:
    text = url.get_secret_value()
    scheme, _ = _scheme_and_host(text)
    if text != "memory://" and not scheme.startswith("redis"):
        raise refusal(
            "提醒要写成 memory:// 或 redis://主机:6379/0。",
            "expected memory:// or redis://host:6379/0.",
        )
    return url


def _beside(path: Path, info: Info) -> Path:
    """Relative paths start at the folder of the configuration file."""
    context: Mapping[str, Path] = info.context or {}
    return context.get("folder", Path()) / path


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Both empty where it is no URL at all."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.hostname or ""


def _public_url(url: str) -> str:
    scheme, host = _scheme_and_host(url)
    if url and (scheme not in ("http", "https") or not host):
        raise refusal(
            "要写浏览器里看到的完整地址，如 https://chat.example.com。",
            "expected the whole address that browsers see, such as https://chat.example.com.",
        )
    return url.removesuffix("/")


Text = Annotated[Words, BeforeValidator(_both)]
Whole = Annotated[int, BeforeValidator(_whole)]
Zone = Annotated[str, AfterValidator(_zone)]
Span = Annotated[str, AfterValidator(_is_span)]
Spans = Annotated[tuple[Span, ...], AfterValidator(_no_overlap)]
StoreUrl = Annotated[SecretStr, AfterValidator(_store)]
HintsUrl = Annotated[SecretStr, AfterValidator(_hints)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
Beside = Annotated[Path, AfterValidator(_beside)]
Name = Annotated[
    str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{_NAME.pattern}$"})
]

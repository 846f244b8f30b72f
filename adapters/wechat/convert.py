"""A payload as our own message: every kind and event that WeChat knows; pure.

Tencent's lists: 接收普通消息 and 接收事件推送 in the official accounts' documentation.
"""

import re
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from types import MappingProxyType

from adapters.wechat.config import Config
from adapters.wechat.payload import Payload
from adapters.wechat.taps import find, meant
from gateway.clock import MINUTE
from gateway.errors import Invalid
from gateway.message import Attachment, Contact, Grant, Kind, Message, Suggestion

# How many messages may follow of our own accord; 客服消息 · 下发条数限制.
WRITTEN = Grant("message", 5, 48 * 60 * MINUTE)
CLICKED = Grant("click", 3, MINUTE)
JOINED = Grant("subscribe", 3, MINUTE)
SCANNED = Grant("scan", 3, MINUTE)

# In place of what WeChat doesn't pass on: stickers, files, forwarded chats.
UNSUPPORTED = "【收到不支持的消息类型"
SCENE = "qrscene_"

_OPENID = re.compile(r"[\w-]{1,64}", re.ASCII)
_RATING = re.compile(r"rate:([1-5])")
# Controls but tab and newline, and halves of surrogate pairs: no text has them, databases refuse.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ALIAS = {"zh": "微信用户", "en": "WeChat user "}
_MEDIA = {
    "image": Attachment("image"),
    "voice": Attachment("voice", type="audio/amr"),
    "video": Attachment("video", type="video/mp4"),
    "shortvideo": Attachment("video", type="video/mp4"),
}


@dataclass(frozen=True, slots=True)
class Media:
    """What to fetch at once, as it lives for three days: the attachment's `kind`, WeChat's id.

    `url` is where pictures can be had without an id, "" for all else.
    """

    kind: str
    id: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a payload comes to. `ours` and `theirs` are the names on it: the account's, the openid.

    `message` is None where there is nothing to hand over; then `ignored` says why. `tap` is the
    number of a tapped menu item that is not yet understood: `chosen` knows, with what was offered.
    """

    ours: str
    theirs: str
    message: Message | None = None
    media: Media | None = None
    tap: str = ""
    ignored: str = ""


def read(
    payload: Payload,
    channel: str,
    config: Config,
    labels: Mapping[str, str] = MappingProxyType({}),
) -> Incoming:
    """What a payload says. `labels` are the names of menu buttons by their keys.

    Raises Invalid for a payload that doesn't say who, to whom or what.
    """
    return _Reading(payload, channel, config, labels).read()


def chosen(incoming: Incoming, offered: Iterable[Suggestion]) -> Incoming:
    """The same as a tap on what was `offered` to this customer, if it is one."""
    message = incoming.message
    if message is None or message.kind is not Kind.TEXT:
        return incoming
    found = find(incoming.tap, message.text, offered)
    return replace(incoming, message=_tapped(message, found.id), tap="") if found else incoming


class _Reading:
    """Reads one payload."""

    def __init__(
        self, payload: Payload, channel: str, config: Config, labels: Mapping[str, str]
    ) -> None:
        self._payload = payload
        self._config = config
        self._labels = labels
        self._theirs = self._name("FromUserName")
        self._ours = self._name("ToUserName")
        language = config.language
        self._contact = Contact(channel, self._theirs, _alias(self._theirs, language), language)

    def read(self) -> Incoming:
        kind = self._needed("MsgType").lower()
        if kind == "event":
            return self._event(self._needed("Event").lower())
        if kind in _MEDIA:
            return self._media(kind)
        match kind:
            case "text":
                return self._written(self._text("Content"))
            case "link":
                return self._taken(self._message(f"{self._text('Title')}\n{self._text('Url')}"))
            case "location":
                return self._taken(self._message("", Attachment("place", self._place())))
        return self._ignored(f"a message of a kind unknown here: {kind[:32]}")

    def _event(self, event: str) -> Incoming:
        key = self._text("EventKey")
        match event:
            case "subscribe":
                scene = key.removeprefix(SCENE)
                return self._happened(Kind.JOINED, choice=scene, grant=JOINED)
            case "scan":
                return self._happened(Kind.JOINED, choice=key, grant=SCANNED)
            case "unsubscribe":
                return self._happened(Kind.LEFT)
            case "click" if key:
                label = self._labels.get(key, key)
                return self._happened(Kind.CHOICE, label, choice=key, grant=CLICKED)
        return self._ignored(f"an event that asks for nothing: {event[:32]}")

    def _written(self, text: str) -> Incoming:
        tap = self._text("bizmsgmenuid")
        if not text or text.startswith(UNSUPPORTED):
            name = getattr(self._config.texts.unsupported, self._config.language)
            return self._taken(self._message("", Attachment("file", name)))
        message = self._message(text)
        if not tap:
            return self._taken(message)
        message = replace(message, grant=CLICKED)
        if known := meant(tap):
            return self._taken(_tapped(message, known))
        return replace(self._taken(message), tap=tap)

    def _media(self, kind: str) -> Incoming:
        attachment = _MEDIA[kind]
        media = Media(attachment.kind, self._needed("MediaId"), self._text("PicUrl"))
        # What WeChat heard, where the account has its speech recognition switched on.
        message = self._message(self._text("Recognition"), attachment)
        return replace(self._taken(message), media=media)

    def _place(self) -> str:
        where = f"({self._text('Location_X')}, {self._text('Location_Y')})"
        return f"{self._text('Label')} {where}".strip()

    def _message(self, text: str, *attachments: Attachment) -> Message:
        return Message(
            self._name("MsgId"),
            self._contact,
            text.strip(),
            attachments=attachments,
            at=self._at,
            grant=WRITTEN,
        )

    def _happened(
        self, kind: Kind, text: str = "", *, choice: str = "", grant: Grant | None = None
    ) -> Incoming:
        # Events have no id; these four together are the same when one is told again.
        time, event, key = self._needed("CreateTime"), self._needed("Event"), self._text("EventKey")
        id_ = f"{self._theirs}:{time}:{event}:{key}"
        message = Message(id_, self._contact, text, kind, choice=choice, at=self._at, grant=grant)
        return self._taken(message)

    def _taken(self, message: Message) -> Incoming:
        return Incoming(self._ours, self._theirs, message)

    def _ignored(self, why: str) -> Incoming:
        return Incoming(self._ours, self._theirs, ignored=why)

    @property
    def _at(self) -> int:
        seconds = self._text("CreateTime")
        known = seconds.isascii() and seconds.isdigit() and len(seconds) <= 12
        return int(seconds) * 1000 if known else 0

    def _text(self, name: str) -> str:
        return _NO_TEXT.sub("", self._payload.get(name, "")).strip()

    def _needed(self, name: str) -> str:
        text = self._text(name)
        if not text:
            raise Invalid(f"expected a {name}")
        return text

    def _name(self, name: str) -> str:
        text = self._text(name)
        if not _OPENID.fullmatch(text):
            raise Invalid(f"expected a {name} of letters, digits, - and _")
        return text


def _tapped(message: Message, id_: str) -> Message:
    if stars := _RATING.fullmatch(id_):
        return replace(message, text="", kind=Kind.RATING, rating=int(stars[1]))
    return replace(message, kind=Kind.CHOICE, choice=id_)


@lru_cache(maxsize=4096)
def _alias(openid: str, language: str) -> str:
    """A name for somebody whose own name WeChat doesn't tell (since 2021)."""
    code = b32encode(blake2b(openid.encode(), digest_size=5).digest()).decode()
    return f"{_ALIAS[language]}{code[:4]}"

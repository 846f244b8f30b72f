"""What a message holds: words, and things with a file or without; pure.

Every kind has words: where the customer wrote none, a placeholder in their language says what it
is, so that a line is never empty and the FAQ has something to fail on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiogram.enums import ContentType
from aiogram.types import Message

from adapters.telegram import rich
from gateway.message import Attachment


@dataclass(frozen=True, slots=True)
class Media:
    """An attachment to be; `file` is what Telegram calls its file, "" where it has none."""

    attachment: Attachment
    file: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """The words and the things of one message; `worded` where the words are the customer's own."""

    text: str
    media: tuple[Media, ...] = ()
    worded: bool = True


_NAMES: Mapping[str, Mapping[str, str]] = {
    "image": {"zh": "图片", "en": "Picture"},
    "voice": {"zh": "语音", "en": "Voice message"},
    "video": {"zh": "视频", "en": "Video"},
    "sticker": {"zh": "贴纸", "en": "Sticker"},
    "file": {"zh": "文件", "en": "File"},
    "place": {"zh": "位置", "en": "Location"},
    "contact": {"zh": "名片", "en": "Contact"},
    "poll": {"zh": "投票", "en": "Poll"},
    "checklist": {"zh": "清单", "en": "Checklist"},
    "dice": {"zh": "骰子", "en": "Dice"},
}
_UNKNOWN = {"zh": "无法显示的消息", "en": "A message that can't be shown here"}
# What people send and we have no form for; all else that is not listed is Telegram's own notice.
_SHOWN_AS_UNKNOWN = frozenset(
    {
        ContentType.UNKNOWN,
        ContentType.STORY,
        ContentType.PAID_MEDIA,
        ContentType.GAME,
        ContentType.INVOICE,
        ContentType.SUCCESSFUL_PAYMENT,
        ContentType.USERS_SHARED,
        ContentType.CHAT_SHARED,
        ContentType.GIFT,
        ContentType.UNIQUE_GIFT,
        ContentType.GIVEAWAY,
        ContentType.PASSPORT_DATA,
        ContentType.WEB_APP_DATA,
    }
)


def content(message: Message, language: str) -> Content | None:
    """What stands in a message, None for a service message that says nothing to anybody."""
    if message.text is not None:
        return Content(message.text)
    kind = ContentType(message.content_type).value
    if message.rich_message:
        return Content(rich.flat(message.rich_message) or f"[{_UNKNOWN[language]}]")
    if kind in _THINGS:
        return _thing(_THINGS[kind](getattr(message, kind)), message.caption, language)
    if kind in _SAID:
        return Content(_SAID[kind](getattr(message, kind), language))
    if kind in _SHOWN_AS_UNKNOWN:
        return Content(message.caption or f"[{_UNKNOWN[language]}: {kind}]")
    return None


def _thing(media: Media, caption: str | None, language: str) -> Content:
    placeholder = _placeholder(media.attachment.kind, language, media.attachment.name)
    return Content(caption or placeholder, (media,), worded=bool(caption))


def _placeholder(kind: str, language: str, words: str = "") -> str:
    return f"[{_NAMES[kind][language]}] {words}".strip()


def _file(kind: str, thing: Any, default: str = "") -> Media:
    """Anything that Telegram has a file of; `default` is its type where the message has none."""
    name = getattr(thing, "file_name", None) or ""
    type_ = getattr(thing, "mime_type", None) or default
    return Media(Attachment(kind, name, type_, thing.file_size or 0), thing.file_id)


def _photo(sizes: Any) -> Media:
    """The largest of the sizes that Telegram made of it."""
    return _file("image", max(sizes, key=lambda one: one.width), "image/jpeg")


def _live_photo(live: Any) -> Media:
    return _photo(live.photo) if live.photo else _file("video", live, "video/mp4")


def _sticker(sticker: Any) -> Media:
    moving = "application/x-tgsticker" if sticker.is_animated else "video/webm"
    type_ = moving if sticker.is_animated or sticker.is_video else "image/webp"
    attachment = Attachment("sticker", sticker.emoji or "", type_, sticker.file_size or 0)
    return Media(attachment, sticker.file_id)


def _location(location: Any) -> Media:
    return Media(Attachment("place", _coordinates(location)))


def _venue(venue: Any) -> Media:
    where = _coordinates(venue.location)
    return Media(Attachment("place", f"{venue.title}, {venue.address} ({where})"))


def _coordinates(location: Any) -> str:
    return f"{location.latitude:.6f}, {location.longitude:.6f}"


def _contact(one: Any) -> Media:
    name = " ".join(filter(None, (one.first_name, one.last_name, one.phone_number)))
    return Media(Attachment("contact", name))


def _poll(poll: Any, language: str) -> str:
    options = "".join(f"\n- {option.text}" for option in poll.options)
    return f"{_placeholder('poll', language, poll.question)}{options}"


def _checklist(checklist: Any, language: str) -> str:
    tasks = "".join(f"\n- {task.text}" for task in checklist.tasks)
    return f"{_placeholder('checklist', language, checklist.title)}{tasks}"


def _dice(dice: Any, language: str) -> str:
    return _placeholder("dice", language, f"{dice.emoji} {dice.value}")


_THINGS: Mapping[str, Callable[[Any], Media]] = {
    ContentType.PHOTO: _photo,
    ContentType.LIVE_PHOTO: _live_photo,
    ContentType.VOICE: lambda thing: _file("voice", thing, "audio/ogg"),
    ContentType.AUDIO: lambda thing: _file("file", thing, "audio/mpeg"),
    ContentType.VIDEO: lambda thing: _file("video", thing, "video/mp4"),
    ContentType.VIDEO_NOTE: lambda thing: _file("video", thing, "video/mp4"),
    ContentType.ANIMATION: lambda thing: _file("video", thing, "video/mp4"),
    ContentType.DOCUMENT: lambda thing: _file("file", thing),
    ContentType.STICKER: _sticker,
    ContentType.LOCATION: _location,
    ContentType.VENUE: _venue,
    ContentType.CONTACT: _contact,
}
_SAID: Mapping[str, Callable[[Any, str], str]] = {
    ContentType.POLL: _poll,
    ContentType.CHECKLIST: _checklist,
    ContentType.DICE: _dice,
}

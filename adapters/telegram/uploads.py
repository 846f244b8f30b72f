"""A file of ours on its way to Telegram, in the form that a phone shows best."""

from collections.abc import Mapping
from typing import Any

from aiogram.methods import SendDocument, SendPhoto, SendVideo, SendVoice, TelegramMethod
from aiogram.types import FSInputFile, Message

from adapters.telegram.api import UPLOAD_TIMEOUT, Api
from adapters.telegram.errors import Declined
from gateway.files import File
from gateway.language import both

LARGEST = 50 * 1024 * 1024  # bytes that a bot may send
LARGEST_PHOTO = 10 * 1024 * 1024
PHOTOS = ("image/jpeg", "image/png", "image/webp")


async def upload(api: Api, file: File, fields: Mapping[str, Any]) -> None:
    """Send a file once; `fields` say where to and what goes with it. Raises what `Api.call` does.

    A picture too long, or a video in another form than it said, still goes as a file.
    """
    if file.attachment.size > LARGEST:
        raise Declined(
            both("Telegram 只收 50 MB 以内的文件", "Telegram takes files of up to 50 MB")
        )
    method = _fitting(file, fields)
    try:
        await api.call(method, UPLOAD_TIMEOUT)
    except Declined:
        if isinstance(method, SendDocument):
            raise
        await api.call(_document(file, fields), UPLOAD_TIMEOUT)


def _fitting(file: File, fields: Mapping[str, Any]) -> TelegramMethod[Message]:
    kind, type_, size = file.attachment.kind, file.attachment.type, file.attachment.size
    if type_ in PHOTOS and size <= LARGEST_PHOTO:
        return SendPhoto(photo=_data(file), **fields)
    if kind == "voice" and type_ == "audio/ogg":
        return SendVoice(voice=_data(file), **fields)
    if type_ == "video/mp4":
        return SendVideo(video=_data(file), **fields)
    return _document(file, fields)


def _document(file: File, fields: Mapping[str, Any]) -> SendDocument:
    return SendDocument(document=_data(file), **fields)


def _data(file: File) -> FSInputFile:
    return FSInputFile(file.path, filename=file.attachment.name or file.path.name)

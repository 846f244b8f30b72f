"""Where a chat is on Telegram, and the id of its contact with us; pure.

A chat's number alone is not enough: a business connection has chats with the same numbers, and in
a private chat with topics each topic is a conversation of its own.
"""

import re
from dataclasses import dataclass

from aiogram.types import InaccessibleMessage, Message

_FORM = re.compile(r"(?:(?P<business>[^:]+):)?(?P<chat>-?\d+)(?:/(?P<thread>\d+))?")


@dataclass(frozen=True, slots=True)
class Address:
    """A chat, in it a topic (0: none), reached through a business connection ("": none)."""

    chat: int
    thread: int = 0
    business: str = ""

    @property
    def contact(self) -> str:
        """The id that the contact has on our channel."""
        before = f"{self.business}:" if self.business else ""
        return f"{before}{self.chat}{f'/{self.thread}' if self.thread else ''}"

    @property
    def fields(self) -> dict[str, int | str]:
        """How a call to the Bot API names it."""
        named: dict[str, int | str] = {"chat_id": self.chat}
        if self.thread:
            named["message_thread_id"] = self.thread
        if self.business:
            named["business_connection_id"] = self.business
        return named


def of_contact(id_: str) -> Address:
    """The address behind a contact's id. Raises ValueError for one that is not ours."""
    found = _FORM.fullmatch(id_)
    if not found:
        raise ValueError(f"not the id of a Telegram chat: {id_!r}")
    return Address(int(found["chat"]), int(found["thread"] or 0), found["business"] or "")


def of_message(message: Message | InaccessibleMessage) -> Address:
    """Where a message stands."""
    if isinstance(message, InaccessibleMessage):
        return Address(message.chat.id)
    thread = message.message_thread_id if message.is_topic_message else 0
    return Address(message.chat.id, thread or 0, message.business_connection_id or "")

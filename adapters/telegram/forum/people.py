"""Who wrote in the group. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiogram.types import CallbackQuery, Message


@dataclass(frozen=True, slots=True)
class Person:
    """`agent` is the name of the agent that they are, "" for nobody of ours.

    `anonymous` ones write as the group itself or as a channel: nobody can say who it was.
    """

    id: int
    name: str
    agent: str = ""
    anonymous: bool = False


def writer(message: Message, agents: Mapping[int, str]) -> Person | None:
    """Who wrote it; None for a bot, our own among them."""
    if message.sender_chat is not None:
        return Person(message.sender_chat.id, message.sender_chat.title or "", anonymous=True)
    user = message.from_user
    if user is None or user.is_bot:
        return None
    return Person(user.id, user.full_name, agents.get(user.id, ""))


def presser(query: CallbackQuery, agents: Mapping[int, str]) -> Person:
    """Who pressed a button."""
    user = query.from_user
    return Person(user.id, user.full_name, agents.get(user.id, ""))

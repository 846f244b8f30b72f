"""By far the commonest update, somebody's own words in a private chat, read without a model.

Aiogram's models cost more than all else that is done with it. Whatever is out of the ordinary, or
holds anything that is not known here, is left to them; a test holds that both say the same.
"""

from collections.abc import Mapping
from typing import Any

from adapters.telegram.convert import Account, Said, clean, language, own
from gateway.clock import SECOND
from gateway.message import Contact, Message

_UPDATE = frozenset({"update_id", "message"})
_MESSAGE = frozenset({"message_id", "from", "chat", "date", "text"})
_CHAT = frozenset({"id", "type", "first_name", "last_name", "username"})
_PERSON = frozenset(
    {"id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium"}
)
_LATEST = 1 << 33  # seconds since 1970


def chat(raw: Mapping[str, Any]) -> int:
    """The chat of an update that `words` has read."""
    found: int = raw["message"]["chat"]["id"]
    return found


def words(raw: Mapping[str, Any], account: Account) -> Said | None:
    """What is said; None for what is not this kind of update, or is a command."""
    if raw.keys() != _UPDATE or not _is(raw["message"], _MESSAGE):
        return None
    sent = raw["message"]
    there, person = sent["chat"], sent["from"]
    if not (_is_part(there, _CHAT) and _is_part(person, _PERSON)) or there.get("type") != "private":
        return None
    if person.get("is_bot") is not False or not _are_texts(person, there):
        return None
    numbers = (sent["message_id"], sent["date"], there.get("id"), person.get("id"))
    if any(type(number) is not int for number in numbers) or not 0 <= sent["date"] < _LATEST:
        return None
    first, last, text = person.get("first_name"), person.get("last_name"), sent["text"]
    text = clean(text) if isinstance(text, str) else ""
    if not first or not text or text.startswith("/"):
        return None
    name = clean(f"{first} {last}" if last else first)
    contact = Contact(
        account.channel, str(there["id"]), name, language(person.get("language_code"))
    )
    message = own(contact, account, sent["message_id"])
    return Said(Message(message, contact, text, at=sent["date"] * SECOND))


def _is(value: object, names: frozenset[str]) -> bool:
    return isinstance(value, dict) and value.keys() == names


def _is_part(value: object, names: frozenset[str]) -> bool:
    return isinstance(value, dict) and value.keys() <= names


def _are_texts(*parts: Mapping[str, Any]) -> bool:
    """Whether the names are, and the rest that may be there is what it must be."""
    return all(
        value is True if name == "is_premium" else isinstance(value, str)
        for part in parts
        for name, value in part.items()
        if name not in ("id", "is_bot")
    )

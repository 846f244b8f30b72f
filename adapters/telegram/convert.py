"""Updates to messages; pure.

A message's id is its chat's and the bot's with its number: so a repeated update is one message, an
edit names the one that it changes, and another bot on the same channel, which counts anew in the
same chats, is not taken for a repetition.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import CallbackQuery, ChatMemberUpdated, InaccessibleMessage, Update, User
from aiogram.types import Message as Sent

from adapters.telegram import address
from adapters.telegram.content import Media, content
from gateway.clock import SECOND
from gateway.config.fields import Words
from gateway.message import PERSON, Contact, Kind, Line, Message

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
# Anybody's program may send a tap of its own making; our numbers are no longer than this.
_TAP = re.compile(r"(tap|rate):([0-9]{1,15}):([0-9]{1,3}):([0-9a-f]{8})")
_RATE = re.compile(r"rate:([1-5])")
# C0 and C1 controls but tab and newline, and halves of surrogate pairs: no text has them, and
# databases refuse some.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Account:
    """The bot as its customers know it; `username` is "" until Telegram has told us.

    `bot` is its own user id.
    """

    channel: str
    bot: int
    username: str
    commands: Mapping[str, Words]
    business: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message; its media have still to be fetched, and it may be a part of an album.

    `worded` where its text is the customer's own and no placeholder of ours.
    """

    message: Message
    media: tuple[Media, ...] = ()
    album: str = ""
    worded: bool = True


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button was tapped: `line` and `place` say which, `tail` ends that line's id.

    `message` is the number of the message that it hangs on, 0 if that can't be changed any more.
    """

    query: str
    contact: Contact
    line: int
    place: int
    tail: str
    rates: bool = False
    message: int = 0


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody who had blocked the bot lets it speak again."""

    contact: Contact


Event = Said | Tapped | Returned


def language(tag: str | None) -> str:
    """zh or en, by an IETF tag; Chinese if there is none."""
    return "zh" if not tag or tag.lower().startswith("zh") else "en"


def event(update: Update, account: Account) -> Event | None:
    """What an update says; None if it is nothing to us."""
    if sent := update.message or (update.business_message if account.business else None):
        return _said(sent, account)
    if edited := update.edited_message or (
        update.edited_business_message if account.business else None
    ):
        return _edited(edited, account)
    if update.callback_query:
        return _tapped(update.callback_query, account)
    if update.my_chat_member:
        return _member(update.my_chat_member, account)
    return None


def chosen(tap: Tapped, line: Line | None) -> Message | None:
    """What a tap on a line's suggestion says; None if that is not on offer (any more)."""
    if line is None or not line.id.endswith(tap.tail) or tap.place >= len(line.suggestions):
        return None
    taken = line.suggestions[tap.place]
    own = f"tap:{tap.query}"
    if rate := _RATE.fullmatch(taken.id):
        return Message(own, tap.contact, "", Kind.RATING, rating=int(rate[1]))
    return Message(own, tap.contact, taken.text, Kind.CHOICE, choice=taken.id)


def _said(sent: Sent, account: Account) -> Said | None:
    contact = _contact(sent, account)
    if contact is None:
        return None
    held = content(sent, contact.language)
    if held is None:
        return None
    at = int(sent.date.timestamp()) * SECOND
    text = clean(held.text)
    message = Message(own(contact, account, sent.message_id), contact, text, at=at)
    if sent.text is not None and (command := _COMMAND.fullmatch(text)):
        return _command(message, command, account)
    if not text:
        return None
    return Said(message, held.media, sent.media_group_id or "", held.worded)


def _edited(sent: Sent, account: Account) -> Said | None:
    """A revision: known by when it was made, too.

    Only a live location is changed without words, every few seconds: where it began is kept.
    """
    if sent.location:
        return None
    contact = _contact(sent, account)
    held = content(sent, contact.language) if contact else None
    if contact is None or held is None:
        return None
    first = own(contact, account, sent.message_id)
    at = int(sent.edit_date or 0)
    message = Message(f"{first}:{at}", contact, clean(held.text), at=at * SECOND, edits=first)
    return Said(message, held.media, sent.media_group_id or "", held.worded)


def _command(message: Message, command: re.Match[str], account: Account) -> Said | None:
    """`/start` brings somebody in, other commands of the menu are taps; the rest is text."""
    name, bot, more = command[1].lower(), command[2], command[3] or ""
    if bot and account.username and bot.lower() != account.username.lower():
        return None
    if name == "start":
        return Said(_as(message, Kind.JOINED, more[:64], message.text))
    if name not in account.commands:
        return Said(message)
    label = getattr(account.commands[name], message.contact.language)
    choice = PERSON if name == "person" else name
    return Said(_as(message, Kind.CHOICE, choice, f"{label} {more}".strip()))


def _as(message: Message, kind: Kind, choice: str, text: str) -> Message:
    return Message(message.id, message.contact, text, kind, choice, at=message.at)


def _tapped(query: CallbackQuery, account: Account) -> Tapped | None:
    found = _TAP.fullmatch(query.data or "")
    if query.message is None or query.message.chat.type != ChatType.PRIVATE or not found:
        return None
    where = address.of_message(query.message)
    contact = _person(where, query.from_user, account)
    number = 0 if isinstance(query.message, InaccessibleMessage) else query.message.message_id
    rates, line, place, tail = found.groups()
    return Tapped(query.id, contact, int(line), int(place), tail, rates == "rate", number)


def _member(change: ChatMemberUpdated, account: Account) -> Event | None:
    """Blocked, or no longer so.

    Who unblocks the bot by its button sends /start as well: that is what brings them in.
    """
    if change.chat.type != ChatType.PRIVATE:
        return None
    contact = _person(address.Address(change.chat.id), change.from_user, account)
    if change.new_chat_member.status != ChatMemberStatus.KICKED:
        return Returned(contact)
    at = int(change.date.timestamp())
    return Said(Message(f"{contact.id}:left:{at}", contact, kind=Kind.LEFT, at=at * SECOND))


def _contact(sent: Sent, account: Account) -> Contact | None:
    """Who speaks, where it is a person in a private chat with us.

    A business connection shows both sides: what the owner writes there is not the customer's.
    """
    person = sent.from_user
    if sent.chat.type != ChatType.PRIVATE or person is None or person.is_bot:
        return None
    if sent.business_connection_id and person.id != sent.chat.id:
        return None
    return _person(address.of_message(sent), person, account)


def _person(where: address.Address, person: User, account: Account) -> Contact:
    name = clean(person.full_name)
    return Contact(account.channel, where.contact, name, language(person.language_code))


def own(contact: Contact, account: Account, number: int) -> str:
    """Our id of the message that has a number in a contact's chat."""
    return f"{contact.id}:{account.bot}:{number}"


def clean(text: str) -> str:
    """Text as databases and people take it."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()

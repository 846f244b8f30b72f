"""What an agent's message asks for: to be passed on, kept as a note, or done. Pure."""

import re
from dataclasses import dataclass

COMMANDS = ("claim", "note", "transfer", "return", "close")
# What the key gives while a Chinese keyboard is on: a note must not leave for want of a switch.
_NOTES = ("//", "／／", "、、")
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Say:
    """For the customer."""

    text: str


@dataclass(frozen=True, slots=True)
class Remark:
    """For colleagues."""

    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """To be done: one of COMMANDS but `note`, with what stands behind it."""

    name: str
    rest: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Looks like a command and is none: nothing that a customer should get by mistake."""

    name: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """For another bot."""


Wish = Say | Remark | Command | Unknown | Elsewhere


def read(text: str, username: str) -> Wish:
    """What a text asks of the bot called `username`; "" where we don't know that yet."""
    if text.startswith(_NOTES):
        return Remark(text[2:].strip())
    if text.startswith("／"):
        text = f"/{text[1:]}"
    if not text.startswith("/"):
        return Say(text)
    found = _COMMAND.fullmatch(text)
    if found is None:
        return Unknown(text.split()[0])
    name, bot, rest = found[1].lower(), found[2] or "", (found[3] or "").strip()
    if bot and username and bot.lower() != username.lower():
        return Elsewhere()
    if name == "note":
        return Remark(rest)
    return Command(name, rest) if name in COMMANDS else Unknown(f"/{found[1]}")


def split_name(rest: str, names: list[str]) -> tuple[str, str]:
    """The name that a text begins with, and what stands behind it.

    Names may have spaces in them: the longest that is known wins, else the first word is it.
    """
    for name in sorted(names, key=len, reverse=True):
        head, behind = rest[: len(name)], rest[len(name) :]
        if head.casefold() == name.casefold() and (not behind or behind[0].isspace()):
            return name, behind.strip()
    first, _, behind = rest.partition(" ")
    return first, behind.strip()

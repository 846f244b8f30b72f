"""Frames to messages and lines to frames; pure."""

import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from adapters.web.frames import Choose, Hello, Rate, Say, identity
from adapters.web.seals import Seals
from adapters.web.tokens import Tokens, is_signed
from gateway.clock import isoformat
from gateway.errors import Invalid, NotFound
from gateway.files import File
from gateway.message import (
    HELPFUL,
    PERSON,
    UNHELPFUL,
    Attachment,
    Author,
    Contact,
    Kind,
    Line,
    Message,
)
from gateway.thread import State

Json = dict[str, Any]

# What may be tapped beside our suggestions, by what the id begins with.
_STANDING = {
    PERSON: {"zh": "转人工", "en": "Talk to a person"},
    HELPFUL: {"zh": "有帮助", "en": "Helpful"},
    UNHELPFUL: {"zh": "没帮助", "en": "Not helpful"},
}
_RATING = re.compile(r"rate:([1-5])")
# C0 and C1 controls but tab and newline: no text has them, and databases refuse NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def language(tag: str | None) -> str:
    """zh or en, by a browser's language tag; Chinese if it names none."""
    return "zh" if not tag or tag.lower().startswith("zh") else "en"


def contact(hello: Hello, token: str, tokens: Tokens, secret: str, now: int) -> Contact:
    """Who says hello: the person whom the site vouches for, else the browser.

    Raises Forbidden for a token that is not ours, whoever else vouches.
    """
    visitor = tokens.visitor(token)
    speaks = language(hello.language)
    person = identity(hello.identity)
    if person and is_signed(person, secret, now):
        return Contact(tokens.channel, f"u-{_without_colon(person.id)}", person.name, speaks)
    return Contact(tokens.channel, visitor, "", speaks)


def said(frame: Say, who: Contact, files: Iterable[File] = ()) -> Message:
    """A text, or files of the visitor's own. Raises Invalid for one without anything in it.

    Raises NotFound for files that somebody else has sent, or that we have.
    """
    text, files = _clean(frame.text), tuple(files)
    if not text and not files:
        raise Invalid("the message is empty")
    for file in files:
        if file.contact != who.key or file.ours:
            raise NotFound("no such file", file=file.id)
    attachments = tuple(file.attachment for file in files)
    return Message(_own(who, frame.id), who, text, attachments=attachments)


def chosen(frame: Choose, who: Contact, lines: Iterable[Line]) -> Message:
    """A tap, with the label that we offered in `lines`. Raises NotFound for one never offered.

    A person can be asked for at any time, and every answer in `lines` can be judged.
    """
    if rating := _RATING.fullmatch(frame.suggestion):
        return _rating(who, frame.id, int(rating[1]), "")
    lines = list(lines)
    label = _offered(frame.suggestion, lines) or _standing(frame.suggestion, who, lines)
    if label is None:
        raise NotFound("this suggestion is not on offer")
    return Message(_own(who, frame.id), who, label, Kind.CHOICE, choice=frame.suggestion)


def rated(frame: Rate, who: Contact) -> Message:
    """A verdict."""
    return _rating(who, frame.id, frame.score, _clean(frame.comment))


def welcome(token: str, seq: int) -> Json:
    """The answer to a hello; `seq` is the newest line."""
    return {"type": "welcome", "token": token, "seq": seq}


def accepted(given: str, seq: int) -> Json:
    """The message whose id the widget has `given` is on our disk."""
    return {"type": "accepted", "id": given, "seq": seq}


def line(line: Line, who: Contact, seals: Seals) -> Json:
    """A line of the transcript.

    One of the visitor's own carries the id that their widget made and what was tapped (`choice`);
    a FAQ's answer carries its entry (`answers`), so that it can be judged.
    """
    frame: Json = {
        "type": "message",
        "seq": line.seq,
        "author": line.author.value,
        "name": line.name,
        "text": line.text,
        "suggestions": [asdict(one) for one in line.suggestions],
        "attachments": [attachment(one, who, seals) for one in line.attachments],
        "at": isoformat(line.at),
    }
    if line.author is Author.CUSTOMER:
        frame["id"] = line.external.removeprefix(f"{who.id}:")
    if line.choice:
        frame["choice"] = line.choice
    if line.answered_by:
        frame["answers"] = line.answered_by
    return frame


def attachment(file: Attachment, who: Contact, seals: Seals) -> Json:
    """What comes with a line; `url` starts at the socket's address, and only `who` is given it."""
    address = f"file/{file.id}?for={who.key}&seal={seals.seal(who.key, file.id)}"
    return {**asdict(file), "url": address if file.id else file.url}


def state(now: State) -> Json:
    """Who leads, and how many wait before this visitor."""
    return {"type": "state", "mode": now.mode.value, "ahead": now.ahead}


def _rating(who: Contact, given: str, score: int, comment: str) -> Message:
    return Message(_own(who, given), who, comment, Kind.RATING, rating=score)


def _offered(suggestion: str, lines: Iterable[Line]) -> str | None:
    labels = [
        one.text
        for line in lines
        if line.author is not Author.CUSTOMER
        for one in line.suggestions
        if one.id == suggestion
    ]
    return labels[-1] if labels else None


def _standing(suggestion: str, who: Contact, lines: Iterable[Line]) -> str | None:
    kind, colon, entry = suggestion.partition(":")
    given = {line.answered_by for line in lines} - {""}
    if colon and entry not in given:
        return None
    return _STANDING.get(kind + colon, {}).get(who.language)


def _without_colon(person: str) -> str:
    """The first colon of a message's id ends its author's: no person's id may have one."""
    return person.replace("%", "%25").replace(":", "%3A")


def _own(who: Contact, given: str) -> str:
    return f"{who.id}:{given}"


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()

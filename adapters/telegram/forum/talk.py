"""What there is to say in a topic next, in as few messages as can be. Pure.

Twenty messages a minute are all that a group bears, over all its topics. So what was said since
the last look, by whomever, comes in one message, and files one by one between the texts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.telegram.forum import cards
from adapters.telegram.forum.lines import FilePiece, barred, is_from, joined, pieces, quote
from adapters.telegram.forum.steps import Note, Post, Step, Upload, View
from adapters.telegram.forum.topic import Topic
from adapters.telegram.forum.words import Words
from adapters.telegram.text import units
from gateway.conversation import Mode
from gateway.language import pick
from gateway.message import Line, Status

ROOM = 3900  # UTF-16 units of a message; Telegram takes 4096
ASIDES = 1800  # of these for what isn't the talk itself
NOTICE = 800  # letters of a notice, which may quote what somebody wrote: at most 1600 units
EDIT = 400  # letters of a text that a customer changed; the console has all of it
TROUBLES = (Status.HELD, Status.UNKNOWN, Status.DEAD)


def post(view: View) -> Step | None:
    """What was said since, what became of replies, who leads now: in one message."""
    asides = [*_asides(view)]
    text, taken = joined([one.text for one in asides], ASIDES)
    first = Step(Post(text), _marks(view.topic, asides[:taken]), _notices(asides[:taken]))
    if taken < len(asides):
        return first
    talk = _talk(view, ROOM - units(text))
    if talk.file:
        return first if asides else Step(Upload(talk.file), talk.marks)
    marks = {**first.marks, **talk.marks, **_revised(view, talk)}
    parts = [text, *talk.texts] if asides else [*talk.texts]
    if talk.ends and view.stage != view.topic.stage:
        parts.append(view.stage)
        marks["stage"] = view.stage
    if parts:
        return Step(Post("\n".join(parts)), marks, first.said)
    return Step(Note(), marks) if marks else None


@dataclass(frozen=True, slots=True)
class _Aside:
    """A thing to say that isn't the talk: a notice, an edit (its time), a reply's new trouble."""

    text: str
    notice: bool = False
    revised: int = 0
    reply: str = ""
    status: str = ""


def _asides(view: View) -> Iterator[_Aside]:
    topic, words = view.topic, view.words
    for notice in topic.notices:
        yield _Aside(_short(notice, NOTICE), notice=True)
    name = cards.called(view.sheet, words)
    told = [line for line in view.sheet.lines if line.seq <= topic.seen]
    for line in sorted(told, key=lambda one: one.edited or 0):
        if line.edited and line.edited > topic.revised:
            text = words.say("edited", name=name, text=barred(_short(line.text, EDIT)))
            yield _Aside(text, revised=line.edited)
    for line in view.sheet.lines:
        before = topic.troubles.get(line.id, "")
        if line.status in TROUBLES and before != line.status:
            yield _Aside(_trouble(line, words), reply=line.id, status=str(line.status))
        elif line.status is Status.SENT and before:
            text = words.say("sent", text=quote(line.text))
            yield _Aside(text, reply=line.id, status="")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _trouble(line: Line, words: Words) -> str:
    detail = quote(pick(line.detail, words.language)) or words.say("no_reason")
    return words.say(str(line.status), text=quote(line.text), detail=detail)


def _marks(topic: Topic, asides: Sequence[_Aside]) -> dict[str, Any]:
    """What is so once these have been said."""
    marks: dict[str, Any] = {}
    if revised := max((one.revised for one in asides), default=0):
        marks["revised"] = revised
    if replies := {one.reply: one.status for one in asides if one.reply}:
        troubles = {**topic.troubles, **replies}
        marks["troubles"] = {reply: status for reply, status in troubles.items() if status}
    return marks


def _notices(asides: Sequence[_Aside]) -> int:
    return sum(one.notice for one in asides)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The next of what was said: texts or one file, what is so then, whether that is all of it."""

    texts: Sequence[str]
    marks: dict[str, Any]
    file: FilePiece | None = None
    ends: bool = False


def _talk(view: View, room: int) -> _Talk:
    """The bot's talk waits until people lead again: then it comes in as few messages as can be."""
    seen, had = view.topic.seen, view.topic.pieces
    texts: list[str] = []
    for line in () if view.mode is Mode.BOT else view.sheet.lines:
        if line.seq <= view.topic.seen:
            continue
        parts = _pieces(view, line)
        for part in parts[had:]:
            if isinstance(part, FilePiece) and not texts:
                after = (line.seq, 0) if had + 1 == len(parts) else (seen, had + 1)
                return _Talk((), _place(*after), file=part)
            if isinstance(part, FilePiece) or _full(texts, part, room):
                return _Talk(texts, _place(seen, had))
            texts.append(part)
            had += 1
        seen, had = line.seq, 0
    moved = (seen, had) != (view.topic.seen, view.topic.pieces)
    return _Talk(texts, _place(seen, had) if moved else {}, ends=True)


def _revised(view: View, talk: _Talk) -> dict[str, Any]:
    """Lines that come in now come as they read now."""
    seen = talk.marks.get("seen", view.topic.seen)
    newest = max((line.edited or 0 for line in view.sheet.lines if line.seq <= seen), default=0)
    return {"revised": newest} if newest > view.topic.revised else {}


def _pieces(view: View, line: Line) -> Sequence[str | FilePiece]:
    """What colleagues wrote in the topic stands there already; what was taken back was not said."""
    if is_from(line, view.settings.group) or line.status is Status.CANCELLED:
        return ()
    return pieces(line, cards.called(view.sheet, view.words), view.words)


def _full(texts: Sequence[str], part: str, room: int) -> bool:
    return bool(texts) and sum(units(text) + 1 for text in (*texts, part)) > room


def _place(seen: int, had: int) -> dict[str, Any]:
    return {"seen": seen, "pieces": had}

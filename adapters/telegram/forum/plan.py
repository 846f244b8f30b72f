"""What is to be done next in a topic, from what stands in it and how the conversation is. Pure.

Each step says what it makes true; asked again after that, the next one is found, until there is
none. So whatever was interrupted goes on, and of several changes only the newest state is shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.telegram.forum import cards
from adapters.telegram.forum.cards import Buttons
from adapters.telegram.forum.lines import FilePiece, is_from, joined, pieces, quote
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.topic import Topic
from adapters.telegram.forum.words import Words
from adapters.telegram.text import units
from gateway.clock import MINUTE, SECOND
from gateway.conversation import Mode
from gateway.message import Line, Status
from gateway.surface import Sheet

ROOM = 3900  # UTF-16 units of a message; Telegram takes 4096
ASIDES = 1800  # of these for what isn't the talk itself
EDIT = 400  # letters of a text that a customer changed; the console has all of it
LED = (Mode.WAITING, Mode.ASSIGNED)
TROUBLES = (Status.HELD, Status.UNKNOWN, Status.DEAD)


@dataclass(frozen=True, slots=True)
class Make:
    """Create the topic."""

    name: str
    face: str


@dataclass(frozen=True, slots=True)
class Card:
    """Put up the card."""

    text: str
    buttons: Buttons


@dataclass(frozen=True, slots=True)
class Edit:
    """Change the card."""

    text: str
    buttons: Buttons


@dataclass(frozen=True, slots=True)
class Post:
    """Say something."""

    text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """Show a file."""

    file: FilePiece


@dataclass(frozen=True, slots=True)
class Paint:
    """Give the topic its name and the icon of a mode."""

    name: str
    face: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open the closed topic."""


@dataclass(frozen=True, slots=True)
class Close:
    """Close the topic."""


@dataclass(frozen=True, slots=True)
class Note:
    """Nothing to show: only the note changes."""


Deed = Make | Card | Edit | Post | Upload | Paint | Reopen | Close | Note


@dataclass(frozen=True, slots=True)
class Step:
    """A deed, and what is so once it is done: fields of the topic's note.

    `said` are the notices that it says.
    """

    deed: Deed
    marks: Mapping[str, Any] = field(default_factory=dict)
    said: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A topic beside its conversation, and how the group is spoken to."""

    topic: Topic
    sheet: Sheet
    outcomes: Sequence[tuple[str, str]]
    settings: Settings
    words: Words

    @property
    def mode(self) -> Mode:
        """Who leads."""
        return self.sheet.conversation.mode

    @property
    def face(self) -> str:
        """How the topic is to look."""
        return f"{self.mode} {cards.title(self.sheet, self.words)}"

    @property
    def stage(self) -> str:
        """Who leads, in words."""
        return cards.stage(self.sheet, self.outcomes, self.words)


def step(view: View, now: int) -> Step | None:
    """The next thing to do at `now` (ms), None if there is none."""
    if view.topic.conversation != view.sheet.conversation.id:
        return _turn(view)
    if not view.topic.thread:
        return _make(view, now)
    found = (look(view) for look in _LOOKS)
    return next((one for one in found if one), None)


def patience(tries: int) -> int:
    """How long (ms) to wait after so many tries of which nobody knows what became of them.

    Telegram can't be asked which topics there are. One whose creation was interrupted is heard of
    by its service message; only when that has not come is another one made, less often each time.
    """
    return min(30 * SECOND << min(tries - 1, 7), 60 * MINUTE)


def _turn(view: View) -> Step | None:
    """The customer's next consultation goes into the topic of the last one."""
    if view.mode not in LED:
        return None
    marks = {
        "conversation": view.sheet.conversation.id,
        "pieces": 0,
        "card": 0,
        "asked": "",
        "shown": "",
        "stage": "",
        "troubles": {},
    }
    return Step(Note(), marks)


def _make(view: View, now: int) -> Step | None:
    topic = view.topic
    if view.mode is Mode.CLOSED and not topic.closed:
        return Step(Note(), {"closed": True})
    begun = topic.making and now < topic.making + patience(topic.tries)
    if view.mode not in LED or begun:
        return None
    return Step(Make(cards.title(view.sheet, view.words), view.mode), {"face": view.face})


def _reopen(view: View) -> Step | None:
    if view.topic.closed and view.mode in LED:
        return Step(Reopen(), {"closed": False})
    return None


def _card(view: View) -> Step | None:
    topic, sheet = view.topic, view.sheet
    if topic.card or view.mode not in LED:
        return None
    told = topic.asked
    marks: dict[str, Any] = {}
    if not told:
        tale = cards.story(sheet, topic.seen, view.words)
        told = "\n".join(part for part in (cards.finding(sheet, view.words), tale.text) if part)
        revised = max((line.edited or 0 for line in sheet.lines), default=0)
        marks = {"asked": told, "seen": tale.seen, "pieces": 0, "revised": revised}
    text, taps = _shown(view, told)
    shown = cards.digest(f"{text}{taps}")
    return Step(Card(text, taps), {**marks, "shown": shown, "stage": view.stage})


def _post(view: View) -> Step | None:
    """What was said since, what became of replies, who leads now: in one message."""
    asides = [*_asides(view)]
    texts, taken = joined([one.text for one in asides], ASIDES) if asides else ("", 0)
    marks = _marks(view.topic, asides[:taken])
    said = sum(one.notice for one in asides[:taken])
    if taken < len(asides):
        return Step(Post(texts), marks, said)
    talk = _talk(view, ROOM - units(texts))
    if talk.file and not asides:
        return Step(Upload(talk.file), talk.marks)
    parts = [texts] if asides else []
    if not talk.file:
        parts += talk.texts
        marks = {**marks, **talk.marks}
        if talk.ends and view.stage != view.topic.stage:
            parts.append(view.stage)
            marks["stage"] = view.stage
    if parts:
        return Step(Post("\n".join(parts)), marks, said)
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
        yield _Aside(notice, notice=True)
    name = cards.called(view.sheet, words)
    told = [line for line in view.sheet.lines if line.seq <= topic.seen]
    for line in sorted(told, key=lambda one: one.edited or 0):
        if line.edited and line.edited > topic.revised:
            text = words.say("edited", name=name, text=_short(line.text))
            yield _Aside(text, revised=line.edited)
    for line in view.sheet.lines:
        before = topic.troubles.get(line.id, "")
        if line.status in TROUBLES and before != line.status:
            yield _Aside(_trouble(line, words), reply=line.id, status=str(line.status))
        elif line.status is Status.SENT and before:
            text = words.say("sent", text=quote(line.text))
            yield _Aside(text, reply=line.id, status="")


def _short(text: str) -> str:
    return text if len(text) <= EDIT else f"{text[: EDIT - 1]}…"


def _trouble(line: Line, words: Words) -> str:
    detail = quote(line.detail) or words.say("no_reason")
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


def _pieces(view: View, line: Line) -> Sequence[str | FilePiece]:
    """What colleagues wrote in the topic stands there already; what was taken back was not said."""
    if is_from(line, view.settings.group) or line.status is Status.CANCELLED:
        return ()
    return pieces(line, cards.called(view.sheet, view.words), view.words)


def _full(texts: Sequence[str], part: str, room: int) -> bool:
    return bool(texts) and sum(units(text) + 1 for text in (*texts, part)) > room


def _place(seen: int, had: int) -> dict[str, Any]:
    return {"seen": seen, "pieces": had}


def _edit(view: View) -> Step | None:
    text, taps = _shown(view, view.topic.asked)
    shown = cards.digest(f"{text}{taps}")
    if not view.topic.card or shown == view.topic.shown:
        return None
    return Step(Edit(text, taps), {"shown": shown})


def _shown(view: View, asked: str) -> tuple[str, Buttons]:
    text = cards.card(view.sheet, asked, view.stage, view.settings, view.words)
    return text, cards.buttons(view.sheet.conversation, view.words)


def _paint(view: View) -> Step | None:
    if view.topic.face == view.face:
        return None
    name = cards.title(view.sheet, view.words)
    return Step(Paint(name, view.mode), {"face": view.face})


def _close(view: View) -> Step | None:
    if view.mode is Mode.CLOSED and not view.topic.closed:
        return Step(Close(), {"closed": True})
    return None


_LOOKS: Sequence[Callable[[View], Step | None]] = (_reopen, _card, _post, _edit, _paint, _close)

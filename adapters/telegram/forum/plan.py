"""What is to be done next in a topic, from what stands in it and how the conversation is. Pure.

Each step says what it makes true; asked again after that, the next one is found, until there is
none. So whatever was interrupted goes on, and of several changes only the newest state is shown.
"""

from collections.abc import Callable, Sequence
from typing import Any

from adapters.telegram.forum import cards
from adapters.telegram.forum.cards import Buttons
from adapters.telegram.forum.steps import Card, Close, Edit, Make, Note, Paint, Reopen, Step, View
from adapters.telegram.forum.talk import post
from gateway.clock import MINUTE, SECOND
from gateway.conversation import Mode

LED = (Mode.WAITING, Mode.ASSIGNED)


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


_LOOKS: Sequence[Callable[[View], Step | None]] = (_reopen, _card, post, _edit, _paint, _close)

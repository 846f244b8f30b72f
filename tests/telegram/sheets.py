"""Sheets of conversations and topics beside them, for tests of what is shown."""

from dataclasses import replace
from typing import Any

from adapters.telegram.forum.plan import step
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.steps import Card, Make, Note, Step, View
from adapters.telegram.forum.topic import Topic
from adapters.telegram.forum.words import Words
from gateway.conversation import Conversation, Mode
from gateway.message import Author, Contact, Line
from gateway.surface import Sheet

GROUP = -1001
ID = "0123456789ab0123456789abcdef"
AT = 1_700_000_000_000
LIN = Contact("website", "lin", "林女士", "zh")
OUTCOMES = (("solved", "已解决"), ("unsolved", "未解决"))


def line(seq: int, text: str, author: Author = Author.CUSTOMER, **facts: Any) -> Line:
    return Line(f"line{seq}", ID, seq, author, facts.pop("name", ""), text, AT, **facts)


def sheet(*lines: Line, mode: Mode = Mode.WAITING, holder: str = "", **facts: Any) -> Sheet:
    contact = facts.pop("contact", LIN)
    team, budget = facts.pop("team", ""), facts.pop("budget", None)
    state = Conversation(ID, contact.key, "website", mode, AT, len(lines), waiting_since=AT)
    return Sheet(state._replace(**facts), contact, holder, team, lines, budget)


def view(topic: Topic, of: Sheet, language: str = "zh") -> View:
    return View(topic, of, OUTCOMES, Settings(GROUP, {}, language), Words(language))


def follow(topic: Topic, of: Sheet, language: str = "zh") -> tuple[list[Step], Topic]:
    """All the steps until nothing is left, as if each went well; and the topic then."""
    steps: list[Step] = []
    while (found := step(view(topic, of, language), AT)) and len(steps) < 50:
        steps.append(found)
        topic = replace(topic, **found.marks, notices=topic.notices[found.said :])
        if isinstance(found.deed, Make):
            topic = replace(topic, thread=7)
        if isinstance(found.deed, Card):
            topic = replace(topic, card=70)
    return [one for one in steps if not isinstance(one.deed, Note)], topic

"""Who answers a customer's line: the FAQ, the customer by a tap, or the desk. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from faq.entry import Answer, Entry
from faq.matching.match import Decision, Match
from gateway.conversation import Conversation, Mode, answered, queue
from gateway.message import (
    HELPFUL,
    NONE,
    PERSON,
    UNHELPFUL,
    Attachment,
    Author,
    Kind,
    Line,
    Suggestion,
)
from gateway.store.transcript import Draft
from gateway.texts import Texts

URGENT = 1
SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What the FAQ makes of a line; `match` is None where the matcher failed.

    `pictures` are those of answers that can be shown, by an entry's file and what stands there.
    """

    match: Match | None
    entries: Mapping[str, Entry]
    person: bool = False
    complaint: bool = False
    pictures: Mapping[tuple[str, str], Attachment] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """What happens next. `reason` is for metrics and the desk, `entry` is what it is about."""

    conversation: Conversation
    replies: tuple[Draft, ...]
    reason: str
    entry: str = ""

    @property
    def routed(self) -> str:
        """Reason and entry as they are kept with the line."""
        return f"{self.reason}:{self.entry}" if self.entry else self.reason


class Router:
    """Decides by the words, the matcher's opinion and the mode."""

    def __init__(self, texts: Texts, patience: int = 2) -> None:
        """`patience`: guesses in a row that a customer may leave untaken before a person comes."""
        self._texts = texts
        self._patience = patience

    def route(
        self, conversation: Conversation, line: Line, reading: Reading, language: str, now: int
    ) -> Route:
        """Decide on one line of a customer whose own language is `language` (zh or en)."""
        conversation = conversation._replace(handled=line.seq)
        if conversation.mode is Mode.CLOSED:
            return Route(conversation, (), "closed")
        if conversation.mode is Mode.ASSIGNED or conversation.led:
            return Route(conversation, (), "assigned")
        if line.kind is Kind.JOINED:
            return self._greet(conversation, line.choice, reading, language, now)
        return self._decide(conversation, line, reading, _language(reading, language), now)

    def welcome(self, route: Route, language: str, *, open_now: bool, ahead: int) -> Draft:
        """What a customer hears who has just been handed to the desk; `ahead` wait before them."""
        if not open_now:
            key = "out_of_hours"
        elif route.reason == "complaint":
            key = "complaint"
        else:
            key = "queued_behind" if ahead else "queued"
        return Draft(Author.SYSTEM, self._texts.say(key, language, ahead=ahead))

    def _greet(
        self, conversation: Conversation, choice: str, reading: Reading, language: str, now: int
    ) -> Route:
        """Whoever was brought here by an entry's id gets its answer, too."""
        greeting = Draft(Author.BOT, self._texts.say("greeting", language))
        entry = reading.entries.get(choice)
        if entry is None:
            return Route(answered(conversation), (greeting,), "joined")
        route = self._answer(conversation, entry, reading, language, now)
        return replace(route, replies=(greeting, *route.replies))

    def _decide(
        self, conversation: Conversation, line: Line, reading: Reading, language: str, now: int
    ) -> Route:
        if line.choice.startswith((HELPFUL, UNHELPFUL)):
            return self._thank(conversation, line.choice, language)
        if line.choice in (NONE, PERSON) or reading.person:
            return Route(queue(conversation, now), (), "asked")
        if reading.complaint:
            return Route(queue(conversation, now, priority=URGENT), (), "complaint")
        if entry := reading.entries.get(line.choice):
            return self._answer(conversation, entry, reading, language, now)
        if line.attachments and not line.text.strip():
            return Route(queue(conversation, now), (), "attachment")
        match = reading.match
        if match is None:
            return Route(queue(conversation, now), (), "failed")
        if match.decision is Decision.ANSWER and match.best:
            entry = reading.entries[match.best.id]
            return self._answer(conversation, entry, reading, language, now)
        if match.decision is Decision.SUGGEST and self._may_guess(conversation):
            return self._suggest(conversation, match, language)
        return Route(queue(conversation, now), (), "unknown")

    def _may_guess(self, conversation: Conversation) -> bool:
        return conversation.mode is Mode.BOT and conversation.misses < self._patience

    def _answer(
        self, conversation: Conversation, entry: Entry, reading: Reading, language: str, now: int
    ) -> Route:
        answer = entry.answer(conversation.channel, language)
        settles = answer and not (entry.team or entry.urgent)
        replies: tuple[Draft, ...] = ()
        if answer:
            picture = reading.pictures.get((entry.place.file, answer.image))
            replies = (_say(answer, picture, f"answer:{entry.id}" if settles else ""),)
        if not settles:
            priority = URGENT if entry.urgent else 0
            conversation = queue(conversation, now, entry.team or None, priority)
            return Route(conversation, replies, "entry", entry.id)
        if conversation.mode is Mode.BOT:
            conversation = answered(conversation._replace(misses=0))
        return Route(conversation, replies, "answer", entry.id)

    def _thank(self, conversation: Conversation, verdict: str, language: str) -> Route:
        if verdict.startswith(HELPFUL) or conversation.mode is not Mode.BOT:
            return Route(conversation, (), "verdict")
        person = Suggestion(PERSON, self._texts.say("person", language))
        sorry = self._texts.say("unhelpful", language)
        return Route(conversation, (Draft(Author.BOT, sorry, suggestions=(person,)),), "verdict")

    def _suggest(self, conversation: Conversation, match: Match, language: str) -> Route:
        taps = [Suggestion(one.id, one.phrasing) for one in match.candidates[:SUGGESTIONS]]
        taps.append(Suggestion(NONE, self._texts.say("none", language)))
        guess = Draft(Author.BOT, self._texts.say("suggest", language), suggestions=tuple(taps))
        conversation = answered(conversation._replace(misses=conversation.misses + 1))
        return Route(conversation, (guess,), "suggest")


def _language(reading: Reading, fallback: str) -> str:
    return (reading.match.language if reading.match else "") or fallback


def _say(answer: Answer, picture: Attachment | None, routed: str) -> Draft:
    text = answer.text
    if answer.link:
        text = f"{text}\n{answer.link.text} {answer.link.url}".strip()
    return Draft(Author.BOT, text, attachments=(picture,) if picture else (), routed=routed)

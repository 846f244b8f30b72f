"""The card on top of a topic and what its buttons carry. Pure.

A button carries the conversation's id, as the message that it hangs on may be too old for Telegram
to show, and eight digits for a name, as it may carry 64 bytes in all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from adapters.telegram.forum.lines import pieces
from adapters.telegram.forum.settings import Settings
from adapters.telegram.forum.words import Words
from adapters.telegram.text import units
from gateway.conversation import Conversation, Mode
from gateway.message import Author
from gateway.surface import Sheet

STORY = 2500  # UTF-16 units of the talk before, which a card has room for
CHOICES = 90  # of the 100 buttons that a message may have; commands reach the others, too
TAG = 6  # digits
CALLED = 60  # letters of a customer's name: a topic's has room for 128 UTF-16 units

Buttons = tuple[tuple[tuple[str, str], ...], ...]  # rows of labels with what they carry


@dataclass(frozen=True, slots=True)
class Story:
    """The talk before the card was made, as far as it goes on it: up to the line `seen`."""

    text: str
    seen: int


def tag(conversation: str) -> str:
    """A conversation's short name."""
    return f"#{conversation[-TAG:]}"


def title(sheet: Sheet, words: Words) -> str:
    """A topic's name."""
    return f"{tag(sheet.conversation.id)} {called(sheet, words)}"


def called(sheet: Sheet, words: Words) -> str:
    """The customer's name, on one line that is not too long."""
    name = " ".join(sheet.contact.name.split())
    return name[:CALLED].rstrip() or words.say("nameless")


def story(sheet: Sheet, after: int, words: Words) -> Story:
    """The talk from the line `after` on, up to the first that doesn't fit or has files."""
    told: list[str] = []
    seen, length = after, 0
    for line in sheet.lines:
        if line.seq <= after:
            continue
        parts = pieces(line, called(sheet, words), words)
        texts = [part for part in parts if isinstance(part, str)]
        length += sum(units(text) + 1 for text in texts)
        if len(texts) < len(parts) or length > STORY:
            break
        told += texts
        seen = line.seq
    return Story("\n".join(told), seen)


def card(sheet: Sheet, asked: str, leads: str, settings: Settings, words: Words) -> str:
    """The card's text: who, since when, who `leads`, what they `asked` before it was put up."""
    return "\n".join((*_parts(sheet, settings, words), leads, "", asked, *_hint(sheet, words)))


def buttons(conversation: Conversation, words: Words) -> Buttons:
    """What can be done with it as it stands."""
    names = {
        Mode.BOT: ("claim",),
        Mode.WAITING: ("claim", "transfer", "close"),
        Mode.ASSIGNED: ("transfer", "return", "close"),
        Mode.CLOSED: (),
    }[conversation.mode]
    row = tuple((words.say(name), data(name, conversation.id)) for name in names)
    return (row,) if row else ()


def choices(
    kind: str, conversation: str, names: Sequence[tuple[str, str]], words: Words
) -> Buttons:
    """A menu of names with their labels, two in a row, and the way back."""
    taps = [(label, data(kind, conversation, digest(name))) for name, label in names[:CHOICES]]
    rows = tuple(tuple(taps[at : at + 2]) for at in range(0, len(taps), 2))
    return (*rows, ((words.say("back"), data("back", conversation)),))


def stage(sheet: Sheet, outcomes: Sequence[tuple[str, str]], words: Words) -> str:
    """Who leads it now, in words."""
    match sheet.conversation.mode:
        case Mode.WAITING if sheet.team:
            return words.say("stage_waiting_team", team=sheet.team)
        case Mode.WAITING:
            return words.say("stage_waiting")
        case Mode.ASSIGNED:
            return words.say("stage_assigned", holder=sheet.holder)
        case Mode.BOT:
            return words.say("stage_bot")
    outcome = dict(outcomes).get(sheet.conversation.outcome or "")
    return words.say("stage_closed", outcome=outcome or words.say("no_outcome"))


def data(kind: str, conversation: str, choice: str = "") -> str:
    """What a button carries."""
    return ":".join(part for part in (kind, conversation, choice) if part)


def digest(name: str) -> str:
    """Eight digits that stand for a name."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def clock_time(ms: int, settings: Settings) -> str:
    """An instant as people in the group read it."""
    return f"{datetime.fromtimestamp(ms / 1000, settings.zone):%m-%d %H:%M}"


def finding(sheet: Sheet, words: Words) -> str:
    """What the FAQ made of the customer's last question, "" where it was not asked."""
    for line in reversed(sheet.lines):
        reason, _, entry = line.routed.partition(":")
        if line.author is Author.CUSTOMER and words.knows(f"found_{reason}"):
            return words.say("found", found=words.say(f"found_{reason}", entry=entry))
    return ""


def _parts(sheet: Sheet, settings: Settings, words: Words) -> Iterator[str]:
    conversation, contact = sheet.conversation, sheet.contact
    language = "en" if contact.language == "en" else "zh"
    yield words.say(
        "customer",
        name=called(sheet, words),
        channel=conversation.channel,
        language=words.say(f"language_{language}"),
    )
    if conversation.mode is Mode.WAITING and conversation.waiting_since:
        yield words.say("since", time=clock_time(conversation.waiting_since, settings))
    if sheet.budget is not None:
        until = clock_time(sheet.budget.until, settings)
        yield words.say("budget", left=sheet.budget.left, time=until)


def _hint(sheet: Sheet, words: Words) -> Sequence[str]:
    led = sheet.conversation.mode in (Mode.WAITING, Mode.ASSIGNED)
    return ("", words.say("help")) if led else ()

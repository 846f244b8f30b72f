"""How a reply travels: what goes into one message, and which messages it takes. Pure."""

from dataclasses import dataclass

from adapters.wechat import render
from adapters.wechat.pieces import LIMIT, pieces
from gateway.message import Attachment, Reply, Suggestion

# What the platform takes, by its own kinds; all else goes as its name and where to get it.
UPLOADED = {
    "image": ("image/jpeg", "image/png", "image/gif"),
    "voice": ("audio/amr", "audio/mpeg"),
    "video": ("video/mp4",),
}
GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """What one message holds: a text, with something to tap or without, or a file of ours."""

    text: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    file: Attachment | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several replies as one text; `taken` are the replies behind the first that are in it."""

    text: str
    taken: int = 0


def bundle(reply: Reply) -> Bundle | None:
    """As much of what is pending as one message can hold; None where the first alone is more."""
    text = _alone(reply)
    if not text or _size(text) > LIMIT:
        return None
    taken = 0
    for other in reply.behind:
        more = _alone(other)
        if not more or _size(joined := f"{text}{GAP}{more}") > LIMIT:
            break
        text, taken = joined, taken + 1
    return Bundle(text, taken)


def plan(reply: Reply, *, links: bool) -> tuple[Piece, ...]:
    """The messages of one reply. `links`: the account has no menus to tap, write links."""
    return (*_texts(reply, links=links), *(_file(one) for one in reply.attachments))


def parts(reply: Reply, more: str) -> tuple[Piece, ...]:
    """One reply as answers in one open request each, with `more` under all texts but the last."""
    under = f"{GAP}{more}"
    texts = pieces(_flat(reply), LIMIT)
    if len(texts) > 1:
        *before, last = pieces(_flat(reply), LIMIT - _size(under))
        texts = [*(f"{one}{under}" for one in before), last]
    return (*map(Piece, texts), *(_file(one) for one in reply.attachments))


def first(begun: int, count: int) -> int:
    """Where to go on with `count` messages of which `begun` were claimed before.

    What was claimed may have been sent and is passed over; but who asks for all of it once more,
    after its fate was unknown, gets at least the last.
    """
    return min(begun, max(count - 1, 0))


def named(file: Attachment) -> Piece:
    """A file that can't be sent: its name, and where to get it."""
    return Piece(f"[{file.name or file.kind}] {file.url}".rstrip())


def smaller(piece: Piece) -> tuple[Piece, ...]:
    """The same in two pieces or more, for a platform that finds it too long; () if that can't be.

    Bytes are what the platform counts for all that we know; some accounts count otherwise.
    """
    size = _size(piece.text)
    texts = pieces(piece.text, max(size // 2, 64))
    if len(texts) < 2:
        return ()
    return (*(Piece(one) for one in texts[:-1]), Piece(texts[-1], piece.suggestions))


def _texts(reply: Reply, *, links: bool) -> tuple[Piece, ...]:
    if links or not reply.suggestions:
        return tuple(Piece(one) for one in pieces(_flat(reply)) if one)
    *before, last = pieces(reply.text) or [""]
    return (*(Piece(one) for one in before), Piece(last, reply.suggestions))


def _file(attachment: Attachment) -> Piece:
    """A file as the platform takes it, or its name and where to get it."""
    if attachment.id and attachment.type in UPLOADED.get(attachment.kind, ()):
        return Piece(file=attachment)
    return named(attachment)


def _alone(reply: Reply) -> str:
    """A reply as a text that says all of it, "" if there is none."""
    return "" if reply.attachments else _flat(reply)


def _flat(reply: Reply) -> str:
    return render.flat(reply.text, reply.suggestions) if reply.suggestions else reply.text


def _size(text: str) -> int:
    return len(text.encode())

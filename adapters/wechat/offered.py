"""The words of what customers may tap: a tap on a link may come back as words, without its number.

Whose text is none of them has tapped nothing, and nobody looks up what was offered to them. What
an entry of the FAQ is offered as needs no looking up either: it is one of its questions.
"""

from collections.abc import Iterable

from gateway.hints import Hint, Hints
from gateway.message import Suggestion
from gateway.notes import Json, Notes

NOTE = "offered"
OURS = ("@", "rate:")  # how the ids begin of what is no entry of the FAQ


class Offered:
    """What one channel has ever offered, on any node."""

    def __init__(self, notes: Notes, hints: Hints, channel: str) -> None:
        self._notes = notes
        self._hints = hints
        self._channel = channel
        self._words: frozenset[str] = frozenset()

    def __contains__(self, text: str) -> bool:
        return text in self._words

    async def recall(self) -> None:
        """Read what earlier runs and other nodes have offered."""
        self._words = frozenset(await self._notes.get(NOTE) or ())

    async def add(self, suggestions: Iterable[Suggestion]) -> None:
        """These are offered now."""
        words = {one.text.strip() for one in suggestions if one.id.startswith(OURS)}
        if words <= self._words:
            return

        def change(noted: Json) -> tuple[Json, frozenset[str]]:
            known = frozenset(noted or ()) | words
            return sorted(known), known

        self._words = await self._notes.change(NOTE, change)
        await self._hints.publish(Hint(NOTE, detail=self._channel))

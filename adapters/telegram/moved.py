"""Groups that became supergroups: their old numbers still stand in what we know and configure."""

from gateway.notes import Notes

_PREFIX = "moved "


class Moved:
    """The new ids by the old ones, in the notes; without notes for as long as this lives."""

    def __init__(self, notes: Notes | None = None) -> None:
        self._notes = notes
        self._to: dict[int, int] = {}

    async def load(self) -> None:
        """Read what earlier runs were told."""
        found = await self._notes.find(_PREFIX) if self._notes else {}
        self._to = {int(name.removeprefix(_PREFIX)): to for name, to in found.items()}

    def where(self, chat: int) -> int:
        """The id that a chat has now."""
        return self._to.get(chat, chat)

    async def note(self, chat: int, to: int) -> None:
        """A chat has another id from now on."""
        self._to[chat] = to
        if self._notes:
            await self._notes.put(f"{_PREFIX}{chat}", to)

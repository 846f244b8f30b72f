"""A clock that stands still until a test moves it."""


class StillClock:
    """Call it for the time in ms since 1970; `advance` is the only thing that moves it."""

    def __init__(self, now: int = 1_700_000_000_000) -> None:
        self.now = now

    def __call__(self) -> int:
        """The time in ms."""
        return self.now

    def advance(self, ms: int) -> int:
        """Let `ms` pass; the new time."""
        self.now += ms
        return self.now

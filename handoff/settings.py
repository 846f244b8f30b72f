"""What the desk is told by the configuration, as plain data."""

from dataclasses import dataclass, field

from handoff.hours import Hours


@dataclass(frozen=True, slots=True)
class Named:
    """A thing with an id and a name in both languages: a team."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a consultation can end, in both languages."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply that is ready to be sent: `key` finds it, `text` is what the customer gets."""

    key: str
    text: str


OUTCOMES = (
    Outcome("solved", "已解决", "Solved"),
    Outcome("follow_up", "需要回访", "Follow-up needed"),
    Outcome("unsolved", "未解决", "Not solved"),
    Outcome("no_answer", "顾客未再回复", "Customer went silent"),
    Outcome("spam", "无效咨询", "Not a consultation"),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The desk's rules. `greet` and `reply` are limits in seconds; `retention` is in days, 0: keep.

    `public_url` is the address that browsers see, "" for whichever they asked for; https there
    makes the cookie Secure. `channels` are the names of those that are on.
    """

    teams: tuple[Named, ...] = ()
    hours: Hours = field(default_factory=Hours)
    greet: int = 5
    reply: int = 60
    capacity: int = 5
    outcomes: tuple[Outcome, ...] = OUTCOMES
    canned: tuple[Canned, ...] = ()
    channels: tuple[str, ...] = ()
    public_url: str = ""
    retention: int = 0

    @property
    def secure(self) -> bool:
        """Whether browsers come by https."""
        return self.public_url.startswith("https://")

"""What an operator says about the agents' group, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo


@dataclass(frozen=True, slots=True)
class Settings:
    """`group` is the chat's id; `agents` maps Telegram user ids to the names of our agents.

    `language` (zh or en) is what the group is spoken to in, `zone` that of the times on the cards.
    """

    group: int
    agents: Mapping[int, str]
    language: str = "zh"
    zone: tzinfo = UTC

"""Which of our two languages somebody reads."""

from collections.abc import Mapping
from typing import Literal

VARIABLES = ("FRONTDESK_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def language(environment: Mapping[str, str]) -> Literal["zh", "en"]:
    """Chinese where the first of the usual variables that is set begins with zh, else English."""
    chosen = next(filter(None, map(environment.get, VARIABLES)), "")
    return "zh" if chosen.lower().startswith("zh") else "en"


def both(zh: str, en: str) -> str:
    """One line in each language, for readers who are not known yet; `pick` finds theirs."""
    return f"{zh}\n{en}"


def pick(text: str, language: str) -> str:
    """The reader's line of what `both` wrote; a text in one language is for everybody."""
    zh, _, en = text.partition("\n")
    return en if en and language == "en" else zh

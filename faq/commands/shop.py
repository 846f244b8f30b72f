"""What every FAQ command is given: where the FAQ is, and what customers asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from faq.answers import Votes
from faq.content import Faq, load
from faq.files.problem import DocumentError, Language, Problem
from faq.gaps import Asked

SAMPLE = Path(__file__).parents[1] / "content"
FINDINGS, UNUSABLE = 1, 2

Say = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Shop:
    """The FAQ's folder (None: the sample shop) and what is in the store, if there is one.

    `asked` and `votes` take the beginning of the time that counts, in ms since 1970.
    """

    folder: Path | None = None
    asked: Callable[[int], Sequence[Asked]] | None = None
    votes: Callable[[int], Mapping[str, Votes]] | None = None

    def at(self, path: Path | None) -> Path:
        """The folder that a command means."""
        return path or self.folder or SAMPLE


def language(say: Say) -> Language:
    """The language that `say` picks."""
    return "zh" if say("zh", "en") == "zh" else "en"


def loaded(folder: Path, say: Say) -> Faq:
    """The FAQ of a folder; where it can't be used, what is wrong is said and the command ends."""
    try:
        return load(folder)
    except DocumentError as error:
        refuse(error.problems, say)
        raise SystemExit(UNUSABLE) from error


def refuse(problems: Sequence[Problem], say: Say) -> None:
    """Say what is wrong, on stderr."""
    for problem in problems:
        click.echo(problem.say(language(say)), err=True)


def path_argument() -> click.Argument:
    """`[PATH]`: another folder than the configured one."""
    return click.Argument(["path"], required=False, type=_folder())


def path_option(say: Say) -> click.Option:
    """`--path PATH`, for commands that take something else as their argument."""
    about = say(
        "常见问题的文件夹，默认用配置里的，没有配置就用示例。",
        "The FAQ's folder; by default the configured one, or the sample shop.",
    )
    return click.Option(["--path"], type=_folder(), metavar="PATH", help=about)


def _folder() -> click.Path:
    return click.Path(path_type=Path, file_okay=False, exists=True)

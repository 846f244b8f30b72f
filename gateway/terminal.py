"""The person at a terminal: in which language they read, and which installation they mean."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click
from pydantic import BaseModel

from faq.content import survey
from faq.files.document import DocumentError, Language
from gateway.config import Config, Written, load, load_faq_path, read_written
from gateway.errors import FrontdeskError
from gateway.extras import extra_for
from gateway.language import language
from gateway.store import Database, connect

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
FINDINGS, UNUSABLE = 1, 2

Models = Callable[[], Mapping[str, type[BaseModel]]]


@dataclass(frozen=True, slots=True)
class Terminal:
    """What a command is given: the environment, the configuration's path, the known adapters."""

    environment: Mapping[str, str]
    path: Path
    models: Models

    def at(self, path: Path | None) -> "Terminal":
        """The same with another configuration, if one is named."""
        return replace(self, path=path) if path else self

    @property
    def language(self) -> Language:
        """Theirs."""
        return language(self.environment)

    def pick(self, zh: str, en: str) -> str:
        """The text in their language."""
        return zh if self.language == "zh" else en

    def load(self) -> Config:
        """The configuration. Raises DocumentError."""
        return load(self.path, self.environment, self.models())

    def faq_path(self) -> Path:
        """Where the FAQ is, by a configuration of which nothing else is looked at.

        Who edits the FAQ need not know the secrets. Raises DocumentError.
        """
        return load_faq_path(self.path, self.environment)

    def config(self) -> Config:
        """The configuration; without a usable one the command ends here."""
        try:
            return self.load()
        except DocumentError as error:
            self.refuse(error)

    def faq(self) -> Path | None:
        """Where the FAQ is, None where nothing is configured yet."""
        if not self.path.exists():
            return None
        try:
            return self.faq_path()
        except DocumentError as error:
            self.refuse(error)

    def entries(self) -> frozenset[str]:
        """The ids of the FAQ's entries, as far as its files can be read."""
        found, _ = survey(self.faq_path())
        return frozenset(entry.id for entry in found.entries)

    def read(self, path: Path, model: type[M]) -> Written[M]:
        """A file beside the configuration; without a usable one the command ends here."""
        try:
            return read_written(path, model)
        except DocumentError as error:
            self.refuse(error)

    def refuse(self, error: DocumentError) -> NoReturn:
        """Show what is wrong with a file, and end."""
        click.echo(error.say(self.language), err=True)
        raise SystemExit(UNUSABLE)

    def give_up(self, zh: str, en: str) -> NoReturn:
        """Say why it can't be done, and end."""
        click.echo(self.pick(zh, en), err=True)
        raise SystemExit(1)

    def lacks(self, error: ModuleNotFoundError) -> NoReturn:
        """Say what to install for a library that the configuration wants; raise for others."""
        extra = extra_for(error.name or "")
        if extra is None:
            raise error
        self.give_up(
            f"配置要用到 {error.name}，但没有安装：请在代码目录里执行 pip install '.[{extra}]'。",
            f"the configuration needs {error.name}: in our folder, pip install '.[{extra}]'.",
        )

    def with_store(self, use: Callable[[Database], Coroutine[Any, Any, T]]) -> T:
        """Open the configured store for one command; what is refused is said, and the end."""
        try:
            database = connect(self.config().store.get_secret_value())
        except ModuleNotFoundError as error:
            self.lacks(error)

        async def opened() -> T:
            await database.open()
            try:
                return await use(database)
            finally:
                await database.close()

        try:
            return asyncio.run(opened())
        except FrontdeskError as error:
            self.give_up(f"办不到：{error}", f"it can't be done: {error}")

"""From a file to a configuration: all that is wrong with it is told at once, line by line."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, SecretStr, ValidationError

from faq.files.document import Document, DocumentError, Problem, nearest, read
from gateway.config.environment import Expansion
from gateway.config.explain import Explanation
from gateway.config.fields import Model
from gateway.config.models import Config, Faq, secrets_in
from gateway.masking import Secrets

M = TypeVar("M", bound=BaseModel)
Adapters = Mapping[str, type[BaseModel]]

SECRET = 6  # characters, from which on a value may be one

# Passwords out of manuals and samples: whoever has one of these has none.
_SAMPLE = re.compile(
    r"change[-_ ]?me|passw[o0]rd|admin|root|test|secret|token|default|example|demo|postgres"
    r"|frontdesk|1234567?8?|your[-_ ].*|<.*>|x{3,}",
    re.IGNORECASE,
)


def load(path: Path, environment: Mapping[str, str], adapters: Adapters) -> Config:
    """Read a file whose channels may have these adapters, by name.

    Raises DocumentError with every problem in the file.
    """
    document = read(path)
    expansion = Expansion(document, environment)
    reading = _Reading(document, adapters, path.parent)
    config = reading.config(_set_ones(expansion.value()))
    unset = {(one.line, one.column) for one in expansion.problems}
    problems = expansion.problems + [
        one for one in reading.problems if (one.line, one.column) not in unset
    ]
    if config is not None:
        problems.extend(_unclear(document, config))
        problems.extend(_default_secrets(document, config))
    if problems or config is None:
        raise DocumentError(_without(expansion.given, problems))
    return config


def load_faq_path(path: Path, environment: Mapping[str, str]) -> Path:
    """The FAQ's folder, whatever else may be wrong with the file. Raises DocumentError."""
    document = read(path)
    value: Any = _set_ones(Expansion(document, environment).value())
    section = value.get("faq", {}) if isinstance(value, dict) else {}
    reading = _Reading(document, {}, path.parent)
    faq = reading.model(Faq, section, ("faq",))
    if faq is None:
        raise DocumentError(reading.problems)
    return faq.path


class _Reading:
    """Validates one file; `problems` fills up on the way."""

    def __init__(self, document: Document, adapters: Adapters, folder: Path) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._adapters = adapters
        self._context = {"folder": folder}

    def config(self, value: Any) -> Config | None:
        if isinstance(value, dict) and isinstance(value.get("channels"), dict):
            channels = {
                name: self._channel(name, channel) for name, channel in value["channels"].items()
            }
            value = {**value, "channels": channels}
        return self.model(Config, value if value is not None else {})

    def _channel(self, name: str, value: Any) -> BaseModel:
        at = ("channels", name)
        given = value.get("adapter") if isinstance(value, dict) else None
        model = self._adapters.get(str(given))
        if model is None:
            self.problems.append(self._unknown_adapter(at, given))
            return Model()
        return self.model(model, value, at) or Model()

    def model(self, model: type[M], value: Any, at: tuple[str, ...] = ()) -> M | None:
        try:
            return model.model_validate(value, context=self._context)
        except ValidationError as error:
            self.problems.extend(Explanation(self._document, model, at).problems(error))
        return None

    def _unknown_adapter(self, at: tuple[str, ...], given: object) -> Problem:
        known = ", ".join(sorted(self._adapters))
        if given is None:
            zh = f"这个渠道缺少 adapter：请写明是哪一种（{known}）。"
            en = f"this channel has no adapter: say which ({known})."
            return self._document.problem(*at, zh=zh, en=en)
        guess = nearest(str(given), self._adapters)
        zh = f"不认识 adapter “{given}”：" + (f"是不是想写 {guess}？" if guess else f"有 {known}。")
        en = f'unknown adapter "{given}": ' + (
            f"did you mean {guess}?" if guess else f"known are {known}."
        )
        return self._document.problem(*at, "adapter", zh=zh, en=en)


def _without(given: Iterable[str], problems: Iterable[Problem]) -> Iterator[Problem]:
    """What an adapter says of a value may hold it; what the environment gave may be a secret."""
    secrets = Secrets(value for value in given if len(value) >= SECRET)
    for one in problems:
        yield replace(one, zh=secrets.strike(one.zh), en=secrets.strike(one.en))


def _set_ones(value: Any) -> Any:
    """Leave out what has no value, as where all below a heading is commented out."""
    if not isinstance(value, dict):
        return value
    return {key: _set_ones(part) for key, part in value.items() if part is not None}


def _unclear(document: Document, config: Config) -> Iterator[Problem]:
    """Text that other YAML readers would take for something else, where text is wanted."""
    for path, problem in document.unclear():
        if isinstance(_value(config, path), str | SecretStr):
            yield problem


def _value(config: Config, path: Iterable[str | int]) -> Any:
    """What stands at a path; None in a channel that was refused."""
    value: Any = config
    for step in path:
        if isinstance(value, BaseModel):
            value = getattr(value, str(step), None)
        elif isinstance(value, Mapping):
            value = value.get(step)
        elif value is not None:
            value = value[step]
    return value


def _default_secrets(document: Document, config: Config) -> Iterator[Problem]:
    for path, secret in secrets_in(config):
        if _SAMPLE.fullmatch(secret.strip()):
            yield document.problem(
                *path,
                zh="这是示例或默认的密码，谁都猜得到：请换成您自己的。",
                en="this is a sample or default password that anybody can guess: use your own.",
            )

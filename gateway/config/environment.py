"""`${NAME}` and `${NAME:-default}` in a configuration, from an environment that is passed in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from faq.files.document import Document, Problem
from faq.files.events import Value

_VARIABLE = re.compile(r"\$\$\{|\$\{(?:(?P<name>[A-Za-z_]\w*)(?P<default>:-[^{}]*)?\})?", re.ASCII)

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Fills in the variables of one file, each once: what comes from outside is never looked into.

    `problems` and `given`, what the environment gave, fill up on the way. `$${` stands for a `${`
    that is meant. As in a shell, `:-` also helps against an empty value.
    """

    document: Document
    environment: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    given: set[str] = field(default_factory=set)

    def value(self) -> Value:
        """The file's value with every variable filled in that can be."""
        return self._expand(self.document.value, ())

    def _expand(self, value: Value, path: Path) -> Value:
        match value:
            case dict():
                return {key: self._expand(part, (*path, key)) for key, part in value.items()}
            case list():
                return [self._expand(part, (*path, at)) for at, part in enumerate(value)]
            case str():
                return _VARIABLE.sub(lambda found: self._fill(found, path), value)
        return value

    def _fill(self, found: re.Match[str], path: Path) -> str:
        name, default = found["name"], found["default"]
        if found[0] == "$${":
            return "${"
        if name is None:
            self._refuse_form(path)
            return ""
        given = self.environment.get(name)
        if given:
            self.given.add(given)
            return given
        if given is None and default is None:
            self._refuse_unset(name, path)
        return (default or "").removeprefix(":-")

    def _refuse_form(self, path: Path) -> None:
        problem = self.document.problem(
            *path,
            zh="环境变量要写成 ${NAME} 或 ${NAME:-默认值}；如果就是要 ${ 这两个字符，请写 $${。",
            en="expected ${NAME} or ${NAME:-default}; for a plain ${ write $${.",
        )
        self.problems.append(problem)

    def _refuse_unset(self, name: str, path: Path) -> None:
        problem = self.document.problem(
            *path,
            zh=f"没有设置环境变量 {name}：请先设置，或写成 ${{{name}:-默认值}}。",
            en=f"the environment has no {name}: set it, or write ${{{name}:-default}}.",
        )
        self.problems.append(problem)

"""Other files that operators write beside the configuration, read with the same care as it.

An adapter's own files are such: a model says what may stand in them, errors name the line.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from faq.files.document import Document, DocumentError, read
from gateway.config.explain import Explanation

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Written(Generic[M]):
    """What stands in a file, and where in it."""

    value: M
    document: Document

    def place(self, *path: str | int) -> str:
        """`file:line` of the value at a path."""
        return f"{self.document.name}:{self.document.line(*path)}"


def read_written(path: Path, model: type[M]) -> Written[M]:
    """A YAML file as a model all of whose values are texts. Raises DocumentError."""
    document = read(path)
    problems = [problem for _, problem in document.unclear()]
    value = document.value
    try:
        found = model.model_validate({} if value is None else value)
    except ValidationError as error:
        problems.extend(Explanation(document, model).problems(error))
        raise DocumentError(problems) from None
    if problems:
        raise DocumentError(problems)
    return Written(found, document)

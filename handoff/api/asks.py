"""What API v1 is asked, as models: bodies and queries are validated here, and nowhere else."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator

from handoff.agents import Presence
from handoff.api.shapes import Shape


def _storable(text: str) -> str:
    if any(char == "\0" or unicodedata.category(char) == "Cs" for char in text):
        raise ValueError(
            "has characters that can't be stored (NUL or half a character): leave them out"
        )
    return text


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing: send at least one word")
    return text.strip()


Text = Annotated[str, AfterValidator(_storable)]
Said = Annotated[Text, Field(max_length=4000), AfterValidator(_said)]
Short = Annotated[Text, Field(max_length=200)]
Key = Annotated[Text, Field(min_length=1, max_length=64)]
Id = Annotated[Text, Field(max_length=64)]
FileId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Seq = Annotated[int, Field(ge=0, lt=2**53)]

_MODE = "(bot|waiting|assigned|closed)"
MODES = f"^({_MODE}(,{_MODE}){{0,3}})?$"


class Query(Shape):
    """What stands behind the `?`: all text, read as what it means."""

    model_config = ConfigDict(strict=False, frozen=True)


class SignIn(Shape):
    """Name and password."""

    name: Short
    password: str


class NewPassword(Shape):
    """The password up to now, and from now on."""

    old: str
    new: str


class NewStatus(Shape):
    """What an agent says of themselves."""

    status: Presence


class Filter(Query):
    """Which conversations; `mode` takes several with commas between them."""

    mode: Annotated[str, Field(pattern=MODES)] = ""
    mine: bool = False
    owed: bool = False
    team: Short = ""
    contact: Id = ""
    q: Short = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Short = ""


class After(Query):
    """Lines above a seq."""

    after: Seq = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


class Ask(Query):
    """What to look up; without it the customer's last line."""

    q: Annotated[Text, Field(max_length=4000)] = ""


class Named(Query):
    """What the file is called, where the body is nothing but its bytes."""

    name: str = ""


class NewReply(Shape):
    """A reply; the same id again is the same reply. With `files` its text may be empty."""

    id: Key
    files: Annotated[list[FileId], Field(max_length=10, default_factory=list)]
    text: Annotated[Text, Field(max_length=4000)]

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str, info: ValidationInfo) -> str:
        return text.strip() if info.data.get("files") else _said(text)


class NewNote(Shape):
    """A note for colleagues."""

    id: Annotated[Text, Field(max_length=64)] = ""
    text: Said


class Transfer(Shape):
    """To whom: an agent's id or a team's, not both."""

    agent: Id = ""
    team: Id = ""
    note: Annotated[Text, Field(max_length=4000)] = ""


class Close(Shape):
    """The record of a consultation; `seq` is the newest line that its writer has seen."""

    outcome: Annotated[Text, Field(max_length=64)] = ""
    summary: Annotated[Text, Field(max_length=4000)] = ""
    seq: Seq | None = None


class Read(Shape):
    """Up to which line."""

    seq: Seq


class NewToken(Shape):
    """What the token is for."""

    name: Annotated[Text, Field(min_length=1, max_length=100)]


class AuditPage(Query):
    """Which entries of the audit."""

    limit: Annotated[int, Field(ge=1, le=1000)] = 100
    cursor: Id = ""


class Cursor(Query):
    """From where on a socket wants to hear."""

    after: Seq | Literal[""] = ""

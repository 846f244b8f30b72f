"""What a widget may send, frame by frame; strict, since anybody can write to this socket."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gateway.errors import Invalid

MAX_BYTES = 64 * 1024

_Id = Annotated[str, Field(pattern=r"^[!-~]{1,128}$")]
_File = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_Seq = Annotated[int, Field(ge=0, lt=2**53)]


class _Frame(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Identity(_Frame):
    """A site's word on who is logged in there; `expires` in seconds since 1970."""

    id: Annotated[str, Field(min_length=1, max_length=128)]
    name: Annotated[str, Field(max_length=128)] = ""
    expires: Annotated[int, Field(ge=0, lt=2**53)]
    signature: str


class Hello(_Frame):
    """The first frame: who comes, and the last line that they have.

    `identity` is the site's, not the widget's: if it is no Identity, nobody is vouched for.
    """

    type: Literal["hello"]
    token: Annotated[str, Field(max_length=256)] | None = None
    after: _Seq = 0
    language: Annotated[str, Field(max_length=64)] | None = None
    identity: dict[str, Any] | None = None


class Say(_Frame):
    """A text, files that were sent before, or both. The same `id` again is the same message."""

    type: Literal["message"]
    id: _Id
    text: str
    attachments: Annotated[list[_File], Field(max_length=10)] = Field(default_factory=list)


class Choose(_Frame):
    """A tap on a suggestion that stands in the transcript."""

    type: Literal["choose"]
    id: _Id
    suggestion: Annotated[str, Field(min_length=1, max_length=256)]


class Typing(_Frame):
    """The visitor is writing."""

    type: Literal["typing"]


class Read(_Frame):
    """The visitor has seen everything up to `seq`."""

    type: Literal["read"]
    seq: _Seq


class Rate(_Frame):
    """A verdict on the newest consultation; a later one replaces it."""

    type: Literal["rate"]
    score: Annotated[int, Field(ge=1, le=5)]
    comment: str = ""
    id: _Id = "rating"


Frame = Hello | Say | Choose | Typing | Read | Rate

_FRAMES: TypeAdapter[Frame] = TypeAdapter(Annotated[Frame, Field(discriminator="type")])


def identity(given: dict[str, Any] | None) -> Identity | None:
    """What a site says in a hello, if it has the right form."""
    try:
        return Identity.model_validate(given)
    except ValidationError:
        return None


def parse(data: str) -> Frame:
    """Read one frame. Raises Invalid for anything but a frame in its exact form."""
    try:
        return _FRAMES.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(one) for one in first["loc"])
        raise Invalid(f"{place or 'frame'}: {first['msg']}") from None

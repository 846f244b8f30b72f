"""The texts of ours that can be changed: one key for each, made from the texts themselves."""

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, create_model

from gateway.config.fields import Model, refusal
from gateway.texts import TEXTS

_PLACE = re.compile(r"\{(\w+)\}")


def _places(known: frozenset[str], text: str) -> str:
    for place in _PLACE.findall(text):
        if place not in known:
            listed = ", ".join(f"{{{one}}}" for one in sorted(known))
            raise refusal(
                f"不认识 {{{place}}}：{'这里可以用 ' + listed if known else '这里没有可填的值'}。",
                f"unknown {{{place}}}: {'known here: ' + listed if known else 'none here'}.",
            )
    return text


def _field(key: str) -> Any:
    known = frozenset(_PLACE.findall("".join(TEXTS[key].values())))
    kind = Annotated[str, AfterValidator(partial(_places, known)), Field(min_length=1)]
    return (kind | None, Field(None, description=TEXTS[key]["zh"]))


if TYPE_CHECKING:

    class Changes(Model):
        """The texts of one language that differ from ours."""

else:
    Changes = create_model("Changes", __base__=Model, **{key: _field(key) for key in TEXTS})


class Texts(Model):
    """Changes to what we say to customers, by language."""

    zh: Changes = Changes()
    en: Changes = Changes()

    def changes(self) -> dict[str, dict[str, str]]:
        """The changed texts by language and key, as `gateway.texts.Texts` takes them."""
        return self.model_dump(exclude_none=True)

"""What can be configured, section by section, with the defaults in force."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, InstanceOf, SecretStr
from pydantic.networks import IPvAnyNetwork

from gateway.config.fields import (
    Beside,
    HintsUrl,
    Model,
    Name,
    PublicUrl,
    Spans,
    StoreUrl,
    Text,
    Whole,
    Words,
    Zone,
)
from gateway.config.texts import Texts

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Server(Model):
    """Where we listen, and how the world sees us."""

    host: str = Field(default="127.0.0.1", description="the address to listen on; 0.0.0.0 is all")
    port: Whole = Field(default=8080, ge=0, le=65535, description="0 lets the system choose")
    public_url: PublicUrl = Field(
        default="", description="the address that browsers see, where a proxy stands in front"
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        default=(), description="addresses or networks whose X-Forwarded-For is believed"
    )
    demo: bool = Field(default=False, description="show a page with the widget at /")

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers come by https, so that a cookie must never leave it."""
        return self.public_url.startswith("https://")


class Faq(Model):
    """The questions and answers that staff edit."""

    path: Beside = Field(default=Path("faq/content"), description="a folder of YAML files")
    semantic: bool = Field(
        default=False,
        description="match by meaning too: slower to load, needs pip install 'frontdesk[semantic]'",
    )


class Files(Model):
    """Pictures and other files that customers and agents send."""

    path: Beside = Field(
        default=Path("data/files"), description="a folder; with several nodes one that all share"
    )
    max_mb: Whole = Field(default=20, ge=1, le=2000, description="of one file")
    contact_mb: Whole = Field(default=200, ge=1, description="of all that one customer has sent")
    per_day: Whole = Field(default=100, ge=1, description="files of one customer in a day")


class Limits(Model):
    """Seconds until a customer has waited too long."""

    greet: Whole = Field(default=5, ge=1, description="for the first answer of a person")
    reply: Whole = Field(default=60, ge=1, description="for every answer after it")


class Desk(Model):
    """The people: when they are there, in which teams, and what is promised to customers."""

    time_zone: Zone = "Asia/Shanghai"
    hours: dict[Day, Spans] = Field(
        default={},
        description="by weekday; a day left out is closed; without any, always open",
    )
    holidays: tuple[date, ...] = Field(default=(), description="days on which the desk is closed")
    special: dict[date, Spans] = Field(default={}, description="days with hours of their own")
    teams: dict[Name, Text] = Field(default={}, description="who takes over what")
    limits: Limits = Limits()
    misses: Whole = Field(default=2, ge=0, description="guesses not taken before a person comes")
    capacity: Whole = Field(
        default=5, ge=1, le=100, description="conversations an agent leads at once"
    )
    outcomes: dict[Name, Text] = Field(default={}, description="how a chat can end; empty: ours")
    canned: dict[str, str] = Field(default={}, description="replies ready to send, by keyword")
    retention: Whole = Field(default=0, ge=0, description="days after which records go; 0: never")
    texts: Texts = Texts()

    @property
    def special_hours(self) -> Mapping[date, tuple[str, ...]]:
        """The days that differ from their weekday; closed ones have no hours."""
        return {**dict.fromkeys(self.holidays, ()), **self.special}


class Delivery(Model):
    """What to do when nobody can say whether a reply has arrived."""

    unknown: Literal["hold", "resend"] = Field(
        default="hold", description="hold: show it at the desk; resend: send once more"
    )


class Config(Model):
    """The whole file."""

    server: Server = Server()
    store: StoreUrl = Field(
        default=SecretStr("sqlite:///data/frontdesk.db"),
        description="sqlite:///path or postgresql://user:password@host/database",
    )
    hints: HintsUrl = Field(
        default=SecretStr("memory://"), description="memory://, or redis://… for more than one node"
    )
    faq: Faq = Faq()
    files: Files = Files()
    desk: Desk = Desk()
    delivery: Delivery = Delivery()
    channels: dict[Name, InstanceOf[BaseModel]] = Field(
        description="where customers write, by names of your choice", min_length=1
    )

    def secrets(self) -> frozenset[str]:
        """Everything in it that may stand in no log, metric or error."""
        return frozenset(secret for _, secret in secrets_in(self))


Where = tuple[str | int, ...]


def secrets_in(value: object, path: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every secret that is set, with the path to it; of a URL only its password is one."""
    match value:
        case SecretStr():
            if secret := _secret(value.get_secret_value()):
                yield path, secret
        case BaseModel():
            for name in type(value).model_fields:
                yield from secrets_in(getattr(value, name), (*path, name))
        case dict():
            for name, part in value.items():
                yield from secrets_in(part, (*path, str(name)))
        case tuple() | list():
            for number, part in enumerate(value):
                yield from secrets_in(part, (*path, number))


def _secret(text: str) -> str:
    _, separator, rest = text.partition("://")
    if not separator:
        return text
    credentials, at, _ = rest.rpartition("@")
    return credentials.partition(":")[2] if at else ""


__all__ = ["Config", "Delivery", "Desk", "Faq", "Files", "Limits", "Server", "Words", "secrets_in"]

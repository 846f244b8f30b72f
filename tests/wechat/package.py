"""The WeChat channel with patience that a test sets, and a gate that keeps replies back."""

import asyncio
from collections.abc import AsyncIterable
from dataclasses import replace
from pathlib import Path

from adapters.wechat.adapter import WechatAdapter
from adapters.wechat.config import Config as Real
from adapters.wechat.turns import Patience
from gateway.adapter import Adapter, Core, Delivery, Receipt, Receive
from gateway.errors import NotFound, StoreUnavailable, TooLarge
from gateway.files import File
from gateway.message import Attachment, Contact, Message, Reply


class Config(Real):
    """As the real one, with seconds for what the platform's clock rules."""

    budget: float = 20
    hold: float = 30
    gap: float = 10
    fetch: float = 10
    files: str = ""
    """The folder of a store for files, "" for none."""
    fails: str = ""
    """What is out of order: `receive`, the `store` once, or `always`."""


class Gated(WechatAdapter):
    """Replies wait at the gate, as where the FAQ or a node takes long."""

    def __init__(self, name: str, config: Config, core: Core) -> None:
        patience = Patience(config.budget, config.hold, config.gap, fetch=config.fetch)
        super().__init__(name, config, core, patience)
        self.core = core
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, reply: Reply) -> Delivery:
        await self.gate.wait()
        return await super().send(reply)


def build(name: str, config: Config, core: Core) -> Adapter:
    if config.files:
        core = replace(core, files=FolderFiles(Path(config.files)))
    if config.fails:
        core = replace(core, receive=_failing(config.fails, core.receive))
    return Gated(name, config, core)


def _failing(how: str, receive: Receive) -> Receive:
    failures = iter([StoreUnavailable("the disk is full")])

    async def fail(message: Message) -> Receipt:
        match how:
            case "receive":
                raise RuntimeError("out of order")
            case "always":
                raise StoreUnavailable("the disk is full")
        if error := next(failures, None):
            raise error
        return await receive(message)

    return fail


class FolderFiles:
    """Files in a folder, with a limit that a test can reach."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, File] = {}

    async def keep(
        self, contact: Contact, attachment: Attachment, data: AsyncIterable[bytes]
    ) -> Attachment:
        content = b"".join([chunk async for chunk in data])
        if len(content) > 100_000:
            raise TooLarge("expected at most 100 kB")
        self._folder.mkdir(exist_ok=True)
        id_ = f"file{len(self._files)}"
        kept = replace(attachment, id=id_, size=len(content))
        self._files[id_] = File(id_, contact.key, kept, self._folder / id_)
        self._files[id_].path.write_bytes(content)
        return kept

    async def find(self, id_: str) -> File:
        if id_ not in self._files:
            raise NotFound("no such file")
        return self._files[id_]

"""An adapter as small as they get, for a platform that posts messages and takes posts."""

from typing import Literal

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, web
from pydantic import BaseModel

from gateway.adapter import SENT, Adapter, Core, Delivery, Fate
from gateway.message import Contact, Message, Reply


class Config(BaseModel):
    """Where the platform takes what we send."""

    adapter: Literal["hook"]
    platform: str


def build(name: str, config: Config, core: Core) -> Adapter:
    return HookAdapter(name, config, core)


class HookAdapter:
    resumes = False

    def __init__(self, name: str, config: Config, core: Core) -> None:
        self.name = name
        self._platform = config.platform
        self._receive = core.receive
        self.routes = (web.post(f"/hook/{name}", self._post),)

    async def start(self) -> None:
        self._session = ClientSession(timeout=ClientTimeout(10))

    async def send(self, reply: Reply) -> Delivery:
        body = {
            "id": reply.id,
            "conversation": reply.conversation,
            "contact": reply.contact.id,
            "seq": reply.seq,
            "author": reply.author,
        }
        try:
            async with self._session.post(self._platform, json=body) as answer:
                return SENT if answer.status == 200 else Delivery(Fate.RETRY, str(answer.status))
        except ClientConnectorError as error:
            return Delivery(Fate.UNREACHABLE, str(error))
        except ClientError as error:
            return Delivery(Fate.UNKNOWN, str(error))

    async def stop(self) -> None:
        await self._session.close()

    async def _post(self, request: web.Request) -> web.Response:
        said = await request.json()
        contact = Contact(self.name, said["contact"])
        receipt = await self._receive(Message(said["id"], contact, said["text"]))
        return web.json_response({"seq": receipt.seq})

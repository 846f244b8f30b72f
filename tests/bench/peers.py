"""What a server costs that does nothing: a constant for every post, an echo for every frame.

And one that does what tutorials do for WeChat: wechatpy and a scan by rapidfuzz, nothing kept.
"""

import asyncio

from aiohttp import WSMsgType, web
from rapidfuzz import process
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from gateway.web import address
from tests.bench.webhook import ANSWER, questions
from tests.wechat.house import SIDE


async def answer(_: web.Request) -> web.Response:
    return web.json_response({"seq": 1})


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for frame in socket:
        if frame.type is WSMsgType.TEXT:
            await socket.send_str(frame.data)
    return socket


class Tutorial:
    """A WeChat account by hand: what is alike is answered, nothing is written down."""

    def __init__(self) -> None:
        self._questions = questions()
        self._crypto = WeChatCrypto(SIDE.token, SIDE.key, SIDE.app_id)

    async def plain(self, request: web.Request) -> web.Response:
        query = request.query
        check_signature(SIDE.token, query["signature"], query["timestamp"], query["nonce"])
        return web.Response(text=self._answer(await request.text()), content_type="text/xml")

    async def safe(self, request: web.Request) -> web.Response:
        query = request.query
        signed = (query["msg_signature"], query["timestamp"], query["nonce"])
        xml = self._crypto.decrypt_message(await request.text(), *signed)
        sealed = self._crypto.encrypt_message(self._answer(xml), query["nonce"])
        return web.Response(text=sealed, content_type="text/xml")

    def _answer(self, xml: str) -> str:
        message = parse_message(xml)
        _, score, _ = process.extractOne(message.content, self._questions)
        return str(create_reply(ANSWER if score > 60 else "您好", message=message).render())


async def main() -> None:
    tutorial = Tutorial()
    application = web.Application()
    application.add_routes(
        [
            web.post("/bare", answer),
            web.get("/echo", echo),
            web.post("/wechat/plain", tutorial.plain),
            web.post("/wechat/safe", tutorial.safe),
        ]
    )
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(address(runner), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

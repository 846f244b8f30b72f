"""What a server costs that does nothing: a constant for every post, an echo for every frame."""

import asyncio

from aiohttp import WSMsgType, web

from gateway.web import address


async def answer(_: web.Request) -> web.Response:
    return web.json_response({"seq": 1})


async def echo(request: web.Request) -> web.WebSocketResponse:
    socket = web.WebSocketResponse(compress=False)
    await socket.prepare(request)
    async for frame in socket:
        if frame.type is WSMsgType.TEXT:
            await socket.send_str(frame.data)
    return socket


async def main() -> None:
    application = web.Application()
    application.add_routes([web.post("/bare", answer), web.get("/echo", echo)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(address(runner), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

"""The peers of our telegram channel: `python -m tests.bench.telegram_peers NAME BASE PORT`."""

import asyncio
import sys

from aiohttp import ClientSession, web

TOKEN = "123456:bench"


def aiogram_echo(base: str) -> web.Application:
    """aiogram's webhook handler with an echo bot, as its documentation has it."""
    from aiogram import Bot, Dispatcher
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import Message
    from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application

    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(base)))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(message.text or "")

    application = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, secret_token="bench")
    handler.register(application, path="/hook")
    setup_application(application, dispatcher, bot=bot)
    return application


def bare_echo(base: str) -> web.Application:
    """A handler that posts what it was posted."""
    application = web.Application()
    url = f"{base}/bot{TOKEN}/sendMessage"
    session: list[ClientSession] = []

    async def echo(request: web.Request) -> web.Response:
        message = (await request.json())["message"]
        fields = {"chat_id": message["chat"]["id"], "text": message["text"]}
        async with session[0].post(url, json=fields) as answer:
            await answer.read()
        return web.Response()

    async def begin(_: web.Application) -> None:
        session.append(ClientSession())

    application.on_startup.append(begin)
    application.router.add_post("/hook", echo)
    return application


async def main(name: str, base: str, port: str) -> None:
    application = (aiogram_echo if name == "aiogram" else bare_echo)(base)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(port)).start()
    print("here", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

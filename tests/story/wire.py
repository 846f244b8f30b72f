"""The network between a customer and the gateway, as something that can be cut."""

import asyncio
from asyncio import StreamReader, StreamWriter
from contextlib import suppress


class Wire:
    """Passes bytes on to a port; `cut` breaks every connection and lets no new one in."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._whole = True
        self._ends: set[StreamWriter] = set()
        self.base = ""

    async def start(self) -> None:
        """Listen on a port of its own."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.base = f"http://{host}:{port}"

    async def stop(self) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """As when somebody walks into a lift."""
        self._whole = False
        for end in self._ends:
            end.transport.abort()

    def mend(self) -> None:
        self._whole = True

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        with suppress(OSError):
            theirs, ours = await asyncio.open_connection("127.0.0.1", self._port)
            self._ends |= {writer, ours}
            await asyncio.gather(_copy(reader, ours), _copy(theirs, writer))
        self._ends.discard(writer)
        writer.transport.abort()


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()

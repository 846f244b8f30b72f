"""A process that pushes at once what it is told to: `python -m tests.wechat.sends STORE API N`."""

import asyncio
import sys

from adapters.wechat.api import Api
from adapters.wechat.pauses import Pauses
from adapters.wechat.tokens import Credentials, Tokens
from adapters.wechat.wire import Wire
from gateway.clock import system_clock
from gateway.notes import Notes
from gateway.store import connect
from tests.wechat.platform import SECRET


async def main(store: str, base: str, times: int) -> None:
    database = connect(store)
    await database.open()
    wire = Wire(base, SECRET)
    await wire.open()
    notes = Notes(database, "official", system_clock)
    pauses = Pauses(notes, system_clock)
    api = Api(wire, Tokens(wire, Credentials("wx1", SECRET), notes, pauses, system_clock))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    text = {"touser": "o", "msgtype": "text", "text": {"content": "好"}}
    await asyncio.gather(*(api.send(text) for _ in range(times)))
    await wire.close()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))

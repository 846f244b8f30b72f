"""What the FAQ learns from the chats, read from both stores."""

from __future__ import annotations

import asyncio
from pathlib import Path

from faq.answers import Votes
from faq.commands.shop import Shop
from faq.gaps import Asked
from gateway.adapter import Receipt
from gateway.app import models
from gateway.asked import asked, shop, votes
from gateway.bus import Bus
from gateway.message import Author, Contact, Kind, Message
from gateway.store import Database, Tx, connect
from gateway.store import conversations as table
from gateway.store.transcript import Draft
from gateway.terminal import Terminal
from tests.clock import StillClock
from tests.gateway.house import ANN, BOB, FakeAdapter, make_bus, said, turn

START = 1_700_000_000_000


async def agent_says(bus: Bus, conversation: str, text: str, *, private: bool = False) -> None:
    async def say(tx: Tx) -> None:
        state = await table.lock(tx, conversation)
        draft = Draft(Author.AGENT, text, private=private)
        state, _ = await bus.transcript.append(tx, state, draft, bus.clock())
        await table.save(tx, state, bus.clock())

    await bus.database.transaction(say)


async def hear(bus: Bus, clock: StillClock, text: str, contact: Contact = ANN) -> Receipt:
    clock.advance(1)
    receipt = await bus.accept(said(text, contact))
    await turn(bus, receipt, FakeAdapter())
    return receipt


async def test_each_question_comes_with_what_became_of_it(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    await hear(bus, clock, "shipping")
    receipt = await hear(bus, clock, "hearing aids?")
    await hear(bus, clock, "hello?")
    await agent_says(bus, receipt.conversation, "asks for aids", private=True)
    await agent_says(bus, receipt.conversation, "We have none.")
    await agent_says(bus, receipt.conversation, "Anything else?")
    await hear(bus, clock, "failure", BOB)
    assert await asked(database, 0) == [
        Asked("shipping", START + 1, "answer", "ship"),
        Asked("hearing aids?", START + 2, "unknown", "", "We have none."),
        Asked("hello?", START + 3, "unknown", "", "We have none."),
        Asked("failure", START + 4, "failed"),
    ]
    assert [one.text for one in await asked(database, START + 4)] == ["failure"]


async def test_an_answer_goes_to_what_was_asked_since_the_last_one(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    receipt = await hear(bus, clock, "a?")
    await agent_says(bus, receipt.conversation, "A.")
    await hear(bus, clock, "b?")
    await agent_says(bus, receipt.conversation, "B.")
    assert [(one.text, one.answer) for one in await asked(database, 0)] == [
        ("a?", "A."),
        ("b?", "B."),
    ]


async def test_a_tap_on_a_suggestion_says_which_entry_was_meant(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)

    async def suggest(text: str, choice: str) -> None:
        clock.advance(1)
        receipt = await bus.accept(said(text))
        await database.transaction(
            lambda tx: tx.execute(
                "UPDATE messages SET routed = 'suggest' WHERE conversation = ? AND seq = ?",
                receipt.conversation,
                receipt.seq,
            )
        )
        tap = Message(f"tap {text}", ANN, "tapped", Kind.CHOICE, choice=choice)
        await bus.accept(tap)

    await suggest("costs?", "ship")
    await suggest("price?", "@none")
    assert [(one.text, one.outcome, one.entry) for one in await asked(database, 0)] == [
        ("costs?", "suggest", "ship"),
        ("price?", "suggest", ""),
    ]


async def test_a_verdict_is_on_the_answer_before_it(database: Database, clock: StillClock) -> None:
    bus = make_bus(database, clock)
    choices = [(ANN, "@helpful:ship"), (BOB, "@unhelpful:ship")]
    for contact, choice in choices:
        await hear(bus, clock, "shipping", contact)
        await bus.accept(Message(f"on other {choice}", contact, "!", Kind.CHOICE, choice="@none"))
        await bus.accept(Message(choice, contact, "!", Kind.CHOICE, choice=choice))
        await bus.accept(Message("x" + choice, contact, "!", Kind.CHOICE, choice="@helpful:other"))
    assert [(one.entry, one.helpful) for one in await asked(database, 0)] == [
        ("ship", True),
        ("ship", False),
    ]


async def test_nothing_personal_leaves_the_store(database: Database, clock: StillClock) -> None:
    bus = make_bus(database, clock)
    receipt = await hear(bus, clock, "call me: 13812345678")
    await agent_says(bus, receipt.conversation, "mail ann@example.com")
    [one] = await asked(database, 0)
    assert "13812345678" not in one.text
    assert "ann@example.com" not in one.answer


async def test_customers_are_counted_once_for_each_verdict(
    database: Database, clock: StillClock
) -> None:
    bus = make_bus(database, clock)
    verdicts = [(ANN, "@helpful:ship"), (ANN, "@helpful:ship"), (BOB, "@unhelpful:ship")]
    for number, (contact, choice) in enumerate([*verdicts, (BOB, "@unhelpful:a:b")]):
        clock.advance(1)
        await bus.accept(Message(f"v{number}", contact, "!", Kind.CHOICE, choice=choice))
    assert await votes(database, 0) == {"ship": Votes(1, 1), "a:b": Votes(0, 1)}
    assert await votes(database, START + 4) == {"a:b": Votes(0, 1)}
    assert await asked(database, 0) == []


CONFIG = "faq: {{path: shop}}\nstore: {store}\nchannels: {{website: {{adapter: web}}}}\n"


def terminal(folder: Path, store: str) -> Terminal:
    (folder / "config.yaml").write_text(CONFIG.format(store=store), encoding="utf-8")
    return Terminal({}, folder / "config.yaml", models)


def test_checking_makes_no_store_and_needs_no_secrets(tmp_path: Path) -> None:
    file = tmp_path / "none" / "frontdesk.db"
    found = shop(terminal(tmp_path, f"sqlite:///{file}"))
    assert found.folder == tmp_path / "shop"
    assert found.votes
    assert found.asked
    assert found.votes(0) == {}
    assert found.asked(0) == ()
    assert not file.parent.exists()
    found = shop(terminal(tmp_path, "postgresql://user:${SECRET}@db/frontdesk"))
    assert found.votes
    assert found.votes(0) == {}


def test_without_a_configuration_there_is_no_store(tmp_path: Path) -> None:
    assert shop(Terminal({}, tmp_path / "config.yaml", models)) == Shop()


def test_the_store_is_read_where_there_is_one(tmp_path: Path, clock: StillClock) -> None:
    url = f"sqlite:///{tmp_path / 'frontdesk.db'}"

    async def chat() -> None:
        database = connect(url)
        await database.open()
        bus = make_bus(database, clock)
        await hear(bus, clock, "hearing aids?")
        await bus.accept(Message("v", ANN, "!", Kind.CHOICE, choice="@helpful:ship"))
        await database.close()

    asyncio.run(chat())
    found = shop(terminal(tmp_path, url))
    assert found.votes
    assert found.asked
    assert found.votes(0) == {"ship": Votes(1, 0)}
    assert [one.text for one in found.asked(0)] == ["hearing aids?"]

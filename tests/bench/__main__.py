"""`make bench`: everything that is measured, each with its peers beside it; or what is named."""

import argparse
import asyncio
from collections.abc import Callable, Mapping

from tests.bench import accept, answer, faq, telegram, webhook

PARTS: Mapping[str, tuple[str, Callable[[], None]]] = {
    "accept": ("Durable accept: the mailbox", lambda: asyncio.run(accept.run())),
    "answer": ("Answers: from socket to socket", lambda: asyncio.run(answer.run())),
    "webhook": (
        "WeChat: from the webhook to the answer in it",
        lambda: asyncio.run(webhook.run()),
    ),
    "telegram": ("Telegram: from update to answer", lambda: asyncio.run(telegram.run())),
    "faq": ("The FAQ matcher: quality and speed", faq.run),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("part", nargs="*", help=f"{', '.join(PARTS)}; default: all")
    chosen = parser.parse_args().part or list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in chosen:
        heading, run = PARTS[name]
        print(f"\n== {heading} ==\n", flush=True)
        run()


if __name__ == "__main__":
    main()

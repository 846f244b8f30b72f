"""`make bench`: everything that is measured, each with its peers beside it."""

import asyncio

from tests.bench import accept, answer


def main() -> None:
    asyncio.run(accept.run())
    asyncio.run(answer.run())


if __name__ == "__main__":
    main()

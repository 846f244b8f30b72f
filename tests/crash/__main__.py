"""`python -m tests.crash [--kills N] [--seed S] [--gently]`: exits 1 if anything went wrong."""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from tests.crash.ordeal import Ordeal


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--gently", action="store_true", help="SIGTERM instead of SIGKILL")
    chosen = options.parse_args()
    how = "SIGTERM" if chosen.gently else "SIGKILL"
    print(f"{chosen.kills} times {how}, seed {chosen.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="frontdesk-crash-") as folder:
        ordeal = Ordeal(Path(folder), chosen.seed, gently=chosen.gently)
        verdict = asyncio.run(ordeal.run(chosen.kills))
    for name, figure in asdict(verdict).items():
        print(f"{name.replace('_', ' '):>28}  {figure}")
    return 0 if verdict.clean else 1


if __name__ == "__main__":
    sys.exit(main())

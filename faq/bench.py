"""`frontdesk faq rank`: the matcher over files of questions, for anyone to judge."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from faq.content import Faq
from faq.encoding.encoder import Encode
from faq.entry import Entry
from faq.matching.matcher import Matcher


def rank(
    faq_file: Path, queries_file: Path, out_file: Path, encode: Encode | None = None
) -> dict[str, float]:
    """Match every query, write a line each, return the figures of the run."""
    faq = Faq(tuple(Entry(str(line["id"]), tuple(line["questions"])) for line in _lines(faq_file)))
    begun = time.perf_counter()
    matcher = Matcher(faq, encode=encode)
    built = time.perf_counter() - begun
    times: list[float] = []
    with out_file.open("w", encoding="utf-8") as out:
        for line in _lines(queries_file):
            begun = time.perf_counter()
            match = matcher.match(line["text"])
            times.append((time.perf_counter() - begun) * 1e6)
            top = [{"id": one.id, "confidence": one.confidence} for one in match.candidates]
            found = {"decision": match.decision.value, "top": top, "us": round(times[-1], 1)}
            out.write(json.dumps(found, ensure_ascii=False) + "\n")
    times.sort()
    return {
        "phrasings": len(matcher),
        "build_s": round(built, 3),
        "p50_us": round(_quantile(times, 0.5), 1),
        "p99_us": round(_quantile(times, 0.99), 1),
        "rss_mb": round(_peak_mb(), 1),
    }


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[int(share * (len(ordered) - 1))] if ordered else 0.0


def _peak_mb() -> float:
    """The most memory that this process has had; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0.0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10

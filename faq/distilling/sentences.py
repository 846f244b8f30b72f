"""The English sentences that encoders read: WordNet's, and questions put together from words."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path

ENGLISH = re.compile("[a-z]+")
_SLOT = re.compile("{([a-z]+)}")
_WORDS_A_SENTENCE = range(2, 23)
_QUESTIONS = 150_000
_REQUESTS = 400_000
_KINDS = ("noun", "verb", "adj")

_USUAL = {"thing": ("noun", 0.75), "act": ("verb", 0.8), "state": ("adj", 0.8)}
"""What these slots stand for, and how often it is a word of `things.txt` that is set in."""
_SELDOM_USUAL = 0.35
_MISSPELT = 0.1
_OPENINGS = ("hi, ", "hello ", "hey ", "please ", "sorry, ", "so ", "um ", "excuse me, ")
_ENDINGS = ("please", "thanks", "today", "asap", "now", "tomorrow", "again", "yet", "at the moment")


def sentences(wordnet: Path, words: Iterable[str]) -> list[str]:
    """What the senses are made from: `wordnet` is the folder of WordNet's data, `words` are usual
    words.
    """
    usual = set(filter(ENGLISH.fullmatch, words))
    texts = {*_definitions(wordnet), *_questions(wordnet, usual)}
    fitting = (text for text in texts if len(text.split()) in _WORDS_A_SENTENCE)
    return sorted(fitting) + sorted(usual)


def requests(wordnet: Path, words: Iterable[str]) -> list[str]:
    """What customers might write, at random: mostly about usual things, often without sense."""
    dice = random.Random(7)  # noqa: S311
    often = _often(wordnet, set(filter(ENGLISH.fullmatch, words)))
    stock = {kind: _drawn(dice, own) for kind, own in often.items()}
    listed = dict(line.split(": ") for line in _lines("things.txt"))
    things = {kind: own.split(", ") for kind, own in listed.items()}
    frames, asked = _lines("frames.txt"), _lines("requests.txt")

    def filled(slot: re.Match[str]) -> str:
        kind, share = _USUAL.get(slot[1], (slot[1], _SELDOM_USUAL))
        return dice.choice(things[kind]) if dice.random() < share else next(stock[kind])

    def one() -> str:
        text = _SLOT.sub(filled, dice.choice(asked if dice.random() < 0.8 else frames))
        chance = dice.random()
        if chance < 0.1:
            return dice.choice(_OPENINGS) + text
        if chance < 0.2:
            more = f"for my {dice.choice(things['noun'])}", f"in {next(stock['noun'])}"
            return text + " " + dice.choice((*_ENDINGS, *more))
        if chance < 0.27:
            return text + " and " + _SLOT.sub(filled, dice.choice(asked))
        return text

    found: set[str] = set()
    while len(found) < _REQUESTS:
        found.add(one())
    return sorted(found)


def misspelt(text: str, dice: random.Random) -> str:
    """Now and then a text with a letter too many, too few, a wrong one, or two in wrong order."""
    inner = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if len(inner) < 4 or dice.random() > _MISSPELT:
        return text
    at = dice.choice(inner)
    here, following = text[at], text[at + 1]
    other = dice.choice("abcdefghijklmnopqrstuvwxyz")
    wrong = dice.choice((following, here * 2 + following, following + here, other + following))
    return text[:at] + wrong + text[at + 2 :]


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
    often = _often(wordnet, words)
    frames = _lines("frames.txt")
    picked = {
        kind: iter(dice.choices(list(own), list(own.values()), k=3 * _QUESTIONS))
        for kind, own in often.items()
    }
    for _ in range(_QUESTIONS):
        yield _SLOT.sub(lambda slot: next(picked[slot[1]]), dice.choice(frames))


def _often(wordnet: Path, words: set[str]) -> dict[str, dict[str, float]]:
    """WordNet's words of each kind, and how often to take them."""
    often: dict[str, dict[str, float]] = {kind: {} for kind in _KINDS}
    for kind, own in often.items():
        for line in (wordnet / f"index.{kind}").read_text("latin-1").splitlines():
            word, _, *rest = line.split(" ")
            if word and all(part in words for part in word.split("_")):
                pointers = int(rest[1])
                own[word.replace("_", " ")] = 1 + int(rest[3 + pointers]) ** 0.5
    return often


def _drawn(dice: random.Random, often: dict[str, float]) -> Iterator[str]:
    """Words without end."""
    words, weights = list(often), list(often.values())
    while True:
        yield from reversed(dice.choices(words, weights, k=20_000))


@cache
def _lines(name: str) -> list[str]:
    return resources.files("faq.distilling").joinpath(name).read_text("utf-8").splitlines()

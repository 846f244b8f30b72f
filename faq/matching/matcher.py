"""Which entry a customer's text is about: the one call that everything else relies on."""

from __future__ import annotations

import random
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from faq.content import Faq
from faq.encoding.encoder import Encode
from faq.matching.confidence import MEANT, WRITTEN, Confidence, Estimator
from faq.matching.corpus import Corpus
from faq.matching.gist import Gist
from faq.matching.index import Index
from faq.matching.match import Candidate, Decision, Match, Reasons
from faq.matching.meaning import Meaning
from faq.matching.normalise import MAX_CHARACTERS, language, normalise
from faq.matching.rank import Ranker, Ranking
from faq.matching.reading import Reader, Reading
from faq.matching.senses import DIMENSIONS
from faq.matching.spellings import Spellings
from faq.matching.themes import Themes
from faq.matching.threshold import raised, sharpened
from faq.matching.wording import Wording
from faq.vectors import Ints

_TOP = 5
_WHOLE = 0.999
_TRIALS = 200
_RECENT = 2048


class Matcher:
    """Matches texts against one FAQ; building it is the slow part.

    `match` does no I/O and may be called from several threads at once; what was asked lately is
    remembered.
    """

    def __init__(
        self, faq: Faq, answer_from: float | None = None, encode: Encode | None = None
    ) -> None:
        """`answer_from` (0-1) sets the threshold by hand; otherwise the FAQ sets its own.

        `encode` adds sentence embeddings.
        """
        self._ids = tuple(entry.id for entry in faq.entries)
        self._recent: dict[str | tuple[str, bool], Match] = {}
        self._phrasings, spellings, self._owners = _spelt(faq)
        self._reader = Reader(faq.synonyms, {word for text in spellings for word in text.split()})
        corpus = Corpus(spellings, self._reader)
        self._sizes = np.bincount(self._owners, minlength=len(self._ids)).astype(np.float64)
        gist = Gist(corpus, self._owners, len(self._ids))
        themes = Themes(lambda: gist.all(corpus), DIMENSIONS, self._owners, len(self._ids))
        corpus.forget_senses()
        self._spelt = Spellings(spellings, self._owners)
        self._meant = Spellings(corpus.words, self._owners, own=True)
        index = Index(corpus, self._owners, len(self._ids))
        self._wording = Wording(corpus, self._owners, len(self._ids))
        meaning = Meaning(spellings, encode, self._owners, len(self._ids)) if encode else None
        self._estimator = Estimator(MEANT if encode else WRITTEN, self._sizes)
        self._ranker = Ranker(index, self._wording, gist, themes, meaning)
        common = self._estimator.thresholds
        if answer_from is None:
            self.thresholds = raised(common, self._trials(spellings))
        else:
            self.thresholds = replace(common, answer=answer_from)
        self._own = self.thresholds
        self._is_set = answer_from is not None

    def __len__(self) -> int:
        """How many phrasings there are."""
        return len(self._phrasings)

    def known(self, text: str) -> Match | None:
        """The same as `match`, where that takes microseconds: asked lately, or as it is written."""
        return self._recent.get(text) or self._exact(text, normalise(text))

    def sharpen(self, confirmed: Iterable[tuple[float, bool]]) -> None:
        """Move the threshold by what people confirmed, unless it was set by hand.

        `confirmed` says how sure `match` was of the first, and if it was right; the last call
        counts.
        """
        if not self._is_set:
            self.thresholds = sharpened(self._own, confirmed)
            self._recent.clear()

    def match(self, text: str) -> Match:
        """What the text is about; only its first 500 characters are looked at."""
        if found := self._recent.get(text):
            return found
        spelling = normalise(text)
        if found := self._exact(text, spelling):
            return found
        found = self._match(spelling, _is_cut(text))
        self._remember(text, spelling, found)
        return found

    def _exact(self, text: str, spelling: str) -> Match | None:
        """What was asked lately in the same spelling, or is a phrasing."""
        cut = _is_cut(text)
        found = self._recent.get((spelling, cut))
        if found is None and (row := self._spelt.row(spelling)) is not None:
            found = self._hit(row, Reading(spelling, spelling, (), ()), cut)
        if found:
            self._remember(text, spelling, found)
        return found

    def _remember(self, text: str, spelling: str, found: Match) -> None:
        """Remember a match by how the text is spelt and, unless it is long, as it is written."""
        if len(self._recent) >= _RECENT:
            self._recent.clear()
        cut = _is_cut(text)
        self._recent[spelling, cut] = found
        if not cut:
            self._recent[text] = found

    def _match(self, spelling: str, cut: bool) -> Match:
        reading = self._reader.read(spelling, repair=True)
        if (row := self._meant.row(reading.words)) is not None:
            return self._hit(row, reading, cut)
        ranking = self._ranker.rank(reading) if spelling else None
        if ranking is None:
            return Match(
                Decision.HANDOFF, (), self._reasons(reading, None, cut), language(spelling)
            )
        chinese = language(spelling) == "zh"
        sure = self._estimator.confidence(ranking, chinese)
        return Match(
            decision=self._decision(sure, _is_ambiguous(ranking, chinese)),
            candidates=self._candidates(ranking, sure),
            reasons=self._reasons(reading, ranking, cut),
            language=language(spelling),
        )

    def _trials(self, spellings: Sequence[str]) -> Iterator[tuple[float, bool]]:
        """The FAQ's own phrasings, asked as if they were not in it: how sure, and if right."""
        rows = np.flatnonzero(self._sizes[self._owners] > 1).tolist()
        for row in random.Random(0).sample(rows, min(_TRIALS, len(rows))):  # noqa: S311
            reading = self._reader.read(spellings[row])
            ranking = self._ranker.rank(reading, without=row)
            if ranking is not None:
                sure = self._estimator.confidence(ranking, language(reading.letters) == "zh")
                yield sure.first, bool(ranking.entries[0] == self._owners[row])

    def _hit(self, row: int, reading: Reading, cut: bool) -> Match:
        entry = self._ids[int(self._owners[row])]
        reasons = Reasons(
            read_as=reading.words,
            repaired=reading.repaired,
            replaced=reading.replaced,
            threshold=self.thresholds.answer,
            suggest_from=self.thresholds.suggest,
            exact=True,
            cut=cut,
        )
        found = Candidate(entry, 1.0, self._phrasings[row])
        return Match(Decision.ANSWER, (found,), reasons, language(reading.letters))

    def _candidates(self, ranking: Ranking, sure: Confidence) -> tuple[Candidate, ...]:
        """The first with its own confidence; the others share what is left as they ranked."""
        first, *rest = ranking.shares[:_TOP].tolist()
        left = [(1 - sure.first) * share / max(1 - first, 1e-9) for share in rest]
        shares = [sure.first, *(min(share, sure.first) for share in left)]
        return tuple(
            Candidate(self._ids[entry], share, self._phrasings[row])
            for entry, row, share in zip(
                ranking.entries.tolist(), ranking.phrasings.tolist(), shares, strict=False
            )
        )

    def _decision(self, sure: Confidence, ambiguous: bool) -> Decision:
        if ambiguous:
            return Decision.SUGGEST
        if sure.first >= self.thresholds.answer:
            return Decision.ANSWER
        if sure.three >= self.thresholds.suggest:
            return Decision.SUGGEST
        return Decision.HANDOFF

    def _reasons(self, reading: Reading, ranking: Ranking | None, cut: bool) -> Reasons:
        numbers = self._wording.numbers
        spoken = dict(zip(reading.tokens, reading.spoken, strict=True))
        held = self._wording.held(int(ranking.entries[0])) if ranking else set()
        shared = [token for token in spoken if numbers.get(token) in held]
        shared.sort(key=lambda token: -self._wording.idf[numbers[token]])
        return Reasons(
            read_as=reading.words,
            repaired=reading.repaired,
            replaced=reading.replaced,
            shared=tuple(spoken[token] for token in shared),
            unknown=tuple(word for token, word in spoken.items() if token not in numbers),
            threshold=self.thresholds.answer,
            suggest_from=self.thresholds.suggest,
            cut=cut,
        )


def _spelt(faq: Faq) -> tuple[tuple[str, ...], tuple[str, ...], Ints]:
    """All phrasings that say anything, how they are spelt, and the entry of each.

    Tuples, since the collector of garbage need not look through those again and again.
    """
    phrasings: list[str] = []
    spellings: list[str] = []
    owners = array("q")
    for owner, entry in enumerate(faq.entries):
        for question in entry.questions:
            if spelling := normalise(question):
                phrasings.append(question)
                spellings.append(spelling)
                owners.append(owner)
    return tuple(phrasings), tuple(spellings), np.array(owners, np.int64)


def _is_cut(text: str) -> bool:
    return len(text) > MAX_CHARACTERS


def _is_ambiguous(ranking: Ranking, chinese: bool) -> bool:
    """Whether the text is a single word, all of which the first two entries have."""
    short = ranking.words <= (2 if chinese else 1)
    return short and len(ranking.entries) > 1 and bool(ranking.evidence[:2, 2].min() > _WHOLE)

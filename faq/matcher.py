"""Which entry a customer's text is about: the one call that everything else relies on."""

from __future__ import annotations

import numpy as np

from faq.confidence import Thresholds, confidence
from faq.content import Faq
from faq.index import Index
from faq.match import Candidate, Decision, Match, Reasons
from faq.normalise import MAX_CHARACTERS, language, normalise
from faq.rank import Ranking, Texts, rank
from faq.reading import Reader, Reading

_TOP = 5
_SEVERAL = -1


class Matcher:
    """Matches texts against one FAQ; building it is the slow part.

    `match` does no I/O, keeps no state and may be called from several threads at once.
    """

    def __init__(self, faq: Faq, thresholds: Thresholds | None = None) -> None:
        self._ids = [entry.id for entry in faq.entries]
        self._phrasings: list[str] = []
        owners: list[int] = []
        spellings: list[str] = []
        self._exact: dict[str, int] = {}
        for owner, entry in enumerate(faq.entries):
            for question in entry.questions:
                if spelling := normalise(question):
                    self._exact.setdefault(_key(spelling), len(owners))
                    spellings.append(spelling)
                    self._phrasings.append(question)
                    owners.append(owner)
        known = {word for spelling in spellings for word in spelling.split()}
        self._reader = Reader(faq.synonyms, known)
        readings = [self._reader.read(spelling) for spelling in spellings]
        self._index = Index(readings, np.array(owners, np.int32), len(faq.entries))
        self._same = self._meaning_the_same(readings)
        self._texts = Texts(readings, self._index.owners, len(faq.entries))
        self.thresholds = thresholds or Thresholds()

    def _meaning_the_same(self, readings: list[Reading]) -> dict[str, int]:
        """Phrasings by what is left without politeness, where only one entry says so."""
        same: dict[str, int] = {}
        for row, reading in enumerate(readings):
            first = same.setdefault(_key(reading.words), row)
            if self._index.owners[first] != self._index.owners[row]:
                same[_key(reading.words)] = _SEVERAL
        return {words: row for words, row in same.items() if row != _SEVERAL}

    def __len__(self) -> int:
        """How many phrasings there are."""
        return len(self._phrasings)

    def match(self, text: str) -> Match:
        """What the text is about; only its first 500 characters are looked at."""
        spelling = normalise(text)
        exact = self._exact.get(_key(spelling)) if spelling else None
        if exact is not None:
            return self._hit(exact, Reading(spelling, spelling, (), ()), len(text) > MAX_CHARACTERS)
        reading = self._reader.read(spelling, repair=True)
        if (same := self._same.get(_key(reading.words))) is not None:
            return self._hit(same, reading, len(text) > MAX_CHARACTERS)
        ranking = rank(self._index, self._texts, reading, self._index.query(reading))
        candidates = self._candidates(ranking) if ranking else ()
        return Match(
            decision=self._decision(candidates),
            candidates=candidates,
            reasons=self._reasons(reading, ranking, len(text) > MAX_CHARACTERS),
            language=language(spelling),
        )

    def _hit(self, row: int, reading: Reading, cut: bool) -> Match:
        entry = self._ids[int(self._index.owners[row])]
        return Match(
            Decision.ANSWER,
            (Candidate(entry, 1.0, self._phrasings[row]),),
            Reasons(
                reading.words,
                reading.repaired,
                reading.replaced,
                threshold=self.thresholds.answer,
                suggest_from=self.thresholds.suggest,
                exact=True,
                cut=cut,
            ),
            language(reading.letters),
        )

    def _candidates(self, ranking: Ranking) -> tuple[Candidate, ...]:
        first = confidence(ranking)
        others = ranking.probabilities[1:_TOP]
        left = (1 - first) * others / max(1 - float(ranking.probabilities[0]), 1e-9)
        shares = [first, *np.minimum(left, first).tolist()]
        return tuple(
            Candidate(self._ids[entry], min(max(share, 0.0), 1.0), self._phrasings[row])
            for entry, row, share in zip(
                ranking.entries.tolist(), ranking.phrasings.tolist(), shares, strict=False
            )
        )

    def _decision(self, candidates: tuple[Candidate, ...]) -> Decision:
        if not candidates:
            return Decision.HANDOFF
        if candidates[0].confidence >= self.thresholds.answer:
            return Decision.ANSWER
        if sum(candidate.confidence for candidate in candidates[:3]) >= self.thresholds.suggest:
            return Decision.SUGGEST
        return Decision.HANDOFF

    def _reasons(self, reading: Reading, ranking: Ranking | None, cut: bool) -> Reasons:
        spoken = dict(zip(reading.tokens, reading.spoken, strict=True))
        held = self._texts.tokens[int(ranking.entries[0])] if ranking else set()
        idf = self._texts.idf
        shared = sorted((token for token in spoken if token in held), key=lambda word: -idf[word])
        return Reasons(
            read_as=reading.words,
            repaired=reading.repaired,
            replaced=reading.replaced,
            shared=tuple(spoken[token] for token in shared),
            unknown=tuple(word for token, word in spoken.items() if token not in idf),
            threshold=self.thresholds.answer,
            suggest_from=self.thresholds.suggest,
            cut=cut,
        )


def _key(spelling: str) -> str:
    """Spellings that differ only in where spaces and punctuation stood are the same."""
    return spelling.replace(" ", "")

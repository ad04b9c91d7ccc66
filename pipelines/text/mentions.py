"""Finds the families that a text mentions, by the rules of the family files.

A text is split into lower-case words, that is, runs of letters and runs of digits. `Qwen2.5-7B` becomes the words
`qwen 2 5 7 b`, and so contains the name `qwen`. A word followed by an underscore is a different word:
`llama_model_load` contains `llama_`, not `llama`.

- `mentions` count anywhere.
- `weak_mentions` are also ordinary words. They count only before a number, or near one of the family's `companions`.
- `not_mentions` mask the names inside them.

`analytics/conformed/attributions.sql` applies the same rules to titles, on the rows of `make_mention_rows`; a test runs
both on the same texts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.text.features import LONGEST

NEAR = 5
"""Maximum number of words from a weak name to its companion, including the companion."""

PhraseKind = Literal["sure", "weak", "companion", "masked"]
_SIGN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_OTHER = re.compile(rf"[^\x00-\x7f{_SIGN}]")
_WORD = re.compile(rf"[a-z]+_?|[0-9]+|[{_SIGN}]")


def split_words(text: str) -> list[str]:
    """Splits a text into words.

    Each character of Chinese, Japanese or Korean is a word; letters other than a to z only separate words.
    """
    return _WORD.findall(_OTHER.sub(" ", text[:LONGEST]).lower())


@dataclass(frozen=True, slots=True)
class MentionRule:
    """One phrase of one family, as words."""

    family_id: str
    kind: PhraseKind
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hit:
    rule: MentionRule
    start: int
    end: int


@dataclass(slots=True)
class _FamilyHits:
    """The phrases of one family in a text.

    They are stored by position, so that the time per word does not grow with the text.
    """

    names: list[_Hit] = field(default_factory=list)
    masked: set[int] = field(default_factory=set)
    companions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Ends of the companions, by start."""

    def add_hit(self, hit: _Hit) -> None:
        if hit.rule.kind == "masked":
            self.masked.update(range(hit.start, hit.end))
        elif hit.rule.kind == "companion":
            self.companions[hit.start].append(hit.end)
        else:
            self.names.append(hit)

    def is_mention(self, name: _Hit, words: Sequence[str]) -> bool:
        """True if a name counts as a mention."""
        if not self.masked.isdisjoint(range(name.start, name.end)):
            return False
        if name.rule.kind == "sure" or (name.end < len(words) and words[name.end].isdigit()):
            return True
        # A companion must lie outside the name.
        near = range(name.start - NEAR, name.end + NEAR)
        return any(end <= name.start or start >= name.end for start in near for end in self.companions.get(start, ()))


class Mentions:
    """Finds the families that a text mentions."""

    def __init__(self, rules: Iterable[MentionRule]) -> None:
        self._rules: dict[str, list[MentionRule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.words[0]].append(rule)

    def __call__(self, text: str) -> list[str]:
        """Returns the families, sorted by name."""
        words = split_words(text)
        hits_by_family: dict[str, _FamilyHits] = defaultdict(_FamilyHits)
        for hit in self._find_hits(words):
            hits_by_family[hit.rule.family_id].add_hit(hit)
        return sorted(
            family for family, hits in hits_by_family.items() if any(hits.is_mention(hit, words) for hit in hits.names)
        )

    def _find_hits(self, words: Sequence[str]) -> Iterator[_Hit]:
        for start, word in enumerate(words):
            for rule in self._rules.get(word, ()):
                end = start + len(rule.words)
                if tuple(words[start:end]) == rule.words:
                    yield _Hit(rule, start, end)

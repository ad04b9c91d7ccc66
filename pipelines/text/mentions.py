"""Which families a text mentions, by rules that stand in the family files and that SQL follows word for word.

A text is read as words, small: runs of letters and runs of digits, whatever stands in between. `Qwen2.5-7B` is the
words `qwen 2 5 7 b`, and so the name `qwen` is in it. A word that an underscore follows is another word:
`llama_model_load` holds `llama_`, not `llama`.

- `mentions` count wherever they stand.
- `weak_mentions` are ordinary words too. They count only where a number follows, or one of the family's `companions` is
  near.
- `not_mentions` cover what they are made of: a name inside of one does not count.

`analytics/conformed/attributions.sql` says the same over titles, on the rows that `make_rule_rows` makes; a test runs
both on the same texts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.text.features import LONGEST

NEAR = 5
"""Words between a weak name and its companion, at most, counting the companion."""

PhraseKind = Literal["sure", "weak", "companion", "masked"]
_SIGN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_OTHER = re.compile(rf"[^\x00-\x7f{_SIGN}]")
_WORD = re.compile(rf"[a-z]+_?|[0-9]+|[{_SIGN}]")


def split_words(text: str) -> list[str]:
    """Splits a text into words.

    Each sign of Chinese, Japanese or Korean is one; other letters than a to z only part words.
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
    """What a text holds of one family's phrases, by position: a long text takes no longer a word than a short one."""

    names: list[_Hit] = field(default_factory=list)
    masked: set[int] = field(default_factory=set)
    companions: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Where each companion ends, by where it starts."""

    def add(self, hit: _Hit) -> None:
        if hit.rule.kind == "masked":
            self.masked.update(range(hit.start, hit.end))
        elif hit.rule.kind == "companion":
            self.companions[hit.start].append(hit.end)
        else:
            self.names.append(hit)

    def counts(self, name: _Hit, words: Sequence[str]) -> bool:
        """Tells whether a name is a mention. No part of a name is its own companion."""
        if not self.masked.isdisjoint(range(name.start, name.end)):
            return False
        if name.rule.kind == "sure" or (name.end < len(words) and words[name.end].isdigit()):
            return True
        near = range(name.start - NEAR, name.end + NEAR)
        return any(end <= name.start or start >= name.end for start in near for end in self.companions.get(start, ()))


class Mentions:
    """Finds the families that a text mentions."""

    def __init__(self, rules: Iterable[MentionRule]) -> None:
        self._rules: dict[str, list[MentionRule]] = defaultdict(list)
        for rule in rules:
            self._rules[rule.words[0]].append(rule)

    def __call__(self, text: str) -> list[str]:
        """Finds the families, sorted by name."""
        words = split_words(text)
        hits_by_family: dict[str, _FamilyHits] = defaultdict(_FamilyHits)
        for hit in self._hits(words):
            hits_by_family[hit.rule.family_id].add(hit)
        return sorted(
            family for family, hits in hits_by_family.items() if any(hits.counts(hit, words) for hit in hits.names)
        )

    def _hits(self, words: Sequence[str]) -> Iterator[_Hit]:
        for start, word in enumerate(words):
            for rule in self._rules.get(word, ()):
                end = start + len(rule.words)
                if tuple(words[start:end]) == rule.words:
                    yield _Hit(rule, start, end)

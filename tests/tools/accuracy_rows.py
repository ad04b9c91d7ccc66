"""Rows of the table of accuracy: precision and recall with Wilson's limits, and how far two readers agree (Cohen's
κ)."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.proportion import proportion_confint

ALL = "all"
SHARES = ("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high")
COLUMNS = (
    "feature", "class", "part", "channel_kind", "language", "n", "found", "right", *SHARES, "kappa", "n_twice",
    "method_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scope:
    """Which items a row is about: openers or replies, of which kind of channel, in which language."""

    part: str = ALL
    channel_kind: str = ALL
    language: str = ALL

    def covers(self, other: "Scope") -> bool:
        """Whether an item of that scope is among the items of this one."""
        mine, theirs = (self.part, self.channel_kind, self.language), (other.part, other.channel_kind, other.language)
        return all(one in (ALL, two) for one, two in zip(mine, theirs, strict=True))


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled item: what is true, what the rules say, why it is hard; and what a second reader says, if one
    read it."""

    feature: str
    wanted: str
    found: str
    trap: str = ""
    scope: Scope = EVERYTHING
    second: str | None = None


def row(
    feature: str, name: str, items: Iterable[Case], classes: set[str], version: int, scope: Scope = EVERYTHING
) -> dict[str, str]:
    """What the rules find of these classes among the items of a scope."""
    items = [one for one in items if scope.covers(one.scope)]
    n, found = sum(one.wanted in classes for one in items), sum(one.found in classes for one in items)
    right = sum(one.found == one.wanted and one.found in classes for one in items)
    shares = [one for total in (found, n) for one in (_share(right, total), *find_limits(right, total))]
    written = ["" if one is None else f"{one:.3f}" for one in shares]
    cells = [feature, name, scope.part, scope.channel_kind, scope.language, n, found, right, *written, "", "", version]
    return dict(zip(COLUMNS, map(str, cells), strict=True))


def with_agreement(
    line: dict[str, str], pairs: Sequence[tuple[str, str]], classes: set[str] | None = None
) -> dict[str, str]:
    """The row with κ of two readers; of these classes against all others, or of all classes."""
    if classes is not None:
        pairs = [(str(one in classes), str(two in classes)) for one, two in pairs]
    agreed = kappa(pairs)
    return line | {"kappa": "" if agreed is None else f"{agreed:.3f}", "n_twice": str(len(pairs)) if pairs else ""}


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Computes Cohen's κ; None where both readers saw one class only: then chance agrees as often."""
    seen = sorted({name for pair in pairs for name in pair})
    if len(seen) < 2:
        return None
    firsts, seconds = (pandas.Categorical(names, seen) for names in zip(*pairs, strict=True))
    return float(cohens_kappa(pandas.crosstab(firsts, seconds, dropna=False), return_results=False))


def find_limits(right: int, n: int) -> tuple[float, float]:
    """Finds Wilson's 95 % interval of a share; nothing is known of none."""
    low, high = proportion_confint(right, n, method="wilson") if n else (0.0, 1.0)
    return float(low), float(high)


def _share(right: int, n: int) -> float | None:
    return right / n if n else None


def as_csv(lines: Iterable[dict[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    """The table as it is committed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def confusions(items: Iterable[Case]) -> list[tuple[int, str, str, str, str]]:
    """What is still wrong: how often, feature, what is true, what the rules say, why it is hard; the most frequent
    first."""
    wrong = Counter((one.feature, one.wanted, one.found, one.trap) for one in items if one.found != one.wanted)
    return [(count, *what) for what, count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))]

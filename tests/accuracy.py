"""How often attribution and roles are right: precision and recall on what was labelled by hand and held out while the rules were tuned.

`python -m tests.accuracy` prints the tables and the confusions that remain; with `--write` it renews `analytics/accuracy.csv`.
"""

import csv
import io
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from analytics.build import ROOT
from analytics.headers import read_header
from pipelines.catalog import SHIPPED, read_catalog
from pipelines.mentions import Mentions
from pipelines.people import RULES_VERSION, Role, judge
from tests import labelled

FILE = ROOT / "accuracy.csv"
Z = 1.959964
NOBODY = "nobody"
SHARES = ("precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high")
COLUMNS = ("feature", "class", "n", "found", "right", *SHARES, "method_version")
CLASSES: dict[Role, str] = {"staff": "staff", "maintainer": "staff", "bot": "bot", "agent": "agent"}
"""Roles by their label; all others are people outside."""


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled item: what is true, what the rules say, why it is hard."""

    feature: str
    wanted: str
    found: str
    trap: str = ""
    rule: str = ""


def cases(split: str = "test") -> list[Case]:
    """All labelled items of a half, judged by the project's own rules."""
    return [*attribution_cases(split), *role_cases(split)]


def attribution_cases(split: str) -> list[Case]:
    """Threads: one family or nobody. A thread that concerns several families concerns nobody in particular."""
    mentions = Mentions(read_catalog([SHIPPED]).families)
    found = []
    for thread in labelled.threads():
        if thread.split == split:
            wanted = next(iter(thread.families)) if len(thread.families) == 1 else NOBODY
            feature = "attribution" if thread.sample == "drawn" else "attribution of sought threads"
            family, rule = _attributed(mentions, thread)
            found.append(Case(feature, wanted, family, "several" if len(thread.families) > 1 else thread.trap, rule))
    return found


def _attributed(mentions: Mentions, thread: labelled.Thread) -> tuple[str, str]:
    """As `analytics/conformed/attributions.sql` does: title first, then title and text."""
    for rule, text in (("title", thread.title), ("text", f"{thread.title}\n{thread.text}")):
        families = mentions(text)
        if families:
            return (families[0], rule) if len(families) == 1 else (NOBODY, rule)
    return NOBODY, "none"


def role_cases(split: str) -> list[Case]:
    """Accounts: bot, agent, staff or human."""
    found = []
    for account in labelled.accounts():
        if account.split == split:
            role, rule = judge(account.login, account.typename, account.association)
            found.append(Case("role", account.label, CLASSES.get(role, "human"), account.trap, rule))
    return found


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if n == 0:
        return 0.0, 1.0
    share, square = right / n, Z * Z
    middle = share + square / (2 * n)
    half = Z * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, (middle - half) / (1 + square / n)), min(1.0, (middle + half) / (1 + square / n))


def table(items: Iterable[Case]) -> list[dict[str, str]]:
    """A row a feature and class, and one for all families together (nobody left out)."""
    items = list(items)
    result: list[dict[str, str]] = []
    for feature in dict.fromkeys(one.feature for one in items):
        of = [one for one in items if one.feature == feature]
        names = {one.wanted for one in of} | {one.found for one in of}
        names |= _families() if feature == "attribution" else set()
        result.extend(_row(feature, name, of, {name}) for name in sorted(names))
        if feature != "role":
            result.append(_row(feature, "any family", of, names - {NOBODY}))
    for rule in ("title", "text"):
        of = [one for one in items if one.feature == "attribution" and one.rule == rule]
        result.append(_row(f"attribution by {rule}", "any family", of, ({one.wanted for one in of} | {one.found for one in of}) - {NOBODY}))
    return result


def _families() -> set[str]:
    """All families that a thread may concern: of those without a labelled thread nothing is known, and the table says so."""
    return {one.id for one in read_catalog([SHIPPED]).families if one.side != "host"}


def _row(feature: str, name: str, items: list[Case], classes: set[str]) -> dict[str, str]:
    n, found = sum(one.wanted in classes for one in items), sum(one.found in classes for one in items)
    right = sum(one.found == one.wanted and one.found in classes for one in items)
    version = RULES_VERSION if feature == "role" else read_header(ROOT / "conformed" / "attributions.sql").version
    shares = [_share(right, found), *wilson(right, found), _share(right, n), *wilson(right, n)]
    cells = [feature, name, n, found, right, *("" if one is None else f"{one:.3f}" for one in shares), version]
    return dict(zip(COLUMNS, map(str, cells), strict=True))


def _share(right: int, n: int) -> float | None:
    return right / n if n else None


def confusions(items: Iterable[Case]) -> list[tuple[int, str, str, str, str]]:
    """What is still wrong: how often, feature, what is true, what the rules say, why it is hard; the most frequent first."""
    wrong = Counter((one.feature, one.wanted, one.found, one.trap) for one in items if one.found != one.wanted)
    return [(count, *what) for what, count in sorted(wrong.items(), key=lambda one: (-one[1], one[0]))]


def as_csv(lines: Iterable[dict[str, str]]) -> str:
    """The table as it is committed."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def main(words: list[str]) -> None:
    """Prints, and writes where asked to."""
    for split in ("test", "tune"):
        items = cases(split)
        print(f"# half: {split}, {len(items)} items")
        print(as_csv(table(items)))
        print("wrong, feature, true, found, trap")
        for line in confusions(items):
            print(*line, sep=", ")
        rules = Counter((one.feature, one.rule, one.found == one.wanted) for one in items)
        for feature, rule in sorted({(feature, rule) for feature, rule, _ in rules}):
            right, wrong = rules[feature, rule, True], rules[feature, rule, False]
            print(f"{feature} by {rule}: {right} of {right + wrong} right")
    if "--write" in words:
        Path(FILE).write_text(as_csv(table(cases())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

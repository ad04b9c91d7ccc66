"""Sentences about access: what weights may be used for, which card they run on, and what hosted models cost."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import Row
from dashboards.words.sentences import name_few, select_measured
from warehouse.wording import GAP, is_are, pluralize

SMALL, CARD = 24, f"24{GAP}GiB"
"""Memory of a common card for a desk, in GiB as rounded by its maker."""


def count_families(number: int, kind: str = "") -> str:
    """Counts families: `1 open family`, `3 families`."""
    return f"{number} {kind + ' ' if kind else ''}{pluralize(number, 'family', 'families')}"


def judge_page(licences: Sequence[Row]) -> str:
    """Words as a verdict how many license weights freely; empty if no licence is known."""
    known = [row for row in select_measured(licences) if row["statistic"] == "highest"]
    free = sum(row["value"] >= 4 for row in known)
    give = f"{free} of {count_families(len(known))} {pluralize(free, 'licenses', 'license')}"
    return f"**{give} weights** of some model for any use without a cap." if known else ""


def describe_free(licences: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States whose weights may be used for anything, and how many are hosted only; empty if no licence is known."""
    highest = [row for row in select_measured(licences) if row["statistic"] == "highest"]
    if not highest:
        return ""
    free, hosted = [row for row in highest if row["value"] >= 4], sum(row["value"] == 1 for row in highest)
    whose = name_few(free, titles) if free else f"None of {count_families(len(highest))}"
    rest = f"; {hosted} {is_are(hosted)} hosted only." if hosted else "."
    give = pluralize(len(free) or 1, "licenses", "license")
    return f"{whose} {give} the weights of some models for any use without a cap{rest}"


def describe_small(memory: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the families whose median model fits one small card at four bits."""
    rows = select_measured(memory)
    if not rows:
        return ""
    fit = [row for row in rows if row["value"] <= SMALL]
    of = (
        name_few(rows, titles)
        if len(fit) == len(rows)
        else f"{len(fit)} of {count_families(len(rows))} with known sizes"
    )
    return f"At 4 bits the median model of {of} fits one {CARD} card, by estimate."


def name_freest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who allows everything with all models or, if nobody does, with some."""
    for statistic, scope in (("lowest", "every model"), ("highest", "some models")):
        if free := [row for row in select_measured(rows) if row["statistic"] == statistic and row["value"] == 5]:
            return f"All five freedoms for {scope}: {name_few(free, titles)}"
    return "No family is known to grant all five freedoms"


def name_smallest(memory: Sequence[Row]) -> str:
    """Words the finding of the chart of memory."""
    rows = select_measured(memory)
    if not rows:
        return "Memory: no family has a number"
    fit = sum(row["value"] <= SMALL for row in rows)
    return f"At 4 bits, the median model of {fit} of {count_families(len(rows))} fits a {CARD} card"

"""Sentences about access: what weights may be used for, which card they run on, and what hosted models cost."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import Row
from dashboards.words.sentences import name_few, select_measured
from warehouse.wording import GAP, is_are, pluralize

CLOSED_GATES = ("auto", "manual")
"""Gates before weights: a form, and an approval."""
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


def describe_free(licences: Sequence[Row], titles: Mapping[str, str], gates: Sequence[Row] = ()) -> str:
    """States whose weights may be used for anything, whether some stand behind a gate, and who withholds them."""
    measured_rows = select_measured(licences)
    highest = {row["family_id"]: row["value"] for row in measured_rows if row["statistic"] == "highest"}
    if not highest:
        return ""
    some = [row for row in measured_rows if row["statistic"] == "highest" and row["value"] >= 4]
    every = [row for row in measured_rows if row["statistic"] == "lowest" and row["value"] >= 4]
    kept_by_maker = [family for family, value in highest.items() if value == 1]
    hosted = f"; {len(kept_by_maker)} {is_are(len(kept_by_maker))} hosted only." if kept_by_maker else "."
    if not some:
        return f"None of {count_families(len(highest))} licenses weights for any use without a cap{hosted}"
    give = pluralize(len(some), "licenses", "license")
    whose = (
        "all models"
        if len(every) == len(some)
        else f"some models, {name_few(every, titles)} of all,"
        if every
        else "some models"
    )
    gated = {row["family_id"] for row in gates if row["statistic"] in CLOSED_GATES and (row["value"] or 0) > 0}
    behind = " (some behind a form or approval)" if gated & {row["family_id"] for row in some} else ""
    return f"**{name_few(some, titles)}** {give} the weights of {whose} for any use without a cap{behind}{hosted}"


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
    """Names who allows everything with all models, and who allows it with none."""
    measured_rows = select_measured(rows)
    least = {row["family_id"]: row for row in measured_rows if row["statistic"] == "lowest"}
    most = {row["family_id"]: row for row in measured_rows if row["statistic"] == "highest"}
    if not least or not most:
        return "Freedom of the weights: no family has a number"
    free, none = (
        [row for row in least.values() if row["value"] == 5],
        [row for row in most.values() if row["value"] == 0],
    )
    if free:
        finding = f"All five freedoms for every model: {name_few(free, titles)}"
    else:
        some = [row for row in most.values() if row["value"] == 5]
        finding = f"All five freedoms: {f'only for some models of {name_few(some, titles)}' if some else 'no family'}"
    return finding + (f"; none at all: {name_few(none, titles)}" if none else "")


def name_smallest(memory: Sequence[Row]) -> str:
    """Words the finding of the chart of memory."""
    rows = select_measured(memory)
    if not rows:
        return "Memory: no family has a number"
    fit = sum(row["value"] <= SMALL for row in rows)
    return f"At 4 bits, the median model of {fit} of {count_families(len(rows))} fits a {CARD} card"

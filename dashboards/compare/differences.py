"""How far two families differ where like is set against like: the published pairs, turned so that they are read from the first family."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.compare import measures
from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.words import numbers

Row = dict[str, Any]
MAIN = ("answered_share", "within_7d")
"""What the page answers first: a person's answer within a week."""
ORDER = [MAIN, ("answered_share", "within_24h"), *(key for key in measures.TITLES if key[0] != "answered_share")]
LEFT_OUT = ("setup_question_share",)
"""Says what is asked, not how well people are helped."""
WINDOWS = ("365d", "all")
SURE = 0.05
"""Below this adjusted p a difference is more than chance makes among so many pairs."""
APART, ALONE, NONE = "apart", "apart only taken alone", "no difference shown"
SIGNED = ("effect", "raw_effect")


def window(page: View) -> str:
    """The window that was compared: the one that was chosen, or the last 12 months where there is no such."""
    return page.window if page.window in WINDOWS else WINDOWS[0]


def of_two(page: View, one: str, other: str) -> list[Row]:
    """Every measure of two families, or of two sides, read from the first."""
    found = [turned(row, one) for row in _pairs(page) if {row["first_id"], row["second_id"]} == {one, other}]
    kept = [row for row in found if row["metric"] not in LEFT_OUT]
    return sorted(
        kept,
        key=lambda row: (
            ORDER.index((row["metric"], row["statistic"])) if (row["metric"], row["statistic"]) in ORDER else len(ORDER)
        ),
    )


def among(page: View, families: Sequence[str]) -> list[Row]:
    """Each pair of these families in the main measure, read from the one that is ahead, the widest gap first."""
    found = [row for row in _main(page) if row["first_id"] in families and row["second_id"] in families]
    return sorted((ahead(row) for row in found), key=lambda row: -row["effect"])


def with_one(page: View, family: str) -> list[Row]:
    """One family against each other one in the main measure, read from that family."""
    found = [turned(row, family) for row in _main(page) if family in (row["first_id"], row["second_id"])]
    return sorted(found, key=lambda row: -row["effect"])


def pairs_count(page: View) -> int:
    """How many pairs were compared, over which p is adjusted."""
    return sum(row["p_adjusted"] is not None for row in _main(page))


def is_main(row: Mapping[str, Any]) -> bool:
    """Whether it is of the measure that the page answers first."""
    return (row["metric"], row["statistic"]) == MAIN


def _main(page: View) -> list[Row]:
    return [row for row in _pairs(page) if is_main(row) and row["first_id"] in page.titles]


def _pairs(page: View) -> list[Row]:
    if not snapshot_reader.has_table(page.snapshot, "metrics.matched_differences"):
        return []
    found = snapshot_reader.load_rows(
        page.snapshot, 'select * from metrics.matched_differences where "window" = ?', window(page)
    )
    least = _least(page)
    return [row | {"least_effect": least.get((row["metric"], row["statistic"]))} for row in found]


def _least(page: View) -> dict[tuple[str, str], float]:
    """The smallest difference that matters, as the claims fixed it, where one of them names the measure."""
    if not snapshot_reader.has_table(page.snapshot, "metrics.claim_tests"):
        return {}
    sql = (
        "select metric, statistic, min(least_effect) as least from metrics.claim_tests where scale = 'difference' "
        "group by all"
    )
    return {(row["metric"], row["statistic"]): row["least"] for row in snapshot_reader.load_rows(page.snapshot, sql)}


def turned(row: Mapping[str, Any], first: str) -> Row:
    """A pair read from one of its two."""
    if row["first_id"] == first:
        return dict(row)
    swapped: Row = {"first_id": row["second_id"], "second_id": row["first_id"]}
    for name in SIGNED:
        swapped[name] = -row[name]
    for name in ("effect", "raw"):
        swapped |= {f"{name}_low": -row[f"{name}_high"], f"{name}_high": -row[f"{name}_low"]}
    return {**row, **swapped}


def ahead(row: Mapping[str, Any]) -> Row:
    """A pair read from the one whose share is the higher."""
    return turned(row, row["first_id"] if row["effect"] >= 0 else row["second_id"])


def verdict(row: Mapping[str, Any]) -> str:
    """Whether a pair can be told apart; where p is not adjusted, only taken alone."""
    if row["effect_low"] <= 0 <= row["effect_high"]:
        return NONE
    return APART if row["p_adjusted"] is not None and row["p_adjusted"] < SURE else ALONE


def points(value: float) -> str:
    """`+7.1`: percentage points with their sign."""
    shown = value * 100
    return ("+" if shown > 0 else "\N{MINUS SIGN}" if shown < 0 else "") + numbers.format_two_digits(abs(shown))


def said(row: Mapping[str, Any]) -> str:
    """`+7.1 points (−5.2 to +19)`."""
    return f"{points(row['effect'])}{numbers.GAP}points ({points(row['effect_low'])} to {points(row['effect_high'])})"

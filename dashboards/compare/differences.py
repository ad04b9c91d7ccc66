"""Published differences between two families in matched cases, oriented so that they read from the first family."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboards.frame import measures, snapshot_reader
from dashboards.frame.matched import compared_window
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.wording import GAP

MAIN = ("answered_share", "within_7d")
"""The measure that the page answers first: a person's answer within a week."""
ORDER = [
    MAIN,
    ("answered_share", "within_24h"),
    ("helped_share", "any"),
    ("closed_unhelped_share", "bot_closed_unanswered"),
    ("code_answer_share", "any"),
    ("stranger_fix_share", "others"),
]
"""The measures in which two families are compared, in display order."""
SURE = 0.05
"""Below this adjusted p a difference is larger than chance produces over so many pairs."""
AHEAD, BEHIND, CLOSE, TRIAL = "ahead", "behind", "too close to call", "a trial"
"""What a pair's difference in a measure says of one of the two, in the same words on every page."""
APART, ALONE, NONE = "more than chance", "too close to call among all pairs", CLOSE


def load_pair(page: View, first: str, second: str) -> list[DictRow]:
    """Loads every measure of two families, read from the first; only measures with a better direction."""
    pairs = [
        read_from(row, first) for row in _load_pairs(page) if {row["first_id"], row["second_id"]} == {first, second}
    ]
    listed = [row for row in pairs if (row["metric"], row["statistic"]) in ORDER]
    judged = [row for row in listed if measures.read_direction(page.snapshot, row["metric"])]
    return sorted(judged, key=lambda row: ORDER.index((row["metric"], row["statistic"])))


def load_pairs_among(page: View, families: Sequence[str], measure: tuple[str, str] = MAIN) -> list[DictRow]:
    """Loads each pair of these families in one measure, read from the one ahead, widest gap first."""
    pairs = [
        row
        for row in _load_pairs(page, measure)
        # The figure of all questions is beside those of some of them.
        if row["segment"] in measures.WHOLE and {row["first_id"], row["second_id"]} <= set(families)
    ]
    return sorted((read_from_ahead(row) for row in pairs), key=lambda row: -row["effect"])


def load_pairs_with(page: View, family: str) -> list[DictRow]:
    """Loads one family against each other in the main measure, read from that family."""
    pairs = [read_from(row, family) for row in _load_main(page) if family in (row["first_id"], row["second_id"])]
    return sorted(pairs, key=lambda row: -row["effect"])


def count_pairs(page: View) -> int:
    """Counts the pairs compared, over which p is adjusted."""
    return sum(row["p_adjusted"] is not None for row in _load_main(page))


def find_pair(page: View, first: str, second: str, measure: tuple[str, str] = MAIN) -> DictRow | None:
    """Finds the difference of two families in one measure, read from the first; None where too little is known."""
    rows = load_pairs_among(page, (first, second), measure)
    return read_from(rows[0], first) if rows else None


def _load_main(page: View) -> list[DictRow]:
    return [row for row in _load_pairs(page, MAIN) if row["first_id"] in page.titles]


def _load_pairs(page: View, measure: tuple[str, ...] = ()) -> list[DictRow]:
    query = 'select * from metrics.matched_differences where "window" = ? and effect is not null'
    only = " and metric = ? and statistic = ?" if measure else ""
    return snapshot_reader.load_rows(page.snapshot, query + only, compared_window(page), *measure)


def read_from(row: Mapping[str, Any], first: str) -> DictRow:
    """Orients a pair so that it reads from `first`."""
    if row["first_id"] == first:
        return dict(row)
    swapped: DictRow = {"first_id": row["second_id"], "second_id": row["first_id"]}
    # A change of sign also swaps the ends of an interval.
    for name, ends in (("effect", "effect"), ("general_effect", "general")):
        low, high = _negate(row[f"{ends}_high"]), _negate(row[f"{ends}_low"])
        swapped |= {name: _negate(row[name]), f"{ends}_low": low, f"{ends}_high": high}
    return {**row, **swapped}


def _negate(number: float | None) -> float | None:
    return None if number is None else -number


def read_from_ahead(row: Mapping[str, Any]) -> DictRow:
    """Orients a pair so that it reads from the family with the higher share."""
    return read_from(row, row["first_id"] if row["effect"] >= 0 else row["second_id"])


def judge_pair(row: Mapping[str, Any]) -> str:
    """Judges whether a pair can be distinguished, among all pairs; the two sides, which are one pair, by their own
    interval."""
    if row["effect_low"] <= 0 <= row["effect_high"]:
        return NONE
    return APART if row["p_adjusted"] is None or row["p_adjusted"] < SURE else ALONE


def judge_for(row: Mapping[str, Any], family: str, better: int = 1) -> str:
    """Judges one of a pair by their difference, among all pairs; `better` is 1 where more is better, -1 where less
    is."""
    if judge_pair(row) != APART:
        return CLOSE
    return AHEAD if read_from(row, family)["effect"] * better > 0 else BEHIND


def select_compared(families: Iterable[str], pairs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Selects the families that are compared with any other."""
    compared = {row[end] for row in pairs for end in ("first_id", "second_id")}
    return [family for family in families if family in compared]


def find_leader(
    families: Sequence[str], pairs: Sequence[Mapping[str, Any]], better: int = 1
) -> tuple[str, list[str]] | None:
    """Finds the family that is ahead of most others, with those; the first of several, None if none is ahead of
    any."""
    beaten: dict[str, list[str]] = {family: [] for family in families}
    for row in pairs:
        for family, other in ((row["first_id"], row["second_id"]), (row["second_id"], row["first_id"])):
            if family in beaten and judge_for(row, family, better) == AHEAD:
                beaten[family].append(other)
    leader = max(families, key=lambda family: len(beaten[family]), default="")
    return (leader, beaten[leader]) if beaten.get(leader) else None


def format_difference(row: Mapping[str, Any]) -> str:
    """Formats a difference with its interval: `+7.1 points (−5.2 to +19)`."""
    return (
        f"{numbers.format_points(row['effect'])}{GAP}points ({numbers.format_points(row['effect_low'])} to "
        f"{numbers.format_points(row['effect_high'])})"
    )

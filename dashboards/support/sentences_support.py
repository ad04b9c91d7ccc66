"""Sentences of the page of support: help and closing, who answers, and whether newcomers are worse off."""

import math
from collections.abc import Mapping, Sequence

from dashboards.metric_row import Row
from dashboards.words import numbers
from dashboards.words.sentences import SIDES, name_leader, select_measured, select_shown
from warehouse.wording import GAP, count_things, pluralize

LOWER_END = "Help is a lower bound: people who are helped and never say so are not counted."
FIRST = {
    "staff": "the vendor's staff", "maintainer": "maintainers", "outsider": "other users",
    "unknown": "deleted accounts", "agent": "AI agents",
}  # fmt: skip
"""Who may answer first, in the order in which bars show them."""
ASKERS = {"newcomer": "newcomers", "known": "people who asked before"}


def name_most_answered(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names whose askers are answered most often as counted, within the longest time for which there are numbers."""
    known = [row["statistic"] for row in select_measured(rows)]
    statistic = next((name for name in reversed(numbers.WITHIN) if name in known), "within_30d")
    own = [row for row in rows if row["statistic"] == statistic]
    return name_leader(own, "share", titles, f"Answered {numbers.describe_statistic(statistic)}")


def answer_waits(rows: Sequence[Row], titles: Mapping[str, str], where: str) -> tuple[str, str]:
    """Words by when half hear back, the shorter wait first, and how many asked: of the two shown, else of each side's
    family with most questions. Who is sooner is judged in like cases only, on the page that compares."""
    known = [row for row in select_measured(rows) if row["low"] is not None]
    if not known:
        is_unreached = any(row["state"] == "measured" and row["low"] is not None for row in rows)
        few = "no family has enough questions in this window whose answers were read"
        why = "where there are enough questions, fewer than half have an answer" if is_unreached else few
        return "", f"The data give no answer: {why}."
    if len(known) > 2:
        by_size = sorted(known, key=lambda row: row["n"] or 0)
        known = [row for row in {row["side"]: row for row in by_size}.values() if row["side"] in SIDES]
    pair = sorted(known, key=lambda row: row["value"])
    waits = [
        f"of {numbers.escape_markdown(titles[row['family_id']])}'s within {numbers.format_hours(row['value'])}"
        for row in pair
    ]
    counts = numbers.join_words([numbers.format_count(row["n"]) for row in pair])
    verdict = ", half ".join([waits[0].replace("'s within", "'s users hear back within"), *waits[1:]])
    return f"**Half {verdict}.**", f"They hear from a person; n{GAP}={GAP}{counts}; {where}."


def judge_sides(halves: Sequence[Row]) -> str:
    """Words as a verdict by when half hear back about each side, the shorter wait first."""
    waits = [(row["side"], row["value"]) for row in sorted(halves, key=lambda row: row["value"] or math.inf)]
    if waits[0][1] is None:
        return "**Fewer than half hear back within 30 days, about either side.**"
    said = [f"within {numbers.format_hours(hours)}" if hours is not None else "fewer than half" for _, hours in waits]
    return f"**Asked about {waits[0][0]} families, half hear back {said[0]}; about {waits[1][0]} ones, {said[1]}.**"


def measure_closures(rows: Sequence[Row]) -> dict[str, float]:
    """Measures by how much the share closed of each family exceeds the share helped."""
    closed, helped = (
        {row["family_id"]: row["value"] for row in select_measured(rows) if row["statistic"] == name}
        for name in ("closed", "helped")
    )
    return {family: closed[family] - helped[family] for family in closed if family in helped}


def count_unhelped(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Counts the families of which more threads are closed than helped: the widest of many gaps is often chance. Of one
    family it gives both shares."""
    shown = [row for row in select_shown(rows) if row["value"] is not None]
    if len({row["family_id"] for row in shown}) == 1:
        shares = [
            f"{numbers.format_share(row['value'])}{numbers.mark_suspect(row)} {row['statistic']}" for row in shown
        ]
        name = numbers.escape_markdown(titles[shown[0]["family_id"]])
        return f"{name}: {', '.join(shares)}"
    gaps = measure_closures(rows)
    if not gaps:
        return "Closed beside helped: no family has both"
    more = sum(gap > 0 for gap in gaps.values())
    return f"Closed more often than helped in {more} of {count_things(len(gaps), 'family', 'families')}"


def name_largest(rows: Sequence[Row]) -> str:
    """Names who answers first most often in most families, of those without a suspect or unknown part: `Other users
    answer first in 12 of 16 families`."""
    families: dict[str, list[Row]] = {}
    for row in rows:
        families.setdefault(row["family_id"], []).append(row)
    known = [own for own in families.values() if len(select_measured(own)) == len(own)]
    whole = [own for own in known if any(row["value"] for row in own)]
    if not whole:
        is_doubted = any(row["state"] == "suspect" for row in rows)
        nobody = "every family has a suspect part" if is_doubted else "no family has a number"
        return f"Who answers first: {nobody}"
    found = [max(own, key=lambda row: row["value"])["segment"] for own in whole]
    part = max(FIRST, key=found.count)
    where = f"in {found.count(part)} of {len(found)} families" if len(found) > 1 else "most often"
    return f"{FIRST[part][0].upper()}{FIRST[part][1:]} answer first {where}"


def describe_parts(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Describes every bar for readers who do not see the chart."""
    families: dict[str, list[str]] = {}
    for row in rows:
        said = f"{FIRST[row['segment']]} {numbers.format_share(row['value'])}{numbers.mark_suspect(row)}"
        families.setdefault(titles[row["family_id"]], []).append(said)
    return "Who answers first: " + "; ".join(f"{title}: {', '.join(said)}" for title, said in families.items())


def describe_penalty(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who demonstrably answers newcomers less often, or more often, than returning askers."""
    bounded = [row for row in select_measured(rows) if row["low"] is not None and row["high"] is not None]
    if not bounded:
        return "Newcomers: no family has enough of both groups"
    if len(bounded) == 1:
        return _describe_one_penalty(bounded[0], numbers.escape_markdown(titles[bounded[0]["family_id"]]))
    worse = [row for row in bounded if (row["high"] or 0) < 0]
    better = [row for row in bounded if (row["low"] or 0) > 0]
    findings = [
        f"{name} at {numbers.join_words([numbers.escape_markdown(titles[row['family_id']]) for row in families])}"
        for name, families in (("worse off", worse), ("better off", better))
        if families
    ]
    level = len(bounded) - len(worse) - len(better)
    if not findings:
        return f"Newcomers: no difference shown at any of {count_things(level, 'family', 'families')}"
    rest = f"; no difference shown at {level} other {pluralize(level, 'family', 'families')}" if level else ""
    return f"Newcomers are {numbers.join_words(findings)}{rest}"


def _describe_one_penalty(row: Row, title: str) -> str:
    """Words how many more or fewer newcomers in a hundred are answered at one family, with the interval."""
    value, low, high = (numbers.format_points(row[end]) for end in ("value", "low", "high"))
    many = "as many"
    if round(100 * row["value"]):
        many = f"{value.lstrip('+−')} {'more' if row['value'] > 0 else 'fewer'}"
    return f"{title}'s newcomers: {many} in 100 answered ({low} to {high})"


def explain_doubt(row: Row, groups: Sequence[Row]) -> str:
    """Says which askers would settle a difference, those of whom less is known; empty if it is shown."""
    if row["low"] > 0 or row["high"] < 0:
        return ""
    few = max(groups, key=lambda one: one["high"] - one["low"])
    asked = f"{numbers.format_count(few['n'])} questions are by {ASKERS[few['segment']]}"
    return f" Only {asked}: more of them would decide whether there is a difference."

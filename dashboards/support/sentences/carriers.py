"""Sentences about who carries a project: how few people, whether newcomers are worse off, and whether support fades
after a release."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.metric_row import Row
from dashboards.words import gaps, numbers
from dashboards.words.sentences import SIDES, select_measured, select_pair
from warehouse.wording import GAP, pluralize

COUNTED = "These are counts, not causes: nobody knows who would step in if they stopped."
OF_HUNDRED = "half_of_100"
KINDS = {"merged change": "change", "confirmed snippet": "code"}
"""Kinds of fix: a merged change, or code in the thread that is said to work."""


def answer_page(rows: Sequence[Row], titles: Mapping[str, str], where: str = "") -> str:
    """States how few people give half of the answers: for each side's family with most answers, of all and of a
    hundred, and the fewest of all families by a hundred; `where` is the place and window."""
    measured = [row for row in select_measured(rows) if row["side"] in SIDES]
    halves = [row for row in measured if row["statistic"] == "half"]
    most = select_pair(halves)
    if not most:
        return "The data give no answer: in this window no family has enough answers by people."
    origins = numbers.join_words(
        [f"about {numbers.escape_markdown(titles[row['family_id']])} from **{count_people(row)}**" for row in most]
    )
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in most])
    which = ", the most on each side" if len(halves) > 2 and len(most) > 1 else ""
    which += f"; {where}" if where else ""
    origins = origins.replace(" from **", " come from **", 1)
    text = f"Half of the answers {origins}; n{GAP}={GAP}{cases} answers{which}."
    text += _compare_hundreds([row for row in measured if row["statistic"] == OF_HUNDRED], most, titles)
    # A reader who chose families of one side does not ask about the other.
    lacks_other = len(most) < 2 and len({row["side"] for row in rows} & set(SIDES)) > 1
    missing = " The other side has no family with enough answers to compare." if lacks_other else ""
    return f"{text}{missing} {COUNTED}"


def judge_page(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict how few people give half of the answers; empty where nothing is known."""
    halves = [row for row in select_measured(rows) if row["side"] in SIDES and row["statistic"] == "half"]
    pair = select_pair(halves)
    people = [f"{count_people(row)} for {numbers.escape_markdown(titles[row['family_id']])}" for row in pair]
    return f"**Half of the answers come from** {numbers.join_words(people)}." if pair else ""


def _compare_hundreds(hundreds: Sequence[Row], most: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States the same of a hundred answers of each of these families, and which family has the fewest; empty where no
    family has a hundred."""
    if not hundreds:
        return ""
    by_family = {row["family_id"]: row for row in hundreds}
    parts = {
        numbers.escape_markdown(titles[row["family_id"]]): f"{count_people(row)}{_format_ends(row)}"
        for one in most
        if (row := by_family.get(one["family_id"]))
    }
    people = numbers.join_words([f"{count} at {name}" for name, count in parts.items()])
    text = f" Of a hundred answers of each, half come from {people}." if parts else ""
    if len(parts) == 1:
        ((name, count),) = parts.items()
        text = f" Of a hundred answers at {name}, half come from {count}."
    least = min(hundreds, key=lambda row: (row["value"], row["family_id"]))
    others = [row for row in hundreds if row["value"] != least["value"]]
    if least["family_id"] not in {row["family_id"] for row in most} and not gaps.select_level(least, others):
        level = _name_level(hundreds, least, titles)
        text += f" The fewest people give half of 100 answers at {level}: {count_people(least)}."
    return text


def _format_ends(row: Row) -> str:
    if row["low"] is None or row["high"] is None:
        return ""
    return f" ({numbers.format_count(row['low'])} to {numbers.format_count(row['high'])})"


def _name_level(rows: Sequence[Row], row: Row, titles: Mapping[str, str]) -> str:
    """Names the family of a row, and how many others have the same whole number."""
    others = sum(round(other["value"]) == round(row["value"]) for other in rows) - 1
    return numbers.escape_markdown(titles[row["family_id"]]) + (
        f" and {others} {pluralize(others, 'other')}" if others else ""
    )


def count_people(row: Row) -> str:
    """Counts people: `1 person`, `7 people`; a mean over draws is rounded."""
    people = round(row["value"])
    return f"{numbers.format_count(people)} {pluralize(people, 'person', 'people')}"


def describe_fewest(
    rows: Sequence[Row], titles: Mapping[str, str], answers: str = "100 answers drawn at random"
) -> str:
    """Words the title of the counts behind half of the `answers`: from the fewest to the most among the drawn rows."""
    ranked = sorted(select_measured(rows), key=lambda row: (row["value"], row["family_id"]))
    if not ranked:
        return f"How few people give half of {answers}: no family has a number"
    ends = [f"{count_people(row)} ({_name_level(ranked, row, titles)})" for row in (ranked[0], ranked[-1])]
    return f"Half of {answers} come from {ends[0]}" + (
        f" to {ends[1]}" if round(ranked[0]["value"]) < round(ranked[-1]["value"]) else ""
    )


def describe_penalty(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names who demonstrably answers newcomers less often, or more often, than returning askers."""
    bounded = [row for row in select_measured(rows) if row["low"] is not None and row["high"] is not None]
    if not bounded:
        return "Newcomers against people who asked before: no family has enough of both"
    worse, better = (
        [row for row in bounded if (row["high"] or 0) < 0],
        [row for row in bounded if (row["low"] or 0) > 0],
    )
    findings = [
        f"{name} at {_join_names(families, titles)}"
        for name, families in (("worse off", worse), ("better off", better))
        if families
    ]
    level = len(bounded) - len(worse) - len(better)
    if not findings:
        return f"Newcomers: no difference shown at any of {level} {pluralize(level, 'family', 'families')}"
    return f"Newcomers are {numbers.join_words(findings)}" + (
        f"; no difference shown at {level} other {pluralize(level, 'family', 'families')}" if level else ""
    )


def _join_names(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    return numbers.join_words([numbers.escape_markdown(titles[row["family_id"]]) for row in rows])


def describe_release(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States whether the first and the last span of weeks with numbers can be told apart, for the families drawn."""
    spans: dict[str, list[Row]] = {}
    for row in sorted(select_measured(rows), key=lambda row: row["segment"]):
        spans.setdefault(row["family_id"], []).append(row)
    pairs = [(span_rows[0], span_rows[-1]) for span_rows in spans.values() if len(span_rows) > 1]
    if not pairs:
        return "no family has enough questions in two spans of weeks"
    apart = [pair for pair in pairs if gaps.measure_gap(*pair, len(pairs)).is_shown]
    changes = [
        f"{numbers.escape_markdown(titles[first['family_id']])} "
        f"{'rises' if last['value'] > first['value'] else 'falls'} from {numbers.format_share(first['value'])} to "
        f"{numbers.format_share(last['value'])}"
        for first, last in apart
    ]
    if not changes:
        return (
            f"no difference shown over the weeks, for any of {len(pairs)} {pluralize(len(pairs), 'family', 'families')}"
        )
    rest = len(pairs) - len(apart)
    return numbers.join_words(changes) + (
        f"; no difference shown for {rest} other {pluralize(rest, 'family', 'families')}" if rest else ""
    )


def describe_ledger(rows: Sequence[Row]) -> str:
    """Words the title of the ledger from the number of rows listed."""
    if not rows:
        return "No fix by an outsider was seen for these filters"
    kinds = {"by merged changes": "merged change", "by code in the thread": "confirmed snippet"}
    counts = {kinds_counted: sum(row["fix_kind"] == kind for row in rows) for kinds_counted, kind in kinds.items()}
    own = sum(bool(row["is_own_fix"]) for row in rows)
    kinds_counted = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    text = f"The newest {len(rows)} fixes by strangers: {kinds_counted}"
    return f"{text}; {own} by the asker" if own else text


def describe_fix(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """Describes a fix as a table row."""
    return {
        "family": titles[row["family_id"]],
        "request": row["title"] or "no title kept",
        "request link": row["url"],
        "fix link": row["fix_url"],
        "fixed by": (
            f"{'the asker' if row['is_own_fix'] else 'a stranger'}'s {KINDS.get(row['fix_kind'], row['fix_kind'])}"
        ),
        "asked on": numbers.format_day(row["opened_at"]),
        "after": numbers.format_hours(row["fix_hours"]),
    }

"""What is said of who carries a project: how few people, whether newcomers are worse off, and whether support fades after a release."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.words import numbers
from dashboards.words.sentences import GAP, SIDES, select_measured

Row = Mapping[str, Any]
COUNTED = "It counts all answers that were collected, so it has no interval; where fewer people ask, fewer are needed to answer."
KINDS = {"merged change": "change", "confirmed snippet": "code"}
"""What mends: a change that is merged, or code in the thread that is said to work."""


def answer(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """How few people give half of the answers: of the family with most answers on each side, and fewest of all."""
    known = [row for row in select_measured(rows) if row["statistic"] == "half" and row["side"] in SIDES]
    most = [
        max(found, key=lambda row: row["n"])
        for side in SIDES
        if (found := [row for row in known if row["side"] == side])
    ]
    if not most:
        return "The data do not carry an answer: in this window no family has enough answers by people."
    said = numbers.join_words(
        [f"about {numbers.escape_markdown(titles[row['family_id']])} from **{people(row)}**" for row in most]
    )
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in most])
    where = ", the most on each side" if len(most) > 1 else ""
    said = said.replace(" from **", " come from **", 1)
    text = f"Half of the answers {said}, so half would go if they left; n{GAP}={GAP}{cases} answers{where}."
    least = min(known, key=lambda row: (row["value"], row["family_id"]))
    if least["value"] < min(row["value"] for row in most):
        text += (
            f" On fewest rests {_level(known, least, titles)}: {people(least)}, "
            f"n{GAP}={GAP}{numbers.format_count(least['n'])}."
        )
    missing = "" if len(most) > 1 else " The other side has no family with enough answers to compare."
    return f"{text}{missing} {COUNTED}"


def _level(rows: Sequence[Row], row: Row, titles: Mapping[str, str]) -> str:
    """The family of a row, and how many others have the same number."""
    others = sum(other["value"] == row["value"] for other in rows) - 1
    return numbers.escape_markdown(titles[row["family_id"]]) + (
        f" and {others} other{'s' if others > 1 else ''}" if others else ""
    )


def people(row: Row) -> str:
    """`1 person`, `7 people`."""
    return f"{numbers.format_count(row['value'])} {'person' if row['value'] == 1 else 'people'}"


def fewest(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The title of the counts of people: from how few to how many, by the rows that are drawn."""
    known = sorted(select_measured(rows), key=lambda row: (row["value"], row["family_id"]))
    if not known:
        return "How few people give half of the answers: no family has a number"
    ends = [f"{people(row)} ({_level(known, row, titles)})" for row in (known[0], known[-1])]
    return f"Half of the answers come from {ends[0]}" + (
        f" to {ends[1]}" if known[0]["value"] < known[-1]["value"] else ""
    )


def penalty(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Who is shown to answer newcomers less often, or more often, than those who asked before."""
    known = [row for row in select_measured(rows) if row["low"] is not None and row["high"] is not None]
    if not known:
        return "Newcomers against those who asked before: no family has enough of both"
    worse, better = [row for row in known if row["high"] < 0], [row for row in known if row["low"] > 0]
    said = [
        f"{name} at {_names(found, titles)}" for name, found in (("worse off", worse), ("better off", better)) if found
    ]
    level = len(known) - len(worse) - len(better)
    if not said:
        return f"Newcomers: no difference shown at any of {level} {_families(level)}"
    return f"Newcomers are {numbers.join_words(said)}" + (
        f"; no difference shown at {level} other {_families(level)}" if level else ""
    )


def _families(count: int) -> str:
    return "family" if count == 1 else "families"


def _names(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    return numbers.join_words([numbers.escape_markdown(titles[row["family_id"]]) for row in rows])


def release(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Whether the first and the last span of weeks that have numbers can be told apart, of the families drawn."""
    spans: dict[str, list[Row]] = {}
    for row in sorted(select_measured(rows), key=lambda row: row["segment"]):
        spans.setdefault(row["family_id"], []).append(row)
    pairs = [(found[0], found[-1]) for found in spans.values() if len(found) > 1]
    if not pairs:
        return "no family has enough questions in two spans of weeks"
    apart = [pair for pair in pairs if not numbers.intervals_overlap(*pair)]
    said = [
        f"{numbers.escape_markdown(titles[first['family_id']])} "
        f"{'rises' if last['value'] > first['value'] else 'falls'} from "
        f"{numbers.format_share(first['value'])} to {numbers.format_share(last['value'])}"
        for first, last in apart
    ]
    if not said:
        return f"no difference shown over the weeks, for any of {len(pairs)} {_families(len(pairs))}"
    rest = len(pairs) - len(apart)
    return numbers.join_words(said) + (f"; no difference shown for {rest} other {_families(rest)}" if rest else "")


def ledger(rows: Sequence[Row]) -> str:
    """The title of the ledger: what is listed, by counting it."""
    if not rows:
        return "No fix by somebody from outside was seen for these filters"
    kinds = {"by merged changes": "merged change", "by code in the thread": "confirmed snippet"}
    counts = {said: sum(row["fix_kind"] == kind for row in rows) for said, kind in kinds.items()}
    own = sum(bool(row["is_own_fix"]) for row in rows)
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    text = f"The newest {len(rows)} fixes by strangers: {said}"
    return f"{text}; {own} by the asker" if own else text


def fixed(row: Row, titles: Mapping[str, str]) -> dict[str, Any]:
    """A fix as the table has it."""
    return {
        "family": titles[row["family_id"]],
        "request": row["title"] or "no title kept",
        "request link": row["url"],
        "fix link": row["fix_url"],
        "fixed by": f"{'the asker' if row['is_own_fix'] else 'a stranger'}'s {KINDS.get(row['fix_kind'], row['fix_kind'])}",
        "asked on": f"{row['opened_at']:%d %b %Y}",
        "after": numbers.format_hours(row["fix_hours"]),
    }

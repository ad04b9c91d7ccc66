"""Sentences about who answers first, what other dashboards leave out, and whether closed threads were helped."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.metric_row import Row
from dashboards.words import gaps, numbers
from dashboards.words.sentences import select_measured
from warehouse.wording import GAP

FIRST = {
    "staff": "staff of the vendor",
    "maintainer": "maintainers",
    "outsider": "other users",
    "unknown": "deleted accounts",
    "agent": "AI agents",
    "fixed": "closed by a merged change",
    "asker_closed": "closed by the asker",
    "bot_closed": "closed by a bot",
    "closed": "closed by others",
    "closed_unknown": "closed, unknown by whom",
    "waiting": "still waiting",
}
"""Possible first events after a question, in the order in which charts stack them from the bottom up."""
SHORT = {"staff": "staff", "fixed": "merged change", "asker_closed": "closed by asker", "bot_closed": "closed by bot"}
"""Short names for narrow places."""
PEOPLE = ("staff", "maintainer", "outsider", "unknown")


def name_undecided(names: Sequence[str]) -> str:
    """Names families without a shown difference, `; no difference shown from Qwen and GPT`; empty where all can be told
    apart."""
    if not names:
        return ""
    return f"; no difference shown from {numbers.join_words(list(names)) if len(names) < 3 else f'{len(names)} others'}"


def name_first_comer(rows: Sequence[Row], title: str) -> str:
    """Names who most often answers first within a week, whether the next can be told apart, and how many still wait."""
    ranked = sorted(
        (row for row in select_measured(rows) if row["segment"] in (*PEOPLE, "agent")), key=lambda row: -row["value"]
    )
    if not ranked or not ranked[0]["value"]:
        return f"{numbers.escape_markdown(title)}: no known answer within 7 days"
    first = ranked[0]
    level_with = name_undecided([FIRST[row["segment"]] for row in gaps.select_level(first, ranked[1:])])
    waiting = next(
        (
            f"; {numbers.format_share(row['value'])} still wait"
            for row in select_measured(rows)
            if row["segment"] == "waiting"
        ),
        "",
    )
    return (
        f"{numbers.escape_markdown(title)}: {FIRST[first['segment']]} come first most often, "
        f"{numbers.format_value(first, 'share')}{level_with}{waiting}"
    )


def describe_left_out(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the family that leaving out the unanswered flatters most, with both numbers and how many are left out."""
    by_key = {(row["family_id"], row["statistic"]): row for row in select_measured(rows)}
    both = [
        (by_key[family, "theirs"], by_key[family, "ours"])
        for family, name in by_key
        if name == "theirs" and (family, "ours") in by_key
    ]
    if not both:
        return "What leaving out the unanswered would show"
    theirs, ours = max(both, key=lambda pair: pair[1]["value"] - pair[0]["value"])
    seeming, true = (numbers.format_hours(row["value"]) for row in (theirs, ours))
    if seeming == true:
        return "Leaving out the unanswered changes little here"
    waiting = f"{numbers.format_count(theirs['n_censored'])} of {numbers.format_count(ours['n'])}"
    return (
        f"Without the {waiting} who still wait, {numbers.escape_markdown(titles[theirs['family_id']])}'s median wait "
        f"would look like {seeming} instead of {true}"
    )


def count_dropped(rows: Sequence[Row]) -> dict[str, tuple[str, str]]:
    """Counts, by family, the askers that the other way of counting leaves out, in a long and a short form."""
    asked = {row["family_id"]: row["n"] for row in rows if row["statistic"] == "ours" and row["n"]}
    out = {
        row["family_id"]: row["n_censored"]
        for row in rows
        if row["statistic"] == "theirs" and row["n_censored"] is not None
    }
    return {
        family: (
            f"{numbers.format_count(out[family])} of {numbers.format_count(count)} left out",
            f"{numbers.format_count(out[family])}{GAP}/{GAP}{numbers.format_count(count)}",
        )
        for family, count in asked.items()
        if family in out
    }


def stack_parts(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Makes the parts of the stack from the bottom up; events that never happened take no space."""
    by_segment = {row["segment"]: row for row in select_measured(rows)}
    return [
        {
            "segment": name,
            "name": SHORT.get(name, cause),
            "value": row["value"],
            "said": numbers.format_value(row, "share"),
            "short": numbers.format_share(row["value"]),
            "is_person": name in PEOPLE,
        }
        for name, cause in FIRST.items()
        if (row := by_segment.get(name)) and (row["value"] or name == "waiting")
    ]

"""Sentences that answer a page's question: made from the rows, with intervals, and never claiming more than the rows
support."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import cast

from dashboards.metric_row import MeasuredRow, MetricRow, Row
from dashboards.words import gaps, numbers
from warehouse.wording import count_things

SIDES = ("open", "proprietary")
MOST_NAMED = 3
MOST_WORDS = 10
"""Words of a title; of more, the end would not be read."""


def join_answer(verdict: str, evidence: str) -> str:
    """Joins an answer in two steps: the verdict, then what it rests on, in which nothing is bold."""
    plain = evidence.replace("**", "")
    return f"{verdict}\n\n{plain}" if verdict and plain else verdict or plain


def select_measured(rows: Sequence[Row]) -> list[MeasuredRow]:
    """Selects the rows that have a number."""
    measured = [row for row in rows if row["state"] == "measured" and row["value"] is not None]
    return cast("list[MeasuredRow]", measured)


def name_leader(
    rows: Sequence[Row], unit: str, titles: Mapping[str, str], best: str, *, is_least_first: bool = False
) -> str:
    """Words a chart's finding: who ranks first, and whether the next can be distinguished. `best` is like `Shortest
    wait`."""
    ranked = sorted(select_measured(rows), key=lambda row: row["value"] * (1 if is_least_first else -1))
    if not ranked:
        is_ranged = any(row["state"] == "measured" for row in rows)
        nobody = "every number is suspect" if select_shown(rows) else "no family has a number"
        return f"{best}: only ranges can be given, no single value" if is_ranged else f"{best}: {nobody}"
    first, form = ranked[0], numbers.FORMATS[unit]
    value = numbers.escape_dollars(form(first["value"]))
    if not is_least_first and not first["value"]:
        return f"{best}: {value} wherever there is a number"
    if first["low"] == first["high"]:
        # Full counts have no interval, and those that read the same tie.
        tied = [row for row in ranked if form(row["value"]) == form(first["value"])]
        return f"{best}: {name_few(tied, titles)}, {value}"
    name = numbers.escape_markdown(titles[first["family_id"]])
    if len(rows) > len(select_shown(rows)) == 1:
        return f"{best}: only {name} known, {value}"
    rivals = [row for row in rows if row is not first and row["state"] == "measured"]
    if level := gaps.select_level(first, rivals):
        return share_first(best, [first, *level], titles)
    return f"{best}: {name}, {value}"


def fit_title(words: str, shorter: str) -> str:
    return words if len(words.split()) <= MOST_WORDS else shorter


def share_first(best: str, rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a title who share the first place: by name if there is room for it."""
    form = f"{best}: {{}} share first place"
    return fit_title(form.format(name_few(rows, titles)), form.format(f"{len(rows)} families"))


def name_few(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names a few families, or gives their number if there are more."""
    families = list(dict.fromkeys(row["family_id"] for row in rows))
    if len(families) > MOST_NAMED:
        return f"{len(families)} families"
    return numbers.join_words([numbers.escape_markdown(titles[family]) for family in families])


def describe_points(
    rows: Sequence[Row], unit: str, titles: Mapping[str, str], thing: str, order: Sequence[str] = ()
) -> str:
    """Describes every family with its value or its state, for readers who do not see the chart: one statistic after the
    other, in their order, each by its name."""
    statistics = [name for name in order if any(row["statistic"] == name for row in rows)] or [""]
    stated = []
    for statistic in statistics:
        own = [row for row in rows if statistic in ("", row["statistic"])]
        said = [f"{titles[row['family_id']]} {numbers.format_value(row, unit)}" for row in select_shown(own)]
        absent: dict[str, list[str]] = {}
        for row in own:
            if row["state"] not in numbers.NUMBERED:
                absent.setdefault(row["state"], []).append(titles[row["family_id"]])
        said += [f"{state}: {numbers.join_words(names)}" for state, names in absent.items()]
        stated.append(f"{thing} {numbers.describe_statistic(statistic)}".strip() + f": {'; '.join(said)}")
    return f"Points with intervals, {'. '.join(stated)}"


def describe_strip(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States how many incidents are drawn and who posted most."""
    if not rows:
        return "No incident was posted in this window"
    (most, own), *others = Counter(sorted(row["family_id"] for row in rows)).most_common()
    posted = f"{count_things(len(rows), 'incident')} posted{f', {numbers.format_count(own)}' if others else ''}"
    return f"{posted} by {numbers.escape_markdown(titles[most])}"


def select_shown(rows: Sequence[Row]) -> list[Row]:
    """Selects the rows that a chart can show: those with a number or a range."""
    return [row for row in rows if row["state"] in numbers.NUMBERED]


def name_suspect(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names a few of the families with a suspect figure, with a link to the warnings; empty if there are none."""
    families = dict.fromkeys(row["family_id"] for row in rows if row.get("state") == "suspect")
    names = numbers.join_few([numbers.escape_markdown(titles[family]) for family in families])
    mark, _ = numbers.STATES["suspect"]
    return f"**{mark} Suspect, so in no rank:** {names}. [See the warnings](data#warnings)" if names else ""


def describe_worst(rows: Sequence[Row]) -> tuple[str, float]:
    """Describes the worst state or verdict and the lowest coverage of rows, and returns the latter; empty and 1 if all
    are measured and none has a coverage."""
    states = {row.get(name) for row in rows for name in ("state", "coverage_state", "verdict")}
    # Without a channel a figure has no coverage, but it still has a state.
    shares = [row["coverage_share"] for row in rows if row.get("coverage_share") is not None]
    worst = next((state for state in numbers.WORST if state in states), "")
    lowest = f"coverage {numbers.format_least(min(shares))}" if shares else ""
    words = ", ".join(filter(None, (worst, lowest)))
    return f"worst here: {words}" if words else "", min(shares, default=1.0)


def list_shown(groups: Sequence[Sequence[Row]]) -> set[str]:
    """Lists the families of which any of several charts shows a number or a range."""
    return {row["family_id"] for rows in groups for row in select_shown(rows)}


def name_absent(groups: Sequence[Sequence[Row]], titles: Mapping[str, str], lacking: Sequence[str] = ()) -> str:
    """Names in one line a few of the families that none of some charts shows, and of what is `lacking`; empty if there
    are none."""
    shown = list_shown(groups)
    absent = dict.fromkeys(row["family_id"] for rows in groups for row in rows if row["family_id"] not in shown)
    families = [numbers.escape_markdown(titles[family]) for family in absent]
    named = "; ".join(numbers.join_few(names) for names in (lacking, families) if names)
    return f"**No number here:** {named}." if named else ""


def explain_absences(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names families without a number by state: a few with the reason of each, of many with that of the one with most
    cases."""
    states: dict[str, list[Row]] = {}
    # Of several statistics the last says most.
    for row in {row["family_id"]: row for row in rows}.values():
        states.setdefault(row["state"], []).append(row)
    lines = []
    for state, own in states.items():
        mark, meaning = numbers.STATES.get(state, ("", ""))
        names = [numbers.escape_markdown(titles[row["family_id"]]) for row in own]
        reasons = {
            name: numbers.escape_markdown(row["note"] or "") or meaning for name, row in zip(names, own, strict=True)
        }
        if len({*reasons.values()}) == 1:
            said = reasons[names[0]]
        else:
            most = names[own.index(max(own, key=lambda row: row["n"] or 0))]
            said = " ".join(f"{name}: {reasons[name]}" for name in (names if len(names) <= MOST_NAMED else [most]))
        lines.append(f"{mark} {numbers.join_few(names)}: {state}. {said[:1].upper()}{said[1:]}")
    return "  \n".join(lines)


def as_range(rows: Sequence[MetricRow], least: str, middle: str, most: str) -> list[MetricRow]:
    """Makes one row per family from its middle statistic, with the other two as the ends of its range."""
    values = {(row["family_id"], row["statistic"]): row for row in rows}
    ranges: list[MetricRow] = []
    for row in rows:
        if row["statistic"] != middle:
            continue
        ends = [values.get((row["family_id"], name), row) for name in (least, most)]
        bounds = [
            value for end in [row, *ends] for value in (end["value"], end["low"], end["high"]) if value is not None
        ]
        is_range = row["state"] in numbers.NUMBERED and len(bounds) > 1
        ranges.append({**row, "low": min(bounds) if is_range else None, "high": max(bounds) if is_range else None})
    return ranges

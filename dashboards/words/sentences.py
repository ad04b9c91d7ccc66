"""Sentences that answer a page's question: made from the rows, with intervals, and never claiming more than the rows
support."""

from collections.abc import Mapping, Sequence
from typing import cast

from dashboards.metric_row import MeasuredRow, MetricRow, Row
from dashboards.words import numbers

GAP = numbers.GAP
SIDES = {"open": "open", "proprietary": "proprietary"}


def select_measured(rows: Sequence[Row]) -> list[MeasuredRow]:
    """Selects the rows that have a number."""
    measured = [row for row in rows if row["state"] == "measured" and row["value"] is not None]
    return cast("list[MeasuredRow]", measured)


def compare_sides(rows: Sequence[Row]) -> str:
    """States both sides' ranges of the share answered within a day, and whether they can be told apart."""
    rows_by_side = {side: [row for row in select_measured(rows) if row["side"] == side] for side in SIDES}
    if not any(rows_by_side.values()):
        return "The data give no answer yet: no family has enough questions in this window."
    missing = [side for side in SIDES if not rows_by_side[side]]
    ranges = [
        f"{_describe_range(rows_by_side[side])} of questions about {_count_families(rows_by_side[side], side)}"
        for side in SIDES
        if rows_by_side[side]
    ]
    text = f"Within a day a person answers {' and '.join(ranges)}."
    if missing:
        return f"{text} Of the {missing[0]} side no family has enough questions here, so the sides cannot be compared."
    return (
        f"{text} {_judge_sides(rows_by_side['open'], rows_by_side['proprietary'])} "
        f"{_describe_cases(select_measured(rows))}"
    )


def _describe_range(rows: Sequence[Row]) -> str:
    low, high = min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])
    if low is high:
        return f"**{numbers.format_value(low, 'share')}**"
    return f"**{numbers.format_interval(low['value'], high['value'], 'share')}**"


def _count_families(rows: Sequence[Row], side: str) -> str:
    return f"{len(rows)} {SIDES[side]} {numbers.pluralize(len(rows), 'family', 'families')}"


def _judge_sides(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """Calls the sides different only when every interval of one lies beyond every interval of the other."""
    for ahead, behind, name in ((ours, theirs, "open"), (theirs, ours, "proprietary")):
        worst, best = min(ahead, key=lambda row: _low_end(row)), max(behind, key=lambda row: _high_end(row))
        if _low_end(worst) > _high_end(best):
            return (
                f"**The {name} families are ahead**: even the lowest of their intervals lies above the highest of the "
                "others'."
            )
    return "The ranges of both sides overlap: **no difference between the sides is shown**."


def _low_end(row: Row) -> float:
    return float(row["low"] if row["low"] is not None else row["value"])


def _high_end(row: Row) -> float:
    return float(row["high"] if row["high"] is not None else row["value"])


def _describe_cases(rows: Sequence[Row]) -> str:
    counts = [row["n"] for row in rows]
    return (
        f"n{GAP}={GAP}{numbers.format_count(min(counts))} to {numbers.format_count(max(counts))} questions a family."
        if len(counts) > 1
        else f"n{GAP}={GAP}{numbers.format_count(counts[0])} questions."
    )


def name_leader(
    rows: Sequence[Row], unit: str, titles: Mapping[str, str], best: str, *, is_least_first: bool = False
) -> str:
    """Words a chart's finding: who ranks first, and whether the next can be told apart. `best` is like `Shortest
    wait`."""
    ranked = sorted(select_measured(rows), key=lambda row: row["value"] * (1 if is_least_first else -1))
    if not ranked:
        is_ranged = any(row["state"] == "measured" for row in rows)
        return f"{best}: only ranges can be given, no single value" if is_ranged else f"{best}: no family has a number"
    first = ranked[0]
    leader = f"{best}: {numbers.escape_markdown(titles[first['family_id']])}, {numbers.FORMATS[unit](first['value'])}"
    others = [row for row in rows if row is not first and row["state"] == "measured"]
    level = [
        row
        for row in others
        if first["low"] is not None and first["low"] != first["high"] and numbers.intervals_overlap(first, row)
    ]
    return f"{leader}; no difference shown to {_name_others(level, titles)}" if level else leader


def _name_others(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    if len(rows) > 2:
        return f"{len(rows)} others"
    return numbers.join_words([numbers.escape_markdown(titles[row["family_id"]]) for row in rows])


def describe_points(rows: Sequence[Row], unit: str, titles: Mapping[str, str], thing: str) -> str:
    """Describes every family with its value or its state, for readers who do not see the chart."""
    values = [f"{titles[row['family_id']]} {numbers.format_value(row, unit)}" for row in rows]
    return f"Points with intervals, {thing}: " + "; ".join(values)


def describe_waits(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States the median wait of each side's family with most questions, and whether the two can be told apart."""
    bounded = [row for row in select_measured(rows) if row["low"] is not None]
    largest = [
        max(of_side, key=lambda row: row["n"] or 0)
        for side in SIDES
        if (of_side := [row for row in bounded if row["side"] == side])
    ]
    if not largest:
        return (
            "The data give no answer: in this window no family has enough questions, or fewer than half of "
            "them were answered."
        )
    waits_by_family = [
        f"half of those who ask about {numbers.escape_markdown(titles[row['family_id']])} hear from a person within "
        f"**{numbers.format_value(row, 'hours')}**"
        for row in largest
    ]
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in largest])
    text = f"{'; '.join(waits_by_family)}; n{GAP}={GAP}{cases}."
    text = text[0].upper() + text[1:]
    if len(largest) < 2:
        # A reader who chose families of one side does not ask about the other.
        has_other = len({row["side"] for row in rows} & set(SIDES)) > 1
        return f"{text} The other side has no family with enough questions to compare." if has_other else text
    return (
        f"{text} {describe_difference(largest[0], largest[1])} These are the families with most questions on each side."
    )


def describe_difference(first: Row, second: Row) -> str:
    """States whether two intervals can be told apart."""
    return (
        "The intervals overlap: **no difference shown**."
        if numbers.intervals_overlap(first, second)
        else "The intervals do not overlap."
    )


def describe_halves(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States the range of median waits: `half are answered within 9.0 h (Qwen) to 26 h (Llama)`."""
    ranked = sorted(select_measured(rows), key=lambda row: row["value"])
    if not ranked:
        return "no family has enough questions here" if not rows else "fewer than half are answered"
    ends = [
        f"{numbers.format_hours(row['value'])} ({numbers.escape_markdown(titles[row['family_id']])})"
        for row in (ranked[0], ranked[-1])
    ]
    return f"half are answered within {ends[0]}" + (f" to {ends[1]}" if len(ranked) > 1 else "")


def describe_incidents(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the two pages with most incidents, and counts the families without one to read."""
    ranked = sorted(select_measured(rows), key=lambda row: -row["value"])
    silent = len({row["family_id"] for row in rows}) - len({row["family_id"] for row in ranked})
    rest = (
        f" For {silent} families there is no service to observe, or no page was read, which is not the same as no "
        "incidents."
        if silent
        else ""
    )
    if not ranked:
        return f"The data give no answer: no status page was observed for long enough in this window.{rest}"
    rates = numbers.join_words(
        [
            f"{numbers.escape_markdown(titles[row['family_id']])}'s page reports "
            f"**{numbers.format_value(row, 'rate')}**"
            for row in ranked[:2]
        ]
    )
    verdict = f" {describe_difference(ranked[0], ranked[1])}" if len(ranked) > 1 else ""
    cases = numbers.join_words([numbers.format_count(row["n"]) for row in ranked[:2]])
    return (
        f"Per 30 days {rates} incidents{', the most of all' if len(ranked) > 2 else ''}; "
        f"n{GAP}={GAP}{cases}.{verdict}{rest}"
    )


def describe_strip(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """States how many incidents are drawn and whose page posted most."""
    if not rows:
        return "No incident was posted in this window"
    families = [row["family_id"] for row in rows]
    most = max(sorted(set(families)), key=families.count)
    return (
        f"{numbers.format_count(len(rows))} incidents posted, {numbers.format_count(families.count(most))} of them on "
        f"{numbers.escape_markdown(titles[most])}'s page"
    )


def describe_absences(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Describes families without a number by state and reason, each reason once."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["state"] != "measured":
            groups.setdefault((row["state"], row["note"] or ""), []).append(
                numbers.escape_markdown(titles[row["family_id"]])
            )
    lines = []
    for (state, note), names in groups.items():
        mark, meaning = numbers.STATES.get(state, ("", ""))
        lines.append(f"{mark} {numbers.join_words(names)}: {state}. {numbers.escape_markdown(note) or meaning}")
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
        is_range = row["state"] == "measured" and len(bounds) > 1
        ranges.append({**row, "low": min(bounds) if is_range else None, "high": max(bounds) if is_range else None})
    return ranges


def describe_downloads(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the most downloaded families; a source's own count has no interval, and closed weights have no
    downloads."""
    ranked = sorted(select_measured(rows), key=lambda row: -row["value"])
    if not ranked:
        return "The data give no answer: no counters of the hub were collected for these families."
    counts = numbers.join_words(
        [
            f"{numbers.escape_markdown(titles[row['family_id']])} **{numbers.format_count(row['value'])}** times"
            for row in ranked[:2]
        ]
    )
    closed = [row for row in rows if row["state"] == "not applicable"]
    rest = (
        f" {len(closed)} families publish no weights, so there is nothing to download: that is not zero use."
        if closed
        else ""
    )
    return (
        f"In the last 30 days people and machines downloaded models of {counts}. The hub counts requests, not people, "
        f"so this shows how much is downloaded, not how many people use it.{rest}"
    )

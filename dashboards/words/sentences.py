"""The sentences that answer a page's question: made from the rows, with their intervals, and never more than the rows carry."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.words import numbers

Row = Mapping[str, Any]
GAP = numbers.GAP
LESS_IS_BETTER = ("hours", "rate")
SIDES = {"open": "open", "proprietary": "proprietary"}


def measured(rows: Sequence[Row]) -> list[Row]:
    """Rows that have a number."""
    return [row for row in rows if row["state"] == "measured" and row["value"] is not None]


def sides(rows: Sequence[Row]) -> str:
    """Both sides' ranges of the share answered within a day, and whether they can be told apart."""
    found = {side: [row for row in measured(rows) if row["side"] == side] for side in SIDES}
    if not any(found.values()):
        return "The data do not carry an answer yet: no family has enough questions in this window."
    missing = [side for side in SIDES if not found[side]]
    said = [f"{_range(found[side])} of questions about {_families(found[side], side)}" for side in SIDES if found[side]]
    text = f"Within a day a person answers {' and '.join(said)}."
    if missing:
        return f"{text} Of the {missing[0]} side no family has enough questions here, so the sides cannot be compared."
    return f"{text} {_verdict(found['open'], found['proprietary'])} {_cases(measured(rows))}"


def _range(rows: Sequence[Row]) -> str:
    low, high = min(rows, key=lambda row: row["value"]), max(rows, key=lambda row: row["value"])
    if low is high:
        return f"**{numbers.say(low, 'share')}**"
    return f"**{numbers.between(low['value'], high['value'], 'share')}**"


def _families(rows: Sequence[Row], side: str) -> str:
    return f"{len(rows)} {SIDES[side]} {'family' if len(rows) == 1 else 'families'}"


def _verdict(ours: Sequence[Row], theirs: Sequence[Row]) -> str:
    """Apart only when every interval of one side lies beyond every interval of the other."""
    for ahead, behind, name in ((ours, theirs, "open"), (theirs, ours, "proprietary")):
        worst, best = min(ahead, key=lambda row: _low(row)), max(behind, key=lambda row: _high(row))
        if _low(worst) > _high(best):
            return f"**The {name} families are ahead**: even the lowest of their intervals lies above the highest of the others'."
    return "The families of both sides lie among each other: **no difference between the sides is shown**."


def _low(row: Row) -> float:
    return float(row["low"] if row["low"] is not None else row["value"])


def _high(row: Row) -> float:
    return float(row["high"] if row["high"] is not None else row["value"])


def _cases(rows: Sequence[Row]) -> str:
    counts = [row["n"] for row in rows]
    return (
        f"n{GAP}={GAP}{numbers.count(min(counts))} to {numbers.count(max(counts))} questions a family."
        if len(counts) > 1
        else f"n{GAP}={GAP}{numbers.count(counts[0])} questions."
    )


def leaders(rows: Sequence[Row], unit: str, titles: Mapping[str, str], best: str) -> str:
    """A chart's finding as its title: who stands first, and whether that can be told from the next. `best` is like `Shortest wait`."""
    known = sorted(measured(rows), key=lambda row: row["value"] * (1 if unit in LESS_IS_BETTER else -1))
    if not known:
        is_ranged = any(row["state"] == "measured" for row in rows)
        return f"{best}: only ranges can be given, no single value" if is_ranged else f"{best}: no family has a number"
    first = known[0]
    found = f"{best}: {numbers.plain(titles[first['family_id']])}, {numbers.FORMATS[unit](first['value'])}"
    others = [row for row in rows if row is not first and row["state"] == "measured"]
    level = [
        row
        for row in others
        if first["low"] is not None and first["low"] != first["high"] and numbers.overlap(first, row)
    ]
    return f"{found}; no difference shown to {_others(level, titles)}" if level else found


def _others(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    if len(rows) > 2:
        return f"{len(rows)} others"
    return numbers.listed([numbers.plain(titles[row["family_id"]]) for row in rows])


def alt(rows: Sequence[Row], unit: str, titles: Mapping[str, str], thing: str) -> str:
    """The chart for those who do not see it: every family with its value or its state."""
    said = [f"{titles[row['family_id']]} {numbers.say(row, unit)}" for row in rows]
    return f"Points with intervals, {thing}: " + "; ".join(said)


def waits(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The median wait of the family with most questions on each side, and whether the two can be told apart."""
    known = [row for row in measured(rows) if row["low"] is not None]
    first = [
        max(found, key=lambda row: row["n"] or 0)
        for side in SIDES
        if (found := [row for row in known if row["side"] == side])
    ]
    if not first:
        return "The data do not carry an answer: in this window no family has enough questions, or fewer than half of them were answered."
    said = [
        f"half of those who ask about {numbers.plain(titles[row['family_id']])} hear from a person within "
        f"**{numbers.say(row, 'hours')}**"
        for row in first
    ]
    cases = numbers.listed([numbers.count(row["n"]) for row in first])
    text = f"{'; '.join(said)}; n{GAP}={GAP}{cases}."
    text = text[0].upper() + text[1:]
    if len(first) < 2:
        # Who chose families of one side does not ask about the other.
        has_other = len({row["side"] for row in rows} & set(SIDES)) > 1
        return f"{text} The other side has no family with enough questions to compare." if has_other else text
    return f"{text} {difference(first[0], first[1])} These are the families with most questions on each side."


def difference(one: Row, other: Row) -> str:
    """Whether two intervals can be told apart, in words."""
    return (
        "The intervals overlap: **no difference shown**."
        if numbers.overlap(one, other)
        else "The intervals do not overlap."
    )


def halves(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """`half are answered within 9.0 h (Qwen) to 26 h (Llama)`."""
    known = sorted(measured(rows), key=lambda row: row["value"])
    if not known:
        return "no family has enough questions here" if not rows else "fewer than half are answered"
    said = [
        f"{numbers.duration(row['value'])} ({numbers.plain(titles[row['family_id']])})" for row in (known[0], known[-1])
    ]
    return f"half are answered within {said[0]}" + (f" to {said[1]}" if len(known) > 1 else "")


def incidents(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The two pages with most incidents, and how many families have none to read."""
    known = sorted(measured(rows), key=lambda row: -row["value"])
    silent = len({row["family_id"] for row in rows}) - len({row["family_id"] for row in known})
    rest = (
        f" For {silent} families there is no service to watch or no page that was read, which is not the same as no "
        "incidents."
        if silent
        else ""
    )
    if not known:
        return f"The data do not carry an answer: no status page was observed for long enough in this window.{rest}"
    said = numbers.listed(
        [
            f"{numbers.plain(titles[row['family_id']])}'s page reports **{numbers.say(row, 'rate')}**"
            for row in known[:2]
        ]
    )
    verdict = f" {difference(known[0], known[1])}" if len(known) > 1 else ""
    cases = numbers.listed([numbers.count(row["n"]) for row in known[:2]])
    return f"Per 30 days {said} incidents{', the most of all' if len(known) > 2 else ''}; n{GAP}={GAP}{cases}.{verdict}{rest}"


def strip(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """How many incidents there are and whose page posted most; a count of what is drawn."""
    if not rows:
        return "No incident was posted in this window"
    families = [row["family_id"] for row in rows]
    most = max(sorted(set(families)), key=families.count)
    return f"{numbers.count(len(rows))} incidents posted, {numbers.count(families.count(most))} of them on {numbers.plain(titles[most])}'s page"


def absences(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Families without a number, by state and reason, each reason once."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["state"] != "measured":
            groups.setdefault((row["state"], row["note"] or ""), []).append(numbers.plain(titles[row["family_id"]]))
    said = []
    for (state, note), names in groups.items():
        mark, meaning = numbers.STATES.get(state, ("", ""))
        said.append(f"{mark} {numbers.listed(names)}: {state}. {numbers.plain(note) or meaning}")
    return "  \n".join(said)


def as_range(rows: Sequence[Row], least: str, middle: str, most: str) -> list[dict[str, Any]]:
    """One row a family: its middle statistic, with the other two as the ends of its range."""
    values = {(row["family_id"], row["statistic"]): row for row in rows}
    found = []
    for row in rows:
        if row["statistic"] != middle:
            continue
        ends = [values.get((row["family_id"], name), row) for name in (least, most)]
        known = [
            value for end in [row, *ends] for value in (end["value"], end["low"], end["high"]) if value is not None
        ]
        is_range = row["state"] == "measured" and len(known) > 1
        found.append({**row, "low": min(known) if is_range else None, "high": max(known) if is_range else None})
    return found


def downloads(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The most downloaded families; a count of the source has no interval, and closed weights have no downloads."""
    known = sorted(measured(rows), key=lambda row: -row["value"])
    if not known:
        return "The data do not carry an answer: no counters of the hub were collected for these families."
    said = numbers.listed(
        [f"{numbers.plain(titles[row['family_id']])} **{numbers.count(row['value'])}** times" for row in known[:2]]
    )
    closed = [row for row in rows if row["state"] == "not applicable"]
    rest = (
        f" {len(closed)} families give out no weights, so there is nothing to download: that is not zero use."
        if closed
        else ""
    )
    return (
        f"In the last 30 days people and machines downloaded models of {said}. The hub counts requests, not people, so "
        "this "
        f"says how much is fetched, not how many use it.{rest}"
    )

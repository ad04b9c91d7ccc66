"""The text beside every figure: its definition, and the line below it."""

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import GAP, count_things

FACTS = "offers"
"""The kind of channel of facts read by hand, which have dates of their own."""


def explain_metric(page: View, metric: str) -> str:
    """Returns what a metric asks and what to keep in mind, in two plain sentences and a link, for the info mark."""
    if not metric:
        return "Not a measure in itself: it is computed from the rows behind this figure, as described there."
    definition = snapshot_reader.load_definition(page.snapshot, metric)
    if not definition:
        return "This snapshot does not include its definition."
    # A sentence with names in backticks is written for those who build on the tables.
    caveats = [text for text in re.split(r"(?<=\.)\s+", str(definition.get("caveats") or "")) if "`" not in text]
    plain = [str(definition.get("question") or ""), *caveats[:1]]
    lines = [numbers.escape_markdown(line) for line in plain if line and line != "none"]
    return f"{' '.join(lines)} [How it is measured](data?{urlencode({'metric': metric})})"


def compose_footer(page: View, rows: Sequence[Row], source: str) -> str:
    """Composes one line: source, as-of time with its age, n, coverage, and whether the figure may still change."""
    parts = [f"Source: {source}"]
    dated = [row for row in rows if row.get("as_of_at")]
    instants = [row["as_of_at"] for row in dated if row.get("channel_kind") != FACTS]
    facts = [row["as_of_at"].date() for row in dated if row.get("channel_kind") == FACTS]
    days = [row["day_on"] for row in rows if row.get("day_on")]
    if days and not dated:
        parts.append(f"until {numbers.format_day(max(days))}")
    # Only the oldest as-of time holds for all rows.
    if instants:
        oldest = "" if min(instants) == max(instants) else "oldest data "
        parts.append(f"{oldest}as of {numbers.format_with_age(min(instants), page.now)}")
    if facts:
        read = dict.fromkeys(numbers.format_day(day) for day in (min(facts), max(facts)))
        parts.append(f"facts read {' to '.join(read)}")
    # Without a number, or without a rank in a list of ranks, a row has no mark.
    numbered = [row for row in rows if row.get("state", "measured") in numbers.NUMBERED]
    drawn = [row for row in numbered if row.get("rank", 0) is not None]
    counts = [row["n"] for row in drawn if row.get("n")]
    if not any("n" in row for row in rows):
        parts.append(f"n{GAP}={GAP}{count_things(len(rows), 'row')}")
    elif counts:
        ends = dict.fromkeys(numbers.format_count(count) for count in (min(counts), max(counts)))
        parts.append(f"n{GAP}={GAP}{' to '.join(ends)}")
    covers = sorted(row["coverage_share"] for row in drawn if row.get("coverage_share") is not None)
    if covers:
        parts.append(_describe_coverage(covers[0], covers[-1]))
    if any(row.get("window") == "30d" and "method_version" in row for row in rows):
        parts.append("provisional: the last 30 days may still change")
    return " · ".join(parts)


def _describe_coverage(least: float, most: float) -> str:
    """Formats the range of coverage; of one between almost all and all, only the least is stated."""
    first, last = numbers.format_share(least), numbers.format_share(most)
    if first == last:
        return f"coverage {first}"
    if least < numbers.ALMOST_ALL:
        return f"coverage {first} to {last}"
    return f"coverage at least {numbers.format_least(least)}"

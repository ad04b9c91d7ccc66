"""Sentences about reliability: how much of the time services work by their own posts, and how much they disclose."""

from collections.abc import Mapping, Sequence

from dashboards.metric_row import MetricRow, Row
from dashboards.words import gaps, numbers, sentences
from warehouse.wording import GAP, count_things

SILENT = ("not observable", "not collected", "not applicable")
"""States of families without a status page that is read."""


def answer_page(uptimes: Sequence[Row], shares: Sequence[Row], titles: Mapping[str, str], where: str = "") -> str:
    """States how much trouble pages posted and how much they disclose: neither can be read without the other.
    `where` is the place and window."""
    measured_rows = [row for row in uptimes if row["state"] == "measured"]
    rest = _describe_unread(uptimes)
    if not uptimes:
        return "The data give no answer: no uptime was published for these families."
    if _are_weights(uptimes):
        return "To see what a host posts, choose it."
    if _is_one_unread(uptimes):
        why = numbers.escape_markdown(uptimes[0]["note"] or "")
        return f"{why} That is not the same as no incidents.".strip()
    if not measured_rows:
        return f"The data give no answer.{rest}"
    return f"{_describe_cases(measured_rows, where)} {_describe_disclosure(shares, titles)}{rest}"


def judge_page(uptimes: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Words as a verdict how far the posted uptimes lie apart; empty if none was observed, but for weights alone, of
    which there can be none."""
    if _are_weights(uptimes):
        return "**Open weights run on other people's machines**: no one page says whether they work."
    if _is_one_unread(uptimes):
        return f"**No outage history of {numbers.escape_markdown(titles[uptimes[0]['family_id']])} can be read.**"
    measured = [row for row in uptimes if row["state"] == "measured"]
    sure = sorted((row for row in measured if row["value"] is not None), key=lambda row: row["value"])
    if not sure:
        return "**These pages post too little to work out their uptime.**" if measured else ""
    if len(sure) == 1:
        name = numbers.escape_markdown(titles[sure[0]["family_id"]])
        return f"**{name} posted {numbers.format_uptime(sure[0]['value'])} uptime**; nobody outside can check that."
    low, high = (numbers.format_uptime(row["value"]) for row in (sure[0], sure[-1]))
    return f"**{len(sure)} status pages post {low} to {high} uptime**; nobody outside can check that."


def _are_weights(uptimes: Sequence[Row]) -> bool:
    """Returns whether all are families whose weights run anywhere, so that no page of theirs can be observed."""
    return bool(uptimes) and all((row["side"], row["state"]) == ("open", "not observable") for row in uptimes)


def _is_one_unread(uptimes: Sequence[Row]) -> bool:
    """Returns whether the only family asked for has no status page that is read."""
    return len(uptimes) == 1 and uptimes[0]["state"] in SILENT


def _describe_unread(uptimes: Sequence[Row]) -> str:
    """Counts pages from which the uptime cannot be known, and families without a page."""
    unstated = sum(row["state"] == "not enough data" for row in uptimes)
    silent = len(uptimes) - unstated - sum(row["state"] in numbers.NUMBERED for row in uptimes)
    why = "uptime is unknown: too little is observed, or too many incidents state no end."
    said = f" For {count_things(unstated, 'page')} {why}" if unstated else ""
    of = count_things(silent, "family", "families")
    return said + (f" No page shows it for {of}, which may have had incidents all the same." if silent else "")


def _describe_cases(measured: Sequence[Row], where: str) -> str:
    """States what the uptimes rest on, and how many pages leave only a range, which is no better than its ends."""
    count = numbers.format_count(sum(row["n"] or 0 for row in measured))
    pages = f"{count_things(len(measured), 'page')}"
    vague = sum(row["value"] is None for row in measured)
    unsaid = f" {count_things(vague, 'page leaves', 'pages leave')} only a range." if vague else ""
    return f"n{GAP}={GAP}{count} incidents of the API on {pages}{'; ' if where else ''}{where}.{unsaid}"


def _describe_disclosure(shares: Sequence[Row], titles: Mapping[str, str]) -> str:
    ranked = sorted(sentences.select_measured(shares), key=lambda row: row["value"])
    if not ranked:
        return "How much they disclose is not known: no page has posted enough incidents in this window."
    first, last = ranked[0], ranked[-1]
    names = [numbers.escape_markdown(titles[row["family_id"]]) for row in (first, last)]
    most = f"{names[1]}'s page states the cause of **{numbers.format_value(last, 'share')}** of its incidents"
    if len(ranked) == 1:
        return f"{most}."
    # The two were chosen for being the ends, so that all pairs of pages are compared at once.
    gap = gaps.measure_gap(last, first, len(ranked) * (len(ranked) - 1) // 2)
    end = "" if gap.is_shown else ": **no difference is shown**"
    return f"{most}, {names[0]}'s of **{numbers.format_value(first, 'share')}**{end}."


def name_highest(rows: Sequence[Row], titles: Mapping[str, str], days: Mapping[str, int]) -> str:
    """Returns the title of the uptimes: whose single figure is the highest, over how many days its page was observed
    (a short while passes more easily without an incident), and whether others may rank higher."""
    ranked = sorted(sentences.select_measured(rows), key=lambda row: (-row["value"], -days.get(row["family_id"], 0)))
    if not ranked:
        return "Posted uptime: no single figure can be given"
    first = ranked[0]
    rivals = [row for row in rows if row is not first and row["state"] == "measured"]
    others = gaps.select_level(first, rivals, are_bounds=True)
    if others:
        return sentences.share_first("Highest uptime", [first, *others], titles)
    over = f" over {days[first['family_id']]} days" if first["family_id"] in days else ""
    name = numbers.escape_markdown(titles[first["family_id"]])
    return f"Highest uptime: {name}, {numbers.format_uptime(first['value'])}{over}"


def compare_naive(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names the page that adding up its incidents makes look worst, with both numbers."""
    ours = {row["family_id"]: row for row in rows if row["statistic"] == "weighted" and row["state"] == "measured"}
    pairs = [
        (row, ours[row["family_id"]])
        for row in sentences.select_measured(rows)
        if row["statistic"] == "as_others_count" and row["family_id"] in ours
    ]
    if not pairs:
        return "What adding up all incidents would show"

    def measure_loss(pair: tuple[Row, Row]) -> tuple[float, str]:
        least = pair[1]["value"] if pair[1]["low"] is None else pair[1]["low"]
        return least - pair[0]["value"], pair[0]["family_id"]

    theirs, own = max(pairs, key=measure_loss)
    name = numbers.escape_markdown(titles[theirs["family_id"]])
    ours_said = numbers.format_value(own, "uptime").partition(" (")[0]
    return f"{name}'s {ours_said} would look like {numbers.format_uptime(theirs['value'])}"


def select_read(rows: Sequence[MetricRow]) -> list[MetricRow]:
    """Selects rows of families whose page is read, with or without a number."""
    # A page that is read and silent is no page that cannot be read.
    return [row for row in rows if row["state"] not in SILENT or (row["as_of_at"] and row["state"] == SILENT[0])]


def name_most_open(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """Names whose page discloses most, as a rank only if it differs from all others by more than chance."""
    measured = sentences.select_measured(rows)
    if not measured:
        return "How many causes are stated is not known for these filters"
    most = max(measured, key=lambda row: row["value"])
    name = numbers.escape_markdown(titles[most["family_id"]])
    if len(measured) == 1:
        return f"{name}'s page states the cause of {numbers.format_share(most['value'])}"
    if gaps.select_level(most, [row for row in measured if row is not most]):
        return "No page leads in stating causes"
    return f"{name}'s page states the most causes"

"""Figures of the brief: who answers most and fastest, what changed, and whose page posts most incidents."""

from collections.abc import Sequence

from dashboards.frame import receipts
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.report.brief_statements import Statement, name_family
from dashboards.report.rows import passes_gates
from dashboards.words import gaps, numbers
from warehouse.wording import GAP

MONTH, YEAR, TABLE = "30d", "365d", "metrics.family_ranks"
NAMED = 3
"""Families named in a sentence; more are counted."""


RANKS = """
select * from metrics.family_ranks
where metric = 'answered_share' and segment = 'anyone' and statistic = 'within_24h' and channel_kind = ?
    and "window" = ? and rank is not null
order by rank, family_id
"""


def state_most_answered(page: View) -> list[Statement]:
    """States who ranks first by what is answered within a day, and whether the others can be told apart: by pooled
    figures, because the highest of many is too high by luck; by the figures themselves where none are pooled."""
    ranked = [row for row in page.load_rows(TABLE, RANKS, page.kind, YEAR) if row.get("pooled_value") is not None]
    if ranked and page.window == YEAR:
        return [Statement(_describe_first(page, ranked[0]), "waiting")]
    rows = page.load_metric("answered_share", page.kind, "anyone", ("within_24h",))
    best = "{family} has the largest share of questions that a person answers within a day: {value}"
    return _state_leader(page, "answered_share", rows, "share", best, numbers.KINDS[page.kind], "waiting", -1)


def _describe_first(page: View, first: Row) -> str:
    """Describes the first of the ranked families, and from how many of the others it cannot be told."""
    others, level = first["families_count"] - 1, first["level_count"]
    figure = numbers.format_value(
        {"state": "measured", "value": first["pooled_value"], "low": first["pooled_low"], "high": first["pooled_high"]},
        "share",
    )
    rests = f"n{GAP}={GAP}{numbers.format_count(first['n'])}, {numbers.KINDS[page.kind]}, {numbers.format_window(YEAR)}"
    apart = (
        f"The data cannot tell it apart from {level} of the {others} others."
        if level
        else f"It differs from {f'all {others} others' if others > 1 else 'the other'} by more than chance."
    )
    lead, figure = ("**Too close to call.** ", figure) if level else ("", f"**{figure}**")
    return (
        f"{lead}{name_family(page, first)} ranks {first['rank']} of {others + 1} by the share of questions that a "
        f"person answers within a day: {figure}, adjusted to the same mix and drawn towards the mean ({rests}). {apart}"
    )


def state_fastest(page: View) -> list[Statement]:
    """States where half of all askers wait the shortest time."""
    rows = page.load_metric("first_response_hours", page.kind, "anyone", ("median",))
    best = "Those who ask about {family} hear back soonest, half of them within {value}"
    return _state_leader(page, "first_response_hours", rows, "hours", best, numbers.KINDS[page.kind], "waiting", 1)


def state_incidents(page: View) -> list[Statement]:
    """States whose status page posts most incidents of the API a month: the figure of the page on outages."""
    rows = page.load_metric("incident_rate", "status", "api", ("per_30d",))
    best = "{family} posts the most API incidents: {value} a month"
    return _state_leader(page, "incident_rate", rows, "rate", best, "status pages", "reliability", -1)


def _state_leader(
    page: View, metric: str, rows: Sequence[Row], unit: str, best: str, where: str, address: str, turned: int
) -> list[Statement]:
    """States the first by value, and from how many of the others that pass it differs by more than chance."""
    ranked = sorted(
        (row for row in rows if passes_gates(row) and row["value"] is not None), key=lambda row: turned * row["value"]
    )
    if not ranked:
        return []
    first, others = ranked[0], [row for row in rows if row is not ranked[0] and passes_gates(row)]
    is_close = bool(gaps.select_level(first, others))
    figure = numbers.format_value(first, unit)
    said = best.format(family=name_family(page, first), value=figure if is_close else f"**{figure}**")
    rests = f"n{GAP}={GAP}{numbers.format_count(first['n'])}, {where}, {numbers.format_window(first['window'])}"
    lead = "**Too close to call.** " if is_close else ""
    text = f"{lead}{said} ({rests}). {_describe_apart(page, first, others)}"
    return [Statement(text, address, receipts.format_row_command(metric, first))]


def _describe_apart(page: View, first: Row, others: Sequence[Row]) -> str:
    """Describes whether the first can be told from the others."""
    level = gaps.select_level(first, others)
    if not others:
        return "No other family passes the gates, so there is nothing to compare."
    if not level:
        whom = "the only other" if len(others) == 1 else f"all {len(others)} others"
        return f"It differs from {whom} by more than chance."
    who = (
        f"{len(level)} of the {len(others)} others"
        if len(level) > NAMED
        else numbers.join_words([name_family(page, row) for row in level])
    )
    return f"The data cannot tell it apart from {who}."


def state_changes(page: View) -> list[Statement]:
    """States the families whose last 30 days differ from their last 12 months."""
    month, year = (
        {
            row["family_id"]: row
            for row in _load_window(page, "answered_share", page.kind, "anyone", "within_24h", window)
            if passes_gates(row)
        }
        for window in (MONTH, YEAR)
    )
    both = [(row, year[family]) for family, row in month.items() if family in year]
    apart = [
        Statement(_describe_change(page, now, then), "waiting", receipts.format_row_command("answered_share", now))
        for now, then in both
        if gaps.measure_gap(now, then, len(both)).is_shown
    ]
    if apart or not both:
        return apart
    which = "The only family with enough questions in both periods shows no difference"
    if len(both) > 1:
        which = f"Of the {len(both)} families with enough questions in both periods, none shows a difference"
    text = f"{which} between its last 30 days and its last 12 months in the share answered within a day."
    return [Statement(text, "waiting")]


def _describe_change(page: View, now: Row, then: Row) -> str:
    cases = f"n{GAP}={GAP}{numbers.format_count(now['n'])}"
    return (
        f"{name_family(page, now)}: of the questions in the last 30 days, **{numbers.format_value(now, 'share')}** "
        f"were answered within a day, {cases}, against {numbers.format_value(then, 'share')} over 12 months. The last "
        "30 days may still change."
    )


def _load_window(page: View, metric: str, kind: str, segment: str, statistic: str, window: str) -> list[Row]:
    """Loads rows of one window, independent of the view's own."""
    sql = (
        f'select * from metrics.{metric} where channel_kind = ? and segment = ? and statistic = ? and "window" = ?'
        " and channel_role = 'all' order by family_id"
    )
    return list(page.load_rows(f"metrics.{metric}", sql, kind, segment, statistic, window))

"""Families whose last 30 days differ from their last 12 months."""

from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import gaps, numbers
from warehouse.wording import GAP

MONTH, YEAR = "30d", "365d"
SQL = """
select * from metrics.answered_share
where channel_kind = ? and segment = 'anyone' and statistic = 'within_24h' and "window" = ? and channel_role = 'all'
order by family_id
"""


def list_changes(page: View) -> list[str]:
    """Lists the families whose month differs from their year by more than chance, or says that none does; empty where
    no family has enough questions in both."""
    month, year = ({row["family_id"]: row for row in _load(page, window)} for window in (MONTH, YEAR))
    both = [(row, year[family]) for family, row in month.items() if family in year]
    apart = [_word(page, now, then) for now, then in both if gaps.measure_gap(now, then, len(both)).is_shown]
    if apart or not both:
        return apart
    which = "The only family with enough questions in both periods shows no difference"
    if len(both) > 1:
        which = f"Of the {len(both)} families with enough questions in both periods, none shows a difference"
    return [f"{which} between its last 30 days and its last 12 months in the share answered within a day."]


def _load(page: View, window: str) -> list[Row]:
    """Loads the measured shares of one window that have an interval, whatever the view's own window is."""
    rows = page.load_rows("metrics.answered_share", SQL, page.kind, window)
    return [
        row
        for row in rows
        if row["state"] == "measured" and row["n"] is not None and (row["low"] is not None or row["high"] is not None)
    ]


def _word(page: View, now: Row, then: Row) -> str:
    family = numbers.escape_markdown(page.titles.get(now["family_id"], now["family_id"]))
    cases = f"n{GAP}={GAP}{numbers.format_count(now['n'])}"
    return (
        f"{family}: of the questions in the last 30 days, **{numbers.format_value(now, 'share')}** "
        f"were answered within a day, {cases}, against {numbers.format_value(then, 'share')} over 12 months. The last "
        "30 days may still change."
    )

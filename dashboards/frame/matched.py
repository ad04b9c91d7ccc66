"""Differences of the two sides in like cases, read from the snapshot and worded."""

from dashboards.frame import snapshot_reader
from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from dashboards.words import numbers

WINDOWS = ("365d", "all")
EVERYWHERE = "all channels"
"""Where families are compared, pair by pair."""


def compared_window(page: View) -> str:
    """Returns the window that was compared: the chosen one, or the last 12 months if that was not compared."""
    return page.window if page.window in WINDOWS else WINDOWS[0]


def is_compared(page: View) -> bool:
    """Returns whether a page shows figures as they were compared: over the same window, in the usual kind of channel,
    of all roles and questions. Beside any others a verdict would be about other numbers."""
    if page.role != "all" or page.type or page.language or page.bots:
        return False
    return page.window == compared_window(page) and page.kind == snapshot_reader.find_usual_kind(page.snapshot)


def describe_compared(page: View, where: str = EVERYWHERE) -> str:
    """Describes what was compared: `all channels, 12 months`."""
    return f"{where}, {numbers.WINDOWS[compared_window(page)]}"


def find_sides(page: View, metric: str, statistic: str, segment: str) -> DictRow | None:
    """Finds the difference of the open families minus the proprietary ones; None where the snapshot has none."""
    key = (metric, statistic, segment, compared_window(page))
    where = "first_id = 'open' and second_id = 'proprietary' and "
    where += 'metric = ? and statistic = ? and segment = ? and "window" = ?'
    found = snapshot_reader.load_rows(
        page.snapshot,
        f"select * from metrics.matched_differences where {where}",
        *key,
    )
    return found[0] if found else None

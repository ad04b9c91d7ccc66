"""Resolution and backlog of issue trackers as a table: how much is resolved, how soon, and how much lies open."""

from collections.abc import Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.support import cells
from dashboards.support.cells import Column
from dashboards.words import numbers

TRACKER = "tracker"
"""Only trackers say how a thread was closed."""
COLUMNS = (
    Column("resolved_share", "within_30d", "resolved", TRACKER),
    Column("resolution_hours", "p25", "resolved", TRACKER),
    Column("defect_resolution_hours", "p25", "resolved", TRACKER),
    # By the window of their opening, younger reports would be all that is open.
    Column("open_age_days", "median", "all", TRACKER, "all"),
    Column("open_old_share", "over_90d", "all", TRACKER, "all"),
    Column("backlog_weeks", "open_by_closed", "all", TRACKER),
    Column("change_closure_ratio", "closed_by_opened", "people", TRACKER),
    Column("stranger_fix_hours", "any", "all"),
)
MEANING = (
    "Resolved: a merged change closed the report, or somebody other than its asker closed it as completed, which is "
    "not the same as helped. A report closed otherwise never counts as resolved. Defects carry a bug label. Above 1, "
    "more changes are closed than proposed, so their backlog shrinks; changes by bots are left out. Neither that ratio "
    "nor the weeks exist for all time: there they are those of the last 12 months."
)


def draw_resolution(page: View, order: Sequence[str]) -> Figure:
    """Draws how much is resolved, how soon, and what lies open, one line per family."""
    is_tracker = page.kind == TRACKER
    fixes = "" if is_tracker else f" Strangers' fixes are those of {numbers.KINDS[page.kind]}."
    return cells.draw_table(
        page,
        COLUMNS,
        order,
        name="resolution",
        title="Resolution and backlog, one row per family",
        measure="How much is resolved and how soon, and what lies open, whenever it was opened",
        how=MEANING + fixes,
        source=f"public {numbers.KINDS[TRACKER]}" + ("" if is_tracker else f" and {numbers.KINDS[page.kind]}"),
    )

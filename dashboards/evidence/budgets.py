"""What each source may still spend today, and what waits for later visits."""

from dashboards.evidence.attempts import SOURCE
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.words import numbers
from warehouse.attempts.outlook import describe_backlog, describe_spending
from warehouse.wording import pluralize


def draw_budgets(page: View) -> Figure | None:
    """Draws a line for each source of this installation; None where nothing was collected here, or where nothing waits
    beside a sample world, which is whole."""
    outlooks = snapshot_reader.load_outlooks(page.snapshot)
    if not outlooks:
        return None
    lines = [
        {
            "source": numbers.SOURCES.get(outlook.source, outlook.source),
            "spent today": describe_spending(outlook),
            "waiting": outlook.backlog.waiting if outlook.backlog.is_whole else None,
            "backlog": describe_backlog(outlook.backlog) or "none",
        }
        for outlook in outlooks
    ]
    waiting = [outlook for outlook in outlooks if not outlook.backlog.is_done]
    if page.snapshot.is_sample and not waiting:
        return None
    whose = " by your installation" if page.snapshot.is_sample else ""
    some = f"{len(waiting)} of {len(outlooks)} sources {pluralize(len(waiting), 'has', 'have')} a backlog"
    title = f"What is left to collect{whose}: {some if waiting else 'nothing'}"
    return Figure(
        name="budgets",
        title=title,
        subtitle="What each source may spend per day (UTC), what it has spent today, and what waits for later visits.",
        chart=None,
        rows=lines,
        metric="",
        source=SOURCE,
        alt=title,
        shown=lines,
        counted="sources",
    )

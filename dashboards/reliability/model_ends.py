"""Notices of the ends of models, for the families that a page shows."""

from dashboards.frame.view import View
from dashboards.metric_row import DictRow
from warehouse.ends import notices


def load_notices(page: View) -> list[DictRow]:
    """Loads each page's latest notice on each name, soonest end first; for the chosen families, or for all."""
    rows = notices.load_notices(page.snapshot)
    return [row for row in rows if not page.chosen or row["family_id"] in page.chosen]

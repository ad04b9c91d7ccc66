"""The pace of new versions: the time between two stable releases."""

from dataclasses import replace

from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Part
from dashboards.frame.view import View
from dashboards.words import numbers, sentences

SOURCE = "lists of releases on GitHub"
ROLE = "sdk"
"""The role used when none is chosen: what people build with. Roles are never mixed, since a library is released more
often than a model."""
STATISTICS = ("p25", "median", "p75")


def make_parts(page: View) -> list[Part]:
    """Draws the days between stable releases; the gap still open counts as open."""
    role = page.role if page.role != "all" else ROLE
    rows = replace(page, role=role).load_metric("release_gap_days", "tracker", "stable", STATISTICS)
    if not rows:
        return []
    medians = [row for row in rows if row["statistic"] == "median"]
    shown_role = str(rows[0]["channel_role"])
    figure = draw_dot_figure(
        page,
        rows,
        name="gaps",
        metric="release_gap_days",
        title=sentences.name_leader(medians, "rate", page.titles, "Fewest days between releases", is_least_first=True),
        measure="Days from one stable release to the next: a quarter (small mark), half (middle) and three quarters "
        "(large) of the gaps are no longer than this",
        alt="median time between releases",
        unit="rate",
        statistics=STATISTICS,
        headline=medians,
        source=SOURCE,
        where=f"repositories of the kind {numbers.ROLES.get(shown_role, shown_role)}",
        note="More frequent means more news and more work, not better.",
    )
    return [figure]

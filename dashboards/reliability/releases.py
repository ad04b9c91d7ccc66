"""The pace of new versions: the time between two stable releases."""

from dataclasses import replace

from dashboards.frame.dots import DotSpec, draw_dots, load_dots
from dashboards.frame.story import Part
from dashboards.frame.view import View
from dashboards.words import numbers

ROLE = "sdk"
"""The role used when none is chosen: what people build with. Roles are never mixed, since a library is released more
often than a model."""
GAPS = DotSpec(
    name="gaps",
    metric="release_gap_days",
    kind="tracker",
    segment="stable",
    statistics=("p25", "median", "p75"),
    headline="median",
    unit="rate",
    best="Fewest days between releases",
    is_least_first=True,
    measure="Days from one stable release to the next that this share of the gaps does not exceed",
    source="lists of releases on GitHub",
    note="More frequent means more news and more work, not better.",
)


def make_parts(page: View) -> list[Part]:
    """Draws the days between stable releases; the gap still open counts as open."""
    role = page.role if page.role != "all" else ROLE
    rows = load_dots(replace(page, role=role), GAPS)
    if not rows:
        return []
    shown = str(rows[0]["channel_role"])
    place = f"repositories of the kind {numbers.ROLES.get(shown, shown)}"
    return [draw_dots(page, replace(GAPS, where=place), rows=rows)]

"""The pace of new versions: the time between them, its regularity, and how openly their lists state what breaks."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards.frame.dots import draw_dot_figure
from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import MetricRow
from dashboards.words import numbers, sentences
from warehouse.wording import pluralize

SOURCE = "lists of releases on GitHub"
ROLE = "sdk"
"""The role used when none is chosen: what people build with. Roles are never mixed, since a library is released more
often than a model."""
KIND = "tracker"


def load_of_role(page: View, name: str, segment: str, statistics: Sequence[str]) -> list[MetricRow]:
    """Loads rows of one role of channel: the chosen one if it has releases."""
    role = page.role if page.role != "all" else ROLE
    return list(replace(page, role=role).load_metric(name, KIND, segment, statistics))


def make_parts(page: View) -> list[Part]:
    """Makes the time between releases beside how openly breaks are marked, then a table of both."""
    gaps = load_of_role(page, "release_gap_days", "stable", ("p25", "median", "p75"))
    opened = load_of_role(page, "changelog_openness_share", "all", ("break_marked", "dated"))
    if not gaps and not opened:
        return []
    return [
        Words("## How are new versions released?"),
        (draw_gap(page, gaps), draw_openness(page, opened)),
        draw_table(page, gaps, opened),
    ]


def _name_place(rows: Sequence[MetricRow]) -> str:
    role = str(rows[0]["channel_role"]) if rows else ROLE
    return f"repositories of the kind {numbers.ROLES.get(role, role)}"


def draw_gap(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the days between stable releases; the gap still open counts as open."""
    medians = [row for row in rows if row["statistic"] == "median"]
    return draw_dot_figure(
        page,
        rows,
        name="gaps",
        metric="release_gap_days",
        title=sentences.name_leader(medians, "rate", page.titles, "Fewest days between releases", is_least_first=True),
        measure="Days from one stable release to the next: a quarter (small mark), half (middle) and three quarters "
        "(large) of the gaps are no longer than this",
        alt="median time between releases",
        unit="rate",
        statistics=("p25", "median", "p75"),
        headline=medians,
        source=SOURCE,
        where=_name_place(rows),
        note="More frequent means more news and more work, not better.",
    )


def draw_openness(page: View, rows: Sequence[MetricRow]) -> Figure:
    """Draws the share of entries that state explicitly that they break something."""
    marked = [row for row in rows if row["statistic"] == "break_marked"]
    return draw_dot_figure(
        page,
        marked,
        name="breaks",
        metric="changelog_openness_share",
        title=_name_most(marked, page),
        measure="Share of entries that declare a breaking change",
        alt="entries marked as breaking",
        source=SOURCE,
        where=_name_place(marked),
        note="A low share may mean that little breaks, or that breakage goes unmentioned.",
    )


def _name_most(marked: Sequence[MetricRow], page: View) -> str:
    measured_rows = sentences.select_measured(marked)
    if measured_rows and not any(row["value"] for row in measured_rows):
        return (
            f"No entry of {len(measured_rows)} {pluralize(len(measured_rows), 'family', 'families')} declares "
            "a breaking change"
        )
    return sentences.name_leader(marked, "share", page.titles, "Most entries marked as breaking")


def draw_table(page: View, gaps: Sequence[MetricRow], opened: Sequence[MetricRow]) -> Figure:
    """Draws frequency, regularity and openness, one line per family."""
    rates = load_of_role(page, "changelog_entries_rate", "all", ("per_30d",))
    even = load_of_role(page, "release_regularity_ratio", "stable", ("variation",))
    medians = [row for row in gaps if row["statistic"] == "median"]
    columns = {
        "entries in 30 days": (rates, "rate"), "median gap in days": (medians, "rate"), "unevenness": (even, "rate"),
        "dated entries": ([row for row in opened if row["statistic"] == "dated"], "share"),
    }  # fmt: skip
    families = dict.fromkeys(row["family_id"] for rows, _ in columns.values() for row in rows)
    lines = [
        {"of": page.titles[family]}
        | {
            name: numbers.format_value(row, form)
            for name, (rows, form) in columns.items()
            for row in rows
            if row["family_id"] == family
        }
        for family in sorted(families, key=lambda family_id: page.titles[family_id].lower())
    ]
    return Figure(
        name="releases",
        title="Frequency, regularity and openness of releases, by family",
        subtitle=f"Of {page.describe_scope(rates or gaps, _name_place(rates or gaps))}; 95 % intervals in brackets.",
        how="Unevenness is 0 for clockwork, 1 for random timing, and higher for bursts.",
        chart=None,
        rows=[*rates, *even],
        metric="changelog_entries_rate",
        source=SOURCE,
        shown=lines,
    )

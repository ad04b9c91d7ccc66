"""Figures of the channels being compared: how many of each kind a family has, why it has none, and which ones they
are."""

from collections.abc import Sequence

from dashboards.compare import channels, charts_compare, side_by_side
from dashboards.frame.story import Figure, Part
from dashboards.frame.view import View
from dashboards.metric_row import DictRow

CATALOG = "the catalog of channels"
SAID = {
    "holes": (
        "A gap is not a zero: where a family has no channel of a kind, nothing was compared. Each reason appears once."
    ),
    "channel-list": "Every channel read for these families, in matched groups.",
}


def draw_channels(page: View, families: Sequence[str]) -> list[Part]:
    """Draws the number of channels of each kind per family, the reasons for gaps, and the channels themselves."""
    rows = channels.load_channels(page, families)
    blocks = channels.count_channels(rows, families, page.sides)
    heads = [(page.titles[family], page.sides[family]) for family in families]
    level = (
        side_by_side.describe_holes(blocks, "has a channel", "no channel")
        if blocks
        else "they are not in this snapshot"
    )
    kinds = Figure(
        name="channels",
        title=f"Like channels side by side: {level}",
        subtitle="Channels of each family that are read; those that are read for all families at once are not listed. "
        f"{side_by_side.explain_marks(blocks)}",
        chart=charts_compare.draw_cells(heads, blocks, page.theme, has_strips=False) if blocks else None,
        rows=channels.make_download_rows(rows),
        metric="channel_coverage",
        source=CATALOG,
        alt=side_by_side.describe_cells(blocks, heads),
    )
    return [kinds, *_list_channels(page, rows)]


def _list_channels(page: View, rows: Sequence[DictRow]) -> list[Figure]:
    """Returns the gaps with their reasons and the channels by name, each as a table unless empty."""
    holes, read = ([row for row in rows if (row["state"] == "read") is is_read] for is_read in (False, True))
    tables = (
        ("holes", "Why there is none", holes, channels.describe_reasons),
        ("channel-list", "Which channels they are", read, channels.describe_channels),
    )
    return [
        Figure(
            name=name,
            title=title,
            subtitle=SAID[name],
            chart=None,
            rows=channels.make_download_rows(listed),
            metric="channel_coverage",
            source=CATALOG,
            alt=title,
            shown=describe(listed, page.titles),
            counted="channels" if name == "channel-list" else "gaps",
        )
        for name, title, listed, describe in tables
        if listed
    ]

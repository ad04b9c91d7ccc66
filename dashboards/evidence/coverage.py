"""Coverage: how much of each source was collected per family, with a mark for each reason to have nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import marks
from dashboards.charts.colours import Palette
from dashboards.charts.marks import Layer, Spec, encode_text, encode_tooltip, make_layer
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import is_are, pluralize

LEAST = 0.9
"""Below this share of a source, figures may be biased."""
COLUMN_PX = 56
"""Columns narrower than this many pixels have no room for shares in words; the tooltip still gives them."""
SAID = {"family": "family", "kind": "of", "said": "coverage", "why": "note"}
NAMES = {
    "tracker": "issue trackers", "forum": "forums", "subreddit": "subreddits", "tag": "questions by tag",
    "status": "status pages",
    "changelog": "changelogs", "deprecations": "ends of models", "hub": "the Hub", "packages": "packages",
    "prices": "prices",
    "offers": "facts read by hand",
}  # fmt: skip
"""Kinds of data collected for a family, in column order."""


def draw_coverage(page: View) -> Figure | None:
    """Draws the lowest share read, for each family and kind of source, or the reason why there is none."""
    order = "family_id, channel_kind, coverage_share nulls last, subject"
    sql = f"select * from metrics.channel_coverage where channel_role = 'all' order by {order}"
    rows = page.load_rows("metrics.channel_coverage", sql)
    # The query sorts by share, so the first row of each kind is the worst.
    worst: dict[tuple[str, str], Row] = {}
    for row in rows:
        worst.setdefault((row["family_id"], row["channel_kind"]), row)
    if not worst:
        return None
    cells = [_make_cell(row) for row in worst.values()]
    low = [row for row in cells if row["share"] is not None and row["share"] < LEAST]
    measured_count = sum(row["share"] is not None for row in cells)
    kinds = [name for kind, name in NAMES.items() if any(row["channel_kind"] == kind for row in worst.values())]
    states = ", ".join(f"{mark} {state}" for state, (mark, _) in numbers.STATES.items())
    least = numbers.format_share(LEAST)
    all_read = pluralize(
        measured_count, "The only one that could be read is", f"All {measured_count} that could be read are"
    )
    return Figure(
        name="coverage",
        title=f"{len(low)} of {measured_count} {is_are(len(low))} less than {least} complete"
        if low
        else f"{all_read} at least {least} complete",
        subtitle="Share of each source's items that was read, by family and kind of source; of several shares the "
        f"lowest. ● {least} or more, ▲ less, so figures may be biased; {states}.",
        chart=draw_chart(cells, page.titles, kinds, page.theme),
        rows=rows,
        metric="channel_coverage",
        source="the ledger of runs",
        alt="Collections with a coverage below 90 %: "
        + ("; ".join(f"{page.titles[row['family_id']]} {row['kind']} {row['said']}" for row in low[:20]) or "none"),
    )


def _make_cell(row: Row) -> dict[str, Any]:
    share = row["coverage_share"] if row["coverage_state"] == "measured" else None
    mark = numbers.format_share(share) if share is not None else numbers.STATES.get(row["coverage_state"], ("·", ""))[0]
    return {
        "family_id": row["family_id"], "side": row["side"], "kind": NAMES.get(row["channel_kind"], row["channel_kind"]),
        "share": share,
        "mark": mark, "said": mark if share is not None else f"{mark} {row['coverage_state']}",
        "why": row["coverage_note"] or "",
    }  # fmt: skip


def draw_chart(rows: Sequence[Row], titles: Mapping[str, str], kinds: Sequence[str], theme: Palette) -> Spec:
    """Draws families by kind of source. Rows have `family_id`, `side`, `kind`, `share` (or None), `mark`, `said` and
    `why`."""
    sides = {row["family_id"]: row["side"] for row in rows}
    names = marks.arrange_rows(sorted(sides, key=lambda family: titles[family].lower()), sides, titles)
    axis = {
        "orient": "top",
        "labelAngle": marks.SLANT,
        "labelAlign": "left", "labelFontSize": 13, "labelColor": theme.ink, "grid": False, "title": None,
    }  # fmt: skip
    x = {"field": "kind", "type": "nominal", "sort": None, "scale": {"domain": list(kinds)}, "axis": axis}
    cells = [{**row, "family": titles[row["family_id"]]} for row in rows]
    layers = _draw_cells(len(kinds), theme)
    return marks.make_room(marks.finish_rows(cells, layers, names, theme, encode_tooltip(SAID), picks=(), step=30, x=x))


def _draw_cells(columns: int, theme: Palette) -> list[Layer]:
    is_wide = f"width / {max(1, columns)} >= {COLUMN_PX}"
    moved = {"expr": f"{is_wide} ? -16 : 0"}
    good, low = (f"isValid(datum.share) && datum.share {sign} {LEAST}" for sign in (">=", "<"))
    return [
        make_layer("point", {}, good, shape="circle", size=90, filled=True, color=theme.good, opacity=1, xOffset=moved),
        make_layer(
            "point", {}, low, shape="triangle-up", size=120, filled=False, stroke=theme.warn, strokeWidth=2, opacity=1,
            xOffset=moved,
        ),
        make_layer(
            "text",
            {"text": encode_text("mark")},
            f"isValid(datum.share) && {is_wide}",
            align="left",
            dx=-4,
            color=theme.muted,
            fontSize=11,
        ),
        make_layer(
            "text",
            {"text": encode_text("mark")},
            "!isValid(datum.share)",
            color=theme.context,
            fontSize=13,
            xOffset=moved,
        ),
    ]  # fmt: skip

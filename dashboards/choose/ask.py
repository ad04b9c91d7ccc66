"""Where should I ask: for each family, the channels with the share that is helped there, and the newest threads that were."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, lines
from dashboards.charts.axes import Scaled
from dashboards.charts.colours import SHAPES
from dashboards.charts.lines import PointStyle
from dashboards.choose import sentences_ask as told
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.words import numbers

Row = Mapping[str, Any]
QUESTION = "Where should I ask?"
WINDOWS = ("365d", "all")
"""Of shorter ones a single channel has too few threads."""
FAMILIES, OVERVIEW = 3, 6
"""Families that get a chart each, and families in the overview while none is chosen."""
EACH = 3
"""Example threads a channel."""
KEEP_IN_MIND = (
    "Help is a lower end: who is helped and says nothing is not seen. Issue trackers mark no answers and forums link "
    "no changes, so "
    "between kinds of places a greater share may be only what shows. Who asks where chooses so; a share is no promise."
)
EXAMPLES = (
    "select h.family_id, t.channel_id, h.channel_kind, h.url, t.title, h.opened_at, h.helped_by,"
    " date_diff('second', h.opened_at, h.helped_at) / 3600.0 as hours from metrics.thread_help as h"
    " join staging.threads as t on t.thread_id = h.thread_id where h.helped_at >= h.opened_at and h.exclusion_reason "
    "is null"
    " and h.author_role <> 'bot' and (t.question_type = ? or ? = 'all')"
    " qualify row_number() over (partition by h.family_id, t.channel_id, h.channel_kind order by h.opened_at desc, "
    "h.url) <= ?"
    " order by h.opened_at desc, h.url"
)


def story(page: View) -> Story:
    """The channels of the chosen families, or the best channel of those asked about most."""
    if not snapshot_reader.has_table(page.snapshot, "metrics.channel_help"):
        return Story(QUESTION, told.MISSING, examples(page, page.chosen, page.type or "all", known(page)))
    kind = page.type or "all"
    rows, whole, fallen = channel_rows(page, kind), channel_rows(page, "all"), ""
    if told.best(rows) is None and told.best(whole) is not None:
        fallen = (
            f"The data do not carry an answer for {told.about(kind)}: no channel has enough. Questions of any type are "
            "shown instead. "
        )
        kind, rows = "all", whole
    channels = known(page)
    parts = family_figures(page, rows, channels) if page.chosen else [overview(page, rows, channels)]
    answer = fallen + told.where(rows, page.titles, channels, page.chosen)
    return Story(QUESTION, answer, [*parts, Words(KEEP_IN_MIND, is_small=True), *lists(page, rows, kind, channels)])


def family_figures(page: View, rows: Sequence[Row], channels: Mapping[str, Row]) -> list[Part]:
    """The chosen families, those with most threads first; one without a channel that has enough is shown as that."""
    known_first = told.busiest(rows, len(page.chosen))
    shown = [*known_first, *(family for family in page.chosen if family not in known_first)]
    figures: list[Part] = [family_figure(page, family, rows, channels) for family in shown[:FAMILIES]]
    rest = [numbers.escape_markdown(page.titles[family]) for family in shown[FAMILIES:]]
    return (
        [*figures, Words(f"In the tables below only: {numbers.join_words(rest)}.", is_small=True)] if rest else figures
    )


def channel_rows(page: View, kind: str) -> list[Row]:
    """Help by channel for questions of a type, in every kind of place."""
    window = page.window if page.window in WINDOWS else WINDOWS[0]
    sql = 'select * from metrics.channel_help where question_type = ? and "window" = ? order by all'
    return list(page.load_rows("metrics.channel_help", sql, kind, window))


def known(page: View) -> dict[str, Row]:
    """Channels by their id; those that many families share belong to none of them."""
    if not snapshot_reader.has_table(page.snapshot, "staging.channels"):
        return {}
    found = snapshot_reader.load_rows(
        page.snapshot, "select channel_id, family_id, source, target, is_official, url from staging.channels"
    )
    return {str(row["channel_id"]): row for row in found}


def scope(rows: Sequence[Row]) -> str:
    """Of what the rows are; the kind of place and the channels of the filter bar do not narrow them, as the kinds are what is compared."""
    if not rows:
        return "places of every kind"
    return f"places of every kind, {numbers.format_window(rows[0]['window'])}; {told.about(rows[0]['question_type'])}"


def family_figure(page: View, family: str, rows: Sequence[Row], channels: Mapping[str, Row]) -> Figure:
    """Each channel of a family: the share helped within a day and within a week."""
    own = [row for row in rows if row["family_id"] == family]
    names = {told.key(row): told.place(row, channels) for row in own}
    return _figure(
        page, f"ask-{family}", told.finding(own, page.titles[family], channels), own, told.ranked(own), names
    )


def overview(page: View, rows: Sequence[Row], channels: Mapping[str, Row]) -> Figure:
    """The best channel of each of the families that are asked about most."""
    families = told.busiest(rows, OVERVIEW)
    firsts = [first for family in families if (first := told.best([row for row in rows if row["family_id"] == family]))]
    firsts.sort(key=lambda row: (tuple(SHAPES).index(row["side"]), -row["value"]))
    names = {told.key(row): f"{page.titles[row['family_id']]}: {told.place(row, channels)}" for row in firsts}
    own = [row for row in rows if told.key(row) in names]
    return _figure(page, "ask-overview", told.span(firsts, page.titles), own, firsts, names)


def _figure(
    page: View, name: str, title: str, rows: Sequence[Row], firsts: Sequence[Row], names: Mapping[told.Key, str]
) -> Figure:
    by_key = {(told.key(row), row["statistic"]): row for row in rows}
    groups = [_group(row, names[told.key(row)], by_key) for row in firsts]
    said = [
        f"{names[told.key(row)]} {numbers.format_value(row, 'share')}, {numbers.format_count(row['n'])} threads"
        for row in firsts
    ]
    return Figure(
        name=name,
        title=title,
        subtitle="Share of those who asked there and were helped within 24 hours (hollow mark, above) and within 7 "
        "days (filled mark, below); "
        f"{scope(rows)}; lines are 95 % intervals; at the right the share within 7 days.",
        chart=lines.draw_intervals(groups, looks(page, firsts), scale(rows), {}, page.theme) if groups else None,
        rows=rows,
        metric="channel_help",
        source="public channels",
        alt="Helped within 7 days, by channel: " + "; ".join(said),
    )


def _group(row: Row, name: str, rows: Mapping[tuple[told.Key, str], Row]) -> dict[str, Any]:
    """A channel with its two lines, or with what it lacks instead."""
    both = [rows[found] for statistic in told.WITHIN if (found := (told.key(row), statistic)) in rows]
    few = numbers.STATES["not enough data"][0]
    if row["state"] == "measured":
        said, short = (
            f"{numbers.format_value(row, 'share')}, n{numbers.GAP}={numbers.GAP}{numbers.format_count(row['n'])}",
            numbers.format_share(row["value"]),
        )
    else:
        said, short = (
            f"{few}{numbers.GAP}too few threads for a share: {numbers.format_count(row['n'])}",
            f"{few}{numbers.GAP}too few",
        )
    return {
        "name": name,
        "said": said,
        "short": short,
        # Where a name leaves no room beside it, the point alone says it.
        "mark": "" if row["state"] == "measured" else few,
        "lines": [_line(one) for one in both if one["state"] == "measured"],
    }


def _line(row: Row) -> Row:
    within = told.WITHIN[row["statistic"]]
    note = (
        f"within {within}: {numbers.format_value(row, 'share')}, {numbers.format_count(row['n_events'])} of "
        f"{numbers.format_count(row['n'])} helped"
    )
    return {"look": f"{row['side']} {row['statistic']}", "note": note} | {
        name: row[name] for name in ("value", "low", "high")
    }


def looks(page: View, rows: Sequence[Row]) -> dict[str, PointStyle]:
    """The side is told by the shape, the day from the week by the filling."""
    sides = [side for side in SHAPES if any(row["side"] == side for row in rows)]
    return {
        f"{side} {name}": PointStyle(SHAPES[side], name == told.ASKED, page.theme.side(side))
        for side in sides
        for name in told.WITHIN
    }


def scale(rows: Sequence[Row]) -> Scaled:
    """From nothing to the next quarter or half that holds all intervals: shares of help are small."""
    top = max((row["high"] for row in rows if row["high"] is not None), default=1.0)
    end = next(end for end in (0.25, 0.5, 1.0) if top <= end)
    return {"domain": [0, end]}, {
        "values": [end * part / 4 for part in range(5)],
        "labelExpr": axes.PERCENT,
        "title": None,
    }


def lists(page: View, rows: Sequence[Row], kind: str, channels: Mapping[str, Row]) -> list[Part]:
    """The channels with their links, and the newest threads that were helped in them."""
    families = told.busiest(rows, OVERVIEW) if not page.chosen else list(page.chosen)
    own = [
        row for row in told.ranked(rows) if row["family_id"] in families and (page.chosen or row["state"] == "measured")
    ]
    own.sort(key=lambda row: families.index(row["family_id"]))
    return [*([_channels(page, own, channels)] if own else []), *examples(page, families, kind, channels)]


def _channels(page: View, rows: Sequence[Row], channels: Mapping[str, Row]) -> Figure:
    shown = [
        {
            "link": channels.get(row["channel_id"], {}).get("url"),
            "channel": told.place(row, channels),
            **_about(page, row),
            "run by": told.run_by(channels.get(row["channel_id"])),
            "for": numbers.ROLES.get(row["channel_role"], row["channel_role"]),
            "helped within 7 days": numbers.format_value(row, "share"),
            "n": row["n"],
        }
        for row in rows
    ]
    return Figure(
        name="ask-channels",
        title=f"{numbers.format_count(len(rows))} {'place' if len(rows) == 1 else 'places'} to ask, with their links",
        subtitle=f"Share helped within 7 days with its 95 % interval; {scope(rows)}.",
        chart=None,
        rows=rows,
        metric="channel_help",
        source="public channels",
        alt="The channels with their links and the share helped within 7 days",
        shown=shown,
    )


def _about(page: View, row: Row) -> dict[str, str]:
    """Which family, where it is not one alone."""
    return {"about": page.titles[row["family_id"]]} if len(page.chosen) != 1 else {}


def examples(page: View, families: Sequence[str], kind: str, channels: Mapping[str, Row]) -> list[Part]:
    """The newest helped threads of each channel of some families, or of all where none is named."""
    if not all(snapshot_reader.has_table(page.snapshot, table) for table in ("metrics.thread_help", "staging.threads")):
        return [Words("This snapshot does not carry the single threads. `heartbeat build` makes them.", is_small=True)]
    rows = [
        row
        for row in page.load_rows("metrics.thread_help", EXAMPLES, kind, kind, EACH)
        if not families or row["family_id"] in families
    ]
    if not rows:
        return [Words(f"No thread is known that was helped ({told.about(kind)}).", is_small=True)]
    shown = [
        {
            "link": row["url"],
            "thread": row["title"] or "",
            **_about(page, row),
            "channel": told.place(row, channels),
            "helped after": numbers.format_hours(row["hours"]),
            "how": row["helped_by"],
            "opened": f"{row['opened_at']:%Y-%m-%d}",
        }
        for row in rows
    ]
    return [
        Figure(
            name="ask-examples", title="The newest threads that were helped",
            subtitle=f"Up to {EACH} of each channel; {told.about(kind)}, of any age. How: an answer was accepted, the "
            "asker confirmed that it "
            "works, or a change was merged.",
            chart=None, rows=rows, metric="thread_help", source="public channels", alt=f"{len(rows)} threads that were helped, with links", shown=shown,
        )
    ]  # fmt: skip


if __name__ == "__main__":
    here = current_view()
    layout.draw_story(here, story(here))

"""The page "Where should I ask?": for each family, its channels with the share of people helped there, and links."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.charts import axes, lines
from dashboards.charts.colours import SHAPES
from dashboards.choose import runtimes, sentences_ask
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Part, Story, Words
from dashboards.frame.view import View, current_view
from dashboards.metric_row import Row
from dashboards.words import numbers, sentences
from warehouse.wording import GAP, count_things, pluralize

QUESTION = "Where should I ask?"
MOST = 6
"""Families in one chart."""
KEEP_IN_MIND = (
    "A lower bound: people who never say that they were helped are not counted, and kinds of places differ in what "
    "they show."
)

HELP = """
select h.*, c.coverage_share from metrics.channel_help as h left join (
    select g.channel_id, g.channel_kind, min(k.coverage_share) as coverage_share
    from metrics.covered_channels as g join staging.collections as k using (channel_id, thing)
    where g.subject = 'threads' group by all
) as c using (channel_id, channel_kind)
where h.question_type = ? and h."window" = ? order by all
"""
"""Help by channel, each with the lowest coverage of the lists that its threads come from."""


def story(page: View) -> Story:
    """Tells about the channels of the chosen families or, with none chosen, the best channel of each of the most
    asked-about ones."""
    rows = load_channel_rows(page, page.type or "all")
    channels = load_channels(page)
    # Of several families, or of all, those asked about most.
    families = list(page.chosen) if len(page.chosen) == 1 else sentences_ask.busiest_families(rows, MOST)
    own = [row for row in rows if row["family_id"] in families] or rows
    answer = sentences.tell_in_steps(
        sentences_ask.judge_page(own, page.titles, channels, page.chosen),
        sentences_ask.answer_page(own, page.titles, channels, page.chosen),
    )
    left = sentences_ask.name_suspect(rows, page.titles) if len(page.chosen) != 1 else ""
    notes = [Words(left, is_small=True)] if left else []
    parts = [draw_channels(page, rows, channels, families), *notes, *draw_list(page, rows, channels)]
    return Story(QUESTION, answer, [*parts, *runtimes.draw_runtimes(rows, channels)])


def load_channel_rows(page: View, kind: str) -> Sequence[Row]:
    """Loads help by channel for questions of a type, in every kind of channel."""
    return page.load_rows(HELP, kind, page.window)


def load_channels(page: View) -> dict[str, Row]:
    """Loads channels by id; channels shared by many families belong to none of them."""
    rows = snapshot_reader.load_rows(
        page.snapshot, "select channel_id, family_id, source, target, is_official, url from staging.channels"
    )
    return {str(row["channel_id"]): row for row in rows}


def draw_channels(page: View, rows: Sequence[Row], channels: Mapping[str, Row], families: Sequence[str]) -> Figure:
    """Draws the channels of a family; of several each one's best."""
    ranked = [sentences_ask.rank_channels([row for row in rows if row["family_id"] == family]) for family in families]
    if len(families) == 1:
        firsts = ranked[0]
        title = sentences_ask.describe_finding(firsts, page.titles[families[0]], channels)
    else:
        firsts = [first for own in ranked if (first := sentences_ask.best_channel(own))]
        firsts.sort(key=lambda row: (tuple(SHAPES).index(row["side"]), -row["value"]))
        title = sentences_ask.describe_span(firsts, page.titles, rows)
    has_family = len(families) > 1 or not page.chosen
    names = {
        sentences_ask.key_of(row): (f"{page.titles[row['family_id']]}: " if has_family else "")
        + sentences_ask.name_channel(row, channels)
        for row in firsts
    }
    own = [row for row in rows if sentences_ask.key_of(row) in names]
    return _draw_channels(page, title, own, firsts, names)


def _draw_channels(
    page: View,
    title: str,
    rows: Sequence[Row],
    firsts: Sequence[Row],
    names: Mapping[sentences_ask.Key, str],
) -> Figure:
    by_key = {(sentences_ask.key_of(row), row["statistic"]): row for row in rows}
    groups = [_make_group(row, names[sentences_ask.key_of(row)], by_key) for row in firsts]
    texts = [
        f"{names[sentences_ask.key_of(row)]} {numbers.format_value(row, 'share')}, "
        + count_things(row["n"] or 0, "thread")
        for row in firsts
    ]
    return Figure(
        name="ask-channels",
        title=title,
        subtitle="Share of askers helped within 24 hours (hollow mark) and within 7 days (filled mark, in words on the "
        f"right), with 95 % intervals; {sentences_ask.describe_scope(rows)}. {KEEP_IN_MIND}",
        chart=lines.draw_intervals(groups, choose_styles(page, firsts), axes.make_scale("share", rows), {}, page.theme)
        if groups
        else None,
        rows=rows,
        metric="channel_help",
        source="public channels",
        alt="Helped within 7 days, by channel: " + "; ".join(texts),
    )


def _make_group(row: Row, name: str, rows: Mapping[tuple[sentences_ask.Key, str], Row]) -> dict[str, Any]:
    """Returns a channel with its two lines, or with the reason why it has none."""
    both = [rows[key] for statistic in sentences_ask.WITHIN if (key := (sentences_ask.key_of(row), statistic)) in rows]
    few = numbers.STATES["not enough data"][0]
    if row["state"] in numbers.NUMBERED:
        short = numbers.format_value(row, "share")
        long = f"{short}, n{GAP}={GAP}{numbers.format_count(row['n'])}"
    else:
        short = f"{few}{GAP}too few"
        long = f"{short} threads for a share: {numbers.format_count(row['n'])}"
    lines = [_make_line(one) for one in both if one["state"] in numbers.NUMBERED]
    return {"name": name, "said": long, "short": short, "lines": lines}


def _make_line(row: Row) -> Row:
    within = sentences_ask.WITHIN[row["statistic"]]
    note = (
        f"within {within}: {numbers.format_value(row, 'share')}, {numbers.format_count(row['n_events'])} of "
        f"{numbers.format_count(row['n'])} helped"
    )
    return {"look": f"{row['side']} {row['statistic']}", "note": note} | {
        name: row[name] for name in ("value", "low", "high")
    }


def choose_styles(page: View, rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Returns the point styles: those of the side, with the day hollow and the week filled."""
    looks = {side: page.theme.look_of(side) for side in {row["side"] for row in rows}}
    return {
        f"{side} {name}": look | {"fill": look["colour"] if name == sentences_ask.ASKED else page.theme.page}
        for side, look in looks.items()
        for name in sentences_ask.WITHIN
    }


def draw_list(page: View, rows: Sequence[Row], channels: Mapping[str, Row]) -> list[Part]:
    """Draws the channels with their links, one row each."""
    families = list(page.chosen) or sentences_ask.busiest_families(rows, MOST)
    own = [
        row
        for row in sentences_ask.rank_channels(rows)
        if row["family_id"] in families and (page.chosen or row["state"] in numbers.NUMBERED)
    ]
    own.sort(key=lambda row: families.index(row["family_id"]))
    figure = Figure(
        name="ask-list",
        title=f"{numbers.format_count(len(own))} {pluralize(len(own), 'place')} to ask, with links",
        subtitle=f"Share helped within 7 days with its 95 % interval; {sentences_ask.describe_scope(own)}.",
        rows=own,
        metric="channel_help",
        source="public channels",
        shown=[_describe_channel(page, row, channels) for row in own],
    )
    return [figure] if own else []


def _describe_channel(page: View, row: Row, channels: Mapping[str, Row]) -> dict[str, Any]:
    channel = channels.get(row["channel_id"])
    return {
        "link": channel["url"] if channel else None,
        "channel": sentences_ask.name_channel(row, channels),
        **({"about": page.titles[row["family_id"]]} if len(page.chosen) != 1 else {}),
        "run by": sentences_ask.name_runner(channel),
        "for": numbers.ROLES.get(row["channel_role"], row["channel_role"]),
        "helped within 7 days": numbers.format_value(row, "share"),
        "n": row["n"],
    }


if __name__ == "__main__":
    layout.draw_story(current_view(), story)

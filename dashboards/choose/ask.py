"""The page "Where should I ask?": for each family, its channels with the share of people helped there, and links."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.choose import runtimes, sentences_ask
from dashboards.frame import layout, snapshot_reader
from dashboards.frame.story import Figure, Story
from dashboards.frame.view import View, current_view
from dashboards.metric_row import Row
from dashboards.words import numbers, sentences
from warehouse.wording import count_things

QUESTION = "Where should I ask?"
MOST = 6
"""Families listed if none is chosen, those asked about most."""
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
    """Lists the channels of the chosen families or, with none chosen, of the most asked-about ones."""
    rows = load_channel_rows(page, page.type or "all")
    channels = load_channels(page)
    families = list(page.chosen) or sentences_ask.busiest_families(rows, MOST)
    own = [row for row in rows if row["family_id"] in families] or rows
    answer = sentences.join_answer(
        sentences_ask.judge_page(own, page.titles, channels, page.chosen),
        sentences_ask.answer_page(own, page.titles, channels, page.chosen),
    )
    figures = draw_list(page, rows, channels, families) + runtimes.draw_runtimes(rows, channels)
    return Story(QUESTION, answer, figures)


def load_channel_rows(page: View, kind: str) -> Sequence[Row]:
    """Loads help by channel for questions of a type, in every kind of channel."""
    return page.load_rows(HELP, kind, page.window)


def load_channels(page: View) -> dict[str, Row]:
    """Loads channels by id; channels shared by many families belong to none of them."""
    rows = snapshot_reader.load_rows(
        page.snapshot, "select channel_id, family_id, source, target, is_official, url from staging.channels"
    )
    return {str(row["channel_id"]): row for row in rows}


def draw_list(page: View, rows: Sequence[Row], channels: Mapping[str, Row], families: Sequence[str]) -> list[Figure]:
    """Draws the channels of families with their links, one row each, those with most help first."""
    own = [
        row
        for row in sentences_ask.rank_channels(rows)
        if row["family_id"] in families and (page.chosen or row["state"] in numbers.NUMBERED)
    ]
    own.sort(key=lambda row: families.index(row["family_id"]))
    figure = Figure(
        name="ask-list",
        title=f"{count_things(len(own), 'channel')}, those with most help first",
        subtitle="Share of askers helped within 7 days with its 95 % interval; "
        f"{sentences_ask.describe_scope(own)}. {KEEP_IN_MIND}",
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

"""Lists of the channels where people ask, with links, and of the newest threads that were helped there."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboards.choose import sentences_ask
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure, Part, Words
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import count_things, pluralize

OVERVIEW = 6
"""Number of families in the overview when none is chosen."""
EACH = 3
"""Example threads per channel."""
EXAMPLES = (
    "select h.family_id, t.channel_id, h.channel_kind, h.url, t.title, h.opened_at, h.helped_by, date_diff('second', "
    "h.opened_at, h.helped_at) / 3600.0 as hours from metrics.thread_help as h join staging.threads as t on "
    "t.thread_id = h.thread_id where h.helped_at >= h.opened_at and h.exclusion_reason is null and h.author_role <> "
    "'bot' and (t.question_type = ? or ? = 'all') qualify row_number() over (partition by h.family_id, t.channel_id, "
    "h.channel_kind order by h.opened_at desc, h.url) <= ? order by h.opened_at desc, h.url"
)


def draw_lists(page: View, rows: Sequence[Row], kind: str, channels: Mapping[str, Row]) -> list[Part]:
    """Draws the channels with their links and the newest threads that were helped in them."""
    families = sentences_ask.busiest_families(rows, OVERVIEW) if not page.chosen else list(page.chosen)
    own = [
        row
        for row in sentences_ask.rank_channels(rows)
        if row["family_id"] in families and (page.chosen or row["state"] == "measured")
    ]
    own.sort(key=lambda row: families.index(row["family_id"]))
    return [
        *([_draw_channel_table(page, own, channels)] if own else []),
        *draw_examples(page, families, kind, channels),
    ]


def _draw_channel_table(page: View, rows: Sequence[Row], channels: Mapping[str, Row]) -> Figure:
    table_rows = [
        {
            "link": channels.get(row["channel_id"], {}).get("url"),
            "channel": sentences_ask.name_channel(row, channels),
            **_name_about(page, row),
            "run by": sentences_ask.name_runner(channels.get(row["channel_id"])),
            "for": numbers.ROLES.get(row["channel_role"], row["channel_role"]),
            "helped within 7 days": numbers.format_value(row, "share"),
            "n": row["n"],
        }
        for row in rows
    ]
    return Figure(
        name="ask-channels",
        title=f"{numbers.format_count(len(rows))} {pluralize(len(rows), 'place')} to ask, with links",
        subtitle=f"Share helped within 7 days with its 95 % interval; {sentences_ask.describe_scope(rows)}.",
        chart=None,
        rows=rows,
        metric="channel_help",
        source="public channels",
        alt="The channels with their links and the share helped within 7 days",
        shown=table_rows,
    )


def _name_about(page: View, row: Row) -> dict[str, str]:
    """Names the family of a row, for lists of more than one family."""
    return {"about": page.titles[row["family_id"]]} if len(page.chosen) != 1 else {}


def draw_examples(page: View, families: Sequence[str], kind: str, channels: Mapping[str, Row]) -> list[Part]:
    """Draws the newest helped threads of each channel, for the given families or for all where none is given."""
    if not all(snapshot_reader.has_table(page.snapshot, table) for table in ("metrics.thread_help", "staging.threads")):
        return [
            Words(
                "This snapshot does not include individual threads. Run `heartbeat build` and `heartbeat publish` to "
                "add them.",
                is_small=True,
            )
        ]
    rows = [
        row
        for row in page.load_rows("metrics.thread_help", EXAMPLES, kind, kind, EACH)
        if not families or row["family_id"] in families
    ]
    if not rows:
        return [Words(f"No helped thread is known ({sentences_ask.name_topic(kind)}).", is_small=True)]
    return [
        Figure(
            name="ask-examples",
            title="The newest threads that were helped",
            subtitle=f"Up to {EACH} per channel; {sentences_ask.name_topic(kind)}, of any age. How: an answer was "
            "accepted, the asker confirmed that it works, or a change was merged.",
            chart=None,
            rows=rows,
            metric="thread_help",
            source="public channels",
            alt=f"{count_things(len(rows), 'helped thread')}, with links",
            shown=[_describe_thread(page, row, channels) for row in rows],
        )
    ]


def _describe_thread(page: View, row: Row, channels: Mapping[str, Row]) -> dict[str, Any]:
    """Describes a helped thread as a table row."""
    return {
        "link": row["url"],
        "thread": row["title"] or "",
        **_name_about(page, row),
        "channel": sentences_ask.name_channel(row, channels),
        "helped after": numbers.format_hours(row["hours"]),
        "how": row["helped_by"],
        "opened": f"{row['opened_at']:%Y-%m-%d}",
    }

"""Threads of each channel by kind, and draws of a family's figure from them."""

import duckdb
import numpy as np
import numpy.typing as npt

from analytics.claims.reader import Headline
from analytics.statistics.resampling import draw_answered_shares, draw_shares, make_generator

GRID = (
    0.0,
    0.25,
    0.5,
    1,
    1.5,
    2,
    3,
    4,
    6,
    8,
    10,
    12,
    15,
    18,
    21,
    24,
    30,
    36,
    42,
    48,
    60,
    72,
    84,
    96,
    108,
    120,
    132,
    144,
    156,
    168,
)
"""Hours on which waits are drawn; an answer counts at the end of its step."""
SHARES = """
select family_id, channel_kind, channel_id, items_count, yes_count, cast(sum(threads_count) as bigint)
from (select * from metrics.item_cells {where}) where metric = ? and segment = ? and statistic = ?
group by all order by all
"""
ANSWERS = """
select d.family_id, d.channel_kind, t.channel_id, {step} as step, cast(d.is_event as integer) as is_event, count(*)
from metrics.survival_durations as d join metrics.thread_responses as t on t.thread_id = d.item_id
where d.subject = 'response' and d.segment = ? and d.is_pooled and not d.is_excluded {where}
group by all order by all
"""
Channels = dict[tuple[str, str], list[npt.NDArray[np.int64]]]


def read_channels(connection: duckdb.DuckDBPyConnection, headline: Headline, window: str) -> Channels:
    """Reads the kinds of threads of each channel, by family and kind of channel."""
    if headline.metric == "answered_share":
        where = "and d.age_days <= 365" if window == "365d" else ""
        rows = connection.execute(ANSWERS.format(step=_render_step(), where=where), [headline.segment]).fetchall()
    else:
        # The age groups are disjoint: `all` holds only what is older than 365 days.
        where = "where age_group <> 'all'" if window == "365d" else ""
        rows = connection.execute(SHARES.format(where=where), [*headline.key]).fetchall()
    by_channel: dict[tuple[str, str, str], list[tuple[int, ...]]] = {}
    for family, kind, channel, *counts in rows:
        by_channel.setdefault((family, kind, channel), []).append(tuple(counts))
    channels: Channels = {}
    for (family, kind, _), kinds in by_channel.items():
        channels.setdefault((family, kind), []).append(np.array(kinds, dtype=np.int64))
    return channels


def _render_step() -> str:
    """Renders the step of the grid in which a wait ends."""
    return (
        "case "
        + " ".join(f"when d.duration_hours <= {hour} then {step}" for step, hour in enumerate(GRID))
        + f" else {len(GRID)} end"
    )


def draw_figures(headline: Headline, channels: list[npt.NDArray[np.int64]], *names: str) -> npt.NDArray[np.float64]:
    """Draws the figure of one family as often as ranks need; `names` make its randomness independent of others."""
    rng = make_generator(*headline.key, *names)
    return (
        draw_answered_shares(channels, len(GRID), rng)
        if headline.metric == "answered_share"
        else draw_shares(channels, rng)
    )

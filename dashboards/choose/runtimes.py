"""In which runtime's tracker people who ask about a family are helped: counts over all families together."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dashboards.choose import sentences_ask
from dashboards.frame.story import Figure
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import count_things

LEAST = 20
"""Threads from which on a share is given, as for every other figure."""
SHARED = "_shared"
"""The owner of channels that are of no family."""


class Runtime(NamedTuple):
    """A runtime's tracker."""

    name: str
    url: str
    threads: int
    helped: int

    @property
    def share(self) -> float | None:
        """Returns the share helped; None of too few threads."""
        return self.helped / self.threads if self.threads >= LEAST else None


def select_rows(rows: Sequence[Row], channels: Mapping[str, Row]) -> list[Row]:
    """Selects help within a week in the trackers of runtimes that serve many families."""
    return [
        row
        for row in rows
        if (row["channel_role"], row["channel_kind"], row["statistic"]) == ("runtime", "tracker", sentences_ask.ASKED)
        and channels.get(row["channel_id"], {}).get("family_id") == SHARED
    ]


def count_runtimes(rows: Sequence[Row], channels: Mapping[str, Row]) -> list[Runtime]:
    """Counts the threads of each runtime, those with the highest share first, then those with too few threads."""
    by_channel: dict[str, list[Row]] = {}
    for row in rows:
        by_channel.setdefault(row["channel_id"], []).append(row)
    counted = [
        Runtime(
            channels[channel]["target"],
            channels[channel]["url"],
            sum(row["n"] or 0 for row in own),
            sum(row["n_events"] or 0 for row in own),
        )
        for channel, own in by_channel.items()
    ]
    return sorted(counted, key=lambda one: (one.share is None, -(one.share or 0), -one.threads, one.name))


def draw_runtimes(rows: Sequence[Row], channels: Mapping[str, Row]) -> list[Figure]:
    """Draws a row per runtime; nothing if no tracker has a thread."""
    own = select_rows(rows, channels)
    runtimes = count_runtimes(own, channels)
    figure = Figure(
        name="ask-runtimes",
        title=name_first(runtimes),
        subtitle=f"Threads that name a family, all families together; {sentences_ask.describe_part(own)}. Counts "
        "without intervals: a small lead may be chance.",
        rows=own,
        metric="channel_help",
        source="trackers of runtimes",
        shown=[
            {
                "link": one.url,
                "runtime": one.name,
                "helped within 7 days": f"{one.helped} of {count_things(one.threads, 'thread')}",
                "share": "too few threads" if one.share is None else numbers.format_share(one.share),
            }
            for one in runtimes
        ],
    )
    return [figure] if runtimes else []


def name_first(runtimes: Sequence[Runtime]) -> str:
    """Names the runtime in whose tracker most are helped, with its counts, or says that none has enough threads."""
    known = [one for one in runtimes if one.share is not None]
    if not known:
        return "Too few threads about these families in any runtime's tracker"
    first = known[0]
    if not first.share:
        return "Nobody is known to have been helped in a runtime's tracker"
    where = numbers.escape_markdown(first.name)
    return f"Runtimes: {where} helps most often, {first.helped} of {first.threads} threads"

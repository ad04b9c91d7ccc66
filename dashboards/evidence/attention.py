"""What needs attention: collections that are not complete and fresh, and channels that never answered."""

from collections.abc import Sequence
from typing import Any

from dashboards.evidence import faults
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.attempts.health import Health, SilentChannel
from warehouse.freshness import UNOBSERVABLE
from warehouse.wording import count_things

SHARED = "Shared by many"
URGENCY = ("failed", "overdue", "partial", UNOBSERVABLE, "stale", "skipped", "never", "complete")
SAID = {
    "partial": "partial", "failed": "failed", "overdue": "overdue", "stale": "late", "skipped": "skipped",
    "never": "never visited", UNOBSERVABLE: "silent",
}  # fmt: skip
SILENT = "never answered"
COLUMNS = ("family", "channel", "condition", "coverage", "last read", "reason", "message", "link", "what")


def select_of_page(page: View, rows: Sequence[Row]) -> list[Row]:
    """Selects rows of the chosen families; with none chosen, those of shared channels too."""
    return [
        row
        for row in rows
        if row["family_id"] in page.wanted or (row["family_id"] not in page.titles and not page.chosen)
    ]


def select_bad(rows: Sequence[Row]) -> list[Row]:
    """Selects the collections that are not complete and fresh, the worst first."""
    bad = [row for row in rows if row["condition"] != "complete"]
    return sorted(bad, key=lambda row: URGENCY.index(row["condition"]))


def find_family(channel: SilentChannel) -> str:
    """Returns the family of a channel, the first word of its id."""
    return channel.channel_id.partition(".")[0]


def draw_attention(page: View, rows: Sequence[Row], health: Health) -> Figure | None:
    """Draws the reason for each collection that is not complete, and for each channel that never answered."""
    bad = select_bad(rows)
    # With no family chosen, those of shared channels too.
    silent = [one for one in health.unanswered if not page.chosen or find_family(one) in page.chosen]
    lines = [*_describe_bad(page, bad), *(_describe_silent(page, channel) for channel in silent)]
    if not lines:
        return None
    channels = len({(row["family_id"], row["target"]) for row in bad})
    stated = [f"{count_things(len(bad), 'collection')} of {count_things(channels, 'channel')}"] if bad else []
    stated += [f"{count_things(len(silent), 'channel')} that never answered"] if silent else []
    return Figure(
        name="attention",
        title=f"What needs attention: {' and '.join(stated)}",
        subtitle="The worst first; no figure includes channels that never answered.",
        rows=lines,
        metric="collections",
        source="the ledgers of runs and of attempts",
        shown=lines,
    )


def _describe_bad(page: View, bad: Sequence[Row]) -> list[dict[str, Any]]:
    """Describes bad collections; one fault often stops several things of a channel, which then share a line."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for row in bad:
        cover = numbers.format_share(row["coverage_share"]) if row["coverage_share"] is not None else "none yet"
        why = faults.describe_fault(row["last_fault"], row["last_state"] or "")
        if row["condition"] == UNOBSERVABLE:
            # It is read whole, and still shows nothing.
            why, cover = "nothing was added for long", numbers.format_share(0)
        age = numbers.format_age(row["as_of_at"], page.now)
        head = (page.titles.get(row["family_id"], SHARED), row["target"], SAID[row["condition"]], cover, age)
        groups.setdefault((*head, why, row["last_error"] or "", row["url"]), []).append(row["thing"])
    return [dict(zip(COLUMNS, (*key, ", ".join(things)), strict=True)) for key, things in groups.items()]


def _describe_silent(page: View, channel: SilentChannel) -> dict[str, Any]:
    """Describes a channel that never answered, in the columns of the others."""
    why = faults.describe_fault(channel.fault, "failed") if channel.error else "no recorded visit"
    what = numbers.SOURCES.get(channel.source, channel.source)
    name = channel.channel_id.split(".", 2)[-1]
    family = page.titles.get(find_family(channel), SHARED)
    return dict(zip(COLUMNS, (family, name, SILENT, "none yet", "never", why, channel.error, None, what), strict=True))

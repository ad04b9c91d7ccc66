"""Coverage: how much of each source was collected per family, with a mark for each reason to have nothing."""

from collections.abc import Sequence

from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.freshness import UNOBSERVABLE
from warehouse.wording import count_things, pluralize

LEAST = 0.9
"""Below this share of a source, figures may be biased."""
NAMES = {
    "tracker": "trackers", "forum": "forums", "subreddit": "subreddits", "tag": "tags", "status": "status pages",
    "changelog": "changelogs", "deprecations": "ends", "hub": "the Hub", "packages": "packages", "prices": "prices",
    "offers": "facts",
}  # fmt: skip
"""Kinds of data collected for a family, in column order."""


def draw_coverage(page: View) -> Figure | None:
    """Draws the lowest share read, for each family and kind of source, or the reason why there is none."""
    order = "family_id, channel_kind, coverage_share nulls last, subject"
    rows = page.load_rows(f"select * from metrics.channel_coverage where channel_role = 'all' order by {order}")
    # The query sorts by share, so the first row of each kind is the worst.
    worst: dict[tuple[str, str], Row] = {}
    for row in rows:
        worst.setdefault((row["family_id"], row["channel_kind"]), row)
    if not worst:
        return None
    states = ", ".join(f"{mark} {state}" for state, (mark, _) in numbers.STATES.items())
    least = numbers.format_share(LEAST)
    families = sorted({family for family, _ in worst}, key=lambda family: page.titles[family].lower())
    return Figure(
        name="coverage",
        title=count_low(list(worst.values())),
        subtitle=f"Share of each source's items that was read; of several the lowest. ▲ less than {least}.",
        how=f"{states}.",
        rows=rows,
        metric="channel_coverage",
        source="the ledger of runs",
        shown=[
            {"family": page.titles[family]}
            | {name: _format_cell(worst.get((family, kind))) for kind, name in NAMES.items()}
            for family in families
        ],
    )


def count_low(rows: Sequence[Row]) -> str:
    """Counts the sources of which too little was read, among those with a share, and those that were read and are
    silent."""
    shares = [row["coverage_share"] for row in rows if row["coverage_state"] in numbers.NUMBERED]
    silent = sum(row["coverage_state"] == UNOBSERVABLE and row["coverage_share"] is not None for row in rows)
    low, least, more = sum(share < LEAST for share in shares), numbers.format_share(LEAST), f"; {silent} silent"
    read = f"{low} of {count_things(len(shares), 'source')} under {least} complete"
    if not low:
        whole = pluralize(len(shares), "1 source", f"All {len(shares)} sources")
        read = f"{whole} at least {least} complete" if shares else "No source was read"
    return read + more * bool(silent)


def _format_cell(row: Row | None) -> str:
    if row is None:
        return ""
    mark = numbers.STATES.get(row["coverage_state"], ("", ""))[0]
    if row["coverage_state"] not in numbers.NUMBERED or row["coverage_share"] is None:
        return mark or "·"
    low = "▲" if row["coverage_share"] < LEAST else ""
    return " ".join(filter(None, (numbers.format_share(row["coverage_share"]), low, mark)))

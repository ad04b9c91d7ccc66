"""Words for the publisher of a followed snapshot: on every page, in every report and picture."""

from datetime import datetime, timedelta

from dashboards.words import numbers
from warehouse.freshness import SNAPSHOT_HOURS
from warehouse.snapshot import Snapshot


def describe_publisher(snapshot: Snapshot) -> str:
    """Says whose a followed snapshot is and when it was published; empty for one of this installation's own."""
    origin = snapshot.origin
    if origin is None:
        return ""
    published = f"Published by {origin.publisher} on {numbers.format_instant(snapshot.published_at)}"
    data = f"; data as of {numbers.format_instant(origin.data_as_of)}" if origin.data_as_of else ""
    return f"{published}, followed from {origin.source}{data}; licence {origin.licence}"


def describe_lateness(snapshot: Snapshot, now: datetime) -> str:
    """Says why nothing newer is shown: the source gave nothing, or nothing was published for long; else empty."""
    origin = snapshot.origin
    if origin is None:
        return ""
    if origin.trouble:
        since = f"since {numbers.format_instant(origin.troubled_at)}" if origin.troubled_at else "now"
        return f"Its source has given nothing newer {since} ({origin.trouble}). This is the last snapshot fetched."
    if not snapshot.is_sample and now - snapshot.published_at > timedelta(hours=SNAPSHOT_HOURS):
        return (
            f"It was published {numbers.format_age(snapshot.published_at, now)}, and its source has none that is newer."
        )
    return ""

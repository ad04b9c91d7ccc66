"""Words for the publisher of a followed snapshot: on every page, in every report and picture."""

from dashboards.words import numbers
from warehouse.snapshot import Snapshot


def describe_publisher(snapshot: Snapshot) -> str:
    """Says whose a followed snapshot is and when it was published; empty for one of this installation's own."""
    origin = snapshot.origin
    if origin is None:
        return ""
    published = f"Published by {origin.publisher} on {numbers.format_instant(snapshot.published_at)}"
    data = f"; data as of {numbers.format_instant(origin.data_as_of)}" if origin.data_as_of else ""
    return f"{published}, followed from {origin.source}{data}; licence {origin.licence}"

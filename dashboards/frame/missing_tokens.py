"""Says on every page what is missing for want of a GitHub token, and the one line that brings it."""

from collections.abc import Sequence

import streamlit as st

from dashboards.frame import snapshot_reader
from dashboards.metric_row import DictRow
from warehouse.faults import Fault
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

COMMAND = "GITHUB_TOKEN=$(gh auth token) make up"


def draw_missing_token(snapshot: Snapshot) -> None:
    """Draws what is missing and how to get it; nothing where nothing is missing, numbers are made up, or the snapshot
    is somebody else's."""
    if snapshot.is_sample or snapshot.origin is not None:
        return
    words = describe_missing(snapshot_reader.load_collections(snapshot, snapshot_reader.current_time(snapshot)))
    if words:
        with st.container(key="missing-token"):
            st.markdown(words)


def describe_missing(rows: Sequence[DictRow]) -> str:
    """Describes what was not read of GitHub for want of a token; empty if all was."""
    lacking = [row for row in rows if row["source"] == "github" and row["last_fault"] == Fault.CREDENTIALS]
    if not lacking:
        return ""
    trackers = [row for row in lacking if row["thing"] == "issues"]
    read = sum(row["as_of_at"] is not None for row in trackers)
    return (
        f"**No GitHub token is set:** {count_things(len(lacking), 'collection')} of GitHub wait for one; only the "
        f"newest issues of {read} of {len(trackers)} trackers were read. One line brings the rest: `{COMMAND}`"
    )

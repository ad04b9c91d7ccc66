"""Says on every page what is missing for want of a GitHub token, and the one line that brings it."""

from collections.abc import Sequence

import streamlit as st

from dashboards.frame import snapshot_reader
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.faults import Fault
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

COMMAND = "GITHUB_TOKEN=$(gh auth token) make up"
WORDS = {"pulls": "pull requests", "discussions": "discussions", "commits": "commits"}
"""What is read with a token only, where a reader would miss it."""


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
    """Describes what was not read of GitHub for want of a token; empty where all was."""
    lacking = [row for row in rows if row["source"] == "github" and row["last_fault"] == Fault.CREDENTIALS]
    if not lacking:
        return ""
    trackers = [row for row in lacking if row["thing"] == "issues"]
    read = sum(row["as_of_at"] is not None for row in trackers)
    things = [words for thing, words in WORDS.items() if any(row["thing"] == thing for row in lacking)]
    later = sum(row["thing"] == "repositories" and row["as_of_at"] is None for row in lacking)
    parts = []
    if trackers:
        newest = f"only the newest issues of {read}" if read else "the issues of none"
        parts.append(f"{newest} of {len(trackers)} GitHub trackers were read")
    if things:
        parts.append(f"{numbers.join_words(things)} were not")
    if later:
        more = count_things(later, "more repository", "more repositories")
        parts.append(f"stars and forks of {more} follow in the next hours")
    return f"**No GitHub token is set:** {'; '.join(parts)}. One line brings the rest: `{COMMAND}`"

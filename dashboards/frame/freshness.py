"""The freshness of the data, and the screens shown when there are no data or a page fails."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from dashboards.frame import origin, snapshot_reader
from dashboards.metric_row import DictRow
from dashboards.words import numbers
from warehouse.snapshot import Snapshot, has_column

PATIENCE = 3
"""A collection is stale once it is older than this many times its cadence, but never within a day."""


STEPS = {
    "1. Collect": "Heartbeat reads what vendors and communities publish: about ten minutes per large repository, "
    "longest the first time.",
    "2. Build": "People and texts become numbers, each with its interval, its coverage and the cases behind it.",
    "3. Show": "The figures are published, and **this page opens by itself**. Later runs read only what is new.",
}
"""The steps before there is anything to see."""


def draw_first_run() -> None:
    """Draws the screen before the first publish: what is happening, and the one command that helps."""
    st.title("Nothing has been published yet", anchor=False)
    with st.container(key="answer"):
        st.markdown(
            "Heartbeat collects first, then builds its measures, then shows them here. If nothing is running yet, "
            "start it:"
        )
    st.code("heartbeat up", language=None)
    st.caption(
        "To look around without collecting anything: `heartbeat up --sample`. To see what is there already: "
        "`heartbeat status`."
    )
    for index, (column, (title, text)) in enumerate(
        zip(st.columns(len(STEPS), gap="medium"), STEPS.items(), strict=True)
    ):
        with column, st.container(key=f"figure-step-{index}", height="stretch"):
            st.markdown(f"## {title}", anchors=False)
            st.markdown(text)


def draw_ribbon(snapshot: Snapshot) -> None:
    """Draws a ribbon on every page of a made-up world."""
    if snapshot.is_sample:
        with st.container(key="ribbon"):
            st.markdown("**Sample data.** Made-up numbers; they say nothing about any vendor or community.")
            progress = snapshot_reader.load_progress()
            if progress is not None and progress.has_failed:
                st.markdown(
                    f"You see them because no source could be reached: all {progress.total} channels failed. Check the "
                    "network. `heartbeat doctor` names each host and its fault. The schedule retries, and real figures "
                    "replace these by themselves."
                )


def draw_progress() -> None:
    """Draws how far the first collection is, while it goes on."""
    progress = snapshot_reader.load_progress()
    if progress is not None and not progress.has_failed:
        with st.container(key="progress"):
            st.markdown(
                f"**Still collecting:** {progress.finished} of {progress.total} channels done, "
                f"{progress.rows:,} rows so far. This page updates itself."
            )


def draw_publisher(snapshot: Snapshot) -> None:
    """Says on every page whose a followed snapshot is, and why nothing newer is shown, if that is so."""
    if snapshot.origin is None:
        return
    lateness = origin.describe_lateness(snapshot, snapshot_reader.current_time(snapshot))
    with st.container(key="publisher-late" if lateness else "publisher"):
        st.markdown(numbers.escape_markdown(f"{origin.describe_publisher(snapshot)}."))
        if lateness:
            st.markdown(f"**{numbers.escape_markdown(lateness)}**")


def draw_failure() -> None:
    """Draws a page's failure: what still works, and where the reason is."""
    st.title("This page could not be shown", anchor=False)
    with st.container(key="answer-broken"):
        st.markdown(
            "The published snapshot could not be read the way this page expects. The other pages may still work; "
            "nothing that was collected is lost."
        )
    st.markdown(
        "`heartbeat status` shows what was collected and published; `heartbeat build` and `heartbeat publish` make a "
        "new snapshot. The reason is in the dashboard's log."
    )


UNVISITED = "never visited"
"""Stands for the things of a channel that no run has reached."""


def load_collections(snapshot: Snapshot, now: datetime) -> list[DictRow]:
    """Loads every collection with its channel and its condition: complete, partial, failed, stale, skipped or never."""
    if not (
        snapshot_reader.has_table(snapshot, "staging.collections")
        and snapshot_reader.has_table(snapshot, "staging.channels")
    ):
        return []
    # Snapshots of older versions have no column for the fault.
    has_fault = has_column(snapshot, "staging", "collections", "last_fault")
    fault = "c.last_fault" if has_fault else "'unknown' as last_fault"
    rows = snapshot_reader.load_rows(
        snapshot,
        f"select ch.channel_id, ch.family_id, ch.source, ch.target, coalesce(c.thing, '{UNVISITED}') as thing, "
        "ch.cadence_hours, ch.url, c.as_of_at, "
        f"c.last_run_at, c.last_state, c.last_error, {fault}, c.expected, c.coverage_share from staging.channels ch "
        # A channel that no run has reached is missing, however fresh the others are.
        "left join staging.collections c using (channel_id) where c.thing is not null or ch.is_enabled order by all",
    )
    return [{**row, "condition": judge_condition(row, now)} for row in rows]


def judge_condition(row: DictRow, now: datetime) -> str:
    """Judges the condition of one collection, the most urgent first."""
    if row["as_of_at"] is None and row["last_state"] not in ("failed", "partial"):
        return "never"
    if row["last_state"] in ("failed", "partial", "skipped"):
        return str(row["last_state"])
    return "stale" if is_stale(row, now) else "complete"


def is_stale(row: DictRow, now: datetime) -> bool:
    """Returns whether the last good data are older than the cadence allows."""
    limit = max(timedelta(hours=24), timedelta(hours=PATIENCE * (row["cadence_hours"] or 24)))
    return row["as_of_at"] is None or now - row["as_of_at"].replace(tzinfo=UTC) > limit


def draw_freshness(snapshot: Snapshot) -> None:
    """Draws the freshness of the data: green, amber with the age, or red with the reason."""
    now = snapshot_reader.current_time(snapshot)
    label, colour = judge_freshness(load_collections(snapshot, now), now)
    st.badge(label, color=colour)


def judge_freshness(rows: Sequence[DictRow], now: datetime) -> tuple[str, Any]:
    """Returns the text and the colour of the freshness mark."""
    kinds = {kind: [row for row in rows if row["condition"] == kind] for kind in ("failed", "partial", "stale")}
    instants = [row["as_of_at"] for row in rows if row["as_of_at"]]
    oldest = numbers.format_age(min(instants, default=None), now)
    if not rows:
        return "Nothing collected yet", "gray"
    if kinds["failed"]:
        return f"{len(kinds['failed'])} of {len(rows)} collections failed; oldest data {oldest}", "red"
    if kinds["stale"]:
        return f"{len(kinds['stale'])} of {len(rows)} collections are late; oldest data {oldest}", "orange"
    if missing := [row for row in rows if row["thing"] == UNVISITED]:
        return f"{len(missing)} of {len(rows)} collections were never visited; oldest data {oldest}", "orange"
    if kinds["partial"]:
        return f"{len(kinds['partial'])} of {len(rows)} collections are partial; oldest data {oldest}", "orange"
    return f"All {len(rows)} collections are fresh; oldest data {oldest}", "green"


TROUBLES = {
    "failed": "**Failed:** {who}. The last data read there stay on display, {age}; the figures of all others are not "
    "affected.",
    "partial": "**Read in part:** {who}. Missing data lower counts and may bias shares; coverage is shown below each "
    "figure.",
    "stale": "**Late:** {who}. Figures show the data read last, {age}.",
}
"""Kinds of trouble and their effect on figures, the worst first."""
MOST_NAMED = 5


def draw_notice(snapshot: Snapshot) -> None:
    """Draws which collections failed, are partial or late, and what that does to the figures; nothing where all is
    well."""
    now = snapshot_reader.current_time(snapshot)
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    lines = describe_troubles(load_collections(snapshot, now), titles, now)
    if lines:
        with st.container(key="notice"):
            st.markdown("  \n".join(lines))
            st.page_link("evidence/data.py", label="What was read, and what went wrong", width="content")


def describe_troubles(rows: Sequence[DictRow], titles: Mapping[str, str], now: datetime) -> list[str]:
    """Describes each kind of trouble present in one sentence."""
    lines = []
    for kind, words_of in TROUBLES.items():
        own = [row for row in rows if row["condition"] == kind]
        if own:
            oldest = numbers.format_age(min((row["as_of_at"] for row in own if row["as_of_at"]), default=None), now)
            age = "so nothing is shown" if oldest == "never" else f"the oldest from {oldest}"
            lines.append(words_of.format(who=_name_concerned(own, titles), age=age))
    return lines


def _name_concerned(rows: Sequence[DictRow], titles: Mapping[str, str]) -> str:
    """Names those affected, `GPT (GitHub and status pages) and Qwen (the Hub)`, or counts them where they are many."""
    sources: dict[str, set[Any]] = {}
    for row in rows:
        sources.setdefault(row["family_id"], set()).add(numbers.SOURCES.get(row["source"], row["source"]))
    if len(sources) > MOST_NAMED:
        return f"{len(rows):,} collections of {len(set(sources) & set(titles))} families"
    named = {family: numbers.escape_markdown(titles.get(family, "channels of all families")) for family in sources}
    return numbers.join_words(
        [
            f"{name} ({numbers.join_words([numbers.escape_markdown(source) for source in sorted(sources[family])])})"
            for family, name in named.items()
        ]
    )

"""The freshness of the data, and the screens shown when there are no data or a page fails."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from dashboards.evidence.coverage import LEAST
from dashboards.evidence.faults import describe_fault
from dashboards.frame import filters, origin, snapshot_reader
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers, sentences
from warehouse.attempts.health import Health, describe_mark, describe_silence
from warehouse.faults import Fault
from warehouse.freshness import describe_freshness, load_fact_ages
from warehouse.snapshot import Snapshot
from warehouse.wording import count_things

COMMAND = "GITHUB_TOKEN=$(gh auth token) make up"
UNREACHED = frozenset({Fault.UNREACHABLE, Fault.TIMED_OUT})


def draw_first_run() -> None:
    """Draws the screen before the first publish: what is happening, and the one command that helps."""
    st.title("Nothing has been published yet", anchor=False)
    with st.container(key="answer"):
        st.markdown(
            "Heartbeat collects first, then builds its measures, then shows them here. If nothing is running yet, "
            "start it:"
        )
    if lines := describe_attempts(snapshot_reader.load_health(None)):
        with st.container(key="notice"):
            st.markdown("  \n".join(lines))
    st.code("heartbeat up", language=None)
    st.caption(
        "To look around without collecting anything: `heartbeat up --sample`. To see what is there already: "
        "`heartbeat status`."
    )
    st.markdown(
        "A first collection takes about ten minutes per large repository. Then the figures are built and published, "
        "and **this page opens by itself**. Later runs read only what is new."
    )


def draw_ribbon(snapshot: Snapshot) -> None:
    """Draws a ribbon on every page of a made-up world."""
    if snapshot.is_sample:
        with st.container(key="ribbon"):
            day = f"{snapshot.published_at.day} {snapshot.published_at:%b %Y}"
            st.markdown(f"**Sample data.** Made-up numbers of {day} that say nothing about any vendor.")
            progress = snapshot_reader.load_progress()
            if progress is not None and progress.has_failed:
                st.markdown(
                    f"You see them because no source could be reached: none of {progress.total} channels was read. "
                    "Check the network. `heartbeat status` names the faults. The schedule retries, and "
                    "real figures replace these by themselves."
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
    """Says on every page whose a followed snapshot is, and why nothing newer, or not all of it, is shown."""
    if snapshot.trouble:
        with st.container(key="publisher-late"):
            st.markdown(f"**Published files are damaged.** {numbers.escape_markdown(snapshot.trouble)}.")
    if snapshot.origin is None:
        return
    lateness = origin.describe_lateness(snapshot, snapshot_reader.current_time(snapshot))
    with st.container(key="publisher-late" if lateness else "publisher"):
        st.markdown(numbers.escape_markdown(f"{origin.describe_publisher(snapshot)}."))
        if lateness:
            st.markdown(f"**{numbers.escape_markdown(lateness)}**")


def draw_unreadable() -> None:
    """Draws that no published version can be read, and what to do; a page names no path of its machine."""
    st.title("No published version can be read", anchor=False)
    with st.container(key="answer-broken"):
        st.markdown("Its file is damaged or of another version of Heartbeat. Nothing that was collected is lost.")
    st.markdown("`heartbeat publish` makes a new version from the last build. `heartbeat doctor` names the file.")


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


def draw_freshness(snapshot: Snapshot) -> None:
    """Draws the freshness of the data: green, amber with the age, or red with the reason."""
    label, colour, _ = _judge_present(snapshot)
    st.session_state[BADGE], st.session_state[SHOWN] = st.empty(), []
    st.session_state[BADGE].badge(label, color=colour)


def qualify_badge(snapshot: Snapshot, rows: Sequence[Row]) -> None:
    """Adds the worst state and the lowest coverage of the figures of this page to the badge."""
    st.session_state.setdefault(SHOWN, []).extend(rows)
    worst, least = sentences.describe_worst(st.session_state[SHOWN])
    if worst and BADGE in st.session_state:
        label, colour, _ = _judge_present(snapshot)
        is_poor = colour == "green" and (least < LEAST or numbers.WORST[0] in worst)
        st.session_state[BADGE].badge(f"{label}; {worst}", color="orange" if is_poor else colour)


@snapshot_reader.keep_a_minute
def _judge_present(snapshot: Snapshot) -> tuple[str, Any, list[str]]:
    """Returns the text and the colour of the freshness mark, and the lines of the notice."""
    now = snapshot_reader.current_time(snapshot)
    return *judge_freshness(snapshot, now), list_notices(snapshot, now)


def judge_freshness(snapshot: Snapshot, now: datetime) -> tuple[str, Any]:
    """Returns the text and the colour of the freshness mark."""
    collections, facts = snapshot_reader.load_collections(snapshot, now), load_fact_ages(snapshot, now)
    shown = describe_freshness(collections, facts, now, snapshot.is_sample)
    return describe_mark(snapshot_reader.load_health(snapshot), *shown)


TROUBLES = {
    "failed": "**Failed:** {who}{why}. The pages show the last data read there; other figures are not affected.",
    "overdue": "**Overdue:** {who}. No figure includes what happened since.",
    "partial": "**Read in part:** {who}. Missing data lower counts and may bias shares.",
    "not observable": "**Silent:** {who}. Nothing was added for so long that no figure can rest on it.",
    "stale": "**Late:** {who}. The pages show the last data read there.",
}
"""Kinds of trouble and their effect on figures, the worst first."""
MOST_NAMED = 5
BADGE, SHOWN = "badge", "rows behind the badge"
"""Where the script leaves the place of the badge, and the page the rows of its figures."""


def draw_notice(snapshot: Snapshot) -> None:
    """Draws what went wrong and what that does to the figures; nothing if all is well."""
    *_, lines = _judge_present(snapshot)
    if lines:
        with st.container(key="notice"):
            st.markdown("  \n".join(lines))
            label, kept = "What was read, and what went wrong", filters.kept_choices()
            st.page_link("evidence/data.py", label=label, query_params=kept, width="content")


def list_notices(snapshot: Snapshot, now: datetime) -> list[str]:
    """Lists what was tried last and went wrong, which collections failed, are partial or late, and what that does to
    the figures."""
    titles = {family["family_id"]: family["title"] for family in snapshot_reader.load_families(snapshot)}
    health = snapshot_reader.load_health(snapshot)
    lines = [] if _is_told_by_ribbon(snapshot, health) else describe_attempts(health)
    collections = snapshot_reader.load_collections(snapshot, now)
    if not snapshot.is_sample and snapshot.origin is None and (missing := describe_missing_token(collections)):
        lines.insert(0, missing)
    return lines + describe_troubles(collections, titles)


def describe_missing_token(rows: Sequence[DictRow]) -> str:
    """Describes what was not read of GitHub for want of a token, and how to get it; empty if all was."""
    lacking = [row for row in rows if row["source"] == "github" and row["last_fault"] == Fault.CREDENTIALS]
    if not lacking:
        return ""
    trackers = [row for row in lacking if row["thing"] == "issues"]
    read = sum(row["as_of_at"] is not None for row in trackers)
    return (
        f"**No GitHub token is set:** {count_things(len(lacking), 'collection')} of GitHub wait for one; only the "
        f"newest issues of {read} of {len(trackers)} trackers were read. One line brings the rest: `{COMMAND}`"
    )


def _is_told_by_ribbon(snapshot: Snapshot, health: Health) -> bool:
    """Returns whether the ribbon has said all that went wrong: no source could be reached, so that the sample world is
    shown."""
    progress = snapshot_reader.load_progress()
    has_failed = snapshot.is_sample and progress is not None and progress.has_failed
    return has_failed and {trouble.fault for trouble in health.troubles} <= UNREACHED


def describe_attempts(health: Health) -> list[str]:
    """Describes each step that went wrong last, and how many channels never answered."""
    lines = []
    for trouble in health.troubles:
        stated = f"{trouble.dated[0].upper()}{trouble.dated[1:]}"
        cause = describe_fault(trouble.fault, trouble.state)
        why = f": {cause}" if cause else ""
        lines.append(
            f"**{numbers.escape_markdown(stated)}**{why}. {trouble.remedy} `heartbeat status` has the details."
        )
    if silence := describe_silence(health):
        them = "it" if len(health.unanswered) == 1 else "them"
        lines.append(f"**{silence}.** No figure includes {them}; `heartbeat status` names {them}.")
    return lines


def describe_troubles(rows: Sequence[DictRow], titles: Mapping[str, str]) -> list[str]:
    """Describes each kind of trouble present in one line, with its most frequent cause."""
    lines = []
    for kind, words in TROUBLES.items():
        own = [row for row in rows if row["condition"] == kind]
        if own:
            (fault, _), *_ = Counter(str(row["last_fault"]) for row in own).most_common(1)
            lines.append(words.format(who=_name_concerned(own, titles), why=f": {describe_fault(fault, 'failed')}"))
    return lines


def _name_concerned(rows: Sequence[DictRow], titles: Mapping[str, str]) -> str:
    """Names those affected, `GPT (GitHub and status pages) and Qwen (the Hub)`, or counts them if they are many."""
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

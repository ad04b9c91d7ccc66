"""The freshness of the data, and the screens shown when there are no data or a page fails."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import streamlit as st

from dashboards.evidence.coverage import LEAST
from dashboards.evidence.faults import describe_fault
from dashboards.frame import filters, origin, snapshot_reader
from dashboards.menu import PATHS
from dashboards.metric_row import DictRow, Row
from dashboards.words import numbers, sentences
from warehouse.faults import Fault
from warehouse.findings import UNREACHED, Finding, begin_sentence, describe_mark
from warehouse.freshness import describe_freshness
from warehouse.progress import CollectionProgress
from warehouse.snapshot import Snapshot
from warehouse.wording import GAP

COMMAND = "GITHUB_TOKEN=$(gh auth token) make up"
COMMAND_LAST = re.compile(r"(?P<text>.*) `(?P<command>[^`]+)`")
"""A notice that ends with a command."""


def draw_first_run() -> None:
    """Draws the screen before the first publish: what is happening, and the one command that helps."""
    _draw_message(
        "Nothing has been published yet",
        "Heartbeat collects first, then builds its measures, then shows them here. If nothing is running yet, start "
        "it:",
    )
    if lines := list_notices(None, now=snapshot_reader.read_environment().clock()):
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


def draw_progress(progress: CollectionProgress) -> None:
    with st.container(key="progress"):
        st.markdown(
            f"**Still collecting:** {progress.finished} of {progress.total} channels done, "
            f"{progress.rows:,} rows so far. This page updates itself."
        )


def draw_unreadable() -> None:
    """Draws that no published version can be read, and what to do; a page names no path of its machine."""
    _draw_message(
        "No published version can be read",
        "Its file is damaged or of another version of Heartbeat. Nothing that was collected is lost.\n\n"
        "`heartbeat publish` makes a new version from the last build. `heartbeat doctor` names the file.",
    )


def draw_failure() -> None:
    """Draws a page's failure: what still works, and where the reason is."""
    _draw_message(
        "This page could not be shown",
        "The published snapshot could not be read the way this page expects. The other pages may still work; nothing "
        "that was collected is lost.\n\n"
        "`heartbeat status` shows what was collected and published; `heartbeat build` and `heartbeat publish` make a "
        "new snapshot. The reason is in the dashboard's log.",
    )


def _draw_message(title: str, text: str) -> None:
    with st.container(key="answer-none"):
        st.title(title, anchor=False)
        st.markdown(text)


def draw_freshness(snapshot: Snapshot) -> None:
    """Draws how far the data go and how complete they are: amber or red if anything is wrong, with the reason and what
    that does to the figures behind it."""
    present = _judge_present(snapshot)
    colour: Any = present.colour
    rows = st.session_state.pop(SHOWN, [])
    worst, least = sentences.describe_worst(rows)
    if colour == "green" and (least < LEAST or numbers.WORST[0] in worst):
        colour = "orange"
    owner = describe_owner(snapshot) or None
    with st.popover(_sum_up(snapshot, rows, present.newest, colour), type="tertiary", key="freshness-why", help=owner):
        st.badge("; ".join(filter(None, (present.label, worst))), color=colour)
        st.markdown("\n\n".join([*present.urgent, *present.lines]))
        link = "What was read, and what went wrong"
        st.page_link(PATHS["evidence/data"], label=link, query_params=filters.kept_choices(), width="content")


def _sum_up(snapshot: Snapshot, rows: Sequence[Row], newest: datetime, colour: str) -> str:
    """Sums up the day of the newest data and the lowest coverage behind a number of the page. A phone shows only what
    is not small."""
    numbered = [row for row in rows if row.get("state") in numbers.NUMBERED]
    shares = [row["coverage_share"] for row in numbered if row.get("coverage_share") is not None]
    complete = f", {numbers.format_least(min(shares))} complete" if shares else ""
    said = f":small[Data to{GAP}]{newest.day} {newest:%b}:small[{GAP}{newest.year}{complete}]"
    if colour in ("orange", "red"):
        said = f":orange[{said}]"
    return f"{said} :orange-badge[Sample]" if snapshot.is_sample else said


@lru_cache(maxsize=4)
def describe_owner(snapshot: Snapshot) -> str:
    """Says that the numbers are made up, and whose they are if they are followed; empty for one's own."""
    said = ["**Sample data.** Made-up numbers that say nothing about any vendor."] if snapshot.is_sample else []
    said += [numbers.escape_markdown(f"{origin.describe_publisher(snapshot)}.")] if snapshot.origin else []
    return " ".join(said)


def draw_footer(snapshot: Snapshot) -> None:
    """Draws below every page whose data these are."""
    if said := describe_owner(snapshot):
        with st.container(key="footer"):
            st.caption(said)


class Present(NamedTuple):
    """How fresh the data are."""

    label: str
    colour: str
    urgent: list[str]
    """What a reader must know first."""
    lines: list[str]
    """All else that went wrong."""
    newest: datetime
    """When the newest data were read."""


@snapshot_reader.keep_for(60)
def _judge_present(snapshot: Snapshot) -> Present:
    now = snapshot_reader.current_time(snapshot)
    collections = snapshot_reader.load_collections(snapshot, now)
    newest = max((row["as_of_at"] for row in collections if row["as_of_at"]), default=snapshot.published_at)
    return Present(
        *judge_freshness(snapshot, now),
        list_urgent(snapshot, now),
        list_notices(snapshot, now, ("warning", "note")),
        newest,
    )


def judge_freshness(snapshot: Snapshot, now: datetime) -> tuple[str, Any]:
    """Returns the text and the colour of the freshness mark."""
    label = describe_freshness(snapshot_reader.load_collections(snapshot, now), now, snapshot.is_sample)
    return describe_mark(snapshot_reader.load_problems(snapshot), label)


SHOWN = "rows shown"
"""Where a page leaves the rows of its figures, of which the freshness names the worst state and lowest coverage."""


def draw_notice(snapshot: Snapshot) -> None:
    """Draws in one line what a reader must know before the figures, with the command to copy if it ends in one; the
    freshness lists the rest."""
    present = _judge_present(snapshot)
    if said := present.urgent or (present.lines if present.colour == "red" else []):
        with st.container(horizontal=True, vertical_alignment="center", key="notice"):
            found = COMMAND_LAST.fullmatch(said[0])
            st.markdown(found["text"] if found else said[0], width="content")
            if found:
                st.code(found["command"], language=None, width="content")


def list_urgent(snapshot: Snapshot, now: datetime) -> list[str]:
    """Lists why these may not be the figures that a reader came for: errors, the sample world because nothing was
    reached, or the want of a token."""
    progress = snapshot_reader.load_progress()
    if snapshot.is_sample and progress is not None and progress.has_failed:
        said = (
            f"You see made-up numbers because no source could be reached: none of {progress.total} channels was read. "
            "Check the network. `heartbeat status` names the faults. The schedule retries, and real figures replace "
            "these by themselves."
        )
        return [said, *list_notices(snapshot, now, ("error",), UNREACHED)]
    lines = list_notices(snapshot, now, ("error",))
    if not snapshot.is_sample and snapshot.origin is None:
        lines.append(describe_missing_token(snapshot_reader.load_collections(snapshot, now)))
    return [line for line in lines if line]


def list_notices(
    snapshot: Snapshot | None,
    now: datetime,
    levels: Collection[str] = ("error", "warning", "note"),
    without: Collection[str] = (),
) -> list[str]:
    """Lists what is wrong, what it does to the figures and what to do, in the words of `heartbeat status`; without
    these faults."""
    problems = snapshot_reader.load_problems(snapshot)
    return [describe_finding(one, now) for one in problems if one.level in levels and one.fault not in without]


def describe_finding(finding: Finding, now: datetime) -> str:
    """Describes a finding without its cause, which may name paths."""
    cause = describe_fault(finding.fault, "")
    why = f": {cause}" if cause else ""
    since = f" (for {numbers.format_age(finding.since, now).removesuffix(' ago')})" if now > finding.since else ""
    headline = numbers.escape_markdown(finding.headline)
    more = " `heartbeat status` says why." if finding.why else ""
    return f"**{headline}**{since}{why}. {begin_sentence(finding.effect)}. {finding.remedy}{more}"


def describe_missing_token(rows: Sequence[DictRow]) -> str:
    """Describes what was not read of GitHub for want of a token, and how to get it; empty if all was."""
    lacking = [row for row in rows if row["source"] == "github" and row["last_fault"] == Fault.CREDENTIALS]
    if not lacking:
        return ""
    trackers = [row for row in lacking if row["thing"] == "issues"]
    read = sum(row["as_of_at"] is not None for row in trackers)
    return (
        f"**No GitHub token is set:** only the newest questions of {read} of {len(trackers)} trackers were read. "
        f"For the rest: `{COMMAND}`"
    )

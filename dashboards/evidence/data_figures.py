"""Figures of data quality: coverage, whether totals add up, the last visits, and what is not collected at all."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from dashboards.evidence import charts_coverage, faults
from dashboards.frame import snapshot_reader
from dashboards.frame.story import Figure
from dashboards.frame.view import View
from dashboards.metric_row import Row
from dashboards.words import numbers
from warehouse.wording import count_things, is_are, pluralize

SHARED = "Shared by many"
NAMES = {
    "tracker": "issue trackers", "forum": "forums", "subreddit": "subreddits", "tag": "questions by tag",
    "status": "status pages",
    "changelog": "changelogs", "deprecations": "ends of models", "hub": "the Hub", "packages": "packages",
    "prices": "prices",
    "offers": "facts read by hand",
}  # fmt: skip
"""Kinds of data collected for a family, in column order."""
GRADES = {"B": "a recorded answer in a public repository", "C": "another reader's code or words"}
"""What an entry rests on that is not its maker's own word."""
COUNTS = {
    "source_total": "source has", "held_count": "held", "before_window_count": "too old", "waiting_count": "waiting",
    "unreadable_count": "unreadable", "gone_count": "gone", "unexplained_count": "unexplained",
}  # fmt: skip
REASONS = {
    "before_window_count": ("is older than the collected period", "are older than the collected period"),
    "waiting_count": ("waits for a later visit", "wait for a later visit"),
    "unreadable_count": ("cannot be read", "cannot be read"),
    "gone_count": ("was deleted at the source", "were deleted at the source"),
}  # fmt: skip
NEVER = (
    "Never collected from anyone: private support tickets, chats such as Discord or Slack, and the texts themselves."
)
STATES = {
    "complete": "complete",
    "unchanged": "nothing new",
    "partial": "partial",
    "failed": "failed",
    "skipped": "skipped",
}


def name_family(page: View, family: str) -> str:
    """Returns a family's title, or says that a channel is shared."""
    return page.titles.get(family, SHARED)


def select_of_page(page: View, rows: Sequence[Row]) -> list[Row]:
    """Selects rows of the chosen families; with none chosen, those of shared channels too."""
    wanted = {family["family_id"] for family in page.families}
    return [
        row for row in rows if row["family_id"] in wanted or (row["family_id"] not in page.titles and not page.chosen)
    ]


def draw_coverage(page: View) -> Figure | None:
    """Draws the lowest share read, for each family and kind of source, or the reason why there is none."""
    order = "family_id, channel_kind, coverage_share nulls last, subject"
    sql = f"select * from metrics.channel_coverage where channel_role = 'all' order by {order}"
    rows = page.load_rows("metrics.channel_coverage", sql)
    # The query sorts by share, so the first row of each kind is the worst.
    worst: dict[tuple[str, str], Row] = {}
    for row in rows:
        worst.setdefault((row["family_id"], row["channel_kind"]), row)
    if not worst:
        return None
    cells = [_make_cell(row) for row in worst.values()]
    low = [row for row in cells if row["share"] is not None and row["share"] < charts_coverage.LEAST]
    measured_count = sum(row["share"] is not None for row in cells)
    kinds = [name for kind, name in NAMES.items() if any(row["channel_kind"] == kind for row in worst.values())]
    states = ", ".join(f"{mark} {state}" for state, (mark, _) in numbers.STATES.items())
    least = numbers.format_share(charts_coverage.LEAST)
    all_read = pluralize(
        measured_count, "The only one that could be read is", f"All {measured_count} that could be read are"
    )
    return Figure(
        name="coverage",
        title=f"{len(low)} of {measured_count} {is_are(len(low))} less than {least} complete"
        if low
        else f"{all_read} at least {least} complete",
        subtitle="Share of each source's items that was read, by family and kind of source; of several shares the "
        f"lowest. ● {least} or more, ▲ less, so figures may be biased; {states}.",
        chart=charts_coverage.draw_coverage(cells, page.titles, kinds, page.theme),
        rows=rows,
        metric="channel_coverage",
        source="the ledger of runs",
        alt="Collections with a coverage below 90 %: "
        + ("; ".join(f"{page.titles[row['family_id']]} {row['kind']} {row['said']}" for row in low[:20]) or "none"),
    )


def _make_cell(row: Row) -> dict[str, Any]:
    share = row["coverage_share"] if row["coverage_state"] == "measured" else None
    mark = numbers.format_share(share) if share is not None else numbers.STATES.get(row["coverage_state"], ("·", ""))[0]
    return {
        "family_id": row["family_id"], "side": row["side"], "kind": NAMES.get(row["channel_kind"], row["channel_kind"]),
        "share": share,
        "mark": mark, "said": mark if share is not None else f"{mark} {row['coverage_state']}",
        "why": row["coverage_note"] or "",
    }  # fmt: skip


def draw_totals(page: View) -> Figure | None:
    """Draws each source's own totals against ours, with what explains the difference; differing ones are listed."""
    rows = _load_totals(page)
    if not rows:
        return None
    # If all totals agree, all are listed as evidence.
    different = [row for row in rows if row["difference_count"]] or rows
    lines = [
        {"family": name_family(page, row["family_id"]), "channel": row["target"], "what": row["thing"]}
        | {heading: row[name] for name, heading in COUNTS.items()}
        | {"link": row["url"]}
        for row in different
    ]
    unknown = sum(row["unexplained_count"] for row in rows)
    title = _count_unexplained(unknown) if unknown else "Every difference from the sources' totals is explained"
    return Figure(
        name="totals",
        title=title,
        subtitle=describe_totals(rows),
        chart=None,
        rows=rows,
        metric="reconciliations",
        source="totals that the sources give, at the last visit",
        counted="totals",
        alt=title,
        shown=lines,
    )


def _load_totals(page: View) -> list[Row]:
    """Loads what was counted and held of each list of the chosen families, the least explained first."""
    if not snapshot_reader.has_table(page.snapshot, "staging.reconciliations"):
        return []
    reconciliations = snapshot_reader.load_rows(
        page.snapshot,
        f"select ch.family_id, ch.target, r.thing, {', '.join(f'r.{name}' for name in COUNTS)}, r.difference_count, "
        "r.counted_at, ch.url from staging.reconciliations r join staging.channels ch using (channel_id)"
        " order by r.unexplained_count desc, ch.family_id, ch.target, r.thing",
    )
    return select_of_page(page, reconciliations)


def _count_unexplained(number: int) -> str:
    return f"{numbers.format_count(number)} {pluralize(number, 'item is', 'items are')} missing without a known reason"


def describe_totals(rows: Sequence[Row]) -> str:
    """Describes in one sentence how many totals agree and what explains the others."""
    agree = sum(row["difference_count"] == 0 for row in rows)
    sums = {name: sum(row[name] for row in rows) for name in COUNTS}
    reasons = [
        f"{numbers.format_count(sums[name])} {pluralize(sums[name], *reason)}"
        for name, reason in REASONS.items()
        if sums[name]
    ]
    because = f" Of the items that differ, {numbers.join_words(reasons)}." if reasons else ""
    unknown = f"**{_count_unexplained(sums['unexplained_count'])}.**"
    return f"{agree} of {len(rows)} totals given by the sources match ours.{because} " + (
        unknown if sums["unexplained_count"] else "No difference is unexplained."
    )


def draw_visits(page: View, rows: Sequence[Row]) -> Figure:
    """Draws the last visit of each source: number of items, outcome, and what went wrong in plain words."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        fault = faults.describe_fault(row["last_fault"], row["last_state"] or "")
        groups.setdefault((row["source"], row["last_state"] or "never", fault), []).append(row)
    order = sorted(
        groups.items(), key=lambda visit_group: (visit_group[0][1] not in ("failed", "partial"), visit_group[0])
    )
    lines = [_describe_visit(page, *key, of_it) for key, of_it in order]
    kinds = Counter(row["last_state"] for row in rows)
    bad = [f"{kinds[state]} {state}" for state in ("failed", "partial") if kinds[state]]
    title = (
        f"Last visits: {numbers.join_words(bad)} of {len(rows)}"
        if bad
        else f"None of the last visits to {len(rows)} collections{page.whose} failed or was partial"
    )
    return Figure(
        name="runs",
        title=title,
        subtitle="By source and outcome; each part of a channel (issues, releases, commits) is visited separately.",
        chart=None,
        rows=rows,
        metric="collections",
        source="the ledger of runs",
        alt=title,
        shown=lines,
    )


def _describe_visit(page: View, source: str, state: str, fault: str, of_it: Sequence[Row]) -> dict[str, Any]:
    instants = [row["last_run_at"] for row in of_it if row["last_run_at"]]
    last = max(instants, default=None)
    families = sorted({name_family(page, row["family_id"]) for row in of_it})
    errors = sorted({str(row["last_error"]) for row in of_it if row["last_error"]})
    return {
        "source": numbers.SOURCES.get(source, source),
        "outcome": STATES.get(state, state),
        "things": len(of_it),
        "last visit": numbers.format_with_age(last, page.now),
        "what went wrong": fault,
        "of": ", ".join(families) if len(families) <= 4 else f"{len(families)} families",
        "message": "; ".join(errors[:3]),
    }


def draw_evidence(page: View) -> Figure | None:
    """Draws the channels and gaps that are known from others only; None if every entry is the maker's own word."""
    rows = [
        row
        for row in select_of_page(page, _load_entries(page))
        if row.get("evidence") in GRADES and row.get("state") != "not applicable"
    ]
    if not rows:
        return None
    lines = [
        {
            "family": name_family(page, row["family_id"]), "what": NAMES.get(row["channel_kind"], row["channel_kind"]),
            "channel": row.get("target") or "none", "rests on": GRADES[row["evidence"]],
            "seen on": str(row["seen_on"] or "unknown"), "why": row.get("why") or "",
        }
        for row in sorted(rows, key=lambda row: (row["evidence"], name_family(page, row["family_id"]).lower()))
    ]  # fmt: skip
    entries = count_things(len(rows), "entry", "entries")
    title = f"{entries} of the catalog {is_are(len(rows))} known from others only"
    return Figure(
        name="evidence",
        title=title,
        subtitle="Addresses, forms and gaps that could not be tried when the entry was written. A visit that goes well "
        "proves the channel; one that fails may mean that the entry is wrong, not that the source is.",
        chart=None,
        rows=rows,
        metric="evidence",
        source="the catalog, as judged by the author of each entry",
        alt=title,
        shown=lines,
    )


def _load_entries(page: View) -> list[Row]:
    """Loads the enabled channels and the gaps of all families; none from a snapshot without grades."""
    queries = {
        "staging.channels": "select * from staging.channels where is_enabled order by channel_id",
        "staging.absences": "select * from staging.absences order by family_id, channel_kind",
    }
    return [
        row
        for table, sql in queries.items()
        if snapshot_reader.has_table(page.snapshot, table)
        for row in snapshot_reader.load_rows(page.snapshot, sql)
    ]


def draw_absences(page: View) -> Figure | None:
    """Draws what is not collected, by family; data that do not exist anywhere are counted, not listed."""
    if not snapshot_reader.has_table(page.snapshot, "staging.absences"):
        return None
    sql = "select * from staging.absences order by family_id, channel_kind"
    rows = select_of_page(page, snapshot_reader.load_rows(page.snapshot, sql))
    lacking = [row for row in rows if row["state"] != "not applicable"]
    if not lacking:
        return None
    lines = [
        {
            "family": name_family(page, row["family_id"]), "what": NAMES.get(row["channel_kind"], row["channel_kind"]),
            "state": f"{numbers.STATES.get(row['state'], ('', ''))[0]} {row['state']}".strip(), "why": row["why"],
        }
        for row in sorted(lacking, key=lambda row: (
            row["state"], name_family(page, row["family_id"]).lower(), row["channel_kind"]
        ))
    ]  # fmt: skip
    kinds = Counter(row["state"] for row in lacking)
    counted = numbers.join_words([f"{number} {state}" for state, number in kinds.most_common()])
    sources, rest = count_things(len(lacking), "source"), len(rows) - len(lacking)
    further = pluralize(rest, "1 does not exist for its family", f"{rest} do not exist for their families")
    return Figure(
        name="absences",
        title=f"Missing here: {sources} of these families, {counted}",
        subtitle=f"A further {further} (— not applicable). {NEVER}",
        chart=None,
        rows=rows,
        metric="absences",
        source="the catalog, as judged by the author of each entry",
        alt=f"Missing: {counted}",
        counted="sources",
        shown=lines,
    )
